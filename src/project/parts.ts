// Parts that several kinds of entries have in common: constraints, docs, quoting.
import { bool, list, object, oneOfTexts, optional, text } from './shape.ts';

const constraint = object(
  {
    type: oneOfTexts('not_null', 'unique', 'primary_key', 'foreign_key', 'check', 'custom'),
    name: optional(text, 'Its name in the warehouse.'),
    expression: optional(text, 'The condition of a check, or the rest of a foreign key.'),
    columns: optional(list(text), 'Its columns, where it is not written under one.'),
    to: optional(text, "What a foreign key points to: ref('orders')."),
    to_columns: optional(list(text), 'The columns it points to.'),
    warn_unenforced: optional(bool, 'Accepted for compatibility.'),
    warn_unsupported: optional(bool, 'Accepted for compatibility.'),
  },
  { what: 'a constraint' },
);
export const constraints = optional(list(constraint), 'Constraints.');

export const docs = object(
  { show: optional(bool, 'Whether it appears at all.'), node_color: optional(text, 'Its color in the graph.') },
  { what: 'the docs settings' },
);

export const quoting = object({ database: optional(bool), schema: optional(bool), identifier: optional(bool), column: optional(bool) }, { what: 'quoting' });
