// What stands in the warehouse, read once per schema when first asked for and kept up by what plans report. So a plan's
// "is there a table?" costs nothing.
import type { Capabilities, SchemaName, Session } from '../adapters/adapter.ts';
import { type ExistingRelation, type Relation, type RelationKind, relationKey } from '../project/relation.ts';

export class Catalog {
  private readonly schemas = new Map<string, Promise<void>>();
  private readonly relations = new Map<string, ExistingRelation>();
  private readonly loaded = new Set<string>();
  private pointedTo: Promise<Set<string>> | undefined;
  private readonly foldsCase: boolean;

  /** `foldsCase`: names that differ by case alone are one to the engine. */
  constructor({ foldsCase }: Pick<Capabilities, 'foldsCase'>) {
    this.foldsCase = foldsCase;
  }

  private key(r: Relation): string {
    return this.foldsCase ? relationKey(r).toLowerCase() : relationKey(r);
  }

  /** Reads these schemas in one question; those already known are not read again. */
  async load(session: Session, schemas: readonly SchemaName[]): Promise<void> {
    const unknown = schemas.filter((s) => !this.schemas.has(schemaKey(s)));
    if (unknown.length > 0) {
      const reading = session.relations(unknown).then((found) => {
        for (const r of found) this.relations.set(this.key(r), r);
        for (const s of unknown) this.loaded.add(schemaKey(s));
      });
      for (const s of unknown) this.schemas.set(schemaKey(s), reading);
      reading.catch(() => {
        for (const s of unknown) this.schemas.delete(schemaKey(s));
      });
    }
    for (const s of schemas) await this.schemas.get(schemaKey(s));
  }

  knows(schema: SchemaName): boolean {
    return this.loaded.has(schemaKey(schema));
  }

  /** Of a schema that is known. */
  kindOf(relation: Relation): RelationKind | null {
    return this.relations.get(this.key(relation))?.kind ?? null;
  }

  /** Whether a foreign key of another table points to it; asked once, for all schemas that are known by then. `now`: one does since. */
  async referenced(session: Session, relation: Relation, now = false): Promise<boolean> {
    this.pointedTo ??= session.referenced(this.known()).then(
      (found) => new Set(found.map((r) => this.key(r))),
      (e: unknown) => {
        this.pointedTo = undefined;
        throw e;
      },
    );
    const pointedTo = await this.pointedTo;
    if (now) pointedTo.add(this.key(relation));
    return pointedTo.has(this.key(relation));
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
    if (kind === null) this.relations.delete(this.key(relation));
    else this.relations.set(this.key(relation), { ...relation, kind });
  }
}

function schemaKey(s: SchemaName): string {
  return `${s.database ?? ''}\u0000${s.schema}`;
}
