// TLS to real servers with a certificate of an authority made for the test: each `sslmode` against the right authority, a wrong one and
// none, the right name and a wrong one. The server tells whether the connection is encrypted.
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConnectionFailure } from '../../src/adapters/failures.ts';
import { freshOn, requiredEngines, type FreshTarget } from '../support/engines.ts';
import { EngineMissing, startMariaDb, startPostgres, type TestServer } from '../support/engines-servers.ts';
import { ADAPTERS } from './project.ts';

const folder = mkdtempSync(join(tmpdir(), 'dwt-tls-'));
const file = (name: string): string => join(folder, name);
const openssl = (...args: readonly string[]): void => void execFileSync('openssl', args, { stdio: 'pipe', cwd: folder });
let missing: string | undefined;

/** An authority, another one, a server's key with a certificate of the first for the name localhost, not for 127.0.0.1, and keys of clients: one of each authority, and one for another user. */
function makeCertificates(): void {
  for (const name of ['authority', 'other'])
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=dwt ${name}`);
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'server.key',
    '-out',
    'server.csr',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost',
  );
  openssl(
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'authority.pem',
    '-CAkey',
    'authority.key',
    '-days',
    '2',
    '-copy_extensions',
    'copy',
    '-out',
    'server.pem',
  );
  for (const [name, user, authority] of [
    ['client', 'certified', 'authority'],
    ['stranger', 'certified', 'other'],
    ['somebody', 'somebody', 'authority'],
  ] as const) {
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${user}`);
    openssl('x509', '-req', '-in', `${name}.csr`, '-CA', `${authority}.pem`, '-CAkey', `${authority}.key`, '-days', '2', '-out', `${name}.pem`);
  }
  openssl('rsa', '-in', 'client.key', '-aes128', '-passout', 'pass:sEcr3t', '-out', 'locked.key');
  writeFileSync(file('pg_hba.conf'), 'hostssl all certified 127.0.0.1/32 cert\nhost all certified all reject\nhost all all 127.0.0.1/32 scram-sha-256\n');
  // PostgreSQL takes a key that only its own user may read.
  chmodSync(folder, 0o755);
  chmodSync(file('server.key'), 0o600);
  if (userInfo().uid === 0) chownSync(file('server.key'), 65534, 65534);
}

try {
  makeCertificates();
} catch (e) {
  missing = `openssl makes no certificates here: ${e instanceof Error ? e.message.slice(0, 200) : String(e)}`;
}
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SERVERS = {
  postgres: () =>
    startPostgres({
      settings: [
        'ssl=on',
        `ssl_cert_file=${file('server.pem')}`,
        `ssl_key_file=${file('server.key')}`,
        `ssl_ca_file=${file('authority.pem')}`,
        `hba_file=${file('pg_hba.conf')}`,
      ],
    }),
  mysql: () => startMariaDb({ settings: [`ssl-cert=${file('server.pem')}`, `ssl-key=${file('server.key')}`, `ssl-ca=${file('authority.pem')}`] }),
};

