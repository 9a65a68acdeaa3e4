// A run in a real terminal: what runs is shown at its foot while it does, through changes of size, and nothing is left of it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { missing, Screen } from './screen.mjs';

const without = missing();
/** More than any machine does in the time of this test: it is ended by Ctrl-C. */
const ENDLESS = "{{ config(materialized='table') }}\nselect count(*) as n from range(100000000000) a(i) where hash(i) % 7 = 3\n";

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dwt-live-'));
  mkdirSync(join(root, 'models'));
  writeFileSync(join(root, 'project.yml'), 'name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: target/shop.duckdb}\n');
  writeFileSync(join(root, 'models/quick.sql'), 'select 1 as id\n');
  writeFileSync(join(root, 'models/endless.sql'), ENDLESS);
  writeFileSync(join(root, 'models/endless_with_a_name_that_is_long_enough_for_any_terminal.sql'), ENDLESS);
  writeFileSync(join(root, 'models/after.sql'), "select * from {{ ref('endless') }}\n");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test.skipIf(without !== undefined).each([100, 40, 26])(
  `shows what runs, and leaves nothing, in %i columns${without === undefined ? '' : ` (${without})`}`,
  async (width) => {
    const screen = new Screen({ width, height: 20, cwd: root, dwt: resolve('bin/dwt.js') });
    try {
      await screen.begin('dwt build');
      await screen.sees(/RUN {4}(table {7})?endless[\s\S]*RUN {4}(table {7})?endless[\s\S]*1\/4/);
      const lines = screen.visible().split('\n');
      expect(lines.filter((line) => /RUN/.test(line))).toHaveLength(2);
      // The counts stand below, and nothing is broken over two lines.
      expect(lines.at(-1)).toMatch(/^ {2}([━─]+ {2})?1\/4/);
      for (const columns of [width + 20, width + 18, width + 16, width + 15, width + 14]) {
        screen.resize(columns, 20);
        // tmux tells the program of it up to a quarter of a second later, and then it is drawn anew.
        await new Promise((done) => setTimeout(done, 600));
      }
      expect(screen.visible().match(/RUN/g)).toHaveLength(2);
      screen.press('C-c');
      const code = await screen.prompt(2);
      expect(code).toBe(130);
      const text = screen.text();
      expect(text).toContain('Stopping.');
      expect(text).toMatch(/Interrupted\.\s+PASS=1( WARN=0)? ERROR=2 SKIP=1\s+TOTAL=4/);
      expect(text).not.toMatch(/RUN|━|\^C/);
    } finally {
      screen.close();
    }
  },
  120_000,
);

test.skipIf(without !== undefined)(
  `keeps a terminal's lines plain where CI is set, or what is written goes into a pipe${without === undefined ? '' : ` (${without})`}`,
  async () => {
    const screen = new Screen({ width: 90, cwd: root, dwt: resolve('bin/dwt.js') });
    try {
      await screen.run("CI=1 dwt build --select quick; dwt build --select quick | sed -n 's/\\x1b/ESC/gp'; dwt build --select quick 2>&1 | grep -c ESC");
      expect(screen.text()).toMatch(/1\/1 {2}OK {5}view {8}quick/);
      expect(screen.text()).not.toMatch(/ESC\[/);
    } finally {
      screen.close();
    }
  },
  60_000,
);
