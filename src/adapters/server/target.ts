// Reads the settings of a target that reaches a server, whatever spelling or type they came in (environment values are text).
// In: settings as written and their shapes. Out: values by their main name; a URL taken apart. Never puts a value into a message.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { didYouMean } from '../../diagnostics/nearest.ts';
import { ConnectionFailure, type SettingShape, type TargetSettings } from '../adapter.ts';

/** Typed look-ups by main name; each gives undefined where the target does not say. */
export interface TargetReader {
  text(name: string): string | undefined;
  integer(name: string): number | undefined;
  boolean(name: string): boolean | undefined;
  list(name: string): readonly string[];
}

/** A reader of `settings` where `aliases` of `shapes` and the parts of `url` count too; what is written beside a URL wins over it. */
export function readTarget(type: string, settings: TargetSettings, shapes: Readonly<Record<string, SettingShape>>): TargetReader {
  const fromUrl = typeof settings['url'] === 'string' && settings['url'] !== '' ? parseUrl(type, settings['url'], shapes) : {};
  const value = (name: string): unknown => {
    for (const source of [settings, fromUrl]) {
      for (const key of [name, ...(shapes[name]?.aliases ?? [])]) {
        const v = source[key];
        if (v !== undefined && v !== null && v !== '') return v;
      }
    }
    return undefined;
  };
  return {
    text(name) {
      const v = value(name);
      return v === undefined ? undefined : String(v);
    },
    integer(name) {
      const v = value(name);
      if (v === undefined) return undefined;
      const n = Number(v);
      if (!Number.isInteger(n) || n < 0)
        throw new ConnectionFailure(`The target's \`${name}\` is not a whole number.`, `Write it as a number, e.g. \`${name}: 10\`.`);
      return n;
    },
    boolean(name) {
      const v = value(name);
      return v === undefined ? undefined : v === true || /^(true|yes|on|1)$/i.test(String(v));
    },
    list(name) {
      const v = value(name);
      if (v === undefined) return [];
      return Array.isArray(v) ? v.map(String) : [String(v)];
    },
  };
}

/** `scheme://user:password@host:port/database?setting=value` as settings. Throws without repeating the URL: it holds a password. */
function parseUrl(type: string, text: string, shapes: Readonly<Record<string, SettingShape>>): Record<string, string> {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ConnectionFailure(
      "The target's `url` is not a URL.",
      `Write it as \`${type}://user:password@host:port/database\`; characters like \`@\`, \`/\`, \`#\` in a password are written %40, %2F, %23.`,
    );
  }
  const parts: Record<string, string> = {};
  const decode = (s: string): string => {
    try {
      return decodeURIComponent(s);
    } catch {
      return s;
    }
  };
  if (url.hostname) parts['host'] = decode(url.hostname).replace(/^\[|\]$/g, '');
  if (url.port) parts['port'] = url.port;
  if (url.username) parts['user'] = decode(url.username);
  if (url.password) parts['password'] = decode(url.password);
  const path = decode(url.pathname.replace(/^\//, ''));
  if (path) parts['database'] = path;
  for (const [k, v] of url.searchParams) {
    const [name, value] = inOurWords(k, v);
    if (!knows(shapes, name)) {
      if (NOT_OURS.has(name.toLowerCase())) continue;
      const names = Object.entries(shapes).flatMap(([n, shape]) => [n, ...(shape.aliases ?? [])]);
      throw new ConnectionFailure(
        `The target's \`url\` says '${k}', which is no setting of ${type}.`,
        didYouMean(k, names) ?? 'Take it out, or write it as the docs of targets do.',
      );
    }
    parts[name] ??= value;
  }
  return parts;
}

/** What other clients read in such an address, and what changes nothing here. */
const NOT_OURS = new Set([
  'channel_binding',
  'gssencmode',
  'target_session_attrs',
  'fallback_application_name',
  'client_encoding',
  'charset',
  'pgbouncer',
  'servertimezone',
]);

/** Other spellings of the same, as clients of MySQL and hosts of PostgreSQL write them. */
function inOurWords(key: string, value: string): readonly [string, string] {
  if (key === 'host' && value.startsWith('/')) return ['socket', value];
  if (key === 'ssl') return ['sslmode', /^(true|1|yes)$/i.test(value) ? 'require' : 'disable'];
  if (!/^ssl[-_]?mode$/i.test(key)) return [key, value];
  const mode = value.toLowerCase();
  const words: Readonly<Record<string, string>> = {
    disabled: 'disable',
    preferred: 'prefer',
    required: 'require',
    verify_ca: 'verify-ca',
    verify_identity: 'verify-full',
  };
  return ['sslmode', words[mode] ?? mode];
}

function knows(shapes: Readonly<Record<string, SettingShape>>, name: string): boolean {
  return Object.entries(shapes).some(([n, shape]) => n === name || shape.aliases?.includes(name) === true);
}

/** A certificate or key file's text; `path` may be relative to the project's folder. */
export function readCertificate(setting: string, path: string, root: string): string {
  try {
    return readFileSync(resolve(root, path), 'utf8');
  } catch {
    throw new ConnectionFailure(`The file of \`${setting}\`, ${path}, cannot be read.`, 'Check the path; a relative one starts at the project folder.');
  }
}

/** TLS as node understands it, from `sslmode` and certificate files; false is "none". `prefer` is the caller's: try, then go without. */
export function tlsOptions(
  read: TargetReader,
  root: string,
): false | { rejectUnauthorized: boolean; ca?: string; cert?: string; key?: string; checkServerIdentity?: () => undefined } {
  const mode = read.text('sslmode') ?? 'prefer';
  if (!SSL_MODES.includes(mode)) throw new ConnectionFailure(`\`sslmode: ${mode}\` is not known.`, `It is one of ${SSL_MODES.join(', ')}.`);
  if (mode === 'disable') return false;
  const [rootCert, cert, key] = [read.text('sslrootcert'), read.text('sslcert'), read.text('sslkey')];
  const verify = mode === 'verify-ca' || mode === 'verify-full';
  return {
    rejectUnauthorized: verify,
    ...(rootCert ? { ca: readCertificate('sslrootcert', rootCert, root) } : {}),
    ...(cert ? { cert: readCertificate('sslcert', cert, root) } : {}),
    ...(key ? { key: readCertificate('sslkey', key, root) } : {}),
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
  };
}

const SSL_MODES: readonly string[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/** True where a server without TLS is taken as well. */
export function tlsOptional(read: TargetReader): boolean {
  return ['allow', 'prefer'].includes(read.text('sslmode') ?? 'prefer');
}
