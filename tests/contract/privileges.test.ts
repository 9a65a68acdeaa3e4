// A user who may do less than the run needs: each refusal has a plain message, and the statement that it says to ask for is what was lacking:
// an administrator runs it word for word, and the next run comes further, to the end.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/adapters/adapter.ts';
import { startEngine, type FreshTarget } from '../support/engines.ts';
import { projectOn, type Project, type Ran } from './project.ts';

const SECRET = 'sEcr3t';

describe.each(['postgres', 'mysql'] as const)('missing privileges on %s', async (engine) => {
  const started = await startEngine(engine);
  if (!started.available) {
    test.skip(`are not tried. ${started.reason}`, () => undefined);
    return;
  }
  const user = `Poor ${process.pid}`;
  const onPostgres = engine === 'postgres';
  const q = (name: string): string => (onPostgres ? `"${name}"` : `\`${name}\``);
  const role = onPostgres ? q(user) : `'${user}'@'%'`;
  let target: FreshTarget;
  let p: Project & { remove(): void };
  /** A schema beside the target's own, which the test drops. */
  let raw: string;
  const asAdmin = (sql: string): Promise<void> => p.beside((s: Session) => s.run(sql).then(() => undefined));
  const said = (ran: Ran): string => ran.stdout + ran.stderr;

  beforeAll(async () => {
    target = await started.fresh();
    p = projectOn(engine, target, {
      'macros/names.sql': '{% macro generate_schema_name(name, node) %}{{ name or target.schema }}{% endmacro %}',
      'seeds/colors.csv': 'id,name\n1,red\n2,blue\n',
      'models/a_view.sql': "select id from {{ source('raw', 'orders') }}",
      'models/b_table.sql': "{{ config(materialized='table', indexes=[{'columns': ['id']}]) }}\nselect id from {{ ref('a_view') }}",
      'models/c_incremental.sql':
        "{{ config(materialized='incremental', unique_key='id') }}\nselect id from {{ ref('b_table') }} join {{ ref('colors') }} using (id)",
      'models/d_question.sql':
        "{% set secret = source('raw', 'secret') %}{% set n = run_query('select count(*) from ' ~ secret).columns[0].values()[0] if execute else 0 %}\nselect {{ n }} as n from {{ ref('c_incremental') }}",
      'snapshots/e.yml': "snapshots: [{name: e_snapshot, relation: ref('colors'), config: {unique_key: id, strategy: check, check_cols: all}}]",
    });
    raw = onPostgres ? 'raw data' : `${p.schema}_raw`;
    p.write({ 'models/sources.yml': JSON.stringify({ sources: [{ name: 'raw', schema: raw, tables: [{ name: 'orders' }, { name: 'secret' }] }] }) });
    await asAdmin(onPostgres ? `create role ${role} login password '${SECRET}'` : `create user ${role} identified by '${SECRET}'`);
    await asAdmin(`create schema ${q(raw)}`);
    await asAdmin(`create table ${q(raw)}.orders as select 1 as id`);
    await asAdmin(`create table ${q(raw)}.secret as select 1 as id`);
  });
  afterAll(async () => {
    if (onPostgres) await asAdmin(`drop owned by ${role} cascade; drop role ${role}`);
    else await asAdmin(`drop user ${role}`);
    p.remove();
    await target.drop();
    await started.stop();
  });

  const settings = (more: Record<string, unknown>, history = 'history: false\n'): void => {
    const url = new URL(target.url!);
    const own = { type: engine, host: url.hostname, port: Number(url.port), user, password: SECRET, ...(onPostgres ? { database: p.database } : {}) };
    p.write({ 'project.yml': `name: shop\ntarget: dev\n${history}targets:\n  dev: ${JSON.stringify({ ...own, schema: p.schema, ...more })}\n` });
  };
  /** What the messages say to ask for; each message has to say something, and in its first words who may not do what. */
  const asked = (ran: Ran): readonly string[] => {
    const text = said(ran);
    expect(text).not.toMatch(/internal\/bug|sEcr3t|execute\/sql-failed/);
    const blocks = text.split(/^error\[/m).slice(1);
    expect(blocks.length, text).toBeGreaterThan(0);
    return blocks.map((block) => {
      const grant = /Ask for: (.+?;)$/m.exec(block)?.[1] ?? /`?([Gg]rant all .+?)\.$/m.exec(block)?.[1];
      expect(grant, block).toBeDefined();
      return grant!;
    });
  };

  /** Runs, grants what is asked for, and runs again, until all is well. Returns the grants in order. */
  const untilGood = async (...args: readonly string[]): Promise<readonly string[]> => {
    const granted: string[] = [];
    for (let round = 0; round < 15; round++) {
      const ran = await p.dwt(...args);
      if (ran.code === 0) return granted;
      for (const grant of new Set(asked(ran))) {
        // What was granted once is not lacking any more.
        expect(granted, said(ran)).not.toContain(grant);
        granted.push(grant);
        await asAdmin(grant);
      }
    }
    throw new Error(`Still refused after ${granted.join('\n')}`);
  };

  test('each is asked for by name, and enough when it is given', async () => {
    const schema = onPostgres ? 'shop of poor' : p.schema;
    settings({ schema });
    const granted = await untilGood('build');
    expect(granted).toEqual(
      onPostgres
        ? [
            `grant create on database "${p.database}" to ${role};`,
            `grant usage on schema "${raw}" to ${role};`,
            `grant select on "${raw}"."orders" to ${role};`,
            `grant select on "${raw}"."secret" to ${role};`,
          ]
        : expect.arrayContaining([`grant select on \`${raw}\`.\`orders\` to ${role};`, `grant select on \`${raw}\`.\`secret\` to ${role};`]),
    );
    expect(await untilGood('build')).toEqual([]);
    expect(await untilGood('build', '--full-refresh')).toEqual([]);
    if (!onPostgres) await asAdmin(`revoke all on \`${schema}\`.* from ${role}; grant select on \`${schema}\`.* to ${role}`);
  });

  test('on a source: the place is that of the source in the model', async () => {
    settings({});
    if (!onPostgres) await asAdmin(`grant all on \`${p.schema}\`.* to ${role}`);
    await asAdmin(`revoke select on ${q(raw)}.orders from ${role}`);
    p.write({ 'models/f_table.sql': "{{ config(materialized='table') }}\nselect\n  id\nfrom {{ source('raw', 'orders') }}" });
    const ran = await p.dwt('run', '--select', 'f_table');
    expect(said(ran)).toMatch(/\[execute\/missing-privilege\] .* may not read .*orders.*\n +--> models\/f_table\.sql:4:9/);
    await asAdmin(`grant select on ${q(raw)}.orders to ${role}`);
    p.write({ 'models/f_table.sql': null });
    if (!onPostgres) await asAdmin(`revoke all on \`${p.schema}\`.* from ${role}; grant select on \`${p.schema}\`.* to ${role}`);
  });

  test('to create in a schema that is there', async () => {
    const schema = onPostgres ? 'public' : p.schema;
    settings({ schema });
    if (onPostgres) await asAdmin('revoke create on schema public from public');
    else await asAdmin(`grant select on \`${schema}\`.* to ${role}`);
    const ran = await p.dwt('seed');
    expect(said(ran)).toMatch(
      onPostgres ? /\[execute\/missing-privilege\] Role "Poor \d+" may not create anything in schema "public" \(/ : /User 'Poor \d+'@'%' may not create `/,
    );
    const granted = await untilGood('build');
    if (onPostgres) expect(granted).toEqual([`grant usage, create on schema "public" to ${role};`]);
    else
      for (const grant of granted)
        expect(grant).toMatch(
          new RegExp(`^grant (create|drop|alter|insert|index|create view|show view|update|delete|create temporary tables|, )+ on \`${schema}\`\\.\\* to `),
        );
  });

  test.runIf(!onPostgres)('the help tells all that a build needs where servers ask for one thing after the other', async () => {
    await asAdmin(`revoke all on \`${p.schema}\`.* from ${role}`);
    await asAdmin(`grant select on \`${p.schema}\`.* to ${role}`);
    const ran = await p.dwt('run', '--select', 'a_view');
    const all = /A build needs in all: (grant .+?;)/.exec(said(ran))![1]!;
    await asAdmin(all);
    expect(await untilGood('build')).toEqual([]);
    expect(await untilGood('build', '--full-refresh')).toEqual([]);
  });

  test.runIf(onPostgres)('over what another role owns', async () => {
    settings({ schema: 'public' });
    await untilGood('build');
    for (const [name, kind, select] of [
      ['a_view', 'view', 'a_view'],
      ['b_table', 'table', 'b_table'],
      ['c_incremental', 'table', 'c_incremental'],
      ['colors', 'table', 'colors'],
    ] as const) {
      await asAdmin(`alter ${kind} public.${name} owner to dwt; revoke all on public.${name} from ${role}`);
      await asAdmin(`grant select, insert, update, delete, truncate on public.${name} to ${role}`);
      const ran = await p.dwt('build', '--full-refresh', '--select', select);
      expect(said(ran)).toMatch(
        new RegExp(
          `\\[execute/missing-privilege\\] Role ${role} may not replace, alter or drop "public"\\."${name}", which belongs to "dwt" \\(must be owner of ${kind} ${name}\\)`,
        ),
      );
      expect(said(ran)).toContain(`Ask for: grant "dwt" to ${role};`);
      await asAdmin(new RegExp(`or for: (alter .+;)`).exec(said(ran))![1]!);
      await p.good('build', '--full-refresh', '--select', select);
    }
  });

  test.runIf(onPostgres)('to write rows where only reading was given', async () => {
    settings({ schema: 'public' });
    await asAdmin(
      `alter table public.c_incremental owner to dwt; revoke all on public.c_incremental from ${role}; grant select on public.c_incremental to ${role}`,
    );
    const ran = await p.dwt('run', '--select', 'c_incremental');
    expect(said(ran)).toMatch(/may not delete rows of "public"\."c_incremental"/);
    expect(await untilGood('run', '--select', 'c_incremental')).toEqual([
      `grant select, delete on "public"."c_incremental" to ${role};`,
      `grant insert on "public"."c_incremental" to ${role};`,
    ]);
  });

  test('to act as another role', async () => {
    await asAdmin(onPostgres ? `create role "builder ${process.pid}"` : `create role 'builder ${process.pid}'`);
    settings({ role: `builder ${process.pid}` });
    const ran = await p.dwt('run', '--select', 'b_table');
    expect(ran.code).toBe(2);
    expect(said(ran)).toMatch(/may not act as role `builder \d+`/);
    const grant = /Ask for: (grant .+?;)/.exec(said(ran))![1]!;
    await asAdmin(grant);
    expect((await p.dwt('debug')).code).toBe(0);
    settings({ role: 'no such role' });
    expect(said(await p.dwt('run'))).toMatch(onPostgres ? /There is no role `no such role`/ : /may not act as role `no such role`/);
    await asAdmin(onPostgres ? `drop owned by "builder ${process.pid}"; drop role "builder ${process.pid}"` : `drop role 'builder ${process.pid}'`);
  });

  test('for the history: the run goes on, and the warning says what to ask for', async () => {
    settings({ schema: onPostgres ? 'public' : p.schema }, `history: {schema: ${p.schema}_runs}\n`);
    await asAdmin(
      onPostgres
        ? `revoke create on database "${p.database}" from ${role}; grant create on schema public to ${role}`
        : `grant all on \`${p.schema}\`.* to ${role}`,
    );
    const ran = await p.good('build', '--select', 'colors');
    expect(said(ran)).toMatch(/history\/not-written\] .*may not (create schemas?|read) /);
    expect(said(ran)).toMatch(/make and write the schema .*_runs, or turn the history off.*\n +Ask for: grant (create|select) on /);
  });
});
