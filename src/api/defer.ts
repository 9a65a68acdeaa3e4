// Deferral: where another environment has what is not built in this one, by the manifest.json it left behind.
import { resolve } from 'node:path';
import { readDeferredRelations } from '../artifacts/read-state.ts';
import type { Deferral } from '../compile/runtime-names.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Opened } from './opened.ts';
import type { DeferOptions, Selection } from './options.ts';

/** @internal What a run reads elsewhere; nothing where that is not asked for. Throws `Failure` where there is no manifest. */
export function deferralOf(opened: Opened, o: DeferOptions & Pick<Selection, 'state'>): { readonly deferral?: Deferral } {
  if (o.defer !== true) return {};
  const folder = o.deferState ?? o.state;
  if (folder === undefined)
    return fail('cli/usage', '--defer needs to know where the other environment is described.', {
      help: 'Name the folder of its manifest.json: --defer --state path/to/artifacts',
    });
  const relations = readDeferredRelations(resolve(opened.host.cwd, folder));
  if (relations === undefined)
    return fail('cli/usage', `There is no manifest.json in ${folder}, so there is nothing to defer to.`, {
      help: 'A run in the other environment writes one to its target path, and so does: dwt parse --target prod --target-path …',
    });
  return { deferral: { relations, favor: o.favorState === true } };
}
