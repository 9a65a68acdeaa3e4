// Texts of a project's files, for the lines around a place.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Texts of project files for code frames; undefined where there is none. */
export function sourceReader(root: string): (file: string) => string | undefined {
  const texts = new Map<string, string | undefined>();
  return (file) => {
    if (!texts.has(file)) texts.set(file, readOrUndefined(join(root, file)));
    return texts.get(file);
  };
}

function readOrUndefined(path: string): string | undefined {
  try {
    return path.endsWith('.gz') || statSync(path).size > 20_000_000 ? undefined : readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
