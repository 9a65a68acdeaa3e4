// The shapes of YAML files as JSON Schemas, for editors: the very shapes that check the files. The build writes them.
import { selectorsShape } from '../graph/select-shape.ts';
import { declarationSchema } from '../generate/json-schema.ts';
import { projectFileShape } from '../parse/project-file.ts';
import { propertiesShape } from '../parse/properties.ts';
import { type JsonSchema, publish } from '../project/json-schema.ts';
import type { Shape } from '../project/shape.ts';

export interface SchemaFile {
  readonly file: string;
  /** What checks such a file; declarations of sample data have a reader of their own. */
  readonly shape: Shape<unknown> | null;
  readonly schema: JsonSchema;
}

function schemaFile(file: string, shape: Shape<unknown>, title: string, description: string): SchemaFile {
  return { file, shape, schema: publish(shape, { title, description }) };
}

/** Every schema with the name of its file. */
export function schemaFiles(): readonly SchemaFile[] {
  return [
    schemaFile('project.schema.json', projectFileShape, 'dwt: project.yml', 'A project: its name, targets, variables, configuration by folder.'),
    schemaFile(
      'properties.schema.json',
      propertiesShape,
      'dwt: property file',
      'What is known of resources beside their SQL: descriptions, data tests, sources.',
    ),
    schemaFile('selectors.schema.json', selectorsShape, 'dwt: selectors.yml', 'Selections with a name.'),
    { file: 'generate.schema.json', shape: null, schema: declarationSchema() },
  ];
}
