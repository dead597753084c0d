import type { EntityManager } from "@mikro-orm/postgresql";
import { type RawBuilder, sql } from "kysely";
import { selectRows } from "../../platform/database/sql/select-rows.ts";
import { User } from "./user.entity.ts";

/**
 * Users, locked in the order of their ids until the end of the transaction. Who needs locks of seminars as well takes
 * them before. It is the lock that a change of a user takes anyway (`for no key update`); a stronger one would hold up
 * whoever joins, since an enrollment refers to its user.
 * @param condition on the table `users`
 */
export async function lockUsers(em: EntityManager, condition: RawBuilder<unknown>): Promise<User[]> {
  const locked = await selectRows(
    em,
    sql<{ id: string }>`select id from users where ${condition} order by id for no key update`,
  );
  return await em.find(User, { id: { $in: locked.map(({ id }) => id) } });
}
