// npm run bench: what dwt takes beside what the same work takes elsewhere, as ratios from one run on one machine.
// See README.md for the options and what is compared.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { inTurn, median, run } from './measure.mjs';
import { writeOrders, writeProject, writeSqlMeshConfig } from './synth.mjs';

/**
 * @typedef {import('./measure.mjs').Took} Took
 * @typedef {object} Row
 * @property {string} what
 * @property {string} ours
 * @property {string} theirs
 * @property {string} ratio
 * @property {string} target
 * @property {boolean | null} met null where there is nothing to compare with
 * @property {string} cpu processor time of the two
 * @property {string} byCpu its ratio
 * @property {string} other what the other is
 */

const USAGE = `npm run bench -- [options]
  --only LIST   of: start, parse, views, tables, tests, seed, snapshot, postgres, mysql, peers
  --runs N      times each pair runs (default 5; 1 with --quick)
  --quick       a tenth of the models and lines: shows that everything works, its ratios mean little
  --json FILE   the rows as JSON, too
  --keep        keeps the temporary folder
Environment: DWT_BENCH_DBT (the dbt executable, with dbt-duckdb), DWT_BENCH_SQLMESH (the sqlmesh executable), DWT_POSTGRES_URL, DWT_MYSQL_URL.
`;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    runs: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const QUICK = options.quick;
const RUNS = Number(options.runs ?? (QUICK ? 1 : 5));
/** A run of dbt takes minutes, so there are fewer of them. */
const DBT_RUNS = Math.max(1, Math.floor(RUNS / 3));
const NODE = process.execPath;
const DWT = resolve(import.meta.dirname, '..', 'bin', 'dwt.js');
const BARE = join(import.meta.dirname, 'bare.mjs');
const DBT = process.env['DWT_BENCH_DBT'];
const SQLMESH = process.env['DWT_BENCH_SQLMESH'];
const TEMP = mkdtempSync(join(tmpdir(), 'dwt-bench-'));

/** dbt 1.12.6, measured once on two cores (AMD EPYC) on 2026-11-23: used where DWT_BENCH_DBT is not set. */
const RECORDED = {
  parse: { 1000: { cold: 11.8, unchanged: 3.9, peak: 176 }, 10000: { cold: 84, unchanged: 18, peak: 529 } },
  /** of 1,000 not_null tests */
  tests: 28.9,
};

/** @type {Row[]} */
const rows = [];

/** @param {string} text */
function say(text) {
  process.stderr.write(`${text}\n`);
}

/** @param {readonly string[]} args @param {string} cwd @param {Record<string, string>} [env] */
function dwt(args, cwd, env) {
  return run([NODE, DWT, ...args], { cwd, ...(env === undefined ? {} : { env }) });
}

/** @param {readonly string[]} args @param {string} cwd */
function dbt(args, cwd) {
  return run([/** @type {string} */ (DBT), '--quiet', ...args, '--profiles-dir', '.'], { cwd });
}

/** @param {readonly string[]} args @param {string} cwd */
function sqlmesh(args, cwd) {
  return run([/** @type {string} */ (SQLMESH), '--log-to-stdout', ...args], { cwd, env: { SQLMESH__DISABLE_ANONYMIZED_ANALYTICS: '1', CI: '1' } });
}

/**
 * Sends statements one by one from one connection.
 *
 * @param {'duckdb' | 'postgres' | 'mysql'} engine
 * @param {string} where
 * @param {readonly (string | [string, string])[]} statements
 * @returns {Took & { phase: number }}
 */
function bare(engine, where, statements) {
  const list = join(TEMP, 'statements.json');
  writeFileSync(list, JSON.stringify(statements));
  const took = run([NODE, BARE, engine, where, list]);
  return { ...took, phase: JSON.parse(took.stdout).seconds };
}

/** The run phase of a command by its own events, in seconds. @param {string} log */
function phaseOf(log) {
  const last = log.trimEnd().split('\n').at(-1) ?? '';
  return JSON.parse(last).elapsed_ms / 1000;
}

