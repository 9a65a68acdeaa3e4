// What must not be written down: secrets of the target and of the environment, wherever they turn up in a text.
import type { Adapter } from '../adapters/adapter.ts';

/** Shorter ones would take apart words that have nothing to do with them. */
const SHORTEST = 4;
const SECRET_NAME = /pass|secret|token|api_?key|credential/i;

/** Replaces secrets of the target's settings, and variables of the environment that dbt's convention marks as such. */
export function redactor(
  adapter: Adapter,
  settings: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): (text: string) => string {
  const secrets = new Set<string>();
  for (const [key, value] of Object.entries(settings))
    if (adapter.settings[key]?.secret === true && typeof value === 'string') for (const s of partsOf(value)) secrets.add(s);
  for (const [key, value] of Object.entries(env)) if (key.startsWith('DBT_ENV_SECRET') && value !== undefined) secrets.add(value);
  const found = [...secrets].filter((s) => s.length >= SHORTEST).toSorted((a, b) => b.length - a.length);
  return (text) => found.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

/** Variables as they are written down: those whose name says that they are secret are not. */
export function openVars(vars: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(vars).map(([k, v]) => [k, SECRET_NAME.test(k) ? '***' : v]));
}

/** A text, and the password of the address that it may be. */
function partsOf(value: string): string[] {
  const password = URL.canParse(value) ? new URL(value).password : '';
  if (password === '') return [value];
  try {
    return [value, password, decodeURIComponent(password)];
  } catch {
    return [value, password];
  }
}
