import { type EntityManager, raw } from "@mikro-orm/postgresql";
import { User } from "./user.entity.ts";

/** By index users_username. */
export function findUserByUsername(em: EntityManager, username: string): Promise<User | null> {
  return em.findOne(User, { [raw("lower(username)")]: username.toLowerCase() });
}

/** By index users_email. */
export function findUserByEmail(em: EntityManager, email: string): Promise<User | null> {
  return em.findOne(User, { [raw("lower(email)")]: email.toLowerCase() });
}

/** By username or e-mail address; no username has an `@`. */
export function findUserByLogin(em: EntityManager, login: string): Promise<User | null> {
  return login.includes("@") ? findUserByEmail(em, login) : findUserByUsername(em, login);
}
