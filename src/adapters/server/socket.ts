// Why a Unix socket gave no connection, in words about the path. In: the path, what the system said. Out: message and help, or null where
// the system's word says nothing of the path.
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConnectionFailure } from '../failures.ts';

/** A socket as a target names it. */
export interface SocketPlace {
  /** The socket itself. */
  readonly path: string;
  /** What `socket` of the target is: the socket, or the folder that it is in. */
  readonly setting: 'file' | 'folder';
  /** The server in words. */
  readonly server: string;
  /** Where the server tells the path. */
  readonly toldBy: string;
}

const NAME_OF_POSTGRES = /^\.s\.PGSQL\.(\d+)$/;

/** The failure for what the system said of the path. A server that starts makes its socket anew, so a repeat may help. */
export function socketFailure(place: SocketPlace, code: string | undefined): ConnectionFailure | null {
  const { path, setting, server, toldBy } = place;
  const named = setting === 'folder' ? dirname(path) : path;
  const advice = `Check the target's \`socket\`: it is the ${setting} of the server's socket, as ${toldBy} tells it. The server must run on this machine.`;
  if (code === 'EACCES' || code === 'EPERM')
    return new ConnectionFailure(
      `The user of this process may not use the socket ${path}.`,
      'Give it the right to read and write there, or connect by `host` and `port`.',
    );
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const kind = kindOf(named);
    if (setting === 'folder' && kind === 'other') return new ConnectionFailure(`The target's \`socket\`, ${named}, is no folder.`, advice);
    if (kind === 'nothing') return new ConnectionFailure(`There is no ${setting === 'folder' ? 'folder' : 'socket'} ${named}.`, advice, true);
    const others = setting === 'folder' ? portsIn(named) : [];
    const help = others.length === 0 ? advice : `Sockets of ${server} there are those of port ${others.join(', ')}: write it as \`port\`.`;
    return new ConnectionFailure(`There is no socket ${path}.`, help, true);
  }
  if (code !== 'ECONNREFUSED' && code !== 'ENOTSOCK') return null;
  const kind = kindOf(path);
  if (kind === 'folder') return new ConnectionFailure(`The target's \`socket\`, ${path}, is a folder, not a socket.`, advice);
  if (kind === 'other') return new ConnectionFailure(`The target's \`socket\`, ${path}, is a file, not a socket.`, advice);
  return new ConnectionFailure(`No ${server} server answers at the socket ${path}.`, `The server that made the socket does not run any more. ${advice}`, true);
}

function kindOf(path: string): 'nothing' | 'folder' | 'socket' | 'other' {
  try {
    const found = statSync(path);
    return found.isDirectory() ? 'folder' : found.isSocket() ? 'socket' : 'other';
  } catch {
    return 'nothing';
  }
}

/** Ports whose sockets a folder has. */
function portsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .flatMap((name) => (NAME_OF_POSTGRES.test(name) && kindOf(join(folder, name)) === 'socket' ? [NAME_OF_POSTGRES.exec(name)![1]!] : []))
      .toSorted((a, b) => Number(a) - Number(b));
  } catch {
    return [];
  }
}
