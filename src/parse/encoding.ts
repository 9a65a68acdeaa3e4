// Bytes to text: files are UTF-8, and one that is not is said to be so, at its first byte that is none.
import { TextDecoder } from 'node:util';
import { type Diagnostic, error } from '../diagnostics/diagnostic.ts';

/** The text, or undefined where the bytes are no UTF-8. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What is said of a file that is not UTF-8. */
export function notUtf8(bytes: Buffer, file: string): Diagnostic {
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
  if (mark === 0xfffe || mark === 0xfeff)
    return error('parse/encoding', `${file} is UTF-16 text, not UTF-8.`, { span: { file, line: 1, column: 1 }, help: 'Save the file as UTF-8.' });
  return error('parse/encoding', `${file} is not UTF-8 text.`, { span: { file, ...placeOfBadByte(bytes) }, help: 'Save the file as UTF-8.' });
}

function placeOfBadByte(bytes: Buffer): { readonly line: number; readonly column: number } {
  let line = 1;
  for (let start = 0; start <= bytes.length; line++) {
    const end = bytes.indexOf(10, start);
    const part = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (decodeUtf8(part) === undefined) return { line, column: part.toString('utf8').indexOf('\uFFFD') + 1 };
    if (end < 0) break;
    start = end + 1;
  }
  return { line: 1, column: 1 };
}
