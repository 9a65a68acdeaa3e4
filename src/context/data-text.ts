// JSON and YAML of templates as Python's `json` and PyYAML read and write them: floats stay floats, letters beyond ASCII
// are escaped in JSON, YAML is of version 1.1 (`yes` is true, a date is a date).
import { tooDeepAt, yamlLibrary } from '../project/yaml-library.ts';
import { makeMoment } from '../template/dates.ts';
import { walked } from '../template/limits.ts';
import { str } from '../template/print.ts';
import { float, Float, HostObject, PySet, raise, toPlain, toValue, Tuple, Undefined, type Value } from '../template/values.ts';

/** `tojson`. Throws where there is something that JSON has no way to say. */
export function toJson(value: Value, sortKeys: boolean): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value).replace(/[\x7f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof Float) return str(value);
  walked(1);
  if (Array.isArray(value)) return `[${value.map((v) => toJson(v, sortKeys)).join(', ')}]`;
  if (value instanceof Tuple) return toJson([...value.items], sortKeys);
  if (value instanceof Map) {
    const entries = [...value].map(([k, v]) => [keyText(k), v] as const);
    if (sortKeys) entries.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
    return `{${entries.map(([k, v]) => `${toJson(k, sortKeys)}: ${toJson(v, sortKeys)}`).join(', ')}}`;
  }
  return raise('This cannot be written as JSON.');
}

function keyText(key: Value): string {
  if (typeof key === 'boolean') return key ? 'true' : 'false';
  return key === null ? 'null' : str(key);
}

const MARK = '\0number:';

/** `fromjson`. Throws where the text is no JSON. */
export function fromJson(text: string): Value {
  // What is not a safe integer is kept as text till it is a value.
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g, (t) =>
    t.startsWith('"') || (Number.isSafeInteger(Number(t)) === /^-?\d+$/.test(t) && /^-?\d+$/.test(t)) ? t : JSON.stringify(MARK + t),
  );
  return numbers(toValue(JSON.parse(marked)));
}

function numbers(value: Value): Value {
  if (typeof value === 'string' && value.startsWith(MARK)) {
    const digits = value.slice(MARK.length);
    return /^-?\d+$/.test(digits) ? BigInt(digits) : float(Number(digits));
  }
  if (Array.isArray(value)) return value.map(numbers);
  if (value instanceof Map) for (const [k, v] of value) value.set(k, numbers(v));
  return value;
}

/** `toyaml`. */
export function toYaml(value: Value, sortKeys: boolean): string {
  return yamlLibrary().stringify(plainForYaml(value), { indentSeq: false, version: '1.1', sortMapEntries: sortKeys });
}

function plainForYaml(value: Value): unknown {
  if (value instanceof Undefined || value instanceof HostObject || value instanceof PySet) return raise('This cannot be written as YAML.');
  return toPlain(value, (v) => v);
}

/** `fromyaml`. Throws where the text is no YAML. */
export function fromYaml(text: string): Value {
  const { isScalar, parseDocument, visit } = yamlLibrary();
  if (tooDeepAt(text) !== undefined) return raise('This is nested too deeply to be read as YAML.', 'limit');
  const doc = parseDocument(text, { version: '1.1', merge: true });
  if (doc.errors.length > 0) return raise(doc.errors[0]!.message);
  visit(doc, {
    Scalar: (_key, node) => {
      const { value } = node;
      if (value instanceof Date) node.value = moment(value, node.source ?? '');
      else if (typeof value === 'number' && !Number.isSafeInteger(value) && /^[-+]?[1-9][0-9_]*$/.test(node.source ?? ''))
        node.value = BigInt(node.source!.replace(/^\+|_/g, ''));
      else if (typeof value === 'number' && isScalar(node) && /[.eE]|inf|nan/i.test(node.source ?? '')) node.value = float(value);
    },
  });
  return toValue(doc.toJS());
}

function moment(date: Date, source: string): Value {
  const fields = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  if (/^\d+-\d+-\d+$/.test(source)) return makeMoment(fields, false);
  return makeMoment([...fields, date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), date.getUTCMilliseconds() * 1000], true);
}
