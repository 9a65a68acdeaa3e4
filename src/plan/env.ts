// What every plan gets: the compile environment and the flags of the command.
import type { Compiled } from '../compile/compile.ts';
import type { CompileEnv as Base } from '../compile/runtime-names.ts';

export type { Compiled };

export interface CompileEnv extends Base {
  /** Absolute path of the project's folder, for seed files. */
  readonly root: string;
  /** --store-failures. */
  readonly storeFailures: boolean;
  /** How many failing rows a data test shows. */
  readonly failuresShown: number;
  /** Told once a node's SQL is known, before anything runs. */
  readonly onCompiled: (id: string, compiled: Compiled) => void;
}
