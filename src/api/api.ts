// The words of the API, in one place: what programs and the command line read and write. Types, and the few functions on
// them that cost nothing to load.
export type { Cell, Table } from '../adapters/adapter.ts';
export type { Column, Relation } from '../project/relation.ts';
export { Decimal } from '../adapters/adapter.ts';
export { type Diagnostic, error, fail, Failure, type Severity, type Span, warning } from '../diagnostics/diagnostic.ts';
export { isRefusal, refused } from '../files/refusal.ts';
export { didYouMean } from '../diagnostics/nearest.ts';
export { type Event, type NodeResult, type NodeStatus, type RunFacts, type RunSummary, succeeded } from '../execute/events.ts';
export { label, nameOf, type Place, type Resource, type ResourceType } from '../project/resources.ts';
export { DwtProject, openProject, type Changes, type Selected } from './project.ts';
export { projectRoot } from './opened.ts';
export { optionsFor } from './check-options.ts';
export type { KnownColumn } from '../artifacts/read-catalog.ts';
export type { WrittenArtifact } from './artifacts.ts';
export type { CompiledNode } from './compile.ts';
export type { Removed } from './clean.ts';
export type { History, LastGood, RecordedNode, RecordedRun } from './history.ts';
export type { PlannedNode, PlannedState } from './plan.ts';
export type { Run } from './run.ts';
export type * from './options.ts';
