// What stands in the warehouse, read once per schema when first asked for and kept up by what plans report. So a plan's
// "is there a table?" costs nothing.
import type { SchemaName, Session } from '../adapters/adapter.ts';
import { type ExistingRelation, type Relation, type RelationKind, relationKey } from '../project/relation.ts';

export class Catalog {
  private readonly schemas = new Map<string, Promise<void>>();
  private readonly relations = new Map<string, ExistingRelation>();
  private readonly loaded = new Set<string>();
  private pointedTo: Promise<Set<string>> | undefined;

  /** Reads these schemas in one question; those already known are not read again. */
  async load(session: Session, schemas: readonly SchemaName[]): Promise<void> {
    const unknown = schemas.filter((s) => !this.schemas.has(schemaKey(s)));
    if (unknown.length > 0) {
      const reading = session.relations(unknown).then((found) => {
        for (const r of found) this.relations.set(relationKey(r), r);
        for (const s of unknown) this.loaded.add(schemaKey(s));
      });
      for (const s of unknown) this.schemas.set(schemaKey(s), reading);
    }
    for (const s of schemas) await this.schemas.get(schemaKey(s));
  }

  knows(schema: SchemaName): boolean {
    return this.loaded.has(schemaKey(schema));
  }

  /** Of a schema that is known. */
  kindOf(relation: Relation): RelationKind | null {
    return this.relations.get(relationKey(relation))?.kind ?? null;
  }

  /** Whether a foreign key of another table points to it; asked once, for all schemas that are known by then. `now`: one does since. */
  async referenced(session: Session, relation: Relation, now = false): Promise<boolean> {
    this.pointedTo ??= session.referenced(this.known()).then(
      (found) => new Set(found.map(relationKey)),
      (e: unknown) => {
        this.pointedTo = undefined;
        throw e;
      },
    );
    const pointedTo = await this.pointedTo;
    if (now) pointedTo.add(relationKey(relation));
    return pointedTo.has(relationKey(relation));
  }

  private known(): readonly SchemaName[] {
    return [...this.loaded].map((key) => {
      const [database, schema] = key.split('\u0000');
      return { database: database === '' ? null : database!, schema: schema! };
    });
  }

  /** Nothing stands in a schema any more. */
  empty(schema: SchemaName): void {
    for (const [key, r] of this.relations) if (schemaKey(r) === schemaKey(schema)) this.relations.delete(key);
  }

  set(relation: Relation, kind: RelationKind | null): void {
    if (kind === null) this.relations.delete(relationKey(relation));
    else this.relations.set(relationKey(relation), { ...relation, kind });
  }
}

function schemaKey(s: SchemaName): string {
  return `${s.database ?? ''}\u0000${s.schema}`;
}
