// What the file system refuses, as a diagnostic. In: the error that Node throws, and the file's name for people. Out: the reason in plain words.
import { type Diagnostic, error, type Severity, warning } from '../diagnostics/diagnostic.ts';

/** Node's code for a name with such a character, and for other mistakes. */
const NUL = 'ERR_INVALID_ARG_VALUE';

const REASONS: Readonly<Record<string, string>> = {
  [NUL]: 'its name has a character of the code 0',
  EACCES: 'permission denied',
  EBUSY: 'another process uses it',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'a part of its path is a file, not a folder',
  EFBIG: 'it is too large',
  EIO: 'the disk does not answer as it should',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'too many files are open',
  ENOENT: 'it is not there',
  ENOSPC: 'no space is left on the disk',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GB',
  ERR_STRING_TOO_LONG: 'it is larger than 512 MB',
};

const HELP: Readonly<Record<string, string>> = {
  EDQUOT: 'Make room.',
  ENOSPC: 'Make room on the disk.',
  EMFILE: 'Raise the limit of open files: ulimit -n 4096',
  ENFILE: 'Raise the limit of open files: ulimit -n 4096',
};

/** Whether an error is a refusal of the file system, and not a mistake of this program. */
export function isRefusal(thrown: unknown): thrown is NodeJS.ErrnoException {
  const { code, syscall } = (thrown ?? {}) as NodeJS.ErrnoException;
  if (code === NUL) return thrown instanceof Error && thrown.message.includes('null bytes');
  return thrown instanceof Error && typeof code === 'string' && (syscall !== undefined || Object.hasOwn(REASONS, code));
}

/** Of an error, what tells the reason. */
export type Why = Pick<NodeJS.ErrnoException, 'code' | 'message'>;

/** Why, without the path: 'permission denied'. */
export function reasonOf(e: Why): string {
  return REASONS[e.code ?? ''] ?? e.message.replace(/, .*$/s, '');
}

const READS: ReadonlySet<string> = new Set(['access', 'lstat', 'open', 'read', 'readlink', 'realpath', 'scandir', 'stat']);

/** A refusal wherever it came up, with the path that it names. */
export function refused(e: NodeJS.ErrnoException): Diagnostic {
  const file = e.path ?? 'A file';
  return e.code === NUL || (READS.has(e.syscall ?? '') && e.code !== 'ENOSPC' && e.code !== 'EROFS') ? unreadable(file, e) : unwritten(file, e);
}

/** What is said of a file that cannot be read. */
export function unreadable(file: string, thrown: Why, severity: Severity = 'error'): Diagnostic {
  const told = severity === 'error' ? error : warning;
  const help = HELP[thrown.code ?? ''];
  return told('files/not-read', `${file} cannot be read: ${reasonOf(thrown)}.`, help === undefined ? {} : { help });
}

/** What is said of a file, or a number of them, that cannot be written. */
export function unwritten(file: string, thrown: Why, o: { readonly severity?: Severity; readonly others?: number; readonly help?: string } = {}): Diagnostic {
  const told = o.severity === 'warning' ? warning : error;
  const others = o.others ?? 0;
  const more = others === 0 ? '' : ` and ${others} other ${others === 1 ? 'file' : 'files'}`;
  const help = [HELP[thrown.code ?? ''], o.help].filter((h) => h !== undefined).join('\n');
  return told('files/not-written', `${file}${more} could not be written: ${reasonOf(thrown)}.`, help === '' ? {} : { help });
}
