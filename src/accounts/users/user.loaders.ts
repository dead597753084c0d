import { entityById } from "../../platform/graphql/server/loaders.ts";
import { User } from "./user.entity.ts";

export const userById = entityById(User);
