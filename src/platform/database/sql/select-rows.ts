import type { EntityManager } from "@mikro-orm/postgresql";
import type { RawBuilder } from "kysely";

/**
 * The rows of a statement written in SQL, for what the ORM cannot say in one statement: in the transaction of `em` if
 * it has one, else on the reading side of the route.
 */
export async function selectRows<Row>(em: EntityManager, statement: RawBuilder<Row>): Promise<Row[]> {
  const { rows } = await statement.execute(em.getKysely({ type: "read" }));
  return rows;
}
