import { ObjectType } from "type-graphql";
import { connectionOf, edgeOf } from "../platform/graphql/lists/connections.ts";
import { Seminar } from "./seminar.entity.ts";

@ObjectType({ description: "A seminar in a list.", simpleResolvers: true })
class SeminarEdge extends edgeOf(Seminar) {}

@ObjectType({ description: "A page of seminars.", simpleResolvers: true })
export class SeminarConnection extends connectionOf(Seminar, SeminarEdge) {}
