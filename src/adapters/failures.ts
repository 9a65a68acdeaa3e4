// What an engine's refusals are to the rest of the house: a statement, a file's row, a connection. Adapters make them of what drivers throw.

/** What a statement names and the engine does not know. */
export interface Missing {
  /** `alias`: what stands before the dot of a column. */
  readonly kind: 'column' | 'relation' | 'alias' | 'function' | 'type';
  readonly name: string;
  /** What stood before the name and a dot. */
  readonly qualifier?: string;
  /** Names that the engine itself offers instead, the nearest first. */
  readonly candidates?: readonly string[];
}

/** The engine refused a statement. `line` and `column` count from 1 within the SQL that was sent, where the engine tells. */
export class StatementFailure extends Error {
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly hint: string | undefined;
  /** The engine's own code or class: `42P01`, `ER_NO_SUCH_TABLE`, `Binder Error`. */
  readonly engineCode: string | undefined;
  readonly cancelled: boolean;
  /** A repeat may succeed: deadlock, serialization failure, lock time-out. */
  readonly retryable: boolean;
  /** The connection is gone. */
  readonly disconnected: boolean;
  /** The whole database has ended for this process: at this statement, or at one before it, of any session. */
  readonly ended: 'here' | 'before' | undefined;
  readonly missing: Missing | undefined;
  /** The connection was lost while a transaction was being committed: it may have been, or not. */
  readonly outcomeUnknown: boolean;
  /** The target's user lacks a privilege; `hint` says which. */
  readonly denied: boolean;
  /** What the message is about, as the SQL writes it: where the engine tells no place, that is where it stands. */
  readonly mentions: string | undefined;
  /** Nothing is wrong with the SQL as such: a value that it met does not fit. */
  readonly aboutValue: boolean;
  /** A file that the SQL reads is what is wrong, there. */
  readonly file: { readonly path: string; readonly line: number; readonly column: number } | undefined;

  constructor(
    message: string,
    facts: Partial<
      Pick<
        StatementFailure,
        | 'line'
        | 'column'
        | 'hint'
        | 'engineCode'
        | 'cancelled'
        | 'retryable'
        | 'disconnected'
        | 'ended'
        | 'missing'
        | 'denied'
        | 'outcomeUnknown'
        | 'mentions'
        | 'aboutValue'
        | 'file'
      >
    > = {},
  ) {
    super(message);
    this.name = 'StatementFailure';
    this.line = facts.line;
    this.column = facts.column;
    this.hint = facts.hint;
    this.engineCode = facts.engineCode;
    this.cancelled = facts.cancelled ?? false;
    this.retryable = facts.retryable ?? false;
    this.disconnected = facts.disconnected ?? false;
    this.ended = facts.ended;
    this.missing = facts.missing;
    this.denied = facts.denied ?? false;
    this.outcomeUnknown = facts.outcomeUnknown ?? false;
    this.mentions = facts.mentions;
    this.aboutValue = facts.aboutValue ?? false;
    this.file = facts.file;
  }
}

/** A file's row that cannot be loaded: line of the file and name of the column. */
export class LoadFailure extends Error {
  readonly line: number | undefined;
  /** Of the value on its line, from 1. */
  readonly column: number | undefined;
  readonly columnName: string | undefined;
  readonly help: string | undefined;
  constructor(message: string, facts: { line?: number; column?: number; columnName?: string; help?: string } = {}) {
    super(message);
    this.name = 'LoadFailure';
    this.line = facts.line;
    this.column = facts.column;
    this.columnName = facts.columnName;
    this.help = facts.help;
  }
}

/** No connection: a plain message for the person, what to do about it, and whether a repeat may help. */
export class ConnectionFailure extends Error {
  readonly help: string | undefined;
  readonly retryable: boolean;
  /** There is none any more, because an earlier statement ended the whole database for this process. */
  readonly ended: boolean;
  constructor(message: string, help?: string, retryable = false, ended = false) {
    super(message);
    this.name = 'ConnectionFailure';
    this.help = help;
    this.retryable = retryable;
    this.ended = ended;
  }
}
