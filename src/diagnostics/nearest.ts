// "Did you mean": the candidate nearest to a mistyped name, by Damerau-Levenshtein distance (optimal string alignment).

/** The nearest of `candidates` to `name`, or undefined where none is near enough to be meant. Case differences count little. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  // Of a name of one or two letters nothing would be left to recognise it by.
  const limit = wanted.length < 3 ? 0 : Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - name.length) > limit) continue;
    const d = distance(wanted, candidate.toLowerCase());
    if (d < bestDistance) [best, bestDistance] = [candidate, d];
  }
  return best;
}

/** The candidate that is one slip away: a letter too many, missing, another, or two exchanged. A number more or less is none. */
export function oneSlip(name: string, candidates: Iterable<string>): string | undefined {
  const bare = (s: string): string => s.toLowerCase().replace(/\d+/g, '');
  if (name.length < 3) return undefined;
  for (const candidate of candidates)
    if (Math.abs(candidate.length - name.length) <= 1 && bare(candidate) !== bare(name) && distance(name.toLowerCase(), candidate.toLowerCase()) === 1)
      return candidate;
  return undefined;
}

/** Whether a name is so near to another that it is the same, misspelt: one slip, two in a long name. Short names begin alike, too. */
export function isMisspelt(name: string, meant: string): boolean {
  const [a, b] = [name.toLowerCase(), meant.toLowerCase()];
  const shorter = Math.min(a.length, b.length);
  const slips = distance(a, b);
  return slips === 1 ? shorter >= 6 || a[0] === b[0] : slips === 2 && shorter >= 10;
}

/** "Did you mean `x`?" or undefined. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const near = nearest(name, candidates);
  return near === undefined ? undefined : `Did you mean '${near}'?`;
}

function distance(a: string, b: string): number {
  const width = b.length + 1;
  let before: number[] = [];
  let previous = Array.from({ length: width }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j < width; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let d = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, before[j - 2]! + 1);
      row.push(d);
    }
    [before, previous] = [previous, row];
  }
  return previous[b.length]!;
}
