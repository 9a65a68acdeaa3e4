// Names that need quoting everywhere: as name and column of every materialization, of seeds, snapshots, data tests and their
// stored failures, indexes and comments, through two builds and a full refresh.
import { expect, test } from 'vitest';
import { onEveryProject, type Row } from './project.ts';

const ODD = ['Order Details', 'select', 'größe_ünï 表', "it's", 'a"b', 'a`b', 'a.b;c', 'n'.repeat(58)];
const text = (s: string): string => JSON.stringify(s);

const KINDS = {
  v: "materialized='view'",
  t: "materialized='table', indexes=[{'columns': [COLUMN]}]",
  i: "materialized='incremental', unique_key=COLUMN, indexes=[{'columns': [COLUMN], 'unique': true}], on_schema_change='sync_all_columns'",
  m: "materialized='incremental', incremental_strategy='merge', unique_key=COLUMN",
  z: "materialized=('materialized_view' if target.type == 'postgres' else 'table'), indexes=[{'columns': [COLUMN], 'unique': true}]",
} as const;

/** The files of one odd name; `n` tells them apart. */
function filesOf(name: string, n: number): [string, string][] {
  const column = name;
  const models = Object.entries(KINDS).map(([kind, config], i): [string, string] => {
    const from = i === 0 ? `ref('seed_${n}')` : `ref('${Object.keys(KINDS)[i - 1]!}_${n}')`;
    const added = kind === 'i' ? ", {{ var('step', 1) }} as step{% if var('step', 1) == 2 %}, 1 as {{ adapter.quote('more ' ~ column) }}{% endif %}" : '';
    return [
      `models/${kind}_${n}.sql`,
      `{% set column = ${text(column)} %}{{ config(${config.replaceAll('COLUMN', text(column))}, alias=${text(`${kind} ${name}`)}) }}\n` +
        `select {{ adapter.quote(column) }}, note${added} from {{ ${from} }}`,
    ];
  });
  const yml = {
    models: ['v', 't', 'i', 'z'].map((kind) => ({
      name: `${kind}_${n}`,
      description: `All about ${name}`,
      config: { persist_docs: { relation: true, columns: true } },
      columns: [{ name: column, quote: true, description: `The ${name}`, data_tests: ['unique', 'not_null'] }],
    })),
    seeds: [{ name: `seed_${n}`, config: { alias: `s ${name}`, indexes: [{ columns: [column] }], column_types: { [column]: 'integer' } } }],
    snapshots: [
      {
        name: `snap_${n}`,
        relation: `ref('seed_${n}')`,
        config: { alias: `h ${name}`, strategy: 'check', check_cols: [column, 'note'], unique_key: column, indexes: [{ columns: [column] }] },
        columns: [{ name: column, quote: true, data_tests: [{ unique: { config: { store_failures: true, alias: `f ${name}` } } }] }],
      },
    ],
  };
  const header = `"${column.replaceAll('"', '""')}"`;
  return [...models, [`models/_${n}.yml`, JSON.stringify(yml)], [`seeds/seed_${n}.csv`, `${header},note\n1,a\n2,b\n`]];
}

onEveryProject('names that need quoting', Object.fromEntries(ODD.flatMap(filesOf)), (p) => {
  const read = async (): Promise<Record<string, readonly Row[]>> =>
    p.read(
      Object.fromEntries(
        ODD.flatMap((name, n) =>
          ['v', 't', 'i', 'm', 'z', 'snap'].map((kind) => [
            `${kind}_${n}`,
            `{% set column = ${text(name)} %}select q.{{ adapter.quote(column) }} as id, q.note from {{ ref('${kind}_${n}') }} q`,
          ]),
        ),
      ),
    );
  const ROWS = [
    { id: 1, note: 'a' },
    { id: 2, note: 'b' },
  ];

  test('are built, tested, recorded and read, again and from nothing', async () => {
    let relations: readonly string[] = [];
    for (const more of [[], ['--vars', '{step: 2}'], ['--full-refresh', '--vars', '{step: 2}']]) {
      const ran = await p.good('build', ...more);
      expect(ran.stdout + ran.stderr).toMatch(/WARN=0 ERROR=0 SKIP=0/);
      for (const [name, rows] of Object.entries(await read())) expect(rows, name).toEqual(ROWS);
      relations = await p.relations();
      expect(relations).toHaveLength(ODD.length * 7);
    }
    expect(relations).toContain('z a"b');
    const columns = await p.beside((s) => s.columns({ database: p.database, schema: p.schema, identifier: "i it's" }));
    expect(columns!.map((c) => c.name)).toEqual(["it's", 'note', 'step', "more it's"]);
  });

  test('are described in the catalog with their comments', async () => {
    const found = await p.beside((s) => s.catalog([p]));
    for (const name of ODD) {
      const table = found.find((r) => r.identifier === `t ${name}`)!;
      expect([table.comment, table.columns[0]]).toEqual([`All about ${name}`, expect.objectContaining({ name, comment: `The ${name}` })]);
    }
    expect(found.find((r) => r.identifier === 'z select')?.kind).toBe(p.engine === 'postgres' ? 'materialized_view' : 'table');
  });
});

const BLANKS = {
  'models/named.sql': "{{ config(alias='Order Details ') }}\nselect 1 as id",
  'models/columned.sql': "select 1 as id,\n  2 as {{ adapter.quote('n ') }}",
};

onEveryProject('names that end in a blank', BLANKS, (p) => {
  test('are built where the engine takes them, else told with their place', async () => {
    const ran = await p.dwt('run');
    if (p.can.trailingBlanks) {
      expect(ran.code, ran.stdout + ran.stderr).toBe(0);
      expect(await p.relations()).toEqual(['Order Details ', 'columned']);
      return;
    }
    expect(ran.code).toBe(1);
    const said = ran.stdout + ran.stderr;
    expect(said).toMatch(/\[parse\/bad-config\] The name of model 'named', 'Order Details ', ends in a blank.*\n *--> models\/named\.sql:1:17/);
    expect(said).toMatch(/Incorrect column name 'n '\n *--> models\/columned\.sql:2:11[\s\S]*take no name that ends in a blank/);
    const { type, ...rest } = p.target.target;
    p.write({ 'project.yml': `name: shop\ntarget: dev\ntargets:\n  dev: ${JSON.stringify({ type, ...rest, schema: 'shop ' })}\n` });
    const second = await p.dwt('ls');
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(/The target's schema 'shop ' ends in a blank/);
  });
});
