// The target a run works on: chosen by name, its templates rendered (env_var above all), its keys checked against what
// the engine's adapter knows. Other targets are not looked at, so their variables need not be set.
import type { Adapter } from '../adapters/adapter.ts';
import { adapterTypes, findAdapter } from '../adapters/index.ts';
import type { Facts } from '../context/context.ts';
import { type Diagnostic, error, Failure, type Span } from '../diagnostics/diagnostic.ts';
import { didYouMean, nearest } from '../diagnostics/nearest.ts';
import type { Target } from '../project/project.ts';
import { isMapping, type Path } from '../project/shape.ts';
import { renderYaml } from './render-yaml.ts';

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
  const name = wanted ?? byDefault ?? (names.length === 1 ? names[0]! : 'dev');
  const raw = targets[name];
  if (names.length === 0)
    throw new Failure(
      error('parse/missing-key', `${at([]).file} has no targets, so there is no warehouse to build in.`, {
        span: at([], 'key'),
        help: 'Add:\n\ntargets:\n  dev: {type: duckdb, path: target/warehouse.duckdb}',
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
  const type = String(values['type'] ?? '');
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
  const { settings, mistakes: wrong } = readSettings(adapter, values, name, here);
  mistakes.push(...wrong);
  if (mistakes.length > 0) throw new Failure(mistakes);
  const defaults = adapter.defaults(settings);
  const count = threads ?? (typeof values['threads'] === 'number' ? values['threads'] : defaults.threads);
  return { adapter, target: { name, type: adapter.type, database: defaults.database, schema: defaults.schema, threads: Math.max(1, count), settings } };
}

const OWN_KEYS = new Set(['type', 'threads', 'schema']);

function readSettings(
  adapter: Adapter,
  values: Readonly<Record<string, unknown>>,
  name: string,
  at: At,
): { settings: Record<string, unknown>; mistakes: Diagnostic[] } {
  const mistakes: Diagnostic[] = [];
  const settings: Record<string, unknown> = {};
  const spelled = new Map<string, string>();
  for (const [k, shape] of Object.entries(adapter.settings)) for (const s of [k, ...(shape.aliases ?? [])]) spelled.set(s, k);
  for (const [k, v] of Object.entries(values)) {
    if (k === 'type' || v === null || v === undefined) continue;
    const key = spelled.get(k);
    if (key === undefined) {
      if (OWN_KEYS.has(k)) settings[k] = v;
      else {
        const near = nearest(k, [...spelled.keys(), ...OWN_KEYS]);
        mistakes.push(
          error('parse/unknown-key', `'${k}' is not a setting of ${adapter.type} targets.`, {
            span: at([k], 'key'),
            help: near === undefined ? `Settings: ${[...new Set(spelled.values())].join(', ')}.` : `Did you mean '${near}'?`,
          }),
        );
      }
      continue;
    }
    const wrong = wrongType(adapter.settings[key]!.type, v);
    if (wrong !== undefined) mistakes.push(error('parse/wrong-type', `'${k}' must be ${wrong}.`, { span: at([k]) }));
    settings[key] = adapter.settings[key]!.type === 'integer' ? Number(v) : adapter.settings[key]!.type === 'string' ? String(v) : v;
  }
  for (const [k, shape] of Object.entries(adapter.settings)) {
    if (shape.required === true && settings[k] === undefined)
      mistakes.push(error('parse/missing-key', `Target '${name}' lacks '${k}': ${shape.description}`, { span: at([], 'key'), help: `Add a line "${k}: …".` }));
  }
  return { settings, mistakes };
}

function wrongType(type: string, v: unknown): string | undefined {
  switch (type) {
    case 'integer':
      return Number.isInteger(typeof v === 'string' && v.trim() !== '' ? Number(v) : v) ? undefined : 'a whole number';
    case 'boolean':
      return typeof v === 'boolean' ? undefined : 'true or false';
    case 'list':
      return Array.isArray(v) ? undefined : 'a list';
    case 'map':
      return isMapping(v) ? undefined : 'keys with values';
    default:
      return typeof v === 'string' || typeof v === 'number' || typeof v === 'boolean' ? undefined : 'a text';
  }
}
