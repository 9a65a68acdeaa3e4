// What of a YAML file can be used beside its mistakes: the wrong parts are taken out, and what is left is sound.
import { isMapping, type Mistake, type Path, type Shape } from '../project/shape.ts';

/** The value without what the mistakes are about; null where nothing is left. The value given is not changed. */
export function prune(shape: Shape<unknown>, value: unknown): unknown {
  let rest = value;
  // Taking out one thing may leave another without what it needs, such as an entry without its name.
  for (let round = 0; round < 10; round++) {
    const spoilt: Path[] = [];
    shape.check(rest, [], (m) => {
      const path = spoiltBy(m);
      if (path !== undefined) spoilt.push(path);
    });
    if (spoilt.length === 0) return rest;
    rest = without(rest, spoilt);
    if (rest === undefined) return null;
  }
  return null;
}

/** What a mistake makes useless; undefined where a key just means nothing. */
export function spoiltBy(m: Mistake): Path | undefined {
  if (m.spoils !== undefined) return m.spoils ?? undefined;
  return m.kind === 'unknown-key' || m.kind === 'unknown-config' ? undefined : m.path;
}

/** Lists that lack entries of the file: where each entry that is left stands there. */
const origins = new WeakMap<readonly unknown[], readonly number[]>();

/** The place in its file of an entry of a list, of which others may have been taken out. */
export function indexIn(list: readonly unknown[], i: number): number {
  return origins.get(list)?.[i] ?? i;
}

function without(value: unknown, paths: readonly Path[]): unknown {
  if (paths.some((p) => p.length === 0)) return undefined;
  const inner = (key: string | number): readonly Path[] => paths.filter((p) => String(p[0]) === String(key)).map((p) => p.slice(1));
  if (Array.isArray(value)) {
    const kept = value.flatMap((item: unknown, i) => {
      const below = inner(i);
      const rest = below.length === 0 ? item : without(item, below);
      return rest === undefined ? [] : [{ rest, at: indexIn(value, i) }];
    });
    const list = kept.map((k) => k.rest);
    origins.set(
      list,
      kept.map((k) => k.at),
    );
    return list;
  }
  if (!isMapping(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([k, v]) => {
      const below = inner(k);
      const rest = below.length === 0 ? v : without(v, below);
      return rest === undefined ? [] : [[k, rest]];
    }),
  );
}
