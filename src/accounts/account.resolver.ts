import { Arg, Ctx, ID, Mutation, Query, Resolver } from "type-graphql";
import { isUuid } from "../platform/graphql/input/ids.ts";
import type { Context } from "../platform/graphql/server/context.ts";
import {
  BecomeInstructorInput,
  BecomeParticipantInput,
  LogInInput,
  SignUpInput,
  UpdateViewerInput,
} from "./account.inputs.ts";
import {
  BecomeInstructorResult,
  BecomeParticipantResult,
  LogInResult,
  SignUpResult,
  UpdateViewerResult,
} from "./account.results.ts";
import { becomeInstructor } from "./become-instructor.ts";
import { becomeParticipant } from "./become-participant.ts";
import { logIn } from "./sessions/log-in.ts";
import { logOut } from "./sessions/log-out.ts";
import { signUp } from "./sign-up.ts";
import { updateViewer } from "./update-viewer.ts";
import { User } from "./users/user.entity.ts";
import { userById } from "./users/user.loaders.ts";

@Resolver()
export class AccountResolver {
  @Query(() => User, { nullable: true, description: "The user who asks; null when not logged in." })
  viewer(@Ctx() context: Context): Promise<User | null> | null {
    return context.viewer && context.load(userById).load(context.viewer.id);
  }

  @Query(() => User, { nullable: true, description: "A user by id; null when there is none." })
  user(
    @Ctx() context: Context,
    @Arg("id", () => ID, { description: "The id of the user." }) id: string,
  ): Promise<User | null> | null {
    return isUuid(id) ? context.load(userById).load(id) : null;
  }

  @Mutation(() => SignUpResult, {
    description: "Makes an account, with a participant profile, an instructor profile or both, and logs in.",
  })
  signUp(
    @Ctx() context: Context,
    @Arg("input", () => SignUpInput, { description: "The new account." }) input: SignUpInput,
  ) {
    return signUp(context, input);
  }

  @Mutation(() => LogInResult, { description: "Opens a session. At most 10 failures a minute for one login name." })
  logIn(@Ctx() context: Context, @Arg("input", () => LogInInput, { description: "Who logs in." }) input: LogInInput) {
    return logIn(context, input);
  }

  @Mutation(() => Boolean, { description: "Ends the session that it is called with; false when there is none." })
  logOut(@Ctx() context: Context) {
    return logOut(context);
  }

  @Mutation(() => UpdateViewerResult, { description: "Changes the viewer's own account. What is left out stays." })
  updateViewer(
    @Ctx() context: Context,
    @Arg("input", () => UpdateViewerInput, { description: "What to change." }) input: UpdateViewerInput,
  ) {
    return updateViewer(context, input);
  }

  @Mutation(() => BecomeParticipantResult, { description: "Adds a participant profile to the viewer's account." })
  becomeParticipant(
    @Ctx() context: Context,
    @Arg("input", () => BecomeParticipantInput, { description: "The profile to add." }) input: BecomeParticipantInput,
  ) {
    return becomeParticipant(context, input);
  }

  @Mutation(() => BecomeInstructorResult, { description: "Adds an instructor profile to the viewer's account." })
  becomeInstructor(
    @Ctx() context: Context,
    @Arg("input", () => BecomeInstructorInput, { description: "The profile to add." }) input: BecomeInstructorInput,
  ) {
    return becomeInstructor(context, input);
  }
}
