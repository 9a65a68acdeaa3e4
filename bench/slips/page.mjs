// docs/messages.md: the facts, counted, then the slips with what both tools say. In: the rows of slips.mjs. Out: Markdown.

/** @typedef {import('./list.mjs').Slip} Slip */
/** @typedef {import('./judge.mjs').Verdict} Verdict */
/** @typedef {{ slip: Slip, ours: string, oursJudged: Verdict, theirs: string | undefined, theirsJudged: Verdict | undefined }} Row */

const LINES_SHOWN = 24;

/**
 * @param {readonly Row[]} rows
 * @param {string} version of dbt
 */
export function page(rows, version) {
  const shown = rows.filter((r) => r.slip.shown === true);
  const others = rows.filter((r) => r.slip.shown !== true);
  return `${[
    '# Messages, beside dbt’s',
    '',
    `What dwt and dbt ${version} (with dbt-duckdb) say to the same ${rows.length} slips, each made in a fresh copy of one small project. Written by a script,`,
    '`bench/slips.mjs`, which also counts; `bench/README.md` says how to run it.',
    '',
    ...facts(rows, version),
    '',
    '## In full',
    '',
    'Without the lines of progress; where a message is long, its first lines.',
    '',
    ...shown.flatMap(inFull),
    '## In one line each',
    '',
    'The first line of each message, and what of file, line, mark and near name it lacks.',
    '',
    '| the slip | dwt | lacks | dbt | lacks |',
    '| --- | --- | --- | --- | --- |',
    ...others.map(
      (r) =>
        `| ${cell(r.slip.what)} | ${first(r.ours, r, 'dwt')} | ${lacks(r.oursJudged, r, 'dwt')} | ${first(r.theirs ?? '', r, 'dbt')} | ${lacks(r.theirsJudged, r, 'dbt')} |`,
    ),
  ].join('\n')}\n`;
}

/** @param {readonly Row[]} rows @param {string} version */
function facts(rows, version) {
  /** @param {'says' | 'file' | 'line' | 'mark' | 'near' | 'all'} key @param {'dwt' | 'dbt'} tool */
  const count = (key, tool) => {
    const counted = rows.filter((r) => r.slip.harmless?.includes(tool) !== true).map((r) => (tool === 'dwt' ? r.oursJudged : r.theirsJudged)?.[key]);
    const asked = counted.filter((v) => v !== null);
    return `${asked.filter((v) => v === true).length} of ${asked.length}`;
  };
  /** @param {string} what @param {'says' | 'file' | 'line' | 'mark' | 'near' | 'all'} key */
  const row = (what, key) => `| ${what} | ${count(key, 'dwt')} | ${count(key, 'dbt')} |`;
  const mute = (/** @type {'oursJudged' | 'theirsJudged'} */ key, /** @type {'dwt' | 'dbt'} */ tool) =>
    rows.filter((r) => r[key]?.says === false && r.slip.harmless?.includes(tool) !== true).map((r) => `“${r.slip.what.replace(/\.$/, '')}”`);
  const silent = mute('oursJudged', 'dwt');
  return [
    `| | dwt | dbt ${version} |`,
    '| --- | --- | --- |',
    row('says anything', 'says'),
    row('names the file to mend', 'file'),
    row('and the line of that file', 'line'),
    row('and puts a mark under the text', 'mark'),
    row('names what was meant, where something near exists', 'near'),
    row('tells several mistakes in one go', 'all'),
    '',
    'How it is counted, for both alike: a file counts by its name, a line by its number in the file that a person edits (not in compiled SQL), a mark by a caret',
    'below the text to mend, wherever the message shows it. Slips on the command line have no file. A near name counts wherever the message has it, outside of quoted code.',
    ...(silent.length === 0 ? [] : [`dwt says nothing to: ${silent.join('; ')}.`]),
    ...rows.flatMap((r) => (r.slip.harmless ?? []).map((tool) => `“${r.slip.what.replace(/\.$/, '')}” is no mistake for ${tool}, and is not counted for it.`)),
  ];
}

/** @param {Row} row */
function inFull({ slip, ours, theirs }) {
  return [
    `### ${slip.what.replace(/\.$/, '')}`,
    '',
    fence(ours),
    '',
    `dbt${theirs === undefined ? ' has not been asked.' : ':'}`,
    '',
    ...(theirs === undefined ? [] : [fence(theirs), '']),
  ];
}

/** @param {string} text */
function fence(text) {
  const lines = text.trim() === '' ? ['(nothing)'] : text.trimEnd().split('\n');
  const shown = lines.length > LINES_SHOWN ? [...lines.slice(0, LINES_SHOWN), '…'] : lines;
  return ['```', ...shown, '```'].join('\n');
}

/** Lines of dbt that lead up to what it has to say. */
const NO_CONTENT =
  /Encountered an error|^\[ERROR\]: in |^\[WARNING\]\[|^\s*(Parsing|Compilation|Runtime|Database) Error\b|^\s*\d+ of \d+ |Error reading|^Usage|^Try|^\s*-+$|^There are \d+ unused/;

/** The line that says what is wrong. @param {string} text @param {Row} row @param {'dwt' | 'dbt'} tool */
function first(text, row, tool) {
  if (row.slip.harmless?.includes(tool) === true) return '(it builds)';
  if (text.trim() === '') return '(nothing)';
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const said = tool === 'dwt' ? lines[0] : (lines.find((line) => !NO_CONTENT.test(line)) ?? lines[0]);
  return cell(`\`${(said ?? '').trim().replaceAll('`', "'").slice(0, 150)}\``);
}

/** @param {Verdict | undefined} judged @param {Row} row @param {'dwt' | 'dbt'} tool */
function lacks(judged, row, tool) {
  if (judged === undefined || row.slip.harmless?.includes(tool) === true) return '';
  if (!judged.says) return 'all';
  const names = /** @type {const} */ ([
    ['file', 'file'],
    ['line', 'line'],
    ['mark', 'mark'],
    ['near', 'near name'],
    ['all', 'the other mistakes'],
  ]);
  return names.flatMap(([key, name]) => (judged[key] === false ? [name] : [])).join(', ');
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
