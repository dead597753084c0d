import { ObjectType } from "type-graphql";
import { connectionOf, edgeOf } from "../platform/graphql/lists/connections.ts";
import { Enrollment } from "./enrollment.entity.ts";

@ObjectType({ description: "An enrollment in a list.", simpleResolvers: true })
export class EnrollmentEdge extends edgeOf(Enrollment) {}

@ObjectType({ description: "A page of enrollments.", simpleResolvers: true })
export class EnrollmentConnection extends connectionOf(Enrollment, EnrollmentEdge) {}
