/** What changed of an object: each field's value before and after. Secrets are left out. */
export type Changes = Record<string, readonly [before: unknown, after: unknown]>;

/** The named fields of `after` that differ from `before`; all of them when there was nothing before. */
export function changesOf<T extends object>(
  before: Partial<T> | null,
  after: Partial<T>,
  fields: readonly (keyof T & string)[],
): Changes {
  const pairs = fields.map((field) => [field, [before?.[field] ?? null, after[field] ?? null]] as const);
  return Object.fromEntries(pairs.filter(([, [was, is]]) => JSON.stringify(was) !== JSON.stringify(is)));
}
