// What a tool printed, without its progress, and whether it leads to the mend. The same measure for both tools.

/** @typedef {import('./list.mjs').Slip} Slip */

/**
 * @typedef {object} Verdict
 * @property {boolean} says it says anything at all
 * @property {boolean | null} file names the file; null where the slip is on the command line
 * @property {boolean | null} line and the line
 * @property {boolean | null} mark and puts a mark under the text
 * @property {boolean | null} near names what was meant; null where nothing is near
 * @property {boolean | null} all tells all mistakes; null where there is only one
 */

const PROGRESS = [
  /^ *\d+ of \d+ (START|OK|PASS|SKIP) /,
  /^(Running with dbt|Registered adapter|Unable to do partial parsing|Found \d|Concurrency:|Finished running|Done\. |Completed |Encountered an error:$|Using |Update your|Started |Partial )/,
  /^(dwt \w+ \d|run these again with:|Done)/,
  /^ +\d+\/\d+ +(OK|PASS|SKIP) /,
  /Error uploading artifacts/,
];

/**
 * What was printed, without progress and times; the project is at ~/shop.
 *
 * @param {'dwt' | 'dbt'} tool
 * @param {{ out: string, err: string }} printed
 * @param {string} root
 */
export function said(tool, printed, root) {
  return tidy((tool === 'dwt' ? printed.err : printed.out + printed.err).replaceAll(root, '~/shop'));
}

/** Text without what no two runs or machines have in common. @param {string} text */
export function tidy(text) {
  const lines = text
    .replaceAll(/\u001b?\[\d*m/g, '')
    .replaceAll(/\S*\/site-packages\//g, 'site-packages/')
    .replaceAll(process.execPath, 'node')
    .replaceAll(/\b\d+\.\d\ds\b/g, '0.00s')
    .replaceAll(/\b(PID|process) \d+/g, '$1 4711')
    .split('\n')
    .map((line) => line.replace(/^\d\d:\d\d:\d\d {2}/, '').trimEnd())
    .filter((line) => !PROGRESS.some((p) => p.test(line)));
  return `${shortened(lines)
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

/** Lines without the insides of tracebacks. @param {readonly string[]} lines */
function shortened(lines) {
  let inside = false;
  return lines.flatMap((line) => {
    const starts = line.startsWith('Traceback (most recent call last)');
    if (inside && line !== '' && !/^\s/.test(line)) inside = false;
    if (starts) inside = true;
    return starts ? [line, '  …'] : inside ? [] : [line];
  });
}

/**
 * @param {Slip} slip
 * @param {string} text what `said` gave
 * @param {(file: string) => string} read a file of the edited project
 * @returns {Verdict}
 */
export function judge(slip, text, read) {
  const says = text.trim() !== '';
  const near = slip.near === undefined ? null : new RegExp(`(^|[^\\w-])${slip.near}($|[^\\w-])`, 'm').test(words(text));
  const all = slip.all === undefined ? null : slip.all.every((one) => text.includes(one));
  if (slip.at === null) return { says, file: null, line: null, mark: null, near, all };
  const [file, wanted, nth = 1] = slip.at;
  const source = read(file);
  let at = source.indexOf(wanted);
  for (let n = 1; n < nth; n++) at = source.indexOf(wanted, at + 1);
  const line = source.slice(0, at).split('\n').length;
  // dbt names the project file by its own name.
  const names = file === 'project.yml' ? ['dbt_project.yml', 'project.yml', 'profiles.yml'] : [file, file.replace(/^.*\//, '')];
  const open = text.replaceAll(/target\/(compiled|run)\/\S+/g, '');
  const named = names.some((n) => open.includes(n));
  const placed =
    named && new RegExp(`\\bline ${line}\\b|\\bLINE ${line}:|(?:${names.map((n) => n.replaceAll('.', '\\.')).join('|')}):${line}\\b`, 'm').test(open);
  return { says, file: named, line: placed, mark: source === '' ? null : isMarked(text, wanted), near, all };
}

/** Whether a caret stands below the text, in a line that the message shows. @param {string} text @param {string} wanted */
function isMarked(text, wanted) {
  const lines = text.split('\n');
  const [first = ''] = wanted.trimEnd().replaceAll('\t', ' ').split('\n');
  return lines.some((below, i) => {
    const carets = /^[\s|]*(\^+)$/.exec(below);
    if (carets === null) return false;
    const from = below.indexOf('^');
    const to = from + (carets[1] ?? '').length;
    const above = lines[i - 1] ?? '';
    for (let at = above.indexOf(first); at >= 0; at = above.indexOf(first, at + 1)) if (from < at + Math.max(1, first.length) && to > at) return true;
    return false;
  });
}

/** The text without what only repeats the file, and without paths and ids. @param {string} text */
function words(text) {
  return text
    .split('\n')
    .filter((line) => !/^\s*\d* \||^\s*LINE \d+:/.test(line))
    .join('\n')
    .replaceAll(/\b(model|seed|test|source|snapshot|macro)\.\w+\.[\w.]+/g, '')
    .replaceAll(/[\w.~-]*\/[\w./-]+/g, '');
}