/** @param {readonly string[]} args @param {string} cwd @param {Record<string, string>} [env] @returns {Took & { phase: number }} */
function dwtWithPhase(args, cwd, env) {
  const took = dwt([...args, '--log-format', 'json'], cwd, env);
  return { ...took, phase: phaseOf(took.stdout) };
}

/** @param {string} folder @param {string} [name] */
function dropDatabase(folder, name = 'wh.duckdb') {
  for (const file of [name, `${name}.wal`]) rmSync(join(folder, file), { force: true });
}

/** @param {string} folder @param {string} from @param {string} [name] */
function setDatabase(folder, from, name = 'wh.duckdb') {
  dropDatabase(folder, name);
  cpSync(from, join(folder, name));
}

/** @param {number | null} n */
function seconds(n) {
  return n === null ? '?' : n >= 10 ? `${n.toFixed(1)} s` : n >= 1 ? `${n.toFixed(2)} s` : `${Math.round(n * 1000)} ms`;
}

/** @param {number} n */
function times(n) {
  return n < 0.2 ? `1/${(1 / n).toFixed(n < 0.1 ? 0 : 1)}` : `${n.toFixed(2)} ×`;
}

/**
 * A row of two measured times, by the median of the ratios of pairs.
 *
 * @param {string} what
 * @param {string} other
 * @param {readonly Took[]} ours
 * @param {readonly Took[]} theirs
 * @param {number} most
 * @param {(t: Took) => number} [by]
 */
function compare(what, other, ours, theirs, most, by = (t) => t.wall) {
  const pairs = ours.length === theirs.length ? ours.map((o, i) => by(o) / by(/** @type {Took} */ (theirs[i]))) : [];
  const ratio = median(pairs) ?? /** @type {number} */ (median(ours.map(by))) / /** @type {number} */ (median(theirs.map(by)));
  rows.push({
    what,
    ours: seconds(median(ours.map(by))),
    theirs: seconds(median(theirs.map(by))),
    ratio: times(ratio),
    target: `≤ ${times(most)}`,
    met: ratio <= most,
    ...processorTime(ours, theirs),
    other,
  });
}

/** The same in processor time, which other work on the machine disturbs less. @param {readonly Took[]} ours @param {readonly Took[]} theirs */
function processorTime(ours, theirs) {
  const [a, b] = [median(ours.map((t) => t.cpu)), median(theirs.map((t) => t.cpu))];
  return { cpu: a === null ? '' : `${seconds(a)} / ${b === null ? '?' : seconds(b)}`, byCpu: a === null || b === null ? '' : times(a / b) };
}

/** @param {string} what @param {readonly Took[]} ours @param {readonly Took[]} theirs @param {number} most @param {string} other */
function memory(what, ours, theirs, most, other) {
  const peak = median(ours.map((t) => t.peak));
  const its = median(theirs.map((t) => t.peak));
  if (peak === null) return;
  rows.push({
    what,
    ours: `${Math.round(peak)} MB`,
    theirs: its === null ? '' : `${Math.round(its)} MB`,
    ratio: its === null ? '' : `${(peak / its).toFixed(2)} ×`,
    target: `< ${Math.round(most)} MB`,
    met: peak < most,
    cpu: '',
    byCpu: '',
    other,
  });
}

/** @param {number} wall @param {number | null} [peak] @returns {Took} */
function recorded(wall, peak = null) {
  return { wall, cpu: null, peak, stdout: '' };
}

function start() {
  const { ours, theirs } = inTurn(
    QUICK ? 5 : Math.max(RUNS, 15),
    () => dwt(['--version'], TEMP),
    () => run([NODE, '--eval', '0'], { cwd: TEMP }),
  );
  const extra = ours.map((o, i) => o.wall - /** @type {Took} */ (theirs[i]).wall);
  const difference = /** @type {number} */ (median(extra)) * 1000;
  rows.push({
    what: 'start: dwt --version, above Node itself',
    ours: seconds(median(ours.map((t) => t.wall))),
    theirs: seconds(median(theirs.map((t) => t.wall))),
    ratio: `+ ${Math.round(difference)} ms`,
    target: '≤ + 60 ms',
    met: difference <= 60,
    ...processorTime(ours, theirs),
    other: 'node --eval 0',
  });
}

