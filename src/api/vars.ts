// Variables as a person types them: YAML or JSON, `{key: value}`.
import { fail, Failure } from '../diagnostics/diagnostic.ts';
import { readYaml } from '../parse/yaml.ts';

/** Reads them. `flag` is what they were given to. Throws `Failure`, placed in the text itself. */
export function parseVars(text: string, flag = '--vars'): Readonly<Record<string, unknown>> {
  const help = `Write ${flag} '{name: value}'.`;
  const read = readYaml(text.includes(':') || text.trim() === '' || text.trim().startsWith('{') ? text : '-', flag);
  if (read.mistakes.length > 0) throw new Failure(read.mistakes.map((m) => ({ ...m, source: text, help })));
  if (read.data === null) return {};
  if (typeof read.data !== 'object' || Array.isArray(read.data)) return fail('cli/usage', `${flag} must hold keys with values, not '${text}'.`, { help });
  return read.data as Record<string, unknown>;
}
