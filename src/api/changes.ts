// What a changed file means for the nodes of a project: those that are other than before, by definition, by text, or by
// a macro they need. Where it cannot be told, a node counts as affected.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { jsonText } from '../project/float.ts';
import type { MacroEntry } from '../project/project.ts';
import { isTemplated, type Model, type Resource, type Seed } from '../project/resources.ts';
import type { Relation } from '../project/relation.ts';
import type { Connections } from './connect.ts';
import type { Opened } from './opened.ts';

/** Ids of the nodes (of the project as it is now) that have to be built or tested again. */
export function affectedNodes(before: Opened | undefined, now: Opened, files: ReadonlySet<string>): Set<string> {
  const nodes = [...now.graph.nodes.values()].filter((r) => r.type !== 'source' && r.type !== 'exposure' && r.type !== 'operation');
  if (before === undefined) return new Set(nodes.map((r) => r.id));
  const old = before.graph.nodes;
  const changedMacros = macrosTouched(before.loaded.project.macros, now.loaded.project.macros, now.loaded.readText);
  const everything = jsonText(before.loaded.project.vars) !== jsonText(now.loaded.project.vars) || changedMacros.has('*');
  const sources = new Set([...now.graph.nodes.values()].filter((r) => r.type === 'source' && definition(r) !== definitionOf(old.get(r.id))).map((r) => r.id));
  const affected = new Set<string>();
  for (const r of nodes) {
    const parents = now.graph.parents.get(r.id) ?? [];
    if (
      everything ||
      (files.has(r.file) && r.file.match(/\.(sql|csv|csv\.gz)$/) !== null) ||
      definition(r) !== definitionOf(old.get(r.id)) ||
      parents.some((p) => sources.has(p)) ||
      needsMacro(r, changedMacros, now)
    )
      affected.add(r.id);
  }
  return affected;
}

/** Relations that nothing in the project makes any more. */
export interface Gone {
  /** Their files are gone, and they can be made again. */
  readonly drop: readonly Relation[];
  /** Their files are gone; they hold rows of earlier runs (incremental models). */
  readonly keep: readonly Relation[];
  /** Their files are there: under another name, in another schema, or not to be built. */
  readonly left: readonly Relation[];
}

/**
 * Which relations of these nodes nothing makes any more. Only a file that is gone tells that its relation is meant to go, and only where the
 * target is the same. Snapshots are history and stay unsaid.
 */
export function relationsGone(before: Opened, now: Opened, of: ReadonlySet<string>): Gone {
  if (!isSameTarget(before, now)) return { drop: [], keep: [], left: [] };
  const key = (r: Relation): string => JSON.stringify([r.database, r.schema, r.identifier]);
  const built = (o: Opened): Map<string, Model | Seed> =>
    new Map(
      [...o.graph.nodes.values()].flatMap((r) =>
        (r.type === 'model' && r.config.materialized !== 'ephemeral') || r.type === 'seed' ? [[key(r.relation), r] as const] : [],
      ),
    );
  const there = built(now);
  const unmade = [...built(before)].filter(([k, r]) => !there.has(k) && of.has(r.id)).map(([, r]) => r);
  const isThere = (r: Model | Seed): boolean => existsSync(resolve(before.place.root, r.file));
  const again = (r: Model | Seed): boolean => r.type === 'seed' || ['view', 'table', 'materialized_view'].includes(r.config.materialized);
  const gone = unmade.filter((r) => !isThere(r));
  const relations = (nodes: readonly (Model | Seed)[]): readonly Relation[] => nodes.map((r) => r.relation);
  return {
    drop: relations(gone.filter(again)),
    keep: relations(gone.filter((r) => !again(r))),
    left: relations(unmade.filter(isThere)),
  };
}

/** Whether both build in the same warehouse. */
export function isSameTarget(a: Opened, b: Opened): boolean {
  return isDeepStrictEqual(a.place.target, b.place.target);
}

function definitionOf(r: Resource | undefined): string {
  return r === undefined ? '' : definition(r);
}

function definition(r: Resource): string {
  return JSON.stringify([
    r.type,
    r.config,
    'relation' in r ? r.relation : null,
    r.type === 'test' ? r.generic : null,
    r.type === 'source' ? r.externalLocation : null,
    isTemplated(r)
      ? [r.refs.map((x) => [x.package, x.name, x.version]), r.sources.map((x) => [x.source, x.table]), r.code, r.checksum]
      : 'checksum' in r
        ? r.checksum
        : null,
    r.config['persist_docs'] === undefined ? null : [r.description, r.columns],
  ]);
}

/** Names of macros that changed, came or went, and of those that mention them; `*` where every node may be meant. */
function macrosTouched(before: readonly MacroEntry[], now: readonly MacroEntry[], readText: (file: string) => string): Set<string> {
  const sums = (entries: readonly MacroEntry[]): Map<string, string> => new Map(entries.map((m) => [`${m.package}.${m.name}`, m.checksum]));
  const a = sums(before);
  const b = sums(now);
  const touched = new Set([...a.keys(), ...b.keys()].filter((k) => a.get(k) !== b.get(k)).map((k) => k.slice(k.indexOf('.') + 1)));
  for (let grown = true; grown;) {
    grown = false;
    for (const m of now) {
      if (touched.has(m.name) || !mentions(readText(m.file), touched)) continue;
      touched.add(m.name);
      grown = true;
    }
  }
  // Overrides of what comes with dwt, and materializations, are not called by name.
  if ([...touched].some((n) => /^(generate_\w+_name|materialization_.+|\w+__\w+)$/.test(n))) touched.add('*');
  return touched;
}

function needsMacro(r: Resource, touched: ReadonlySet<string>, now: Opened): boolean {
  if (touched.size === 0 || !isTemplated(r)) return false;
  if (r.type === 'test' && r.generic !== null) return touched.has(`test_${r.generic.test.split('.').at(-1)}`);
  const text = r.code.kind === 'text' ? r.code.text : now.loaded.readText(r.file);
  const hooks = [...r.config['pre-hook'], ...r.config['post-hook']].map((h) => h.sql).join('\n');
  return mentions(`${text}\n${hooks}`, touched);
}

function mentions(text: string, names: ReadonlySet<string>): boolean {
  for (const m of text.matchAll(/[A-Za-z_]\w*/g)) if (names.has(m[0])) return true;
  return false;
}

/** Drops relations that are there; returns their names. Throws `Failure` where there is no warehouse. */
export async function drop(connections: Connections, relations: readonly Relation[]): Promise<readonly string[]> {
  return await connections.use({ threads: 1 }, async (warehouse) => {
    const session = await warehouse.session();
    const dropped: string[] = [];
    try {
      for (const relation of relations) {
        const there = (await session.relations([relation])).find((r) => r.identifier === relation.identifier);
        if (there === undefined) continue;
        await session.run(warehouse.dialect.drop(relation, there.kind));
        dropped.push(relation.identifier);
      }
    } finally {
      await session.release();
    }
    return dropped;
  });
}
