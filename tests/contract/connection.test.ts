// Connections that fail: each cause has its own plain message within seconds, and none contains a password.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createWebServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Adapter } from '../../src/adapters/adapter.ts';
import { ConnectionFailure } from '../../src/adapters/failures.ts';
import { mysql } from '../../src/adapters/mysql/index.ts';
import { postgres } from '../../src/adapters/postgres/index.ts';
import { startEngine } from '../support/engines.ts';

const SECRET = 'sEcr3t-p4ss';

const webServer = (): Server => createWebServer((_, answer) => answer.end('hello'));
/** Says its name to whoever comes, and reads nothing. */
const speaker = (words: string) => (): Server => createServer((socket) => socket.on('error', () => undefined).write(words));

describe.each([
  ['postgres', postgres],
  ['mysql', mysql],
] as const)('a connection to %s', async (name, adapter: Adapter) => {
  const engine = await startEngine(name);
  const url = new URL(engine.available ? engine.url! : 'postgres://nobody@localhost/nothing');
  const parts = {
    type: name,
    host: url.hostname,
    port: Number(url.port),
    user: url.username,
    password: url.password,
    database: url.pathname.slice(1),
    schema: name === 'mysql' ? url.pathname.slice(1) : 'public',
  };
  const connect = async (settings: Record<string, unknown>): Promise<ConnectionFailure> => {
    const started = Date.now();
    const result: unknown = await adapter.connect({ retries: 0, ...settings }, { root: '/tmp', threads: 1 }).then(
      (w) => w.close(),
      (e: unknown) => e,
    );
    expect(result).toBeInstanceOf(ConnectionFailure);
    expect(Date.now() - started).toBeLessThan(5000);
    const e = result as ConnectionFailure;
    expect(`${e.message} ${e.help}`).not.toContain(SECRET);
    expect(`${e.message} ${e.help}`).not.toContain(url.password);
    expect(e.help).toBeTruthy();
    return e;
  };
  const when = test.skipIf(!engine.available);

  when('by parts works', async () => {
    const w = await adapter.connect(parts, { root: '/tmp', threads: 1 });
    expect(w.version).toMatch(/^(PostgreSQL|MariaDB|MySQL) \d+\.\d+/);
    await w.close();
  });
  when('with another spelling of the settings works', async () => {
    const { password, database, ...rest } = parts;
    const w = await adapter.connect({ ...rest, port: String(parts.port), pass: password, dbname: database }, { root: '/tmp', threads: 1 });
    await w.close();
  });
  when('to a host that does not exist', async () =>
    expect((await connect({ ...parts, host: 'no-such-host.invalid' })).message).toBe('There is no host `no-such-host.invalid`.'),
  );
  when('to a port where nothing listens', async () => {
    const e = await connect({ ...parts, port: 1 });
    expect(e.message).toMatch(/^No (PostgreSQL|MySQL or MariaDB) server answers at 127\.0\.0\.1:1\.$/);
    expect(e.retryable).toBe(true);
  });
  when('to a server that never answers', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    expect((await connect({ ...parts, port, connect_timeout: 1 })).message).toBe(`127.0.0.1:${port} did not answer in time.`);
    silent.close();
  });
  test.each([
    ['a web server', /no .* server but a web server \(HTTP\)\.$/, webServer],
    ['a server that speaks first', /no .* server but an SSH server\.$/, speaker('SSH-2.0-OpenSSH_9.2\r\n')],
    ['a mail server', /no .* server but something else, which says '220 mail\.example ready'\.$/, speaker('220 mail.example ready\r\n')],
    ['what hangs up at once', / takes the connection and ends it without a word\.$/, (): Server => createServer((s) => s.on('error', () => undefined).end())],
  ] as const)('to %s', async (_, message, start) => {
    for (const sslmode of ['prefer', 'disable']) {
      const server = start();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const e = await connect({ ...parts, port: (server.address() as { port: number }).port, sslmode, connect_timeout: 4 });
      expect(e.message).toMatch(message);
      expect(e.help).toContain('`host` and `port`');
      server.close();
    }
  });
  test('to a server of the other kind', async () => {
    const other = await startEngine(name === 'postgres' ? 'mysql' : 'postgres');
    // `npm test` says that this engine is missing.
    if (!other.available) return;
    for (const sslmode of ['prefer', 'disable']) {
      const e = await connect({ ...parts, port: Number(new URL(other.url!).port), sslmode });
      expect(e.message).toMatch(
        name === 'postgres'
          ? /is no PostgreSQL server but a MySQL or MariaDB server \(\d+\.\d+.*\)\.$/
          : /is no MySQL or MariaDB server but a PostgreSQL server\.$/,
      );
      expect(e.help).toContain(name === 'postgres' ? '`type: mysql`' : '`type: postgres`');
    }
    await other.stop();
  });
  test('by a socket that is not there, or is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dwt-socket-'));
    writeFileSync(join(folder, 'file'), '');
    const { host: _, port: __, ...rest } = parts;
    const said = async (socket: string): Promise<string> => {
      const e = await connect({ ...rest, socket });
      expect(e.help).toContain('`socket`');
      expect(e.help).not.toContain('`port`');
      return e.message;
    };
    expect(await said(join(folder, 'nowhere'))).toBe(`There is no ${name === 'postgres' ? 'folder' : 'socket'} ${join(folder, 'nowhere')}.`);
    expect(await said(join(folder, 'file'))).toBe(
      `The target's \`socket\`, ${join(folder, 'file')}, is ${name === 'postgres' ? 'no folder' : 'a file, not a socket'}.`,
    );
    expect(await said(folder)).toBe(
      name === 'postgres' ? `There is no socket ${join(folder, '.s.PGSQL.5432')}.` : `The target's \`socket\`, ${folder}, is a folder, not a socket.`,
    );
    // One whose server is gone, and one of another port.
    const gone = join(folder, name === 'postgres' ? '.s.PGSQL.5432' : 'gone');
    spawnSync(process.execPath, ['-e', `require('node:net').createServer().listen(${JSON.stringify(gone)}, () => process.kill(process.pid, 'SIGKILL'))`], {
      stdio: 'ignore',
    });
    expect(await said(name === 'postgres' ? folder : gone)).toMatch(/^No (PostgreSQL|MySQL or MariaDB) server answers at the socket /);
    if (name === 'postgres')
      expect((await connect({ ...rest, socket: folder, port: 77 })).help).toBe('Sockets of PostgreSQL there are those of port 5432: write it as `port`.');
    rmSync(folder, { recursive: true });
  });
  when('with a wrong password', async () =>
    expect((await connect({ ...parts, password: SECRET })).message).toContain(`refuses the password of \`${parts.user}\``),
  );
  when('with a wrong user', async () =>
    expect((await connect({ ...parts, user: 'nobody_here', password: SECRET })).message).toContain('refuses the password of `nobody_here`'),
  );
  when('to a database that does not exist', async () => {
    const other = new URL(url);
    other.pathname = '/no_such_db';
    expect((await connect({ type: name, url: other.href })).message).toContain('There is no database `no_such_db`');
  });
  when('without the privilege for the database', async () => {
    const admin = await adapter.connect(parts, { root: '/tmp', threads: 1 });
    const s = await admin.session();
    const user = `dwt_poor_${process.pid}`;
    if (name === 'postgres') {
      await s.run(`create role ${user} login password '${SECRET}'`);
      await s.run(`revoke connect on database "${parts.database}" from public`);
    } else await s.run(`create user '${user}'@'%' identified by '${SECRET}'`);
    const e = await connect({ ...parts, url: url.href, user, password: SECRET });
    expect(e.message).toMatch(/privilege/);
    await s.run(name === 'postgres' ? `drop role ${user}` : `drop user '${user}'@'%'`);
    await admin.close();
  });
  when('that demands TLS of a server without it', async () => {
    // Newer servers make their own certificate; then the connection works and there is nothing to see.
    const result: unknown = await adapter.connect({ ...parts, sslmode: 'require' }, { root: '/tmp', threads: 1 }).then(
      (w) => w.close(),
      (e: unknown) => e,
    );
    if (result !== undefined) expect((result as ConnectionFailure).message).toContain('does not offer TLS');
  });
  when('whose session statement is wrong', async () =>
    expect((await connect({ ...parts, session: ['set nonsense to nothing at all'] })).message).toContain('session could not be set up'),
  );
  when('whose session statements are run, time-out included', async () => {
    const w = await adapter.connect(
      { ...parts, statement_timeout: 300, session: [name === 'postgres' ? "set application_name to 'mine'" : "set @mine = 'mine'"] },
      { root: '/tmp', threads: 1 },
    );
    const s = await w.session();
    expect((await s.query(name === 'postgres' ? "select current_setting('application_name')" : 'select @mine')).rows).toEqual([['mine']]);
    const e: unknown = await s
      .run(
        name === 'postgres'
          ? 'select pg_sleep(5)'
          : 'with recursive n as (select 1 as i union all select i + 1 from n where i < 1000) select count(*) from n as a, n as b, n as c, n as d',
      )
      .catch((x: unknown) => x);
    expect(e).toMatchObject({ name: 'StatementFailure', cancelled: false });
    await w.close();
  });
  when('to a schema that does not exist yet is good; the first run creates it', async () => {
    const schema = `dwt_new_${name}_${process.pid}`;
    const { database, ...rest } = parts;
    const w = await adapter.connect({ ...rest, ...(name === 'mysql' ? {} : { database }), schema }, { root: '/tmp', threads: 2 });
    const s = await w.session();
    const d = w.dialect;
    const at = (identifier: string): { database: null; schema: string; identifier: string } => ({ database: null, schema, identifier });
    expect(await s.schemaExists(at('x'))).toBe(false);
    await s.run(d.createSchema(at('x')));
    await s.run(d.createTableAs(at('t'), 'select 1 as id union all select 2'));
    await s.run(d.createTableAs(at('u'), 'select 2 as id'));
    await s.run(d.deleteMatching({ target: at('t'), source: at('u'), keys: ['id'], predicates: [] }));
    await s.run(d.updateFrom({ target: at('t'), source: at('u'), set: [['id', '3']], on: '1 = 1' }));
    for (const sql of d.merge({
      target: at('t'),
      source: at('u'),
      on: 'DBT_INTERNAL_DEST.id = DBT_INTERNAL_SOURCE.id',
      updateColumns: [],
      insertColumns: ['id'],
    }))
      await s.run(sql);
    expect((await s.query(`select id from ${d.relation(at('t'))} order by id`)).rows).toEqual([[2], [3]]);
    await s.run(d.dropSchema(at('x')));
    await w.close();
  });
  when('for reading alone writes nothing', async () => {
    const w = await adapter.connect(parts, { root: '/tmp', threads: 1, readOnly: true });
    const s = await w.session();
    expect((await s.query('select 1')).rows).toEqual([[1]]);
    await expect(s.run('create table written (a integer)')).rejects.toThrow(/read.only/i);
    await w.close();
  });
  when('is tried again with pauses where that may help', async () => {
    const started = Date.now();
    await connect({ ...parts, port: 1, retries: 2 });
    expect(Date.now() - started).toBeGreaterThan(1400);
  });

  test('with nonsense settings', async () => {
    expect((await connect({ type: name, url: `not a url ${SECRET}` })).message).toContain('is not a URL');
    expect((await connect({ type: name, host: 'localhost' })).message).toContain('no `user`');
    expect((await connect({ ...parts, port: 'abc' })).message).toMatch(/^'port' must be a whole number from 1 to 65535, not 'abc'/);
    expect((await connect({ ...parts, sslmode: 'sometimes' })).message).toContain('sslmode');
    expect((await connect({ ...parts, sslmode: 'verify-ca', sslrootcert: 'no/such/file.pem' })).message).toContain('no/such/file.pem');
  });
});
