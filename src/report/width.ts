// Texts measured in columns of a terminal: how wide, cut to fit, padded, wrapped at words.

const PLAIN = /^[ -~]*$/;
/** Marks that sit on the letter before, and characters that are not seen. */
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}\u1160-\u11ff]$/u;
const EMOJI = /[\ufe0f\u200d]|\p{Emoji_Presentation}/u;

let segmenter: Intl.Segmenter | undefined;

/** What a person takes for characters: an emoji of several code points is one. */
function characters(text: string): string[] {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return [...segmenter.segment(text)].map((s) => s.segment);
}

/** Columns a text takes on a terminal: wide East Asian characters and emoji take two, marks none. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const ch of characters(text)) width += characterWidth(ch);
  return width;
}

function characterWidth(ch: string): number {
  if (EMOJI.test(ch) && ch !== '\u200d') return 2;
  let width = 0;
  for (const point of ch) width += NO_WIDTH.test(point) ? 0 : isWide(point.codePointAt(0)!) ? 2 : 1;
  return width;
}

function isWide(c: number): boolean {
  return (
    (c >= 0x1100 && c <= 0x115f) ||
    (c >= 0x2e80 && c <= 0xa4cf && c !== 0x303f) ||
    (c >= 0xa960 && c <= 0xa97f) ||
    (c >= 0xac00 && c <= 0xd7a3) ||
    (c >= 0xf900 && c <= 0xfaff) ||
    (c >= 0xfe30 && c <= 0xfe6f) ||
    (c >= 0xff00 && c <= 0xff60) ||
    (c >= 0xffe0 && c <= 0xffe6) ||
    (c >= 0x20000 && c <= 0x3fffd)
  );
}

/** At most `width` columns, cut with `…`. */
export function fit(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return '';
  let out = '';
  let used = 0;
  for (const ch of PLAIN.test(text) ? text : characters(text)) {
    used += PLAIN.test(ch) ? 1 : characterWidth(ch);
    if (used > width - 1) break;
    out += ch;
  }
  return `${out}…`;
}

export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const gap = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + gap : gap + text;
}

/**
 * The lines of a sentence, wrapped at spaces so that none is wider than `width`; a longer word stays whole. Where `width` is null, and
 * where the text is indented or a command to be copied, it stays one line.
 */
export function wrap(text: string, width: number | null): string[] {
  if (width === null || displayWidth(text) <= width || /^(\s|dwt |\$ )/.test(text)) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

/** Text from outside (rows, messages of an engine) with nothing in it that a terminal would obey. Line feeds and tabs stay. */
export function harmless(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (c) => (c < ' ' ? String.fromCharCode(0x2400 + c.charCodeAt(0)) : '\ufffd'));
}
