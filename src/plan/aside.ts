// Names of what a plan makes beside a relation, and whether the relation's own name is one the engine takes.
import { createHash } from 'node:crypto';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Relation } from '../project/relation.ts';
import { label, type Resource } from '../project/resources.ts';
import type { CompileEnv } from './env.ts';

/** What is in the making, on its way out, or temporary. */
export type Suffix = '__dwt_new' | '__dwt_old' | '__dwt_tmp' | '__dwt_src' | '__dwt_del';

/** The relation's name with a suffix. One that would be too long is cut, with a digest, so that two names never become one. */
export function aside(env: CompileEnv, r: Relation, suffix: Suffix): Relation {
  const whole = `${r.identifier}${suffix}`;
  if (excess(env, whole) <= 0) return { ...r, identifier: whole };
  const digest = `_${createHash('md5').update(r.identifier).digest('hex').slice(0, 8)}`;
  const characters = Array.from(r.identifier);
  while (characters.length > 0 && excess(env, `${characters.join('')}${digest}${suffix}`) > 0) characters.pop();
  return { ...r, identifier: `${characters.join('')}${digest}${suffix}` };
}

/** Refuses a name that the engine would cut or refuse. */
export function checkName(env: CompileEnv, node: Resource & { readonly relation: Relation }): void {
  const { size, unit } = env.facts.capabilities.maxIdentifier;
  const over = excess(env, node.relation.identifier);
  const { identifier } = node.relation;
  if (!env.facts.capabilities.trailingBlanks && /\s$/.test(identifier)) {
    fail('parse/bad-config', `The name of ${label(node)}, '${identifier}', ends in a blank, which ${env.facts.engine} takes in no name.`, {
      config: { key: 'alias', text: identifier },
      help: 'Take the blank out.',
    });
  }
  const wide = excess(env, node.relation.schema);
  if (wide > 0)
    fail('parse/bad-config', `The schema of ${label(node)}, '${node.relation.schema}', has ${size + wide} ${unit}; ${env.facts.engine} takes ${size}.`, {
      config: { key: 'schema', text: node.relation.schema },
      help: 'Give it a shorter `schema`, or the target one.',
    });
  if (over <= 0) return;
  fail('parse/bad-config', `The name of ${label(node)} has ${size + over} ${unit}; ${env.facts.engine} takes ${size}.`, {
    help: 'Give it a shorter `alias`.',
  });
}

/** How much longer a name is than the engine takes. */
export function excess(env: CompileEnv, name: string): number {
  const { size, unit } = env.facts.capabilities.maxIdentifier;
  return (unit === 'bytes' ? Buffer.byteLength(name) : Array.from(name).length) - size;
}
