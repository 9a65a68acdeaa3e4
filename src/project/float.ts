// Numbers that JavaScript has no word for. It cannot tell 2.0 from 2, but SQL and names can: what YAML or a template says as 2.0
// stays 2.0; and an integer of YAML keeps all its digits.

/** Keys and indexes on the way to a value. */
type Path = readonly (string | number)[];

/** An integral float; or a decimal, which prints its own digits. */
export class Float {
  readonly value: number;
  /** The digits of a decimal. */
  readonly digits: string | undefined;

  constructor(value: number, digits?: string) {
    this.value = value;
    this.digits = digits;
  }

  /** As Python prints it, for a number that is not too large to be written out. */
  toString(): string {
    return this.digits ?? (Number.isInteger(this.value) && Math.abs(this.value) < 1e16 ? this.value.toFixed(1) : String(this.value));
  }

  valueOf(): number {
    return this.value;
  }

  toJSON(): number {
    return this.value;
  }
}

/** An integer too large for a number to hold each of its digits. */
export class LongInteger extends Float {
  /** `digits` with a sign before them or none. */
  constructor(digits: string) {
    super(Number(digits), String(BigInt(digits)));
  }

  get exact(): bigint {
    return BigInt(this.digits!);
  }
}

/** Where a `Float` stands in plain data, and the digits of one that is a `LongInteger`. */
export interface FloatPlace {
  readonly path: Path;
  readonly digits?: string;
}

/** Where integral floats and long integers stand in plain data: JSON has no word for them. */
export function floatsIn(data: unknown): readonly FloatPlace[] {
  const found: FloatPlace[] = [];
  const visit = (value: unknown, path: Path): void => {
    if (value instanceof LongInteger) found.push({ path, digits: value.digits! });
    else if (value instanceof Float) found.push({ path });
    else if (Array.isArray(value)) value.forEach((v, i) => visit(v, [...path, i]));
    else if (typeof value === 'object' && value !== null) for (const [k, v] of Object.entries(value)) visit(v, [...path, k]);
  };
  visit(data, []);
  return found;
}

/** Puts them back into data that came from JSON. */
export function restoreFloats(data: unknown, places: readonly FloatPlace[]): void {
  for (const { path, digits } of places) {
    let holder = data as Record<string | number, unknown> | undefined;
    for (const step of path.slice(0, -1)) holder = holder?.[step] as typeof holder;
    const last = path.at(-1);
    if (holder !== undefined && last !== undefined && typeof holder[last] === 'number')
      holder[last] = digits === undefined ? new Float(holder[last]) : new LongInteger(digits);
  }
}

/** JSON in which integral floats have their point. */
export function jsonText(value: unknown): string {
  const marked = JSON.stringify(value, function (this: Record<string, unknown>, key, v: unknown) {
    return this[key] instanceof Float ? `\u0000${String(this[key])}` : v;
  });
  return marked.replace(/"\\u0000([^"]*)"/g, '$1');
}
