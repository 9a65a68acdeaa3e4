// A synthetic project in dwt's, dbt's or SQLMesh's form: the same graph, the same SQL, the same bytes every time.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * N models in layers (4 of views, 10 to 20 of tables); each model reads two of the layer before, the first layer a seed of 1,000 rows.
 * A model has a description, two columns and one not_null test; every fifth calls a macro, every third has a config block (SQLMesh's: an audit, no macro).
 *
 * @param {string} folder
 * @param {{ models: number, tool: 'dwt' | 'dbt' | 'sqlmesh', materialized: 'view' | 'table', width?: number }} o
 */
export function writeProject(folder, { models, tool, materialized, width = 100 }) {
  // Views stay shallow, as an engine expands them.
  const perLayer = materialized === 'view' ? Math.floor(models / 4) : Math.max(width, Math.floor(models / 20));
  for (const name of ['models', 'seeds', 'macros']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'seeds', 'raw_events.csv'), rawEvents());
  writeFileSync(join(folder, 'macros', 'cents.sql'), '{% macro cents(c) %}({{ c }} * 100){% endmacro %}\n');
  if (tool === 'sqlmesh') {
    writeForSqlMesh(folder, { models, materialized, perLayer });
    return;
  }
  if (tool === 'dwt') {
    writeFileSync(
      join(folder, 'project.yml'),
      `name: synth\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: wh.duckdb}\nmodels:\n  +materialized: ${materialized}\n`,
    );
  } else {
    writeFileSync(join(folder, 'dbt_project.yml'), `name: synth\nversion: '1.0'\nprofile: synth\nmodels:\n  synth:\n    +materialized: ${materialized}\n`);
    writeFileSync(join(folder, 'profiles.yml'), 'synth:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: wh.duckdb, threads: 4}\n');
  }
  for (let layer = 0; layer * perLayer < models; layer++) {
    const at = join(folder, 'models', `layer_${String(layer).padStart(3, '0')}`);
    mkdirSync(at, { recursive: true });
    const properties = ['version: 2', 'models:'];
    for (let i = layer * perLayer; i < Math.min((layer + 1) * perLayer, models); i++) {
      writeFileSync(join(at, `${modelName(i)}.sql`), modelText(i, perLayer));
      properties.push(
        `  - name: ${modelName(i)}`,
        `    description: Model ${i} of layer ${layer}.`,
        '    columns:',
        '      - name: id',
        '        description: Key of the event.',
        '        data_tests: [not_null]',
        '      - name: amount',
        '        description: Amount in euros.',
      );
    }
    writeFileSync(join(at, '_models.yml'), `${properties.join('\n')}\n`);
  }
}

/** @param {string} folder @param {{ models: number, materialized: 'view' | 'table', perLayer: number }} o */
function writeForSqlMesh(folder, { models, materialized, perLayer }) {
  writeSqlMeshConfig(folder);
  writeFileSync(
    join(folder, 'models', 'raw_events.sql'),
    "MODEL (name w.raw_events, kind SEED (path '../seeds/raw_events.csv'), columns (id int, amount double, day date));\n",
  );
  const kind = materialized === 'view' ? 'VIEW' : 'FULL';
  for (let i = 0; i < models; i++) {
    const sql = modelText(i, perLayer)
      .replace(/^\{\{ config.*\n\n/, '')
      .replace(/\{\{ cents\('(.*?)'\) \}\}/g, '($1 * 100)')
      .replace(/\{\{ ref\('(.*?)'\) \}\}/g, 'w.$1');
    const head = `MODEL (name w.${modelName(i)}, kind ${kind}, description 'Model ${i}', audits (not_null(columns := (id))));`;
    writeFileSync(join(folder, 'models', `${modelName(i)}.sql`), `${head}\n\n${sql}`);
  }
}

/** @param {string} folder */
export function writeSqlMeshConfig(folder) {
  writeFileSync(
    join(folder, 'config.yaml'),
    'gateways:\n  local:\n    connection:\n      type: duckdb\n      database: wh.duckdb\nmodel_defaults:\n  dialect: duckdb\n  start: 2026-01-01\n',
  );
}

/** @param {number} i */
function modelName(i) {
  return `m_${String(i).padStart(5, '0')}`;
}

/** @param {number} i @param {number} perLayer */
function modelText(i, perLayer) {
  const config = i % 3 === 0 ? `{{ config(tags=['t${i % 10}']) }}\n\n` : '';
  if (i < perLayer) return `${config}select id, amount, day, ${i} as origin\nfrom {{ ref('raw_events') }}\nwhere id % ${(i % 7) + 2} = 0\n`;
  const before = (Math.floor(i / perLayer) - 1) * perLayer;
  const first = modelName(before + (i % perLayer));
  const second = modelName(before + ((i * 7 + 3) % perLayer));
  const amount = i % 5 === 0 ? "{{ cents('a.amount') }} as amount" : 'a.amount';
  return (
    `${config}with a as (\n    select * from {{ ref('${first}') }}\n),\n\n` +
    `b as (\n    select id, sum(amount) as amount from {{ ref('${second}') }} group by id\n)\n\n` +
    `select a.id, ${amount}, a.day, ${i} as origin\nfrom a\nleft join b on b.id = a.id\nwhere a.id is not null\n`
  );
}

function rawEvents() {
  const lines = ['id,amount,day'];
  for (let i = 0; i < 1000; i++) lines.push(`${i},${(i * 3) % 97}.5,2026-01-${two((i % 28) + 1)}`);
  return `${lines.join('\n')}\n`;
}

/**
 * Order lines as CSV, the same bytes every time: a million are 51 MB.
 *
 * @param {string} file
 * @param {number} rows
 */
export function writeOrders(file, rows) {
  const below = randomBelow(3);
  let text = 'order_id,customer_id,product,quantity,price,ordered_at\n';
  writeFileSync(file, '');
  for (let i = 0; i < rows; i++) {
    text += `${i},${below(50_000)},prod_${below(4000)},${below(8) + 1},${(below(99_899) + 100) / 100},`;
    text += `2026-${two(below(12) + 1)}-${two(below(28) + 1)} ${two(below(24))}:${two(below(60))}:00\n`;
    if (text.length > 1 << 20) {
      writeFileSync(file, text, { flag: 'a' });
      text = '';
    }
  }
  writeFileSync(file, text, { flag: 'a' });
}

/** @param {number} n */
function two(n) {
  return String(n).padStart(2, '0');
}

/**
 * Whole numbers below a bound, the same ones every time (mulberry32).
 *
 * @param {number} seed
 * @returns {(bound: number) => number}
 */
function randomBelow(seed) {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}
