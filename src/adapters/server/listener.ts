// What stands behind a port, where a client of a database is not understood or gets no answer. In: an address. Out: what the other side
// shows itself to be. Each question is a connection of its own, answered by its first bytes; nothing is logged in.
// https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html (the server speaks first),
// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL (one byte answers a request for TLS)
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { ConnectionFailure } from '../failures.ts';

export interface Listener {
  /** `silent` takes connections and says nothing, `closed` ends them without a word, `nobody` takes none. */
  readonly kind: 'postgres' | 'mysql' | 'http' | 'tls' | 'ssh' | 'other' | 'silent' | 'closed' | 'nobody';
  /** The version that a MySQL server greets with, or the first words of what is not known. */
  readonly said?: string;
}

/** How long each answer is waited for. */
const PATIENCE_MS = 400;
const TLS_REQUEST = Buffer.from('0000000804d2162f', 'hex');
const WEB_REQUEST = Buffer.from('GET / HTTP/1.0\r\n\r\n');
const HANDSHAKE = 10;
const REFUSAL = 255;
const TLS_RECORDS = [0x14, 0x15, 0x16];

/** Asks until something shows what it is. */
export async function whoListens(host: string, port: number): Promise<Listener> {
  let kind: 'silent' | 'closed' = 'closed';
  for (const question of [undefined, TLS_REQUEST, WEB_REQUEST]) {
    const answer = await firstWords(host, port, question);
    if (answer === 'nobody') return { kind: answer };
    if (typeof answer !== 'string') return recognised(answer, question === TLS_REQUEST);
    if (answer === 'silent') kind = answer;
  }
  return { kind };
}

function recognised(answer: Buffer, askedForTls: boolean): Listener {
  const text = answer.toString('latin1');
  // A packet has three bytes of length and a number; the greeting is the first one.
  if (answer.length > 5 && answer[3] === 0 && (answer[4] === HANDSHAKE || answer[4] === REFUSAL)) {
    const said =
      answer[4] === HANDSHAKE
        ? text
            .slice(5)
            .split('\0')[0]!
            .replace(/^5\.5\.5-/, '')
        : '';
    return { kind: 'mysql', ...(/^[\w.+~-]+$/.test(said) ? { said } : {}) };
  }
  if (askedForTls && (/^[SN]$/.test(text) || /^E[\0-\x01]/.test(text))) return { kind: 'postgres' };
  if (text.startsWith('HTTP/')) return { kind: 'http' };
  if (text.startsWith('SSH-')) return { kind: 'ssh' };
  if (TLS_RECORDS.includes(answer[0]!) && answer[1] === 3) return { kind: 'tls' };
  const said = text
    .split(/[\r\n]/)[0]!
    .replaceAll(/[^\x20-\x7e]/g, '')
    .slice(0, 60)
    .trim();
  return { kind: 'other', ...(said === '' ? {} : { said }) };
}

/** What comes first, or that nothing does. */
function firstWords(host: string, port: number, question: Buffer | undefined): Promise<Buffer | 'silent' | 'closed' | 'nobody'> {
  return new Promise((resolve) => {
    let connected = false;
    const socket = connect({ host, port });
    const end = (answer: Buffer | 'silent' | 'closed' | 'nobody'): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => end(connected ? 'silent' : 'nobody'), PATIENCE_MS);
    socket.once('connect', () => {
      connected = true;
      if (question !== undefined) socket.write(question);
    });
    socket.once('data', (answer: Buffer) => end(answer));
    socket.once('close', () => end(connected ? 'closed' : 'nobody'));
    socket.on('error', () => end(connected ? 'closed' : 'nobody'));
  });
}

/** How long an attempt to connect may take before somebody looks who it is that does not answer. */
const SLOW_MS = 1000;

