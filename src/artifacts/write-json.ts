// One JSON file, aside and then in place, so that a reader never sees half of it; and the head that all artifacts share.
import { closeSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { DBT_VERSION } from '../context/context.ts';

/** Who made an artifact, and when. */
export interface Invocation {
  readonly id: string;
  readonly startedAt: Date;
}

/** `metadata` of every artifact. `schema` is its name and version: `manifest/v12`. */
export function metadataOf(schema: string, { id, startedAt }: Invocation): Record<string, unknown> {
  return {
    dbt_schema_version: `https://schemas.getdbt.com/dbt/${schema}.json`,
    dbt_version: DBT_VERSION,
    generated_at: new Date().toISOString(),
    invocation_id: id,
    invocation_started_at: startedAt.toISOString(),
    env: {},
  };
}

export function writeJson(path: string, body: unknown): void {
  writeTexts(path, [JSON.stringify(body)]);
}

/** Writes a file from pieces of text, aside and then in place. */
export function writeTexts(path: string, texts: Iterable<string>): void {
  mkdirSync(dirname(path), { recursive: true });
  const aside = `${path}.tmp`;
  const file = openSync(aside, 'w');
  try {
    let waiting = '';
    for (const text of texts) {
      waiting += text;
      if (waiting.length < BLOCK) continue;
      writeSync(file, waiting);
      waiting = '';
    }
    writeSync(file, waiting);
  } finally {
    closeSync(file);
  }
  renameSync(aside, path);
}

const BLOCK = 1 << 20;
