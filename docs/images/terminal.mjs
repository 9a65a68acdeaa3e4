// Makes terminal.svg: runs the commands below in this repository with colours on and draws what they printed.
//   npm ci && npx dwt build && node docs/images/terminal.mjs
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const COLUMNS = 92;
const COMMANDS = [
  ['dwt', 'build', '--select', '+dim_store'],
  ['dwt', 'show', '--select', 'customer_segments'],
];
const COLORS = { 31: '#f47067', 32: '#7ee787', 33: '#e3b341', 36: '#6cb6ff' };
const [FONT, LINE, CHAR, PAD, TOP] = [14, 20, 8.43, 18, 44];

const bin = new URL('../../bin/dwt.js', import.meta.url).pathname;
const cwd = new URL('../..', import.meta.url).pathname;
const text = COMMANDS.map(([, ...args]) => {
  // Both streams in the order a terminal shows them.
  const run = spawnSync('sh', ['-c', 'exec "$@" 2>&1', 'sh', process.execPath, bin, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '1', COLUMNS: String(COLUMNS) },
  });
  return `\u001b[2m$\u001b[22m \u001b[1mnpx dwt ${args.join(' ')}\u001b[22m\n${run.stdout}`;
}).join('\n');

const escape = (s) => s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** One line of ANSI text as tspans; the style goes on to the next line. */
function draw(line, style) {
  let column = 0;
  let out = '';
  for (const part of line.split(/(\u001b\[[\d;]*m)/)) {
    const sgr = /^\u001b\[([\d;]*)m$/.exec(part);
    if (sgr !== null) {
      for (const n of sgr[1].split(';').map(Number)) {
        if (n === 0) Object.assign(style, { fill: undefined, bold: false, dim: false });
        else if (n === 1) style.bold = true;
        else if (n === 2) style.dim = true;
        else if (n === 22) Object.assign(style, { bold: false, dim: false });
        else if (n === 39) style.fill = undefined;
        else style.fill = COLORS[n] ?? style.fill;
      }
      continue;
    }
    // Runs of spaces stay in place by position, so that no renderer can shift the columns.
    for (const word of part.matchAll(/\S+(?: \S+)*/g)) {
      const attributes = [
        style.fill === undefined ? '' : ` fill="${style.fill}"`,
        style.bold ? ' font-weight="bold"' : '',
        style.dim ? ' opacity="0.6"' : '',
      ].join('');
      const width = [...word[0]].length * CHAR;
      out += `<tspan x="${(PAD + (column + word.index) * CHAR).toFixed(2)}" textLength="${width.toFixed(2)}"${attributes}>${escape(word[0])}</tspan>`;
    }
    column += part.length;
  }
  return out;
}

const lines = text.trimEnd().split('\n');
const style = { fill: undefined, bold: false, dim: false };
const width = Math.ceil(COLUMNS * CHAR + 2 * PAD);
const height = TOP + lines.length * LINE + PAD;
const body = lines.map((line, i) => `<text y="${TOP + (i + 1) * LINE - 6}">${draw(line, style)}</text>`).join('\n');
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="A terminal: dwt builds a part of the demo warehouse, then shows a report">
<rect width="${width}" height="${height}" rx="8" fill="#1c2128"/>
<circle cx="22" cy="20" r="6" fill="#f47067"/><circle cx="42" cy="20" r="6" fill="#e3b341"/><circle cx="62" cy="20" r="6" fill="#7ee787"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT}" fill="#cdd9e5" xml:space="preserve">
${body}
</g>
</svg>
`;
writeFileSync(new URL('terminal.svg', import.meta.url), svg);
