// Reads the settings of a target that reaches a server, whatever spelling or type they came in (environment values are text).
// In: settings as written and their shapes. Out: values by their main name; a URL taken apart. Never puts a value into a message.
import { didYouMean } from '../../diagnostics/nearest.ts';
import type { SettingMistake, SettingShape, TargetSettings } from '../adapter.ts';
import { ConnectionFailure } from '../failures.ts';
import { valueMistake } from '../setting.ts';
import { readCertificates } from './certificates.ts';

/** Typed look-ups by main name; each gives undefined where the target does not say. */
export interface TargetReader {
  text(name: string): string | undefined;
  integer(name: string): number | undefined;
  boolean(name: string): boolean | undefined;
  list(name: string): readonly string[];
}

/** What addresses of a kind of server begin with, its own name first, and the settings that they may hold. */
export interface AddressKind {
  readonly schemes: readonly [string, ...string[]];
  readonly shapes: Readonly<Record<string, SettingShape>>;
}

/** A reader of `settings` where other spellings and the parts of `url` count too; what is written beside a URL wins over it. Throws what is wrong with the URL. */
export function readTarget(kind: AddressKind, settings: TargetSettings): TargetReader {
  const { parts: fromUrl, mistakes } = readUrl(kind, settings['url']);
  for (const { message, help } of mistakes) throw new ConnectionFailure(message, help);
  const value = (name: string): unknown => {
    for (const source of [settings, fromUrl]) {
      for (const key of [name, ...(kind.shapes[name]?.aliases ?? [])]) {
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
      const wrong = valueMistake(name, kind.shapes[name]!, v);
      if (wrong !== null) throw new ConnectionFailure(wrong.message, wrong.help);
      return Number(v);
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

/** What the parts of a target's URL are by the names of settings, and what is wrong with it. No message repeats the URL, which holds a password. */
export function readUrl(
  { schemes, shapes }: AddressKind,
  url: unknown,
): { readonly parts: Readonly<Record<string, string>>; readonly mistakes: readonly SettingMistake[] } {
  if (typeof url !== 'string' || url === '') return { parts: {}, mistakes: [] };
  const [type] = schemes;
  const wrong = (kind: SettingMistake['kind'], message: string, help: string): SettingMistake => ({ setting: 'url', kind, message, help });
  const scheme = /^\s*([\w+.:-]+?):\/\//.exec(url)?.[1]?.toLowerCase();
  if (scheme !== undefined && !schemes.includes(scheme)) {
    const { message, help } = foreignScheme(type, schemes, scheme);
    return { parts: {}, mistakes: [wrong('bad-config', message, help)] };
  }
  const parsed = scheme === undefined || !URL.canParse(url) ? null : new URL(url);
  if (parsed === null)
    return {
      parts: {},
      mistakes: [
        wrong(
          'wrong-type',
          "The target's `url` is not a URL.",
          `Write it as \`${type}://user:password@host:port/database\`; characters like \`@\`, \`/\`, \`#\` in a password are written %40, %2F, %23.`,
        ),
      ],
    };
  const parts: Record<string, string> = {};
  if (parsed.hostname) parts['host'] = decoded(parsed.hostname).replace(/^\[|\]$/g, '');
  if (parsed.port) parts['port'] = parsed.port;
  if (parsed.username) parts['user'] = decoded(parsed.username);
  if (parsed.password) parts['password'] = decoded(parsed.password);
  const path = decoded(parsed.pathname.replace(/^\//, ''));
  if (path) parts['database'] = path;
  const mistakes: SettingMistake[] = [];
  for (const [k, v] of parsed.searchParams) {
    const [name, value] = inOurWords(k, v);
    const shape = Object.entries(shapes).find(([n, s]) => n === name || s.aliases?.includes(name) === true)?.[1];
    if (shape === undefined) {
      if (NOT_OURS.has(name.toLowerCase())) continue;
      const names = Object.entries(shapes).flatMap(([n, s]) => [n, ...(s.aliases ?? [])]);
      const help = didYouMean(k, names) ?? 'Take it out, or write it as the docs of targets do.';
      mistakes.push(wrong('unknown-key', `The target's \`url\` says '${k}', which is no setting of ${type}.`, help));
      continue;
    }
    const bad = valueMistake(name, shape, value);
    if (bad !== null)
      mistakes.push(
        wrong('wrong-type', `In the target's \`url\`, ${bad.message}`, bad.help.replace(/^Write it .*/, `Write it as a number, such as ${name}=10.`)),
      );
    parts[name] ??= value;
  }
  return { parts, mistakes };
}

/** An address of something else, or one that is written for a client: `jdbc:mysql://`, `postgresql+psycopg2://`. */
function foreignScheme(type: string, schemes: readonly string[], scheme: string): Pick<SettingMistake, 'message' | 'help'> {
  const message = `The target's \`url\` begins with ${scheme}://, which a ${type} target cannot use.`;
  const server = scheme.replace(/^jdbc:/, '').replace(/[+:].*$/, '');
  if (schemes.includes(server)) return { message, help: `Write it as ${server}://…` };
  const known = ['postgres', 'postgresql', 'mysql', 'mariadb'].includes(server);
  return { message, help: `Write an address that begins with ${type}://${known ? `, or \`type: ${server}\`` : ''}.` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
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

/** TLS as node understands it, from `sslmode` and certificate files; false is "none". `prefer` is the caller's: try, then go without. */
export function tlsOptions(
  read: TargetReader,
  root: string,
): false | { rejectUnauthorized: boolean; ca?: string; cert?: string; key?: string; checkServerIdentity?: () => undefined } {
  const mode = read.text('sslmode') ?? 'prefer';
  const wrong = valueMistake('sslmode', { type: 'string', oneOf: SSL_MODES, description: '' }, mode);
  if (wrong !== null) throw new ConnectionFailure(wrong.message, wrong.help);
  if (mode === 'disable') return false;
  const verify = mode === 'verify-ca' || mode === 'verify-full';
  return {
    rejectUnauthorized: verify,
    ...readCertificates(read, root),
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
  };
}

/** As libpq names them. */
export const SSL_MODES: readonly string[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/** What a timer of node can wait, a time-out of the servers, and the system's count of idle seconds hold. */
export const MOST_SECONDS = 2_147_483;
export const MOST_MILLISECONDS = 2_147_483_647;
export const MOST_KEEPALIVE = 32_767;
/**
 * Idle seconds before TCP asks, where the target says nothing: a system's own two hours are longer than a run, and longer than routers
 * remember a connection.
 */
export const KEEPALIVES_IDLE = 60;
/** Further attempts to connect: with their pauses, a few hours. */
export const MOST_RETRIES = 1000;

/** True where a server without TLS is taken as well. */
export function tlsOptional(read: TargetReader): boolean {
  return ['allow', 'prefer'].includes(read.text('sslmode') ?? 'prefer');
}
