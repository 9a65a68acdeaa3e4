// Colours of a terminal, or none.

export interface Palette {
  readonly red: (s: string) => string;
  readonly green: (s: string) => string;
  readonly yellow: (s: string) => string;
  readonly blue: (s: string) => string;
  readonly dim: (s: string) => string;
  readonly bold: (s: string) => string;
}

const code =
  (n: number, off = 39) =>
  (s: string): string =>
    `\u001b[${n}m${s}\u001b[${off}m`;
const plain = (s: string): string => s;

/** ANSI colours where `colors`, else the text as it is. */
export function palette(colors: boolean): Palette {
  return colors
    ? { red: code(31), green: code(32), yellow: code(33), blue: code(36), dim: code(2, 22), bold: code(1, 22) }
    : { red: plain, green: plain, yellow: plain, blue: plain, dim: plain, bold: plain };
}
