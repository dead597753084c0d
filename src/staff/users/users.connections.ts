import { ObjectType } from "type-graphql";
import { User } from "../../accounts/users/user.entity.ts";
import { connectionOf, edgeOf } from "../../platform/graphql/lists/connections.ts";

@ObjectType({ description: "A user in a list.", simpleResolvers: true })
export class UserEdge extends edgeOf(User) {}

@ObjectType({ description: "A page of users.", simpleResolvers: true })
export class UserConnection extends connectionOf(User, UserEdge) {}
