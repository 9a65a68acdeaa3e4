// compile: the SQL of nodes, written under the target folder, or printed for one node or an inline query. The warehouse
// is opened only when a template asks it something.
import { existsSync } from 'node:fs';
import { StatementFailure, type Session, type Warehouse } from '../adapters/adapter.ts';
import type { Step, Steps } from '../adapters/step.ts';
import { compileNode, type Compiled } from '../compile/compile.ts';
import { type Diagnostic, Failure } from '../diagnostics/diagnostic.ts';
import { Catalog } from '../execute/catalog.ts';
import { driveSteps } from '../execute/drive-steps.ts';
import { explain } from '../execute/failure.ts';
import type { Analysis, Resource, Runnable } from '../project/resources.ts';
import { writeCompiled, compiledFile } from '../report/artifacts.ts';
import { FileWriter } from '../report/file-writer.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { chooseNodes, connect, openProject, printDiagnostics, type Opened } from './open.ts';

export interface CompileOptions extends CommonOptions {
  readonly inline?: string;
}

/** Compiles. Errors of nodes are all reported; the exit code is then 1. */
export async function compileCommand(io: Io, o: CompileOptions): Promise<ExitCode> {
  const opened = openProject(io, o, 'compile');
  const work = new CompileWork(io, opened, o);
  try {
    if (o.inline !== undefined) {
      io.output.out(`${(await work.compile(inlineNode(opened, o.inline))).sql}\n`);
      return 0;
    }
    const chosen = chooseNodes(io, opened, o, ['model', 'analysis', 'snapshot', 'test']);
    const { loaded, graph } = opened;
    const place = { root: loaded.project.root, targetPath: loaded.targetPath, projectName: loaded.project.name };
    const writer = new FileWriter();
    const failures: Diagnostic[] = [];
    const compiled: [Resource, Compiled][] = [];
    for (const id of graph.order) {
      const node = graph.nodes.get(id);
      if (node === undefined || !chosen.has(id)) continue;
      try {
        const done = await work.compile(node as Exclude<Runnable, { type: 'seed' }>);
        writeCompiled(place, writer, node, done.sql);
        compiled.push([node, done]);
      } catch (e) {
        failures.push(...explain(e, { resource: node, compiled: null, statement: null, compiledPath: null }, loaded.spanOf));
      }
    }
    await writer.close();
    printDiagnostics(io, failures, loaded.project.root);
    const asked = o.select !== undefined && compiled.filter(([n]) => n.type !== 'test').length === 1;
    if (asked) io.output.out(`${compiled.find(([n]) => n.type !== 'test')![1].sql}\n`);
    else if (!io.output.quiet)
      io.output.err(
        `Compiled ${compiled.length} ${compiled.length === 1 ? 'node' : 'nodes'}${compiled[0] === undefined ? '' : ` to ${compiledFile(place, compiled[0][0])?.split('/').slice(0, 2).join('/')}/`}\n`,
      );
    return failures.length > 0 ? 1 : 0;
  } finally {
    await work.close();
  }
}

/** Compiles nodes, opening the warehouse at the first question. */
export class CompileWork {
  private readonly looksOnly: boolean;
  private readonly io: Io;
  private readonly opened: Opened;
  private readonly options: CommonOptions;
  private warehouse: Warehouse | undefined;
  private session: Session | undefined;
  private readonly catalog = new Catalog();

  constructor(io: Io, opened: Opened, options: CommonOptions, looksOnly = false) {
    this.looksOnly = looksOnly;
    this.io = io;
    this.opened = opened;
    this.options = options;
  }

  async compile(node: Exclude<Runnable, { type: 'seed' }>): Promise<Compiled> {
    const { loaded, graph } = this.opened;
    const env = {
      facts: loaded.facts,
      graph,
      flags: { fullRefresh: this.options.fullRefresh === true, empty: this.options.empty === true },
      readText: loaded.readText,
      selected: new Set([node.id]),
    };
    return await this.drive(compileNode(env, node));
  }

  /** Drives any steps with a session that is opened when the first step needs one. */
  async drive<T>(steps: Steps<T>): Promise<T> {
    const first = steps.next();
    if (first.done === true) return first.value;
    const session = await this.open();
    return await driveSteps(replay(first, steps), {
      session,
      catalog: this.catalog,
      check: () => {
        if (this.io.signal.aborted) throw new StatementFailure('interrupted', { cancelled: true });
      },
      log: (level, message) => {
        if (level !== 'debug') this.io.output.err(`${message}\n`);
      },
      sent: () => {},
    });
  }

  async open(): Promise<Session> {
    this.warehouse ??= await connect(this.io, this.opened, { threads: 1, readOnly: this.readOnly() });
    if (this.session === undefined) {
      const session = (this.session = await this.warehouse.session());
      this.io.signal.addEventListener('abort', () => void session.cancel().catch(() => {}));
    }
    return this.session;
  }

  /** Looking changes nothing, and several may look at once where a file allows one writer; a file has to be there, though. */
  private readOnly(): boolean {
    const { adapter, project } = this.opened.loaded;
    const [file] = adapter.files?.(project.target.settings, project.root) ?? [];
    return this.looksOnly && file !== undefined && existsSync(file);
  }

  async close(): Promise<void> {
    await this.session?.release();
    await this.warehouse?.close();
  }
}

/** The generator from its first, already taken, step on. */
function* replay<T>(first: IteratorYieldResult<Step>, rest: Steps<T>): Steps<T> {
  let result: IteratorResult<Step, T> = first;
  while (result.done !== true) {
    try {
      const answer = yield result.value;
      result = rest.next(answer);
    } catch (e) {
      result = rest.throw(e);
    }
  }
  return result.value;
}

/** A query of the command line as a node: it may refer to anything. */
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
    refs: [],
    sources: [],
    macros: [],
    code: { kind: 'text', text, firstLine: 1 },
    relation: { database: null, schema: '', identifier: 'inline_query' },
    alias: 'inline_query',
    checksum: '',
  };
}

/** Places the failures of an inline query in its own text. */
export function withInlineSource(e: unknown, text: string): unknown {
  return e instanceof Failure ? new Failure(e.diagnostics.map((d) => (d.span?.file === '--inline' ? { ...d, source: text } : d))) : e;
}
