// What the commands make of Tab, and of mistakes: over the program as it is.
import type { CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { program } from '../../src/program.ts';
import { complete } from '../../src/report/completion.ts';
import { explainUsage } from '../../src/report/usage.ts';

const dwt = (): ReturnType<typeof program> =>
  program({
    version: '1.0.0',
    io: () => {
      throw new Error('No command is run here.');
    },
    done: () => {},
    bold: (s) => s,
  });

const offered = (...words: string[]): string[] => {
  const found = complete(dwt(), words);
  return found.kind === 'words' ? found.words.map((w) => w.value) : [`<${found.names}>`];
};

test.each([
  [['se'], ['seed']],
  [['build', '--full'], ['--full-refresh']],
  [['build', '--select', ''], ['<selection>']],
  [['build', '-s', 'a', 'b', 'c'], ['<selection>']],
  [['build', '-s', 'a', '--sto'], ['--store-failures']],
  [['build', '--target', ''], ['<target>']],
  [['build', '--no-de'], ['--no-defer']],
  [['build', '--defer-state', ''], ['<dir>']],
  [['build', '--target', 'dev', '--sto'], ['--store-failures']],
  [['-q', 'see'], ['seed']],
  [['--log-format', 'json', 'see'], ['seed']],
  [['--log-format', 'j'], ['json']],
  [['ls', '--output', 'j'], ['json']],
  [['list', '--output=j'], ['--output=json']],
  [['build', '--select=di'], ['<selection>']],
  [['run-operation', ''], ['<macro>']],
  [
    ['run-operation', 'grant', ''],
    ['--args', '--target', '--vars', '--project-dir', '--target-path', '--no-cache', '--quiet', '--verbose', '--warn-error', '--log-format', '--no-color'],
  ],
  [['completion', 'z'], ['zsh']],
  [['help', 'wat'], ['watch']],
  [['generate', ''], ['<file>']],
  [['generate', '--tables', 'a', ''], ['<table>']],
  [['debug', '--project-dir', ''], ['<dir>']],
  [['build', '--vars', ''], ['<nothing>']],
  [['nonsense', '--wh'], []],
])('Tab after %j offers %j', (words, expected) => {
  expect(offered(...words)).toEqual(expected);
});

test('every command and every flag of it is offered', () => {
  const all = dwt();
  expect(offered('')).toEqual([...all.commands.map((c) => c.name()), 'help']);
  for (const c of all.commands) expect(offered(c.name(), '--')).toEqual(c.options.filter((o) => !o.hidden).map((o) => o.long));
});

const mistake = async (line: string): Promise<string> => {
  const p = dwt();
  const words = line.split(' ');
  try {
    await p.parseAsync(['node', 'dwt', ...words]);
  } catch (e) {
    const d = explainUsage(e as CommanderError, p, words);
    return `${d.message} ${d.help}`;
  }
  return 'fine';
};

test.each([
  ['biuld', "There is no command 'biuld'. Did you mean 'dwt build'?"],
  ['xyzzy', "There is no command 'xyzzy'. See what there is: dwt --help"],
  ['help biuld', "There is no command 'biuld'. Did you mean 'dwt build'?"],
  ['build --selct a', "dwt build has no option '--selct'. Did you mean '--select'?"],
  ['seed --store-failures', "dwt seed has no option '--store-failures'. --store-failures is an option of build, test."],
  ['build --profiles-dir x', "dwt build has no option '--profiles-dir'. Targets stand in project.yml; there are no profiles."],
  ['build stg_orders', "dwt build does not know what to do with 'stg_orders'. To choose nodes: dwt build --select stg_orders"],
  ['ls --output jsn', "--output is one of selector, name, path, json, mermaid, erd, not 'jsn'. Did you mean 'json'?"],
  ['build --resource-type seed modle', "--resource-type is one of seed, model, snapshot, test, all, not 'modle'. Did you mean 'model'?"],
  ['build --threads 0', "--threads must be a whole number of 1 or more, not '0'. See what there is: dwt build --help"],
  ['build --select', '--select needs a value: -s, --select <selector...>. See what there is: dwt build --help'],
  ['init', 'dwt init needs <folder>. See what there is: dwt init --help'],
  ['source fresh', "dwt source is followed by 'freshness', not 'fresh'. See what there is: dwt source --help"],
  ['completion tcsh', "<shell> is one of bash, zsh, fish, not 'tcsh'. See what there is: dwt completion --help"],
])('dwt %s', async (line, told) => {
  expect(await mistake(line)).toBe(told);
});
