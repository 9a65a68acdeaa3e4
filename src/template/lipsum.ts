// Jinja's `lipsum()`: paragraphs of filler. Where Jinja draws the words by chance, the same call gives the same text here: a template that
// is rendered again must say what it said.
import { charge } from './limits.ts';
import { article, truth } from './compare.ts';
import { isInt } from './numbers.ts';
import { raise, type CallSite, type Value } from './values.ts';

const WORDS =
  'lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo consequat duis aute irure in reprehenderit voluptate velit esse cillum eu fugiat nulla pariatur excepteur sint occaecat cupidatat non proident sunt culpa qui officia deserunt mollit anim id est laborum'.split(
    ' ',
  );

/** `n` paragraphs of `min` to less than `max` words, in `<p>` unless `html` is false. */
export function lipsum([n, html, min, max]: readonly (Value | undefined)[], at: CallSite): string {
  const [paragraphs, least, most] = [whole(n, 5), whole(min, 20), whole(max, 100)];
  if (paragraphs > 0 && least >= most) raise(`lipsum() takes a max above its min, not ${most} and ${least}.`);
  let state = (paragraphs * 7919 + least * 104_729 + most * 1_299_709) % MODULUS;
  const below = (limit: number): number => (state = (state * 16_807 + 11) % MODULUS) % limit;
  const made: string[] = [];
  for (let i = 0; i < paragraphs; i++) {
    const count = least + below(most - least);
    charge(at.run, 8 * (1 + count));
    const text = sentences(
      Array.from({ length: Math.max(0, count) }, () => WORDS[below(WORDS.length)]!),
      below,
    );
    made.push(html === undefined || truth(html) ? `<p>${text}</p>` : text);
  }
  return made.join(html === undefined || truth(html) ? '\n' : '\n\n');
}

const MODULUS = 2_147_483_647;

/** Words with capitals, commas and stops. */
function sentences(words: readonly string[], below: (limit: number) => number): string {
  let left = 0;
  const written = words.map((word, i) => {
    const begins = left === 0;
    if (begins) left = 4 + below(10);
    left--;
    const end = i === words.length - 1 || left === 0 ? '.' : left > 2 && below(8) === 0 ? ',' : '';
    return `${begins ? word.charAt(0).toUpperCase() + word.slice(1) : word}${end}`;
  });
  return written.join(' ');
}

function whole(value: Value | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  return isInt(value) ? Number(value) : raise(`lipsum() counts in ints, not ${article(value)}.`);
}
