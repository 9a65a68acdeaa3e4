// Nodes to SQL. Files are written under the target folder; the warehouse is opened only when a template asks it something.
import { join } from 'node:path';
import { compileNode, type Compiled } from '../compile/compile.ts';
import type { Deferral } from '../compile/runtime-names.ts';
import { type Diagnostic, Failure } from '../diagnostics/diagnostic.ts';
import { explain } from '../execute/failure.ts';
import type { Analysis, Resource, Runnable } from '../project/resources.ts';
import { ELSEWHERE, Unwritten } from '../files/unwritten.ts';
import { FileWriter } from '../artifacts/file-writer.ts';
import { writeCompiled } from '../artifacts/node-files.ts';
import type { CompiledNode as CompiledSql } from '../artifacts/manifest-nodes.ts';
import { compiledFile } from '../artifacts/place.ts';
import { writeProjectManifest } from './artifacts.ts';
import { shownFrom } from './paths.ts';
import type { Invocation } from '../artifacts/write-json.ts';
import type { Opened } from './opened.ts';
import type { RunFlagOptions } from './options.ts';
import type { Work } from './work.ts';

/** A node's SQL and where it was written, relative to the project; or why there is none. */
export type CompiledNode =
  | { readonly resource: Resource; readonly sql: string; readonly path: string | null }
  | { readonly resource: Resource; readonly diagnostics: readonly Diagnostic[] };

/** @internal */
export interface CompileFlags extends RunFlagOptions {
  readonly deferral?: Deferral;
}

type Compilable = Exclude<Runnable, { type: 'seed' }>;

/** @internal Compiles nodes in the order of the graph and writes their files, and manifest.json at the end. Throws `Failure` at the end where some could not be written. */
export async function* compileNodes(
  opened: Opened,
  work: Work,
  ids: ReadonlySet<string>,
  o: CompileFlags,
  invocation: Invocation,
): AsyncGenerator<CompiledNode, void> {
  const { graph, loaded } = opened;
  const writer = new FileWriter(opened.artifacts.targetPath);
  const unwritten = new Unwritten();
  const compiled = new Map<string, CompiledSql>();
  try {
    for (const id of graph.order) {
      const node = graph.nodes.get(id);
      if (node === undefined || !ids.has(id) || node.type === 'seed' || node.type === 'source' || node.type === 'exposure') continue;
      let found: CompiledNode;
      try {
        const { sql, ctes } = await compileOne(opened, work, node, ids, o);
        compiled.set(id, { sql, ctes, ran: false });
        writeCompiled(opened.artifacts, writer, node, sql);
        found = { resource: node, sql, path: compiledFile(opened.artifacts, node) };
      } catch (e) {
        found = {
          resource: node,
          diagnostics: explain(
            e,
            {
              resource: node,
              compiled: null,
              statement: null,
              compiledPath: null,
              resources: graph.nodes.values(),
              target: loaded.facts.target,
              readText: loaded.readText,
            },
            loaded.spanOf,
          ),
        };
      }
      yield found;
    }
    const manifest = shownFrom(opened.place.root, join(opened.artifacts.targetPath, 'manifest.json'));
    unwritten.attempt(manifest, () => writeProjectManifest(opened, invocation, compiled));
  } finally {
    for (const { path, why } of await writer.close()) unwritten.add(shownFrom(opened.place.root, path), why);
  }
  const told = unwritten.told('error', ELSEWHERE);
  if (told.length > 0) throw new Failure(told);
}

/** @internal Compiles a query that is in no file. Throws `Failure`, placed in the query's own text. */
export async function compileInline(opened: Opened, work: Work, text: string, o: CompileFlags): Promise<string> {
  try {
    return (await compileOne(opened, work, inlineNode(opened, text), new Set(), o)).sql;
  } catch (e) {
    throw withInlineSource(e, text);
  }
}

function compileOne(opened: Opened, work: Work, node: Compilable, selected: ReadonlySet<string>, o: CompileFlags): Promise<Compiled> {
  const { loaded, graph } = opened;
  const flags = { fullRefresh: o.fullRefresh === true, empty: o.empty === true };
  const onWarning = (d: Diagnostic): void =>
    work.warn(node.code.kind === 'text' && d.span?.file === node.file && node.file === '--inline' ? { ...d, source: node.code.text } : d);
  const deferral = o.deferral === undefined ? {} : { deferral: o.deferral };
  return work.drive(
    compileNode({ facts: loaded.facts, graph, flags, readText: loaded.readText, locate: loaded.spanOf, selected, onWarning, ...deferral }, node),
  );
}

/** @internal A query of a caller as a node: it may refer to anything. */
export function inlineNode(opened: Opened, text: string): Analysis {
  const { project } = opened.loaded;
  return {
    type: 'analysis',
    id: `analysis.${project.name}.inline_query`,
    package: project.name,
    name: 'inline query',
    file: '--inline',
    fqn: [project.name, 'inline_query'],
    config: { enabled: true, materialized: '', tags: [], meta: {}, 'pre-hook': [], 'post-hook': [] },
    description: '',
    columns: {},
    place: { span: { file: '--inline', line: 1, column: 1 } },
    patch: null,
    written: null,
    refs: [],
    sources: [],
    macros: [],
    configText: {},
    code: { kind: 'text', text, firstLine: 1 },
    relation: { database: project.target.database, schema: project.target.schema, identifier: 'inline_query' },
    alias: 'inline_query',
    checksum: '',
  };
}

/** @internal Places the failures of an inline query in its own text. */
export function withInlineSource(e: unknown, text: string): unknown {
  return e instanceof Failure ? new Failure(e.diagnostics.map((d) => (d.span?.file === '--inline' ? { ...d, source: text } : d))) : e;
}
