// One JSON file, and the head that all artifacts share.
import { DBT_VERSION } from '../context/context.ts';
import { writeWhole } from '../files/write.ts';

/** Who made an artifact, and when. */
export interface Invocation {
  readonly id: string;
  readonly startedAt: Date;
  /** What the environment says for the artifacts. */
  readonly env: Readonly<Record<string, string>>;
}

/** `metadata` of every artifact. `schema` is its name and version: `manifest/v12`. */
export function metadataOf(schema: string, { id, startedAt, env }: Invocation): Record<string, unknown> {
  return {
    dbt_schema_version: `https://schemas.getdbt.com/dbt/${schema}.json`,
    dbt_version: DBT_VERSION,
    generated_at: new Date().toISOString(),
    invocation_id: id,
    invocation_started_at: startedAt.toISOString(),
    env,
  };
}

export function writeJson(path: string, body: unknown): void {
  writeWhole(path, [JSON.stringify(body)]);
}
