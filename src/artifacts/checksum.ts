// Checksums as dbt makes them: of the words of a text, so that white space does not count.
import { createHash } from 'node:crypto';

export interface Checksum {
  readonly name: 'sha256' | 'path' | 'none';
  readonly checksum: string;
}

export const NO_CHECKSUM: Checksum = { name: 'none', checksum: '' };

/** What Python takes for white space, beside a space itself. */
const OTHER = '\\t-\\r\\x1c-\\x1f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const SPACE = new RegExp(`[${OTHER}][ ${OTHER}]*| [ ${OTHER}]+`, 'g');

export function checksumOfText(text: string): Checksum {
  const spaced = text.replace(SPACE, ' ');
  return { name: 'sha256', checksum: sha256(spaced.slice(spaced.startsWith(' ') ? 1 : 0, spaced.endsWith(' ') ? -1 : undefined)) };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