function parse() {
  const models = QUICK ? 1000 : 10000;
  const name = models.toLocaleString('en');
  const ours = join(TEMP, 'parse-dwt');
  writeProject(ours, { models, tool: 'dwt', materialized: 'view' });
  const cold = () => {
    rmSync(join(ours, 'target'), { recursive: true, force: true });
    return dwt(['ls'], ours);
  };
  const unchanged = () => dwt(['ls'], ours);
  cold();
  // A file touched within the step of the clock is read again, so the cache is left to settle.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);
  unchanged();
  /** @type {Took[]} */
  let theirCold;
  /** @type {Took[]} */
  let theirUnchanged;
  const ourCold = [cold()];
  const ourUnchanged = [unchanged()];
  let other = 'dbt parse';
  if (DBT === undefined) {
    const { cold: theirs, unchanged: again, peak } = RECORDED.parse[models];
    theirCold = [recorded(theirs, peak)];
    theirUnchanged = [recorded(again)];
    other = 'dbt 1.12.6, recorded';
  } else {
    const its = join(TEMP, 'parse-dbt');
    writeProject(its, { models, tool: 'dbt', materialized: 'view' });
    theirCold = [];
    theirUnchanged = [];
    for (let i = 0; i < DBT_RUNS; i++) {
      rmSync(join(its, 'target'), { recursive: true, force: true });
      theirCold.push(dbt(['parse'], its));
      ourCold.push(cold());
      theirUnchanged.push(dbt(['parse'], its));
      ourUnchanged.push(unchanged());
    }
  }
  while (ourCold.length < RUNS) {
    ourCold.push(cold());
    ourUnchanged.push(unchanged());
  }
  compare(`parse ${name} models, cold`, other, ourCold, theirCold, 1 / 20);
  memory(`  its peak of memory`, ourCold, theirCold, 400, other);
  compare(`parse ${name} models, unchanged`, other, ourUnchanged, theirUnchanged, 1 / 20);
  memory(`  its peak of memory`, ourUnchanged, theirUnchanged, 400, other);
}

/** @param {'view' | 'table'} materialized */
function models(materialized) {
  const count = QUICK ? 100 : 1000;
  const folder = join(TEMP, `run-${materialized}`);
  writeProject(folder, { models: count, tool: 'dwt', materialized });
  dwt(['seed'], folder);
  const seeded = join(TEMP, `seeded-${materialized}.duckdb`);
  cpSync(join(folder, 'wh.duckdb'), seeded);
  dwt(['compile'], folder);
  const statements = compiledModels(folder).map(({ name, sql }) => `create ${materialized} "main"."${name}" as (\n${sql}\n)`);
  const floor = join(TEMP, `bare-${materialized}`);
  mkdirSync(floor, { recursive: true });
  const what = `${count.toLocaleString('en')} ${materialized}s on DuckDB`;
  const first = inTurn(
    RUNS,
    () => {
      setDatabase(folder, seeded);
      return dwtWithPhase(['run'], folder);
    },
    () => {
      setDatabase(floor, seeded);
      return bare('duckdb', join(floor, 'wh.duckdb'), statements);
    },
  );
  const other = 'bare statements, one connection';
  compare(`${what}, whole process`, other, first.ours, first.theirs, 1.5);
  compare(`  its run phase`, other, first.ours, first.theirs, 1.5, (t) => /** @type {Took & { phase: number }} */ (t).phase);
  const again = statements.map((s) => s.replace('create', 'create or replace'));
  const second = inTurn(
    RUNS,
    () => dwtWithPhase(['run'], folder),
    () => bare('duckdb', join(floor, 'wh.duckdb'), again),
  );
  compare(`  again, whole process`, other, second.ours, second.theirs, 1.5);
  compare(`  its run phase`, other, second.ours, second.theirs, 1.5, (t) => /** @type {Took & { phase: number }} */ (t).phase);
}

