import type { Context, StaffRole } from "./context.ts";

/** Who may use one field of the graph. Whoever reaches an object may read those of its fields that are for `anyone`. */
export type Permission =
  | { readonly kind: "anyone" }
  | { readonly kind: "loggedIn" }
  | { readonly kind: "staff"; readonly role: StaffRole }
  | { readonly kind: "entitledOrStaff"; readonly entitled: string; readonly role: StaffRole }
  | { readonly kind: "shownTo"; isShown(context: Context, source: unknown): Answer };

/** The permission of every field, by type and field. */
export type Permissions = Readonly<Record<string, Readonly<Record<string, Permission>>>>;

/** Whether the viewer is of one kind, as seen from the object that a field is of. */
export type Reader<Source> = (context: Context, source: Source) => Answer;

/** At once where it can be: a promise for each field of each person of a page would be dear. */
type Answer = boolean | Promise<boolean>;

export const anyone: Permission = { kind: "anyone" };

/** Everyone with an account; UNAUTHENTICATED for anonymous. */
export const loggedIn: Permission = { kind: "loggedIn" };

/** Staff with this role or more; UNAUTHENTICATED for anonymous, FORBIDDEN for everyone else. */
export function staff(role: StaffRole): Permission {
  return { kind: "staff", role };
}

/**
 * Who is entitled by the data, and staff with this role or more. The data may change meanwhile, so the use case decides,
 * under its locks where it has some; UNAUTHENTICATED for anonymous already before it.
 * @param entitled who that is, in words
 */
export function entitledOrStaff(entitled: string, role: StaffRole): Permission {
  return { kind: "entitledOrStaff", entitled, role };
}

/** These readers; null for everyone else. They are asked in the order given, the next one if the one before says no. */
export function shownTo<Source>(...readers: Reader<Source>[]): Permission {
  return { kind: "shownTo", isShown: (context, source) => isOneOf(readers, context, source as Source) };
}

/** These fields of a type, their names with a space between them, for anyone who reaches the object. */
export function open(names: string): Record<string, Permission> {
  return Object.fromEntries(names.split(" ").map((name) => [name, anyone]));
}

function isOneOf<Source>([first, ...others]: Reader<Source>[], context: Context, source: Source): Answer {
  if (!first) return false;
  const answer = first(context, source);
  if (answer === true) return true;
  if (answer === false) return isOneOf(others, context, source);
  return answer.then((isFirst) => isFirst || isOneOf(others, context, source));
}
