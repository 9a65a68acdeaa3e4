// Where compiled SQL comes from: stretches of it, each with the map of the template that wrote it. So a place that the
// engine complains about is told as a place in a file: the model's own, that of an ephemeral model, or that of the macro that wrote it.
import type { SourceMap, Traced } from '../template/template.ts';

/** A stretch of compiled SQL. */
export interface Origin {
  readonly start: number;
  readonly end: number;
  /** Characters of what the template wrote that come before the stretch. */
  readonly skip: number;
  readonly map: SourceMap;
}

/** The place in a template of the character at an offset of compiled SQL, where there is one, with the calls that led there. */
export function placeOf(origins: readonly Origin[], offset: number): Traced | undefined {
  const origin = origins.find((o) => o.start <= offset && offset < o.end) ?? origins.find((o) => offset === o.end);
  return origin?.map.at(offset - origin.start + origin.skip);
}
