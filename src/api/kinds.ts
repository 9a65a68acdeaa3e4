// Which kinds of resources a selection takes. In: the kinds that were asked for and those that a command knows. Out: the
// kinds taken, and what to say of kinds that no project has here.
import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { RESOURCE_TYPES } from '../graph/select-methods.ts';
import { absentKind } from '../graph/select-suggest.ts';
import type { ResourceType } from '../project/resources.ts';
import type { Selection } from './options.ts';

/** @internal `types`: all that the command takes; `standard`: what it takes where nothing is asked for. `types` is undefined where anything will do. */
export function kindsOf(
  o: Pick<Selection, 'resourceType' | 'excludeResourceType'>,
  types: readonly ResourceType[] = RESOURCE_TYPES,
  standard: readonly ResourceType[] = types,
): { readonly types: readonly ResourceType[]; readonly warnings: readonly Diagnostic[] } {
  const asked: readonly string[] = o.resourceType?.flatMap((t): readonly string[] => (t === 'all' ? types : t === 'default' ? standard : [t])) ?? standard;
  const left = asked.filter((t) => o.excludeResourceType?.includes(t) !== true);
  return {
    types: types.filter((t) => left.includes(t)),
    warnings: [...new Set(o.resourceType)].flatMap((t) => {
      const help = absentKind(t);
      return help === undefined ? [] : [warning('graph/empty-selection', `The resource type '${t}' selects nothing.`, { help })];
    }),
  };
}
