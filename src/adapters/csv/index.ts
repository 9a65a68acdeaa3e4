// Seed files, independent of the engine: what the loaders of the adapters build on.
export { readRecords } from './records.ts';
export type { CsvRecord } from './records.ts';
export { inferColumns } from './infer.ts';
export type { CsvColumn, InferOptions, InferredType } from './infer.ts';
export type { CsvOptions } from './scan.ts';