/** The result of `attempt`; where that takes long, and something else than `own` listens there, the attempt is dropped and what listens is thrown, as `ForeignServer`. */
export async function unlessForeign<C>(
  attempt: Promise<C>,
  at: { readonly host: string; readonly port: number },
  own: 'postgres' | 'mysql',
  drop: () => void,
): Promise<C> {
  const settled = new AbortController();
  attempt.then(
    () => settled.abort(),
    () => settled.abort(),
  );
  const look = async (): Promise<C> => {
    await pause(SLOW_MS, undefined, { signal: settled.signal, ref: false }).catch(() => undefined);
    if (settled.signal.aborted) return await attempt;
    const found = await whoListens(at.host, at.port);
    if (!isForeign(found, own)) return await attempt;
    drop();
    throw new ForeignServer(found);
  };
  return await Promise.race([attempt, look()]);
}

/** What listens where a connection failed: known already, or looked at where the failure puzzles. */
export async function listenerAt(
  at: { readonly host: string; readonly port: number },
  thrown: unknown,
  isPuzzling: (e: unknown) => boolean,
): Promise<Listener | undefined> {
  if (thrown instanceof ForeignServer) return thrown.listener;
  return at.host.startsWith('/') || !isPuzzling(thrown) ? undefined : await whoListens(at.host, at.port);
}

/** Nothing came in time. */
export function noAnswer(where: string, listener: Listener | undefined, own: 'postgres' | 'mysql'): ConnectionFailure {
  const wait = '`connect_timeout` sets how many seconds to wait';
  if (listener?.kind === own)
    return new ConnectionFailure(`The server at ${where} answers, but did not let the login end in time.`, `It may be busy or starting; ${wait}.`, true);
  const help =
    listener?.kind === 'silent'
      ? `Something takes connections there and says nothing. Check the target's \`host\` and \`port\`, and what stands between, such as a proxy; ${wait}.`
      : `Check the target's \`host\` and \`port\`; ${wait}.`;
  return new ConnectionFailure(`${where} did not answer in time.`, help);
}

/** A connection that was taken and ended, or null where it was not so. A server in a container that starts does that. */
export function hungUp(where: string, listener: Listener | undefined): ConnectionFailure | null {
  if (listener?.kind !== 'closed') return null;
  const help = "Check the target's `host` and `port`, that the server runs, and what stands between, such as a proxy.";
  return new ConnectionFailure(`What listens at ${where} takes the connection and ends it without a word.`, help, true);
}

/** A server that does not take the client's certificate, as TLS says it; else null. */
export function certificateRefused(where: string, message: string): ConnectionFailure | null {
  const alert = /alert (unknown ca|bad certificate|unsupported certificate|certificate (?:required|expired|unknown|revoked))/i.exec(message)?.[1];
  if (alert === undefined) return null;
  if (/required/i.test(alert)) return new ConnectionFailure(`The server at ${where} asks for a client certificate.`, 'Write `sslcert` and `sslkey`.');
  return new ConnectionFailure(
    `The server at ${where} does not trust the client certificate: ${alert.toLowerCase()}.`,
    "Check `sslcert`: one of the server's own authorities must have signed it, and its time must not be over.",
  );
}

/** Another server than the one that is meant shows itself. */
export function isForeign({ kind }: Listener, own: 'postgres' | 'mysql'): boolean {
  return kind !== own && kind !== 'silent' && kind !== 'closed' && kind !== 'nobody';
}

/** What listens is something else. */
export class ForeignServer extends Error {
  readonly listener: Listener;
  constructor(listener: Listener) {
    super(listener.kind);
    this.listener = listener;
  }
}

const WORDS: Readonly<Partial<Record<Listener['kind'], string>>> = {
  postgres: 'a PostgreSQL server',
  mysql: 'a MySQL or MariaDB server',
  http: 'a web server (HTTP)',
  tls: 'something that speaks TLS from the start, such as a web server (HTTPS)',
  ssh: 'an SSH server',
};

/** What listens, and what to do about it. `wanted` is the server in words. */
export function foreignServer({ kind, said }: Listener, where: string, wanted: string): { readonly message: string; readonly help: string } {
  const more = said === undefined ? '' : kind === 'mysql' ? ` (${said})` : `, which says '${said}'`;
  const help = `Check the target's \`host\` and \`port\``;
  return {
    message: `What listens at ${where} is no ${wanted} server but ${WORDS[kind] ?? 'something else'}${more}.`,
    help: kind === 'postgres' || kind === 'mysql' ? `${help}, or write \`type: ${kind}\` if that server is meant.` : `${help}.`,
  };
}
