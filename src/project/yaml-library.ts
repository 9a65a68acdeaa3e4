// The YAML library, loaded when it is first needed: a project that has not changed needs none of it.
import type { Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { loadPackage } from '../files/packages.ts';

let loaded: typeof import('yaml') | undefined;

/** What the package `yaml` exports. */
export function yamlLibrary(): typeof import('yaml') {
  return (loaded ??= loadPackage('yaml') as typeof import('yaml'));
}

/** Kinds of nodes, asked without loading the library at the start. */
export const isMap: (node: unknown) => node is YAMLMap = (node): node is YAMLMap => yamlLibrary().isMap(node);
export const isScalar: (node: unknown) => node is Scalar = (node): node is Scalar => yamlLibrary().isScalar(node);
export const isSeq: (node: unknown) => node is YAMLSeq = (node): node is YAMLSeq => yamlLibrary().isSeq(node);

/** More than any file that is meant has; the parser, which calls itself for each, would end the process at some thousands. */
const DEEPEST = 200;

/** Where a text begins to be nested too deeply to be read; undefined where it is not. */
export function tooDeepAt(text: string): number | undefined {
  const blocks = /^ *(?:[-?] +){200}|^ {1000}/m.exec(text);
  if (blocks !== null) return blocks.index;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === '[' || c === '{') depth++;
    else if ((c === ']' || c === '}') && depth > 0) depth--;
    if (depth > DEEPEST) return i;
  }
  return undefined;
}
