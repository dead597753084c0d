import { Args, Ctx, Query, Resolver } from "type-graphql";
import type { User } from "../../accounts/users/user.entity.ts";
import type { Page } from "../../platform/graphql/lists/connections.ts";
import type { Context } from "../../platform/graphql/server/context.ts";
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
