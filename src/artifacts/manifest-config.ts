// Configuration, columns and docs references in the full form in which dbt writes them: every key, defaults included.
import type { Project } from '../project/project.ts';
import type { Resource } from '../project/resources.ts';
import { type Configured, docsDict, fullConfig } from '../project/full-config.ts';
import { type Piece, share } from './shared-text.ts';
import { columnEntries } from './written-config.ts';

type Words = Readonly<Record<string, unknown>>;

/** A node's configuration after merging, and what else follows from it. `written`: as it stands in files, which tells what is a default. */
export function configPart(r: Configured, written: Words): Piece {
  if (r.type === 'operation') return { ...partOf(r, true), tags: [`on-run-${r.when}`] };
  const severity = r.type !== 'test' || Object.hasOwn(written, 'severity');
  const known = severity ? made : withoutSeverity;
  let part = known.get(r.config);
  if (part === undefined) known.set(r.config, (part = share(partOf(r, severity))));
  return part;
}

function partOf(r: Configured, severity: boolean): Piece {
  const { tags, meta } = r.config;
  return { config: fullConfig(r, severity), tags: r.type === 'test' ? tags.toSorted() : tags, meta, docs: docsDict(r.config['docs']) };
}

/** Resources without settings of their own share those of their folder. */
const made = new WeakMap<object, Piece>();
const withoutSeverity = new WeakMap<object, Piece>();

/** Columns by name. */
export function columnsDict(r: Resource, docs: DocsIndex): Record<string, unknown> {
  const columns = Object.values(r.columns);
  if (columns.length === 0) return {};
  const entries = columnEntries(r);
  return Object.fromEntries(
    columns.map((c) => {
      const entry = entries.get(c.name) ?? {};
      return [
        c.name,
        {
          name: c.name,
          description: c.description,
          meta: c.meta,
          data_type: c.data_type,
          constraints: c.constraints.map((x) => constraintDict(x)),
          quote: c.quote,
          config: { meta: c.meta, tags: c.tags },
          tags: c.tags,
          granularity: entry['granularity'] ?? null,
          // For a semantic layer, which is another tool's.
          dimension: null,
          entity: null,
          doc_blocks: docs.mentioned(entry['description'], r.package),
        },
      ];
    }),
  );
}

/** A constraint with all its keys; that of a whole model has columns. */
export function constraintDict(c: Words, columns?: readonly unknown[]): Record<string, unknown> {
  return {
    type: String(c['type'] ?? ''),
    name: c['name'] ?? null,
    expression: c['expression'] ?? null,
    warn_unenforced: c['warn_unenforced'] ?? true,
    warn_unsupported: c['warn_unsupported'] ?? true,
    to: c['to'] ?? null,
    to_columns: c['to_columns'] ?? [],
    ...(columns === undefined ? {} : { columns }),
  };
}

/** Finds docs blocks by the names that descriptions give. */
export class DocsIndex {
  private readonly ids = new Map<string, string>();

  constructor(docs: Project['docs'], root: string) {
    for (const d of docs) {
      this.ids.set(`${d.package}.${d.name}`, `doc.${d.package}.${d.name}`);
      if (d.package === root || !this.ids.has(d.name)) this.ids.set(d.name, `doc.${d.package}.${d.name}`);
    }
  }

  /** Ids of the blocks that a description, as it is written, puts in. */
  mentioned(description: unknown, pkg: string): string[] {
    if (typeof description !== 'string' || !description.includes('{{')) return [];
    return Array.from(description.matchAll(/\{\{\s*doc\(\s*((?:(?:'[^']*'|"[^"]*")\s*,?\s*)+)\)\s*\}\}/g)).flatMap((m) => {
      const names = Array.from(m[1]!.matchAll(/'([^']*)'|"([^"]*)"/g), (a) => a[1] ?? a[2] ?? '');
      const id = names.length > 1 ? this.ids.get(names.join('.')) : (this.ids.get(`${pkg}.${names[0]}`) ?? this.ids.get(names[0]!));
      return id === undefined ? [] : [id];
    });
  }
}
