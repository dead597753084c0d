import type { EntityManager } from "@mikro-orm/postgresql";
import { v7 as uuidv7 } from "uuid";
import type { z } from "zod";
import { auditEntry } from "../platform/audit/write-audit-entry.job.ts";
import { hashPassword } from "../platform/auth/passwords.ts";
import { parseInput } from "../platform/graphql/input/input-rules.ts";
import type { Context } from "../platform/graphql/server/context.ts";
import { enqueue } from "../platform/jobs/enqueue.ts";
import { Locale } from "../platform/locale.ts";
import type { SignUpInput } from "./account.inputs.ts";
import { SignUpRefusal, SignUpRefusalCode, SignUpSuccess } from "./account.results.ts";
import { signUpRules } from "./account.rules.ts";
import { mailWelcome } from "./mails/welcome-mail.job.ts";
import { continueAs, openSession } from "./sessions/open-session.ts";
import { findUserByEmail, findUserByUsername } from "./users/find-user.ts";
import { User, userChanges } from "./users/user.entity.ts";

/** Makes an account with its profiles (A1, A2) and logs its owner in. */
export async function signUp(context: Context, input: SignUpInput): Promise<SignUpSuccess | SignUpRefusal> {
  const values = parseInput(signUpRules, input);
  await context.services.limits.signUp(context.address);
  const passwordHash = await hashPassword(values.password);

  const result = await context.transaction(async (em) => {
    if (await findUserByUsername(em, values.username)) return new SignUpRefusal(SignUpRefusalCode.USERNAME_TAKEN);
    if (await findUserByEmail(em, values.email)) return new SignUpRefusal(SignUpRefusalCode.EMAIL_TAKEN);
    const user = createUser(em, values, passwordHash, context.services.settings.acceptParticipants);
    await em.flush();
    const actor = { viewer: user, requestId: context.requestId };
    await enqueue(
      em,
      auditEntry(actor, "signUp", "User", user.id, userChanges(null, user)),
      mailWelcome.of({ userId: user.id }),
    );
    return new SignUpSuccess(user, await openSession(context, em, user));
  });
  if (result instanceof SignUpSuccess) continueAs(context, result.user, result.session);
  return result;
}

/** A new user in the unit of work of `em`; new participants are accepted unless staff want to look first (A3). */
export function createUser(
  em: EntityManager,
  values: Omit<z.output<typeof signUpRules>, "password">,
  passwordHash: string,
  acceptParticipants: boolean,
): User {
  const { participant, instructor } = values;
  return em.create(User, {
    id: uuidv7(),
    username: values.username,
    email: values.email,
    passwordHash,
    firstName: values.firstName ?? null,
    lastName: values.lastName ?? null,
    locale: values.locale ?? Locale.KO,
    active: true,
    staffRole: null,
    participantUniversity: participant ? (participant.university ?? "") : null,
    participantAccepted: participant ? acceptParticipants : null,
    instructorCompany: instructor ? (instructor.company ?? "") : null,
    instructorCareerYears: instructor?.careerYears ?? null,
    createdAt: new Date(),
  });
}
