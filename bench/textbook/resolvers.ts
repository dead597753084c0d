import { type EntityManager, LockMode } from "@mikro-orm/postgresql";
import { GraphQLError } from "graphql";
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from "type-graphql";
import { Enrollment, Seminar, User } from "./entities.ts";

export interface TextbookContext {
  em: EntityManager;
  user: User | null;
  /** False: the race is shown as it is without `select ... for update`. */
  isLocking: boolean;
}

const withInstructors = {
  populate: ["participantCount", "enrollments.user"],
  populateWhere: { enrollments: { role: "INSTRUCTOR" } },
} as const;

@Resolver(() => Seminar)
export class SeminarResolver {
  @Query(() => [Seminar])
  seminars(@Ctx() { em }: TextbookContext): Promise<Seminar[]> {
    return em.find(Seminar, {}, { ...withInstructors, orderBy: { id: "desc" }, limit: 20 });
  }

  @Query(() => Seminar, { nullable: true })
  seminar(@Arg("id", () => ID) id: string, @Ctx() { em }: TextbookContext): Promise<Seminar | null> {
    return em.findOne(Seminar, { id }, withInstructors);
  }

  @Mutation(() => Enrollment)
  joinSeminar(
    @Arg("seminarId", () => ID) seminarId: string,
    @Ctx() { em, user, isLocking }: TextbookContext,
  ): Promise<Enrollment> {
    if (!user) throw new GraphQLError("UNAUTHENTICATED");
    return em.transactional(async (em) => {
      const lockMode = isLocking ? LockMode.PESSIMISTIC_WRITE : LockMode.NONE;
      const seminar = await em.findOneOrFail(Seminar, { id: seminarId }, { lockMode });
      if (await em.count(Enrollment, { seminar, user })) throw new GraphQLError("ALREADY_JOINED");
      const taken = await em.count(Enrollment, { seminar, role: "PARTICIPANT" });
      if (taken >= seminar.capacity) throw new GraphQLError("SEMINAR_FULL");
      return em.create(Enrollment, { seminar, user: em.getReference(User, user.id), role: "PARTICIPANT" });
    });
  }

  @FieldResolver(() => Int)
  async participantCount(@Root() seminar: Seminar, @Ctx() { em }: TextbookContext): Promise<number> {
    return seminar.participantCount ?? (await em.count(Enrollment, { seminar, role: "PARTICIPANT" }));
  }

  @FieldResolver(() => [Enrollment])
  instructors(@Root() seminar: Seminar): Enrollment[] {
    return seminar.enrollments.getItems();
  }

  @FieldResolver(() => [Enrollment])
  participants(@Root() seminar: Seminar, @Ctx() { em }: TextbookContext): Promise<Enrollment[]> {
    const inOrder = { orderBy: { id: "asc" }, limit: 50 } as const;
    return em.find(Enrollment, { seminar, role: "PARTICIPANT" }, { ...inOrder, populate: ["user"] });
  }
}

@Resolver(() => User)
export class UserResolver {
  @Query(() => User, { nullable: true })
  viewer(@Ctx() { user }: TextbookContext): User | null {
    return user;
  }

  @FieldResolver(() => [Enrollment])
  enrollments(@Root() user: User, @Ctx() { em }: TextbookContext): Promise<Enrollment[]> {
    return em.find(Enrollment, { user }, { populate: ["seminar"], orderBy: { id: "desc" }, limit: 20 });
  }
}
