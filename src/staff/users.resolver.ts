import { Args, Ctx, Query, Resolver } from "type-graphql";
import type { User } from "../accounts/user.entity.ts";
import type { Page } from "../platform/graphql/connections.ts";
import type { Context } from "../platform/graphql/context.ts";
import { listUsers } from "./list-users.ts";
import { UserConnection } from "./users.connections.ts";
import { UsersArgs } from "./users.inputs.ts";

@Resolver()
export class UsersResolver {
  @Query(() => UserConnection, {
    description: "Everyone with an account, newest first unless asked otherwise; for VIEWERs.",
  })
  users(@Ctx() context: Context, @Args(() => UsersArgs) args: UsersArgs): Promise<Page<User>> {
    return listUsers(context, args);
  }
}
