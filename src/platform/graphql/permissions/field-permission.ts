import type { StaffRole } from "../../auth/staff-role.ts";
import type { Context } from "../server/context.ts";

/** Who may use one field of the graph. Whoever reaches an object may read those of its fields that are for `anyone`. */
export type Permission = Rule & {
  /** For whom the field says the same about the same data. Where nothing is said, its answer is never shared. */
  readonly sameFor?: Audience;
};

type Rule =
  | { readonly kind: "anyone" }
  | { readonly kind: "loggedIn" }
  | { readonly kind: "staff"; readonly role: StaffRole }
  | { readonly kind: "entitledOrStaff"; readonly entitled: string; readonly role: StaffRole }
  | { readonly kind: "shownTo"; isShown(context: Context, source: unknown): Answer };

/** `loggedIn`: the same for all who are logged in, and the same for all who are not, but something else for these. */
export type Audience = "everyone" | "loggedIn";

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

/** The same permission for a field that shows the same to all who are logged in. */
export function sharedByLoggedIn(permission: Permission): Permission {
  return { ...permission, sameFor: "loggedIn" };
}

/** These fields of a type, their names with a space between them, for anyone who reaches the object. */
export function open(names: string): Record<string, Permission> {
  return eachOf(names, anyone);
}

/**
 * Likewise, for fields that say the same to everyone: nothing of the viewer, of the request or of the time of day is in
 * them, only what the database has.
 */
export function shared(names: string): Record<string, Permission> {
  return eachOf(names, { ...anyone, sameFor: "everyone" });
}

function eachOf(names: string, permission: Permission): Record<string, Permission> {
  return Object.fromEntries(names.split(" ").map((name) => [name, permission]));
}

function isOneOf<Source>([first, ...others]: Reader<Source>[], context: Context, source: Source): Answer {
  if (!first) return false;
  const answer = first(context, source);
  if (answer === true) return true;
  if (answer === false) return isOneOf(others, context, source);
  return answer.then((isFirst) => isFirst || isOneOf(others, context, source));
}
