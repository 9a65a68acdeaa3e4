// project.yml with its templates rendered. What a template gave is checked like what is written.
import type { Facts } from '../context/context.ts';
import { type Diagnostic, error, Failure, type Span } from '../diagnostics/diagnostic.ts';
import { isTemplate, type Mistake, type Path } from '../project/shape.ts';
import { type ProjectFile, projectShape } from './project-file.ts';
import { prune } from './prune.ts';
import { renderYaml } from './render-yaml.ts';
import { placed } from './yaml.ts';

/** All but the targets and the variables, which are rendered where they are used. Throws `Failure` where what a template gave leaves nothing to go on with. */
export function renderProject(facts: Facts, raw: ProjectFile, at: (path: Path, on?: 'key' | 'value') => Span, report: (d: Diagnostic) => void): ProjectFile {
  const { targets: _targets, vars: _vars, ...written } = raw;
  const failed: Diagnostic[] = [];
  const rendered = renderYaml(
    facts,
    written,
    (p) => at(p),
    (d) => failed.push(d),
  );
  for (const d of failed) report(d);
  if (rendered === written) return raw;
  if ((rendered as Readonly<Record<string, unknown>>)['name'] === null) {
    if (failed.length === 0)
      failed.push(
        error('parse/wrong-type', "'name' must be a text, and its template gives nothing.", { span: at(['name']), help: "Write the project's name." }),
      );
    throw new Failure(failed);
  }
  const mistakes: Mistake[] = [];
  projectShape.check(rendered, [], (m) => {
    // Of the history, and of what is left aside, more than this is taken.
    if (m.path[0] !== 'history' && holdsTemplateAt(written, m.path)) mistakes.push(m);
  });
  // Where a template failed, there is nothing, and that is said already.
  for (const m of mistakes) if (failed.length === 0) report(placed(m, at(m.path, m.on)));
  const sound = mistakes.length === 0 ? rendered : prune(projectShape, rendered);
  if (sound === null) throw new Failure(failed);
  return sound as ProjectFile;
}

/** Whether the value at a path, or one above it, is a template. */
function holdsTemplateAt(value: unknown, path: Path): boolean {
  let here = value;
  for (const step of path) {
    if (isTemplate(here)) return true;
    here = (here as Readonly<Record<string | number, unknown>> | null | undefined)?.[step];
  }
  return isTemplate(here);
}