/** Compiled SQL by model, in an order that works. @param {string} folder */
function compiledModels(folder) {
  const at = join(folder, 'target', 'compiled', 'synth', 'models');
  return readdirSync(at, { recursive: true, encoding: 'utf8' })
    .filter((f) => /m_\d+\.sql$/.test(f))
    .map((f) => ({ name: f.slice(-11, -4), sql: readFileSync(join(at, f), 'utf8').trimEnd() }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function tests() {
  const count = QUICK ? 100 : 1000;
  const ours = join(TEMP, 'tests-dwt');
  writeProject(ours, { models: count, tool: 'dwt', materialized: 'table' });
  dwt(['seed'], ours);
  dwt(['run'], ours);
  const test = () => dwt(['test'], ours);
  const took = [];
  /** @type {Took[]} */
  let theirs;
  let other = 'dbt test';
  if (DBT === undefined) {
    theirs = [recorded((RECORDED.tests * count) / 1000)];
    other = 'dbt 1.12.6, recorded';
  } else {
    const its = join(TEMP, 'tests-dbt');
    writeProject(its, { models: count, tool: 'dbt', materialized: 'table' });
    // The same warehouse for both.
    setDatabase(its, join(ours, 'wh.duckdb'));
    dbt(['parse'], its);
    theirs = [];
    for (let i = 0; i < DBT_RUNS; i++) {
      theirs.push(dbt(['test'], its));
      took.push(test());
    }
  }
  while (took.length < RUNS) took.push(test());
  compare(`${count.toLocaleString('en')} not_null tests on DuckDB`, other, took, theirs, 1 / 20);
}

const ORDER_TYPES = 'order_id integer, customer_id integer, product varchar(255), quantity integer, price double precision, ordered_at timestamp';

/** @param {string} folder @param {number} lines @param {string} target @param {string} [seed] */
function seedProject(folder, lines, target, seed = 'orders') {
  mkdirSync(join(folder, 'seeds'), { recursive: true });
  writeFileSync(join(folder, 'project.yml'), `name: orders\ntarget: dev\ntargets:\n  dev: ${target}\n`);
  const csv = join(folder, 'seeds', `${seed}.csv`);
  writeOrders(csv, lines);
  return csv;
}

function seed() {
  const lines = QUICK ? 100_000 : 1_000_000;
  const folder = join(TEMP, 'seed');
  const csv = seedProject(folder, lines, '{type: duckdb, path: wh.duckdb}');
  const { ours, theirs } = inTurn(
    RUNS,
    () => {
      dropDatabase(folder);
      return dwtWithPhase(['seed'], folder);
    },
    () => {
      dropDatabase(folder, 'bare.duckdb');
      return bare('duckdb', join(folder, 'bare.duckdb'), [`create table orders as select * from read_csv('${csv}')`]);
    },
  );
  const name = lines.toLocaleString('en');
  const other = "DuckDB's read_csv into a table";
  compare(`seed of ${name} lines, whole process`, other, ours, theirs, 1.3);
  compare(`  its run phase`, other, ours, theirs, 1.3, (t) => /** @type {Took & { phase: number }} */ (t).phase);
  const quarter = join(TEMP, 'seed-quarter');
  seedProject(quarter, lines / 4, '{type: duckdb, path: wh.duckdb}');
  const small = inTurn(
    Math.min(RUNS, 3),
    () => {
      dropDatabase(quarter);
      return dwt(['seed'], quarter);
    },
    () => {
      dropDatabase(quarter, 'bare.duckdb');
      return bare('duckdb', join(quarter, 'bare.duckdb'), [`create table orders as select * from read_csv('${join(quarter, 'seeds', 'orders.csv')}')`]);
    },
  );
  const floor = median(theirs.map((t) => t.peak));
  if (floor !== null) memory(`  its peak of memory`, ours, theirs, floor * 1.3, other);
  growth('  its growth from a quarter of the lines', ours, small.ours, theirs, small.theirs, other);
}

/**
 * How much more memory four times the lines take: of both, as an engine keeps some of a table in memory itself.
 *
 * @param {string} what
 * @param {readonly Took[]} ours
 * @param {readonly Took[]} oursBefore
 * @param {readonly Took[]} theirs
 * @param {readonly Took[]} theirsBefore
 * @param {string} other
 */
function growth(what, ours, oursBefore, theirs, theirsBefore, other) {
  const peaks = [ours, oursBefore, theirs, theirsBefore].map((list) => median(list.map((t) => t.peak)));
  if (peaks.includes(null)) return;
  const [after, before, theirAfter, theirBefore] = /** @type {[number, number, number, number]} */ (peaks);
  const [grown, allowed] = [after - before, Math.max(0, theirAfter - theirBefore) + 20];
  rows.push({
    what,
    ours: `${Math.round(grown)} MB`,
    theirs: `${Math.round(theirAfter - theirBefore)} MB`,
    ratio: '',
    target: `≤ ${Math.round(allowed)} MB`,
    met: grown <= allowed,
    cpu: '',
    byCpu: '',
    other,
  });
}

function snapshot() {
  const lines = QUICK ? 100_000 : 1_000_000;
  const folder = join(TEMP, 'snapshot');
  const csv = seedProject(folder, lines, '{type: duckdb, path: wh.duckdb}');
  const at = join(folder, 'wh.duckdb');
  bare('duckdb', at, [`create table orders as select * from read_csv('${csv}')`]);
  rmSync(join(folder, 'seeds'), { recursive: true });
  mkdirSync(join(folder, 'snapshots'));
  writeFileSync(
    join(folder, 'snapshots', 'orders_history.sql'),
    "{% snapshot orders_history %}\n{{ config(unique_key='order_id', strategy='check', check_cols='all') }}\nselect * from {{ source('main', 'orders') }}\n{% endsnapshot %}\n",
  );
  writeFileSync(join(folder, 'snapshots', 'sources.yml'), 'sources:\n  - name: main\n    tables: [{name: orders}]\n');
  dwt(['snapshot'], folder);
  bare('duckdb', at, ['update orders set price = price + 1 where order_id % 10 = 0', 'checkpoint']);
  const changed = join(TEMP, 'snapshot-changed.duckdb');
  cpSync(at, changed);
  const floor = join(TEMP, 'snapshot-bare');
  mkdirSync(floor);
  const columns = ['order_id', 'customer_id', 'product', 'quantity', 'price', 'ordered_at'];
  const differs = columns.map((c) => `s.${c} is distinct from d.${c}`).join(' or ');
  const byHand = [
    `create temporary table changes as
     select s.*, md5(s.order_id || '|' || m.moment) as scd_id, m.moment
     from orders s cross join (select now() at time zone 'utc' as moment) m
     left join (select * from orders_history where dbt_valid_to is null) d on d.order_id = s.order_id
     where d.order_id is null or ${differs}`,
    'begin transaction',
    `update orders_history d set dbt_valid_to = c.moment from changes c where d.order_id = c.order_id and d.dbt_valid_to is null`,
    `insert into orders_history (${columns.join(', ')}, dbt_scd_id, dbt_updated_at, dbt_valid_from, dbt_valid_to)
     select ${columns.join(', ')}, scd_id, moment, moment, null from changes`,
    'commit',
  ];
  const { ours, theirs } = inTurn(
    RUNS,
    () => {
      setDatabase(folder, changed);
      return dwtWithPhase(['snapshot'], folder);
    },
    () => {
      setDatabase(floor, changed);
      return bare('duckdb', join(floor, 'wh.duckdb'), byHand);
    },
  );
  const other = 'statements by hand in DuckDB';
  compare(`snapshot of ${lines.toLocaleString('en')} rows, a tenth changed`, other, ours, theirs, 1.5);
  compare(`  its run phase`, other, ours, theirs, 1.5, (t) => /** @type {Took & { phase: number }} */ (t).phase);
  if (median(ours.map((t) => t.peak)) !== null)
    memory(`  its peak of memory`, ours, theirs, /** @type {number} */ (median(theirs.map((t) => t.peak))) * 1.5, other);
}

/** @param {'postgres' | 'mysql'} engine */
function serverSeed(engine) {
  const variable = engine === 'postgres' ? 'DWT_POSTGRES_URL' : 'DWT_MYSQL_URL';
  const url = process.env[variable];
  if (url === undefined) {
    say(`${variable} is not set: nothing is loaded into ${engine}.`);
    return;
  }
  const lines = QUICK ? 100_000 : 1_000_000;
  const folder = join(TEMP, engine);
  const csv = seedProject(folder, lines, `{type: ${engine}, url: "{{ env_var('${variable}') }}"}`, 'dwt_bench_orders');
  const load = /** @type {[string, string]} */ ([
    engine === 'postgres'
      ? 'copy dwt_bench_bare from stdin (format csv, header)'
      : "load data local infile 'orders' into table dwt_bench_bare fields terminated by ',' optionally enclosed by '\"' lines terminated by '\\n' ignore 1 lines",
    csv,
  ]);
  const types = engine === 'postgres' ? ORDER_TYPES : ORDER_TYPES.replace('timestamp', 'datetime(6)');
  const { ours, theirs } = inTurn(
    RUNS,
    () => {
      bare(engine, url, ['drop table if exists dwt_bench_orders']);
      return dwtWithPhase(['seed'], folder);
    },
    () => {
      bare(engine, url, ['drop table if exists dwt_bench_bare']);
      return bare(engine, url, [`create table dwt_bench_bare (${types})`, load]);
    },
  );
  bare(engine, url, ['drop table if exists dwt_bench_orders', 'drop table if exists dwt_bench_bare']);
  const other = engine === 'postgres' ? 'COPY of the same file' : 'LOAD DATA of the same file';
  compare(`seed of ${lines.toLocaleString('en')} lines on ${engine === 'postgres' ? 'PostgreSQL' : 'MySQL/MariaDB'}`, other, ours, theirs, 1.3);
  compare(`  its run phase`, other, ours, theirs, 1.3, (t) => /** @type {Took & { phase: number }} */ (t).phase);
  memory(`  its peak of memory`, ours, theirs, 200, other);
}

/** The peers' own runs of the same work, a fresh database each time; those that are not installed are left out. */
function peers() {
  if (DBT === undefined && SQLMESH === undefined) {
    say('Neither DWT_BENCH_DBT nor DWT_BENCH_SQLMESH is set: there are no peers to measure.');
    return;
  }
  const count = QUICK ? 100 : 1000;
  const lines = QUICK ? 100_000 : 1_000_000;
  const folder = (/** @type {string} */ name) => join(TEMP, `peers-${name}`);
  const beside = (/** @type {string} */ what, /** @type {string} */ other, /** @type {() => Took} */ ours, /** @type {() => Took} */ theirs) => {
    const took = inTurn(DBT_RUNS, ours, theirs);
    compare(what, other, took.ours, took.theirs, 1);
  };
  const fresh = (/** @type {string} */ at, /** @type {() => Took} */ work) => () => {
    dropDatabase(at);
    return work();
  };
  const [models, build, orders] = [`${count.toLocaleString('en')} views`, 'seed, views and their tests', `seed of ${lines.toLocaleString('en')} lines`];
  writeProject(folder('dwt'), { models: count, tool: 'dwt', materialized: 'view' });
  seedProject(folder('dwt-orders'), lines, '{type: duckdb, path: wh.duckdb}');
  const ourBuild = fresh(folder('dwt'), () => dwt(['build'], folder('dwt')));
  const ourSeed = fresh(folder('dwt-orders'), () => dwt(['seed'], folder('dwt-orders')));
  if (DBT !== undefined) {
    const at = folder('dbt');
    writeProject(at, { models: count, tool: 'dbt', materialized: 'view' });
    beside(
      `${models}: ${build}`,
      'dbt build',
      ourBuild,
      fresh(at, () => dbt(['build'], at)),
    );
    const seeds = folder('dbt-orders');
    writeProject(seeds, { models: 0, tool: 'dbt', materialized: 'view' });
    cpSync(join(folder('dwt-orders'), 'seeds'), join(seeds, 'seeds'), { recursive: true });
    rmSync(join(seeds, 'seeds', 'raw_events.csv'));
    beside(
      orders,
      'dbt seed',
      ourSeed,
      fresh(seeds, () => dbt(['seed'], seeds)),
    );
  }
  if (SQLMESH !== undefined) {
    const at = folder('sqlmesh');
    const plan = (/** @type {string} */ where) =>
      fresh(where, () => {
        rmSync(join(where, '.cache'), { recursive: true, force: true });
        return sqlmesh(['plan', '--no-prompts', '--auto-apply'], where);
      });
    writeProject(at, { models: count, tool: 'sqlmesh', materialized: 'view' });
    beside(`${models}: ${build}`, 'sqlmesh plan', ourBuild, plan(at));
    const seeds = folder('sqlmesh-orders');
    mkdirSync(join(seeds, 'models'), { recursive: true });
    cpSync(join(folder('dwt-orders'), 'seeds'), join(seeds, 'seeds'), { recursive: true });
    writeSqlMeshConfig(seeds);
    const columns = 'order_id int, customer_id int, product text, quantity int, price double, ordered_at timestamp';
    writeFileSync(join(seeds, 'models', 'orders.sql'), `MODEL (name w.orders, kind SEED (path '../seeds/orders.csv'), columns (${columns}));\n`);
    beside(orders, 'sqlmesh plan', ourSeed, plan(seeds));
  }
}

const PARTS = {
  start,
  parse,
  views: () => models('view'),
  tables: () => models('table'),
  tests,
  seed,
  snapshot,
  postgres: () => serverSeed('postgres'),
  mysql: () => serverSeed('mysql'),
  peers,
};

function table() {
  const head = {
    what: 'what',
    ours: 'dwt',
    theirs: 'the other',
    ratio: 'ratio',
    target: 'target',
    met: 'met',
    cpu: 'CPU, dwt / other',
    byCpu: 'ratio',
    other: 'the other is',
  };
  const cells = [head, ...rows.map((r) => ({ ...r, met: r.met === null ? '' : r.met ? 'yes' : 'NO' }))];
  const columns = /** @type {const} */ (['what', 'ours', 'theirs', 'ratio', 'target', 'met', 'cpu', 'byCpu', 'other']);
  const widths = columns.map((c) => Math.max(...cells.map((r) => r[c].length)));
  const numeric = new Set(['ours', 'theirs', 'ratio', 'target', 'cpu', 'byCpu']);
  return cells
    .map((r) =>
      columns
        .map((c, i) => (numeric.has(c) ? r[c].padStart(/** @type {number} */ (widths[i])) : r[c].padEnd(/** @type {number} */ (widths[i]))))
        .join('  ')
        .trimEnd(),
    )
    .map((line, i) => (i === 0 ? `${line}\n${'─'.repeat(widths.reduce((a, b) => a + b + 2, -2))}` : line))
    .join('\n');
}

function main() {
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const wanted = options.only === undefined ? Object.keys(PARTS) : options.only.split(',').map((w) => w.trim());
  const unknown = wanted.filter((w) => !Object.hasOwn(PARTS, w));
  if (unknown.length > 0 || !Number.isInteger(RUNS) || RUNS < 1) {
    process.stderr.write(unknown.length > 0 ? `There is no part '${unknown[0]}'.\n\n${USAGE}` : `--runs must be a whole number of 1 or more.\n\n${USAGE}`);
    return 2;
  }
  let failed = false;
  for (const name of wanted) {
    say(`${name} …`);
    try {
      PARTS[/** @type {keyof typeof PARTS} */ (name)]();
    } catch (e) {
      failed = true;
      say(`${name} failed: ${/** @type {Error} */ (e).message}`);
    }
  }
  const machine = `${cpus()[0]?.model.trim() ?? process.arch}, ${availableParallelism()} cores, Node ${process.versions.node}`;
  process.stdout.write(`\n${machine}; medians of ${RUNS} ${RUNS === 1 ? 'run' : 'runs'}${QUICK ? ', --quick: a tenth of the work' : ''}\n\n${table()}\n`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
  return failed ? 1 : 0;
}

try {
  process.exitCode = main();
} finally {
  if (options.keep) say(TEMP);
  else rmSync(TEMP, { recursive: true, force: true });
}
