// What a macro that comes with dwt and is no plain SQL looks like.
import type { CallSite, Value } from '../template/values.ts';
import type { Context } from './context.ts';

export interface WarehouseMacro {
  /** Names; one that ends in `?` may be left out. */
  readonly parameters: string;
  readonly run: (context: Context, pkg: string, args: readonly (Value | undefined)[], at: CallSite) => Value;
}

/** A macro by its parameters and what it does. */
export function macro(parameters: string, run: WarehouseMacro['run']): WarehouseMacro {
  return { parameters, run };
}
