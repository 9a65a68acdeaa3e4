// Pieces of JSON that many nodes have in common (the configuration of a folder, what is empty): turned into text once.

/** An object, or a part of one. */
export type Piece = Readonly<Record<string, unknown>>;

const texts = new WeakMap<Piece, string | null>();

/** Notes that this very piece will come again. */
export function share<T extends Piece>(piece: T): T {
  texts.set(piece, null);
  return piece;
}

/** An object's text without its braces. */
export function inner(piece: Piece): string {
  const known = texts.get(piece);
  if (known !== undefined && known !== null) return known;
  const text = JSON.stringify(piece).slice(1, -1);
  if (known === null) texts.set(piece, text);
  return text;
}
