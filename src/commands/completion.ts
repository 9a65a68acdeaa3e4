// completion: the script for a shell, and the candidates that it asks for at each Tab.
import type { Command } from 'commander';
import { type Candidate, type ProjectNames, projectNames } from '../api/names.ts';
import { complete, type NameKind } from '../report/completion.ts';
import { completionScript, type Shell } from '../report/completion-script.ts';
import type { ExitCode, Io } from './io.ts';

export function completionCommand(io: Io, shell: Shell): ExitCode {
  io.output.out(completionScript(shell));
  return 0;
}

/** Lines for the script: `value<Tab>description`, and what the shell is to do itself. Whatever goes wrong, there is just nothing to offer. */
export function completionLines(io: Io, program: Command, words: readonly string[]): readonly string[] {
  const completion = complete(program, words);
  if (completion.kind === 'words') return completion.words.map(({ value, description }) => line({ value, description }));
  const { names, word, before } = completion;
  if (names === 'file') return [':files'];
  if (names === 'dir') return before === '' ? [':dirs'] : [];
  const candidates = namesOf(names, word, projectNames(io, projectOptions(words, io.env['HOME'])));
  return [
    ...candidates.map((c) => line({ ...c, value: before + c.value })),
    ...(candidates.length > 0 && candidates.every((c) => c.open === true) ? [':open'] : []),
  ];
}

function namesOf(kind: NameKind, word: string, names: ProjectNames): readonly Candidate[] {
  const plain = (list: readonly string[]): readonly Candidate[] => list.filter((n) => n.startsWith(word)).map((value) => ({ value }));
  switch (kind) {
    case 'selection':
      return names.selection(word);
    case 'target':
      return plain(names.targets());
    case 'selector':
      return plain(names.selectors());
    case 'macro':
      return plain(names.macros());
    case 'table':
      return plain(names.tables());
    default:
      return [];
  }
}

/** What of the line so far says which project is meant. */
function projectOptions(words: readonly string[], home = '~'): { projectDir?: string; target?: string } {
  const value = (flag: string, short?: string): string | undefined => {
    const at = words.findIndex((w, i) => i < words.length - 2 && (w === flag || w === short));
    return at < 0 ? words.find((w) => w.startsWith(`${flag}=`))?.slice(flag.length + 1) : words[at + 1];
  };
  const projectDir = value('--project-dir');
  const target = value('--target', '-t');
  return { ...(projectDir === undefined ? {} : { projectDir: projectDir.replace(/^~(?=\/|$)/, home) }), ...(target === undefined ? {} : { target }) };
}

function line(c: Candidate): string {
  return c.description === undefined || c.description === '' ? c.value : `${c.value}\t${c.description}`;
}
