// What a role of a server lacks, as message and as the statement to ask for: shared words of the engines.

/** A refusal for want of a privilege, explained. */
export interface Denial {
  readonly message: string;
  /** Says what to grant, as a statement. */
  readonly hint: string;
  /** The table, as the statement names it. */
  readonly mentions?: string;
}

/** What a privilege on a table allows, as a verb. */
const VERBS: Readonly<Record<string, string>> = {
  select: 'read',
  insert: 'write into',
  update: 'change rows of',
  delete: 'delete rows of',
  truncate: 'empty',
  drop: 'drop',
  alter: 'alter',
  index: 'make indexes on',
  create: 'create',
  'create view': 'create the view',
  'show view': 'see the definition of',
  references: 'refer to',
  maintain: 'refresh or analyze',
  trigger: 'make triggers on',
};

/** `read`, `write into`, … for the last of the privileges: what is done to a table stands after what is read of it. */
export function verbFor(privileges: string): string {
  return VERBS[privileges.split(/,\s*/).at(-1)!] ?? `use (${privileges}) on`;
}

/** What a statement does to a table that it names, as the privileges it takes: those of reading where it only reads it. `name` is a pattern of the table's name. */
export function privilegesFor(sql: string, name: string): string {
  const does = (pattern: string): boolean => new RegExp(`\\b${pattern}\\s+${name}`, 'i').test(sql);
  if (does('merge\\s+into')) return 'select, insert, update';
  if (does('(insert\\s+into|replace\\s+into|copy|into\\s+table)')) return 'insert';
  if (does('delete\\s+from(\\s+only)?')) return 'select, delete';
  if (does('update(\\s+only)?')) return 'select, update';
  if (does('truncate(\\s+table)?')) return 'truncate';
  if (does('references')) return 'references';
  if (does('(refresh\\s+materialized\\s+view(\\s+concurrently)?|analyze)')) return 'maintain';
  return 'select';
}

/** A text as a pattern of itself. */
export function asPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
