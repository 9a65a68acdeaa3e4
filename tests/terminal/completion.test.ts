// Tab in real shells, in a real terminal: what is typed is completed from commands, flags and the project's names.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { initProject } from '../../src/index.ts';
import { missing, Screen } from './screen.mjs';

const SHELLS: readonly (readonly [name: string, command: readonly string[], install: string])[] = [
  ['bash', ['bash', '--norc', '--noprofile'], 'eval "$(dwt completion bash)"'],
  ['zsh', ['zsh', '-f'], 'PROMPT="> "; eval "$(dwt completion zsh)"'],
  ['fish', ['fish', '--no-config'], 'function fish_prompt; echo "> "; end; dwt completion fish | source'],
];

/** What is typed before Tab, and what stands there after it. */
const LINES: readonly (readonly [typed: string, completed: string])[] = [
  ['dwt bui', 'dwt build '],
  ['dwt build --full', 'dwt build --full-refresh '],
  ['dwt build --select cust', 'dwt build --select customer_orders '],
  ['dwt build --select stg_orders +cust', 'dwt build --select stg_orders +customer_orders '],
  ['dwt build --select ta', 'dwt build --select tag:'],
  ['dwt build --select tag:finance,tag:nig', 'dwt build --select tag:finance,tag:nightly '],
  ['dwt build --select models/sta', 'dwt build --select models/staging/'],
  ['dwt build --target d', 'dwt build --target dev '],
  ['dwt ls --output p', 'dwt ls --output path '],
  ['dwt run-operation gr', 'dwt run-operation grant_all '],
  ['dwt debug --project-dir mod', 'dwt debug --project-dir models/'],
  ['dwt build --select "stg_orders cust', 'dwt build --select "stg_orders customer_orders'],
  ["dwt build --select 'stg_orders tag:finance,tag:nig", "dwt build --select 'stg_orders tag:finance,tag:nightly"],
  ['dwt build --select "stg_orders" cust', 'dwt build --select "stg_orders" customer_orders '],
  ['dwt nonsense --what', 'dwt nonsense --what'],
];

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dwt-completion-'));
  const { root } = await initProject(join(folder, 'shop'));
  writeFileSync(join(root, 'models/reports.sql'), "{{ config(tags=['nightly', 'finance']) }}\nselect 1 as id\n");
  mkdirSync(join(root, 'macros'));
  writeFileSync(join(root, 'macros/grants.sql'), '{% macro grant_all(role) %}{{ return(role) }}{% endmacro %}\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const there = (shell: string): boolean => missing() === undefined && spawnSync(shell, ['--version']).status === 0;

for (const [name, shell, install] of SHELLS) {
  test.skipIf(!there(name))(
    `completes in ${name}${there(name) ? '' : ` (this needs tmux and ${name})`}`,
    async () => {
      const screen = new Screen({ width: 100, cwd: join(folder, 'shop'), dwt: resolve('bin/dwt.js'), shell });
      try {
        screen.type(install);
        screen.press('Enter');
        screen.type('echo "rea"dy');
        screen.press('Enter');
        await screen.sees(/^ready\n[$>]$/m);
        for (const [typed, completed] of LINES) {
          screen.type(typed);
          screen.press('Tab');
          // A letter after what was completed shows whether a space was written. It comes when the shell is done.
          screen.type('x');
          // Within quotes each shell has its own way to end the word.
          await screen.sees(new RegExp(`${literally(completed)}${/ ["'][^"']*$/.test(typed) ? `["']? ?` : ''}x$`));
          // What is typed before the shell is back would be thrown away with the line.
          screen.press('C-c');
          await screen.sees(/\n[$>]$/);
        }
      } finally {
        screen.close();
      }
    },
    120_000,
  );
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
