// Types commands into a real terminal, over copies of the demo, sound and broken, and writes what is on the screen to
// files, to be looked at.
//   npm run build && node tests/terminal/look.mjs <folder> [--width 80,140] [--only build,help]
// For each session and width: <session>.<width>.txt, and .ansi with the colours (cat it, or less -R).
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { missing, Screen } from './screen.mjs';
import { SESSIONS } from './sessions.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DWT = join(ROOT, 'bin/dwt.js');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { width: { type: 'string' }, only: { type: 'string' } },
});
const out = positionals[0];
if (out === undefined) stop('Say where the pictures go: node tests/terminal/look.mjs <folder> [--width 80,140] [--only build,help]');
if (missing() !== undefined) stop(missing());
const only = values.only?.split(',');
const unknown = only?.filter((name) => !SESSIONS.some((s) => s.name === name)) ?? [];
if (unknown.length > 0) stop(`There is no session ${unknown.join(', ')}. Sessions: ${SESSIONS.map((s) => s.name).join(', ')}.`);

mkdirSync(resolve(out), { recursive: true });
const work = mkdtempSync(join(tmpdir(), 'dwt-look-'));
try {
  const demo = copyDemo(join(work, 'demo'));
  for (const session of SESSIONS.filter((s) => only === undefined || only.includes(s.name)))
    for (const width of (values.width?.split(',') ?? session.widths ?? [80, 140, 50]).map(Number)) await play(session, width, demo);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** The demo with its warehouse built. */
function copyDemo(to) {
  for (const part of ['project.yml', 'models', 'seeds', 'snapshots', 'macros']) cpSync(join(ROOT, part), join(to, part), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'tests'))) if (name.endsWith('.sql')) cpSync(join(ROOT, 'tests', name), join(to, 'tests', name));
  cpSync(join(ROOT, 'tests/generic'), join(to, 'tests/generic'), { recursive: true });
  const built = spawnSync(process.execPath, [DWT, 'build', '--quiet'], { cwd: to, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`The demo does not build:\n${built.stdout}${built.stderr}`);
  return to;
}

async function play(session, width, demo) {
  const folder = join(work, 'retail');
  rmSync(folder, { recursive: true, force: true });
  if (session.project === 'none') mkdirSync(folder);
  else cpSync(demo, folder, { recursive: true });
  if (session.fresh === true) rmSync(join(folder, 'target'), { recursive: true, force: true });
  for (const [file, text] of Object.entries(session.files ?? {})) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const screen = new Screen({ width, cwd: folder, dwt: DWT, ...(session.env === undefined ? {} : { env: session.env }) });
  const keep = (name, whole = true) => {
    const file = join(resolve(out), `${name}.${width}`);
    writeFileSync(`${file}.txt`, `${whole ? screen.text() : screen.visible()}\n`);
    writeFileSync(`${file}.ansi`, `${whole ? screen.colored() : screen.coloredVisible()}\n`);
  };
  try {
    await session.play({ screen, folder, keep: (suffix, whole) => keep(`${session.name}-${suffix}`, whole) });
    keep(session.name);
    process.stdout.write(`${session.name} at ${width}\n`);
  } catch (e) {
    keep(session.name);
    process.stdout.write(`${session.name} at ${width}: ${e.message}\n`);
    process.exitCode = 1;
  } finally {
    screen.close();
  }
}

function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
