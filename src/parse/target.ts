// The target a run works on: chosen by name, its templates rendered (env_var above all), its keys checked against what
// the engine's adapter knows. Other targets are not looked at, so their variables need not be set.
import type { Adapter } from '../adapters/adapter.ts';
import { adapterTypes, findAdapter } from '../adapters/index.ts';
import type { Facts } from '../context/context.ts';
import { type Diagnostic, error, Failure, type Span } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import type { Target } from '../project/project.ts';
import { isMapping, type Path } from '../project/shape.ts';
import { renderYaml } from './render-yaml.ts';
import { checkTarget } from './target-shape.ts';

export interface ChosenTarget {
  readonly target: Target;
  readonly adapter: Adapter;
}

type At = (path: Path, on?: 'key' | 'value') => Span;

/** Chooses and checks. Throws `Failure` with every mistake of the target. */
export function chooseTarget(
  targets: Readonly<Record<string, unknown>>,
  wanted: string | undefined,
  byDefault: string | undefined,
  threads: number | undefined,
  facts: Facts,
  at: At,
): ChosenTarget {
  const names = Object.keys(targets);
  const usual = byDefault ?? (names.length === 1 ? names[0]! : 'dev');
  const name = wanted ?? usual;
  const raw = targets[name];
  if (names.length === 0)
    throw new Failure(
      error('parse/missing-key', `${at([]).file} has no targets, so there is no warehouse to build in.`, {
        span: at([], 'key'),
        help: `Add${at([]).file === 'project.yml' ? '' : " what profiles.yml has under 'outputs:', or"}:\n\ntargets:\n  dev: {type: duckdb, path: target/warehouse.duckdb}`,
      }),
    );
  if (!isMapping(raw)) {
    const help = `${didYouMean(name, names) ?? ''} Targets of this project: ${names.join(', ')}.`.trim();
    throw new Failure(
      error('parse/unknown-target', `There is no target '${name}'.`, {
        span: at(wanted === undefined && byDefault !== undefined ? ['target'] : ['targets'], wanted === undefined ? 'value' : 'key'),
        help,
      }),
    );
  }
  const mistakes: Diagnostic[] = [];
  const here = (path: Path, on: 'key' | 'value' = 'value'): Span => at(['targets', name, ...path], on);
  const values = renderYaml(
    facts,
    raw,
    (p) => here(p),
    (d) => mistakes.push({ ...d, code: d.code === 'template/undefined' ? 'parse/env-var' : d.code }),
  ) as Record<string, unknown>;
  if (values['type'] === undefined || values['type'] === null) {
    if (mistakes.length === 0)
      mistakes.push(
        error('parse/missing-key', `Target '${name}' lacks 'type'.`, { span: here([], 'key'), help: `Add a line "type: …": ${adapterTypes().join(', ')}.` }),
      );
    throw new Failure(mistakes);
  }
  const type = String(values['type']);
  const adapter = findAdapter(type);
  if (adapter === undefined) {
    const known = adapterTypes();
    mistakes.push(
      error('parse/unknown-engine', `Target '${name}' has the type '${type}', which is not an engine of dwt.`, {
        span: here(['type']),
        help: didYouMean(type, known) ?? `Engines: ${known.join(', ')}.`,
      }),
    );
    throw new Failure(mistakes);
  }
  const spoilt = new Set(mistakes.map((m) => m.span?.line));
  checkTarget(adapter, values, (m) => {
    const span = here(m.path, m.on);
    // What a template failed to give is not wrong once more.
    if (!spoilt.has(span.line)) mistakes.push(error(`parse/${m.kind}`, m.message, { span, ...(m.help === undefined ? {} : { help: m.help }) }));
  });
  if (mistakes.length > 0) throw new Failure(mistakes);
  const settings = readSettings(adapter, values);
  for (const { kind, setting, message, help } of adapter.check?.(settings) ?? []) {
    const key = Object.keys(values).find((k) => k === setting || adapter.settings[setting]?.aliases?.includes(k) === true) ?? setting;
    mistakes.push(error(`parse/${kind}`, message, { span: here([key]), help }));
  }
  if (mistakes.length > 0) throw new Failure(mistakes);
  const defaults = adapter.defaults(settings);
  const count = threads ?? (values['threads'] === undefined || values['threads'] === null ? defaults.threads : Number(values['threads']));
  return {
    adapter,
    target: {
      name,
      byDefault: name === usual,
      type: adapter.type,
      database: defaults.database,
      schema: defaults.schema,
      threads: Math.max(1, count),
      settings,
    },
  };
}

/** Settings by their documented names; whole numbers and texts as such, whatever YAML took them for. */
function readSettings(adapter: Adapter, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  const spelled = new Map<string, string>();
  for (const [k, shape] of Object.entries(adapter.settings)) for (const s of [k, ...(shape.aliases ?? [])]) spelled.set(s, k);
  for (const [k, v] of Object.entries(values)) {
    if (k === 'type' || v === null || v === undefined) continue;
    const key = spelled.get(k) ?? k;
    const type = adapter.settings[key]?.type;
    settings[key] = type === 'integer' ? Number(v) : type === 'string' ? String(v) : v;
  }
  return settings;
}
