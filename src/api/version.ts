// The version in package.json.
import { readFileSync } from 'node:fs';

/** Version of dwt. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}
