import { validate } from "uuid";
import { notFound } from "./errors.ts";

/** Whether an id can be one of ours. What is malformed is simply unknown, and never reaches the database. */
export function isUuid(id: string): boolean {
  return validate(id) && id === id.toLowerCase();
}

/** @throws NOT_FOUND for an id that cannot be one of ours */
export function requireUuid(id: string): string {
  if (!isUuid(id)) throw notFound();
  return id;
}
