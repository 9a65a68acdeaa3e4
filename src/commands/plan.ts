// plan: what a build would do to each node and why. Nothing is touched.
import { nameOf, optionsFor, type PlannedNode, type RunCommand } from '../api/api.ts';
import { ROOM_FOR_KIND, SHORTEST_REASON } from '../report/node-line.ts';
import type { Palette } from '../report/palette.ts';
import { displayWidth, fit, wrap } from '../report/width.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { openProject, printDiagnostics } from './project.ts';

export interface PlanOptions extends CommonOptions {
  readonly command: RunCommand;
  readonly output: 'text' | 'json';
}

export async function planCommand(io: Io, o: PlanOptions): Promise<ExitCode> {
  const project = openProject(io, o, o.command);
  const { nodes, warnings } = await project.plan(o.command, optionsFor('plan', o));
  printDiagnostics(io, warnings, project.root);
  if (o.output === 'json') {
    io.output.out(`${JSON.stringify(nodes.map(asJson), null, 2)}\n`);
    return 0;
  }
  const tests = nodes.filter((n) => n.action === 'test');
  const built = nodes.filter((n) => n.action !== 'test');
  const width = io.output.outColumns ?? Infinity;
  const room = Math.max(1, Math.min(40, width - leftOf(width), Math.max(0, ...built.map((n) => displayWidth(nameOf(n.resource))))));
  const p = io.output.outColors;
  for (const n of built) io.output.out(`${line(n, p, width, room)}\n`);
  const counted = [...count(built, (n) => n.action)].map(([action, n]) => `${n} to ${action}`);
  if (tests.length > 0) counted.push(`${tests.length} data ${tests.length === 1 ? 'test' : 'tests'} to run`);
  const states = [...count(built, (n) => n.state)].filter(([state]) => state !== 'unknown').map(([state, n]) => `${n} ${state}`);
  const unknown = built.some((n) => n.state === 'unknown') ? ' The run history is off, so what has changed is not known.' : '';
  const head = `dwt ${o.command}`;
  const told = `has ${counted.length === 0 ? 'nothing to do' : counted.join(', ')}${states.length === 0 ? '' : ` (${states.join(', ')})`}.${unknown} Nothing was touched.`;
  // A text that begins like a command would be left whole.
  const text = wrap(`${'-'.repeat(head.length)} ${told}`, io.output.outColumns).join('\n');
  io.output.out(`${built.length > 0 ? '\n' : ''}${p.bold(head)}${text.slice(head.length)}\n`);
  return 0;
}

function count<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}

/** `  replace  table        dim_date   unchanged; reads stg_orders, new or changed` */
function line(n: PlannedNode, p: Palette, width: number, room: number): string {
  const tint = n.action === 'create' ? p.green : n.action === 'rebuild' || n.state === 'changed' ? p.yellow : (s: string): string => s;
  const kind = n.resource.type === 'model' ? n.resource.config.materialized : n.resource.type;
  // In a pipe names and reasons are whole.
  const name = width === Infinity ? nameOf(n.resource) : fit(nameOf(n.resource), room);
  const left = width - leftOf(width) - room - 3;
  const why = left < SHORTEST_REASON ? '' : fit(reasons(n).join('; '), left);
  const shown = width < ROOM_FOR_KIND ? '' : `${p.dim(kind.padEnd(KIND))} `;
  return `  ${tint(n.action.padEnd(ACTION))} ${shown}${name}${' '.repeat(Math.max(0, room - displayWidth(name)) + 2)}${p.dim(why)}`.trimEnd();
}

const ACTION = 8;
const KIND = 12;

/** Columns before the name. */
function leftOf(width: number): number {
  return 2 + ACTION + 1 + (width < ROOM_FOR_KIND ? 0 : KIND + 1);
}

function reasons(n: PlannedNode): string[] {
  const own =
    n.existing === null && n.action !== 'test'
      ? 'new'
      : n.state === 'new'
        ? 'not recorded before'
        : n.state === 'changed'
          ? `changed since ${day(n.lastGood)}`
          : n.state;
  const above = n.changedAbove.map((a) => a.replace(/^\w+ '|'$/g, ''));
  return [
    ...(own === 'unknown' ? [] : [own]),
    ...(n.reason === null ? [] : [n.reason]),
    ...(above.length === 0 || n.existing === null ? [] : [`reads ${few(above)}, new or changed`]),
    ...(n.deferredTo.length === 0 ? [] : [`reads ${few(n.deferredTo)} of the other environment`]),
  ];
}

function few(names: readonly string[]): string {
  return `${names.slice(0, 2).join(', ')}${names.length > 2 ? ` and ${names.length - 2} more` : ''}`;
}

function day(moment: string | null): string {
  return moment === null ? 'the last good run' : moment.slice(0, 16).replace('T', ' ');
}

function asJson(n: PlannedNode): Record<string, unknown> {
  return {
    unique_id: n.resource.id,
    name: n.resource.name,
    resource_type: n.resource.type,
    materialized: n.resource.config.materialized,
    action: n.action,
    existing: n.existing,
    state: n.state,
    reason: n.reason,
    last_good_at: n.lastGood,
    changed_above: n.changedAbove,
    deferred_to: n.deferredTo,
  };
}
