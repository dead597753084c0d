import { sql } from "kysely";
import { Ctx, Query, Resolver } from "type-graphql";
import { selectRows } from "../platform/database/sql/select-rows.ts";
import { DateTime } from "../platform/graphql/input/scalars.ts";
import type { Context } from "../platform/graphql/server/context.ts";

@Resolver()
export class ServerTimeResolver {
  @Query(() => DateTime, {
    description: "The clock that registration windows are judged by; for a countdown to the opening.",
  })
  async serverTime(@Ctx() context: Context): Promise<Date> {
    const [row] = await selectRows(context.em, sql<{ now: string }>`select clock_timestamp() as now`);
    return new Date(row?.now ?? "");
  }
}
