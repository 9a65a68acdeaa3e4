// What is typed. A session starts in a copy of the demo with its warehouse built (`fresh`: not built; `project: 'none'`: an
// empty folder), with `files` written over it.
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const run =
  (...lines) =>
  async ({ screen }) => {
    for (const line of lines) {
      const code = await screen.run(line);
      if (code !== 0) await screen.run(`# exit code ${code}`);
    }
  };

/** Takes some seconds on any machine. */
const SLOW = (n) => `{{ config(materialized='table') }}\nselect count(*) as n from range(${n}00000000) a(i) where hash(i) % 7 = 3\n`;

const UNICODE = `select 1 as id, '日本語のテキスト' as name, null as note, 12.50 as amount
union all select 2, 'Zoë 👩‍👩‍👧 Müller', 'a long text that goes on and on, far beyond what any column could hold, until it is cut', 1234567.89
union all select 3, 'line' || chr(10) || 'feed and' || chr(9) || 'tab', '', -0.01
union all select 4, 'é combining', '🇩🇪 flag', null
`;

export const SESSIONS = [
  { name: 'none', play: run('dwt') },
  { name: 'help', play: run('dwt --help') },
  ...[
    'build',
    'seed',
    'run',
    'snapshot',
    'test',
    'retry',
    'compile',
    'show',
    'ls',
    'init',
    'debug',
    'run-operation',
    'watch',
    'generate',
    'clean',
    'plan',
    'history',
    'source',
    'docs',
    'parse',
    'completion',
  ].map((name) => ({ name: `help-${name}`, widths: [80], play: run(`dwt ${name} --help`) })),
  {
    name: 'mistyped',
    play: run(
      'dwt biuld',
      'dwt xyzzy',
      'dwt build --selct stg_orders',
      'dwt build --nonsense',
      'dwt build stg_stores',
      'dwt ls --output jsn',
      'dwt build --threads many',
      'dwt build --select',
      'dwt init',
      'dwt run-operation',
      'dwt build --target dve',
      'dwt build --select dim_stroe',
      'dwt build --select tga:marts',
      'dwt build --select tag:mart',
      'dwt build --selector nightly',
      'dwt build --resource-type modle',
      'dwt source freshnes',
      'dwt ls --select dim_store --resource-type model --output json --output-keys nam',
      'dwt run-operation mark_dirti',
      "dwt build --vars 'as_of'",
      'dwt generate --tables custmers',
      'dwt help biuld',
    ),
  },
  { name: 'no-project', project: 'none', play: run('dwt build', 'dwt ls', 'dwt debug', 'dwt clean', 'dwt generate') },
  { name: 'init', project: 'none', play: run('dwt init shop', 'cd shop', 'dwt build', 'dwt show --select customer_orders', 'dwt init .') },
  { name: 'debug', play: run('dwt debug', 'dwt debug --target postgres', 'dwt debug --target mysql') },
  {
    name: 'debug-unreachable',
    env: { DWT_POSTGRES_URL: 'postgres://ada:secret@127.0.0.1:1/shop', DWT_MYSQL_URL: 'mysql://ada:secret@127.0.0.1:1/shop' },
    play: run('dwt debug --target postgres', 'dwt debug --target mysql', 'dwt build --target postgres'),
  },
  { name: 'seed', fresh: true, play: run('dwt seed') },
  { name: 'run', play: run('dwt run') },
  { name: 'build', fresh: true, play: run('dwt build') },
  { name: 'build-again', play: run('dwt build') },
  { name: 'build-part', play: run('dwt build --select +dim_store') },
  {
    name: 'build-live',
    widths: [80, 140, 50, 24],
    files: {
      'models/slow/slow_one.sql': SLOW(3),
      'models/slow/slow_two.sql': SLOW(3),
      'models/slow/a_slow_model_with_a_name_that_is_rather_long_for_any_terminal.sql': SLOW(4),
      'models/slow/after_slow.sql': "select * from {{ ref('slow_one') }}\n",
    },
    play: async ({ screen, keep }) => {
      await screen.begin('dwt build --select slow path:models/staging');
      await screen.sees(/slow_on|slow_tw/);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      keep('a', false);
      await new Promise((resolve) => setTimeout(resolve, 700));
      keep('b', false);
      await screen.prompt(2);
    },
  },
  {
    name: 'resize',
    widths: [100],
    files: { 'models/slow/slow_one.sql': SLOW(3), 'models/slow/slow_two.sql': SLOW(3), 'models/slow/slow_three.sql': SLOW(3) },
    play: async ({ screen, keep }) => {
      await screen.begin('dwt build --select slow path:models/staging');
      await screen.sees(/slow_one/);
      for (const width of [60, 30, 120, 45, 100]) {
        await new Promise((resolve) => setTimeout(resolve, 700));
        screen.resize(width);
        await new Promise((resolve) => setTimeout(resolve, 400));
        keep(`to${width}`, false);
      }
      await screen.prompt(2);
    },
  },
  {
    name: 'interrupted',
    files: { 'models/slow/slow_one.sql': SLOW(40), 'models/slow/after_slow.sql': "select * from {{ ref('slow_one') }}\n" },
    play: async ({ screen }) => {
      await screen.begin('dwt build --select slow dim_store');
      await screen.sees(/slow_one .*[12]\.\ds/);
      screen.press('C-c');
      await screen.prompt(2);
      await screen.run('dwt retry --threads 1 &  sleep 4; kill -INT %1; wait');
    },
  },
  {
    name: 'test',
    files: {
      'tests/stores_are_small.sql': "select store_key, store_id, 'the store has too many square metres for a shop' as reason from {{ ref('dim_store') }}\n",
      'tests/stores_are_old.sql': "{{ config(severity='warn') }}\nselect store_id from {{ ref('dim_store') }}\n",
      'tests/stores_are_asked_wrongly.sql': "select store_idd\nfrom {{ ref('dim_store') }}\n",
    },
    play: run('dwt test --select dim_store', 'dwt test --select dim_store --quiet', 'dwt test'),
  },
  {
    name: 'failed',
    files: { 'models/marts/dim_store.sql': "select store_id, nmae from {{ ref('stg_stores') }}\n" },
    play: run('dwt build --select stg_stores+', 'dwt build --select dim_store --fail-fast', 'dwt retry', 'dwt run'),
  },
  {
    name: 'broken',
    files: { 'models/marts/dim_store.sql': "select * from {{ ref('stg_stroes') }}\n", 'models/x.yml': 'models:\n  - nam: x\n  - name: dim_stroe\n' },
    play: run('dwt build', 'dwt ls'),
  },
  { name: 'snapshot', play: run('dwt snapshot') },
  { name: 'plan', play: run('dwt plan', 'dwt plan --select +dim_store') },
  { name: 'history', play: run('dwt history', 'dwt history --run last', 'dwt history --node dim_store') },
  { name: 'compile', play: run('dwt compile', 'dwt compile --select dim_store', 'dwt compile --inline "select * from {{ ref(\'dim_store\') }}"') },
  {
    name: 'show',
    files: {
      'models/odd.sql': UNICODE,
      'models/nothing.sql': 'select 1 as id, 2 as other where false\n',
      'models/one.sql': 'select 1 as id\n',
      'models/wide.sql': `select ${Array.from({ length: 30 }, (_, i) => `${i} as column_number_${i}`).join(', ')}\n`,
    },
    play: run(
      'dwt show --select odd',
      'dwt show --select wide',
      'dwt show --select nothing',
      'dwt show --select one',
      'dwt show --select fact_sales --limit 5',
      'dwt show --select odd one',
      'dwt show --select sales_by_month --limit 3 --output csv',
      'dwt show --select odd --output json',
      "dwt show --inline 'select * form x'",
      'dwt show',
      'dwt show --select nope',
    ),
  },
  {
    name: 'show-slow',
    play: async ({ screen, keep }) => {
      await screen.begin("dwt show --inline 'select count(*) as n from range(400000000) a(i) where hash(i) % 7 = 3'");
      await screen.sees(/reading/);
      keep('waiting');
      await screen.prompt(2);
    },
  },
  {
    name: 'ls',
    play: run(
      'dwt ls --select +dim_store --resource-type model seed',
      'dwt ls --select dim_store --output path',
      'dwt ls --select dim_store --output name',
      'dwt ls --select dim_store --resource-type model --output json',
      'dwt ls --select nope',
      'dwt ls | head -3',
    ),
  },
  { name: 'ls-pictures', play: run('dwt ls --select +dim_store --output mermaid', 'dwt ls --select fact_sales dim_store --output erd') },
  { name: 'operation', play: run('dwt run-operation nope', 'dwt run-operation as_of_date') },
  { name: 'generate', play: run('dwt generate', 'dwt generate --until 2025-99-99') },
  { name: 'clean', play: run('dwt clean', 'dwt clean') },
  {
    name: 'watch',
    play: async ({ screen, folder, keep }) => {
      await screen.begin('dwt watch --select stg_stores+ --show');
      await screen.sees(/Watching/);
      const file = join(folder, 'models/staging/stg_stores.sql');
      const { readFileSync } = await import('node:fs');
      const sound = readFileSync(file, 'utf8');
      await new Promise((resolve) => setTimeout(resolve, 500));
      appendFileSync(file, '\n-- a comment\n');
      await screen.sees(/stg_stores\.sql:/);
      keep('saved');
      writeFileSync(file, 'select * from {{ ref("stroes") }}\n');
      await screen.sees(/Waiting/);
      writeFileSync(file, sound.replace('store_id', 'store_idd'));
      await screen.sees(/failed/);
      keep('broken');
      writeFileSync(file, sound);
      await screen.sees(/stg_stores\.sql: [^✗]*\n(?![\s\S]*failed)|✓ models\/staging\/stg_stores\.sql[\s\S]*✓/);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      screen.press('C-c');
      await screen.prompt(2);
    },
  },
  { name: 'json', play: run('dwt --log-format json build --select +dim_store', 'dwt build --log-format json --select nope') },
  { name: 'quiet', play: run('dwt build --quiet --select +dim_store', 'dwt ls --quiet --select dim_store', 'dwt -q show --select dim_store --limit 1') },
  { name: 'no-color', env: { NO_COLOR: '1' }, play: run('dwt build --select dim_store') },
  { name: 'piped', play: run('dwt build --select +dim_store | cat', 'CI=1 dwt build --select dim_store', 'dwt build --select dim_store 2>/dev/null') },
];