describe.each(['postgres', 'mysql'] as const)('TLS to %s', async (engine) => {
  let server: TestServer | undefined;
  try {
    if (missing === undefined) server = await SERVERS[engine]();
  } catch (e) {
    if (!(e instanceof EngineMissing)) throw e;
    missing = e.message;
  }
  if (server === undefined) {
    if (requiredEngines().includes(engine)) throw new Error(missing);
    test.skip(`is not tried. ${missing}`, () => undefined);
    return;
  }
  const running = server;
  let target: FreshTarget;
  beforeAll(async () => void (target = await freshOn(engine, running.url)));
  afterAll(() => running.stop());

  /** Whether the connection is encrypted, or the message of why there is none. */
  const connect = async (settings: Record<string, unknown>): Promise<boolean | string> => {
    try {
      const w = await ADAPTERS[engine].connect({ ...target.target, retries: 0, ...settings }, { root: folder, threads: 1 });
      const s = await w.session();
      const asked = engine === 'postgres' ? 'select ssl from pg_stat_ssl where pid = pg_backend_pid()' : "show session status like 'Ssl_cipher'";
      const cell = (await s.query(asked)).rows[0]!.at(-1);
      await w.close();
      return cell instanceof Uint8Array ? cell.length > 0 : cell !== false && cell !== '';
    } catch (e) {
      expect(e).toBeInstanceOf(ConnectionFailure);
      return (e as ConnectionFailure).message;
    }
  };
  const NOT_TRUSTED = /^The certificate of (127\.0\.0\.1|localhost):\d+ is not trusted: /;
  const CA = 'authority.pem';

  test.each([
    ['disable', {}, false],
    ['prefer', {}, true],
    ['require', {}, true],
    // As with libpq, an authority is not looked at where none is demanded.
    ['require', { sslrootcert: 'other.pem' }, true],
    ['verify-ca', { sslrootcert: CA }, true],
    ['verify-ca', { sslrootcert: 'other.pem' }, NOT_TRUSTED],
    ['verify-ca', {}, NOT_TRUSTED],
    // The certificate is for localhost.
    ['verify-full', { sslrootcert: CA, host: 'localhost' }, true],
    ['verify-full', { sslrootcert: CA, host: '127.0.0.1' }, engine === 'mysql' ? /`host` is an address: 127\.0\.0\.1/ : /is not trusted: .*127\.0\.0\.1/],
    ['verify-full', { sslrootcert: 'other.pem', host: 'localhost' }, NOT_TRUSTED],
  ])('%s with %j', async (sslmode, settings, expected) => {
    const found = await connect({ sslmode, ...settings });
    if (expected instanceof RegExp) expect(found).toMatch(expected);
    else expect(found).toBe(expected);
  });

  const ASKS = engine === 'postgres' ? /asks `certified` for a client certificate/ : /refuses the password of `certified`/;
  const UNKNOWN = /does not trust the client certificate/;
  test.each([
    ['of the user', { sslcert: 'client.pem', sslkey: 'client.key' }, true],
    [
      'of the user, with the server looked at too',
      { sslmode: 'verify-full', host: 'localhost', sslrootcert: CA, sslcert: 'client.pem', sslkey: 'client.key' },
      true,
    ],
    ['that is missing', {}, ASKS],
    ['where TLS is off', { sslmode: 'disable' }, engine === 'postgres' ? /does not let `certified` connect/ : ASKS],
    ['of another authority', { sslcert: 'stranger.pem', sslkey: 'stranger.key' }, UNKNOWN],
    ['of somebody else', { sslcert: 'somebody.pem', sslkey: 'somebody.key' }, engine === 'postgres' ? /client certificate is not that of `certified`/ : true],
    ['without its key', { sslcert: 'client.pem' }, /`sslcert` has no `sslkey`/],
    ['with the key of another', { sslcert: 'client.pem', sslkey: 'somebody.key' }, /`sslkey` is not the key of `sslcert`/],
    ['with a key that has a password', { sslcert: 'client.pem', sslkey: 'locked.key' }, /`sslkey`, locked\.key, is locked by a password/],
    ['that is no certificate', { sslcert: 'client.key', sslkey: 'client.key' }, /`sslcert`, client\.key, is no certificate/],
    ['with a key that is none', { sslcert: 'client.pem', sslkey: 'client.pem' }, /`sslkey`, client\.pem, is no key/],
    [
      'beside an authority that is none',
      { sslrootcert: 'client.key', sslcert: 'client.pem', sslkey: 'client.key' },
      /`sslrootcert`, client\.key, is no certificate/,
    ],
  ])('a client certificate %s', async (_, settings, expected) => {
    if (engine === 'mysql') await administered("create user if not exists 'certified'@'%' require x509", "grant all on *.* to 'certified'@'%'");
    else await administered('do $$ begin create role certified login superuser; exception when duplicate_object then null; end $$');
    const url = new URL(target.url!);
    url.username = 'certified';
    url.password = '';
    const found = await connect({ url: url.href, sslmode: 'require', ...settings });
    if (expected instanceof RegExp) expect(found).toMatch(expected);
    else expect(found).toBe(expected);
  });

  async function administered(...statements: readonly string[]): Promise<void> {
    const w = await ADAPTERS[engine].connect({ ...target.target, sslmode: 'disable' }, { root: folder, threads: 1 });
    const s = await w.session();
    for (const sql of statements) await s.run(sql);
    await w.close();
  }
});
