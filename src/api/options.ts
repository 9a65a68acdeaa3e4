// What a caller of the API may say, and what the API needs from the outside. Plain data: no process, no terminal.

/** The outside world. `index.ts` takes it from the process; a test or a server may give its own. */
export interface Host {
  /** Folder that relative paths are meant from. */
  readonly cwd: string;
  /** What `env_var()` sees. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** A new UUID. */
  readonly newId: () => string;
  /** Aborts what is under way, whatever it is. */
  readonly signal: AbortSignal;
  /** Version of dwt. */
  readonly version: string;
}

/** How a project is read. */
export interface ProjectOptions {
  /** The project's folder; by default the nearest with a project file at or above the current one. */
  readonly projectDir?: string;
  /** A target of project.yml. */
  readonly target?: string;
  /** Variables, above those of project.yml. */
  readonly vars?: Readonly<Record<string, unknown>>;
  /** Nodes at once; by default as the target says. */
  readonly threads?: number;
  /** Where compiled SQL, artifacts and the parse cache go; relative to the project. */
  readonly targetPath?: string;
  /** False: every file is read again. */
  readonly cache?: boolean;
  /** Every warning is an error: of the project's files, of a selection, of a node that runs, and of a data test that warns. */
  readonly warnError?: boolean;
  /** What `flags` shows to templates while the project is read. */
  readonly flags?: RunFlagOptions & { readonly which?: string };
}

/** What a run is told beside its nodes. */
export interface RunFlagOptions {
  /** Rebuild incremental models and seeds from nothing. */
  readonly fullRefresh?: boolean;
  /** Stop at the first failure. */
  readonly failFast?: boolean;
  /** Take every input as empty: proves that the SQL runs. */
  readonly empty?: boolean;
  /** Keep failing rows in tables. */
  readonly storeFailures?: boolean;
}

/** Which nodes: terms of the selection language, or the name of a selector of selectors.yml. Nothing given: all. */
export interface Selection {
  readonly select?: readonly string[];
  readonly exclude?: readonly string[];
  readonly selector?: string;
  /** Which data tests come along with what they test. */
  readonly indirectSelection?: 'eager' | 'cautious' | 'buildable' | 'empty';
  /** Only these kinds. */
  readonly resourceType?: readonly string[];
  /** None of these kinds. */
  readonly excludeResourceType?: readonly string[];
  /** Folder of the artifacts of an earlier run, for `state:` and `result:`; by default the target path. */
  readonly state?: string;
}

/** Reading from another environment, whose manifest.json is at hand, what is not built in this one. */
export interface DeferOptions {
  /** What does not run and does not stand here is read where the other environment has it. */
  readonly defer?: boolean;
  /** What does not run is read there even where it stands here. */
  readonly favorState?: boolean;
  /** Folder of its manifest.json; by default that of `state`. */
  readonly deferState?: string;
}

/** What builds, loads or tests nodes. */
export type RunCommand = 'seed' | 'run' | 'snapshot' | 'test' | 'build';

/** What looks at sources. */
export interface FreshnessOptions extends Selection {
  /** File to write instead of `sources.json` of the target path; relative to the current folder. */
  readonly output?: string;
  /** Ends this run alone. */
  readonly signal?: AbortSignal;
}

export interface RunOptions extends Selection, RunFlagOptions, DeferOptions {
  /** Exactly these nodes, instead of a selection. */
  readonly ids?: ReadonlySet<string>;
  /** False: manifest.json is left as it is. */
  readonly manifest?: boolean;
  /** Name under which the run is reported and recorded; by default the command's. */
  readonly as?: string;
  /** Id of the run whose failures these nodes are: it is recorded as its retry. */
  readonly retryOf?: string;
  /** Ends this run alone. */
  readonly signal?: AbortSignal;
}
