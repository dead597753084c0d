import { entityById } from "../platform/graphql/loaders.ts";
import { User } from "./user.entity.ts";

export const userById = entityById(User);
