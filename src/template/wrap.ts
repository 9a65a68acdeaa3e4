// Text broken into lines, as Python's textwrap does it.
const SPACE = '[\\t\\n\\v\\f\\r ]';
const LETTER = '[\\p{L}_]';
const BEFORE_DASH = '[\\p{L}\\p{N}_!"\'&.,?]';
const PIECE = new RegExp(
  `(${SPACE}+|(?<=${BEFORE_DASH})-{2,}(?=[\\p{L}\\p{N}_])|[^\\t\\n\\v\\f\\r ]+?(?:-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${LETTER}-))(?=${LETTER}-?${LETTER})|(?=${SPACE}|$)|(?<=${BEFORE_DASH})(?=-{2,}[\\p{L}\\p{N}_])))`,
  'u',
);
const WORDS = new RegExp(`(${SPACE}+)`);

/** The lines of one paragraph, none longer than `width` where that can be. */
export function wrap(text: string, width: number, breakLongWords: boolean, breakOnHyphens: boolean): string[] {
  const chunks = text
    .split(breakOnHyphens ? PIECE : WORDS)
    .filter((chunk) => chunk !== '' && chunk !== undefined)
    .toReversed();
  const lines: string[] = [];
  while (chunks.length > 0) {
    const line: string[] = [];
    let size = 0;
    if (lines.length > 0 && chunks.at(-1)!.trim() === '') chunks.pop();
    while (chunks.length > 0 && size + chunks.at(-1)!.length <= width) {
      size += chunks.at(-1)!.length;
      line.push(chunks.pop()!);
    }
    if (chunks.length > 0 && chunks.at(-1)!.length > width) tooLong(chunks, line, size, width, breakLongWords, breakOnHyphens);
    if (line.length > 0 && line.at(-1)!.trim() === '') line.pop();
    if (line.length > 0) lines.push(line.join(''));
  }
  return lines;
}

function tooLong(chunks: string[], line: string[], size: number, width: number, breakLongWords: boolean, breakOnHyphens: boolean): void {
  const room = width < 1 ? 1 : width - size;
  if (breakLongWords) {
    const chunk = chunks.pop()!;
    let end = room;
    if (breakOnHyphens && chunk.length > room) {
      const hyphen = chunk.lastIndexOf('-', room - 1);
      if (hyphen > 0 && /[^-]/.test(chunk.slice(0, hyphen))) end = hyphen + 1;
    }
    line.push(chunk.slice(0, end));
    chunks.push(chunk.slice(end));
  } else if (line.length === 0) line.push(chunks.pop()!);
}
