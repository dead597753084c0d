import { validate } from "uuid";

/** Whether an id can be one of ours. What is malformed is simply unknown, and never reaches the database. */
export function isUuid(id: string): boolean {
  return validate(id) && id === id.toLowerCase();
}
