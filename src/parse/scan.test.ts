import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { ParseCache } from './cache.ts';
import { pathsOf } from './project-file.ts';
import { scanFiles } from './scan.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dwt-scan-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text = 'select 1'): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function scan(): { readonly files: string[]; readonly told: string[] } {
  const told: Diagnostic[] = [];
  const files = scanFiles(root, pathsOf({ name: 'shop' }), (d) => told.push(d));
  return { files: files.map((f) => f.path), told: told.map((d) => `${d.severity}: ${d.message}`) };
}

/** As somebody who is not root, to whom nothing is forbidden. */
function asNobody<T>(work: () => T): T {
  if (process.getuid!() !== 0) return work();
  process.seteuid!(65534);
  try {
    return work();
  } finally {
    process.seteuid!(0);
  }
}

it('tells of links that lead nowhere or in a circle, and reads the rest', () => {
  put('models/a.sql');
  symlinkSync('/no/such/place', join(root, 'models/gone.sql'));
  symlinkSync('round.yml', join(root, 'models/round.yml'));
  symlinkSync('somebody@host.77', join(root, 'models/.#a.sql'));
  symlinkSync('/no/such/place', join(root, 'models/not-ours.txt'));
  expect(scan()).toEqual({
    files: ['models/a.sql'],
    told: [
      'warning: models/gone.sql is not read: it is a link to /no/such/place, which is not there.',
      'warning: models/round.yml cannot be read: its symbolic links lead in a circle.',
    ],
  });
});

it('follows links to folders, but not back to one on the way', () => {
  put('models/a.sql');
  put('shared/b.sql');
  put('shared/deep/c.sql');
  symlinkSync('../shared', join(root, 'models/linked'));
  symlinkSync('.', join(root, 'models/itself'));
  symlinkSync('..', join(root, 'shared/deep/back'));
  expect(scan()).toEqual({
    files: ['models/a.sql', 'models/linked/b.sql', 'models/linked/deep/c.sql'],
    told: [
      'warning: models/itself is not read: it is a link back to a folder that it lies in.',
      'warning: models/linked/deep/back is not read: it is a link back to a folder that it lies in.',
    ],
  });
});

it('tells of a folder that may not be read', () => {
  put('models/a.sql');
  put('models/closed/b.sql');
  chmodSync(root, 0o755);
  chmodSync(join(root, 'models/closed'), 0o000);
  try {
    expect(asNobody(scan)).toEqual({ files: ['models/a.sql'], told: ['warning: models/closed cannot be read: permission denied.'] });
  } finally {
    chmodSync(join(root, 'models/closed'), 0o755);
  }
});

it.each([
  ['may not be read', 'error: models/a.sql cannot be read: permission denied.', () => chmodSync(join(root, 'models/a.sql'), 0o000)],
  ['has gone since the folder was read', 'warning: models/a.sql cannot be read: it is not there.', () => rmSync(join(root, 'models/a.sql'))],
])('tells of a file that %s', (_, told, change) => {
  put('models/a.sql');
  chmodSync(root, 0o755);
  const [file] = scanFiles(root, pathsOf({ name: 'shop' }), () => {});
  change();
  const { reading } = asNobody(() => new ParseCache(join(root, 'none.json'), 'x').read(root, file!));
  expect(reading.kind === 'failed' ? reading.diagnostics.map((d) => `${d.severity}: ${d.message}`) : reading).toEqual([told]);
});
