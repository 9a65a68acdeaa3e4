// `history:` of project.yml becomes settings of the project, and the history's tables become sources of it where
// something refers to them. In: the value as rendered. Out: settings, or null where the history is off.
import { type Diagnostic, error, type Span } from '../diagnostics/diagnostic.ts';
import { HISTORY_SOURCE, historyRelation, type HistorySettings, historySource, type HistoryTable, HISTORY_TABLES, isHistoryTable } from '../project/history.ts';
import type { Target } from '../project/project.ts';
import { relationKey } from '../project/relation.ts';
import { isRefable, isTemplated, label, type Resource, type Source } from '../project/resources.ts';
import { isMapping, type Path } from '../project/shape.ts';

const DEFAULT_DAYS = 365;
const UNITS: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30, year: 365 };

type Report = (d: Diagnostic) => void;

/** Reads the setting; mistakes that only rendering brought to light are reported. */
export function readHistory(value: unknown, target: Target, at: (path: Path) => Span, report: Report): HistorySettings | null {
  const given = isMapping(value) ? value : { enabled: value };
  const wrong = (path: Path, message: string, help: string): void => report(error('parse/wrong-type', message, { span: at(path), help }));
  const enabled = truth(given['enabled'] ?? true);
  if (enabled === undefined)
    wrong(
      isMapping(value) ? ['history', 'enabled'] : ['history'],
      `'history' must be true or false, not '${String(given['enabled'])}'.`,
      'Write history: false to turn it off.',
    );
  const schema = given['schema'] ?? HISTORY_SOURCE;
  if (typeof schema !== 'string' || schema.trim() === '')
    wrong(['history', 'schema'], `The schema of the history must be a name, not '${String(schema)}'.`, `Leave it out for ${HISTORY_SOURCE}.`);
  const keepDays = given['keep'] === null ? null : days(given['keep'] ?? DEFAULT_DAYS);
  if (keepDays === undefined)
    wrong(
      ['history', 'keep'],
      `'keep' must be a number of days, not '${String(given['keep'])}'.`,
      "Write keep: 90, or keep: '90 days'; null keeps everything.",
    );
  return enabled === true ? { database: target.database, schema: String(schema), keepDays: keepDays ?? null } : null;
}

/** A template gives its booleans as text. */
function truth(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : value === 'true' || value === 'True' ? true : value === 'false' || value === 'False' ? false : undefined;
}

function days(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value : undefined;
  const [, count, unit = 'day'] = /^\s*(\d+)\s*(?:(day|week|month|year)s?)?\s*$/i.exec(String(value)) ?? [];
  return count === undefined ? undefined : Number(count) * UNITS[unit.toLowerCase()]!;
}

/** Sources for those tables of the history that enabled resources refer to; none where the project declares that source itself. */
export function historySources(resources: readonly Resource[], project: string, history: HistorySettings | null, file: string): Source[] {
  if (history === null || resources.some((r) => r.type === 'source' && r.sourceName === HISTORY_SOURCE)) return [];
  const tables = new Set<HistoryTable>();
  for (const r of resources) {
    if (!r.config.enabled || !(isTemplated(r) || r.type === 'exposure')) continue;
    for (const s of r.sources) if (s.source === HISTORY_SOURCE && isHistoryTable(s.table)) tables.add(s.table);
  }
  return [...tables].map((table) => historySource(project, history, table, file));
}

/** Resources that would be built in the place of a table of the history. */
export function checkHistoryPlaces(resources: Iterable<Resource>, history: HistorySettings | null, spanOf: (r: Resource) => Span, report: Report): void {
  if (history === null) return;
  const taken = new Set((Object.keys(HISTORY_TABLES) as HistoryTable[]).map((t) => relationKey(historyRelation(history, t)).toLowerCase()));
  for (const r of resources)
    if (isRefable(r) && r.config.materialized !== 'ephemeral' && taken.has(relationKey(r.relation).toLowerCase()))
      report(
        error('parse/duplicate', `${label(r)} would be built as '${r.relation.schema}.${r.relation.identifier}', which is a table of the run history.`, {
          span: spanOf(r),
          help: 'Give it another alias or schema, or the history another schema: history: {schema: …} in project.yml.',
        }),
      );
}
