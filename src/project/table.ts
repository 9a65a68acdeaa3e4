/** A table that is looked up by what a person wrote: it has nothing but its entries, not what every JavaScript object inherits. */
export function table<T>(entries: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null) as Record<string, T>, entries);
}
