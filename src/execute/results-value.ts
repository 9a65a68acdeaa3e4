// What an on-run-end hook sees of the run besides what every hook does: `results`, a result for each node under dbt's names, and the schemas
// that something was built in. https://docs.getdbt.com/reference/dbt-jinja-functions/on-run-end-context
import { dictOfResource } from '../compile/runtime-names.ts';
import { callable } from '../context/globals.ts';
import { timestamp } from '../context/modules.ts';
import type { CompileEnv } from '../plan/env.ts';
import { isRefable } from '../project/resources.ts';
import { repr } from '../template/print.ts';
import { dictOf, dictSet, float, HostObject, toValue, Tuple, type Value } from '../template/values.ts';
import type { NodeResult } from './events.ts';
import { messageOf, responseOf, threadOf, timingOf } from './result-facts.ts';

/** `results`, `schemas` and `database_schemas`. */
export function resultNames(env: CompileEnv, results: readonly NodeResult[]): Readonly<Record<string, Value>> {
  const built = new Map(results.filter(hasBuilt).map(({ resource: { relation } }) => [JSON.stringify([relation.database, relation.schema]), relation]));
  const relations = [...built.values()];
  return {
    results: results.map((r) => new ResultValue(env, r)),
    schemas: [...new Set(relations.map((r) => r.schema))],
    database_schemas: relations.map((r) => new Tuple([r.database, r.schema])),
  };
}

type Standing = NodeResult & { readonly resource: Extract<NodeResult['resource'], { relation: unknown }> };

/** Whether the node left something in the warehouse: a data test does where its failures are stored. */
function hasBuilt(r: NodeResult): r is Standing {
  const stands = isRefable(r.resource) || (r.resource.type === 'test' && r.storedIn !== null);
  return stands && 'relation' in r.resource && (r.status === 'success' || r.status === 'pass' || r.status === 'warn');
}

/** A result: its node is worked out when it is asked for. */
class ResultValue extends HostObject {
  private readonly env: CompileEnv;
  private readonly result: NodeResult;
  private known: Value | undefined;

  constructor(env: CompileEnv, result: NodeResult) {
    super();
    this.env = env;
    this.result = result;
  }

  private node(): Value {
    if (this.known === undefined) {
      const { resource, compiled } = this.result;
      this.known = dictOfResource(this.env, resource, true);
      if (compiled !== null && this.known instanceof Map) {
        dictSet(this.known, 'compiled', true);
        dictSet(this.known, 'compiled_code', compiled.sql);
      }
    }
    return this.known;
  }

  override attribute(name: string): Value | undefined {
    const r = this.result;
    switch (name) {
      case 'node':
        return this.node();
      case 'unique_id':
        return r.id;
      case 'status':
        return r.status;
      case 'message':
        return messageOf(r);
      case 'failures':
        return r.failures;
      case 'execution_time':
        return float(r.ms / 1000);
      case 'thread_id':
        return threadOf(r);
      case 'adapter_response':
        return toValue(responseOf(r));
      case 'timing':
        return timingOf(r).map((t) =>
          dictOf({ name: t['name']!, started_at: timestamp(new Date(t['started_at']!)), completed_at: timestamp(new Date(t['completed_at']!)) }),
        );
      case 'compiled_code':
        return r.compiled?.sql ?? null;
      case 'to_dict':
        return callable(name, 'omit_none?', () => this.dict());
      default:
        return undefined;
    }
  }

  override item(key: Value): Value | undefined {
    return typeof key === 'string' && key !== 'to_dict' ? this.attribute(key) : undefined;
  }

  override attributeNames(): Iterable<string> {
    return [...FIELDS, 'unique_id', 'compiled_code', 'to_dict'];
  }

  /** As the artifact has it, times as texts. */
  private dict(): Value {
    return dictOf(FIELDS.map((f) => [f, f === 'timing' ? toValue(timingOf(this.result)) : this.attribute(f)!] as const));
  }

  override display(): string {
    return `RunResult(${FIELDS.map((f) => `${f}=${f === 'node' ? `'${this.result.id}'` : repr(this.attribute(f)!)}`).join(', ')})`;
  }

  override typeName(): string {
    return 'RunResult';
  }
}

const FIELDS = ['status', 'timing', 'thread_id', 'execution_time', 'adapter_response', 'message', 'failures', 'node'];
