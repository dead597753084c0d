import { stdout } from "node:process";
import type { EntityManager } from "@mikro-orm/postgresql";
import { signUpRules } from "../../accounts/account.rules.ts";
import { createUser } from "../../accounts/sign-up.ts";
import { findUserByEmail, findUserByUsername } from "../../accounts/users/find-user.ts";
import { readConfig } from "../../config.ts";
import { hashPassword } from "../../platform/auth/passwords.ts";
import type { StaffRole } from "../../platform/auth/staff-role.ts";
import { inTransaction } from "../../platform/database/in-transaction.ts";
import { ClientError } from "../../platform/graphql/errors/errors.ts";
import { parseInput } from "../../platform/graphql/input/input-rules.ts";
import { EmailAddress } from "../../platform/graphql/input/scalars.ts";
import { askForPassword, readPassword } from "./read-password.ts";
import { withEntityManager } from "./with-databases.ts";

export interface CreateStaffOptions {
  username: string;
  email: string;
  role: StaffRole;
  /** Whether the password is piped in; else a person is asked for it. */
  passwordStdin: boolean;
}

interface Account {
  username: string;
  email: string;
  password: string;
}

/** Makes an account with a staff role, such as the first one of a new installation (A1, A2). */
export async function createStaff(options: CreateStaffOptions, stopping: AbortSignal): Promise<void> {
  const config = readConfig();
  const { username, email, role, passwordStdin } = options;
  refuse(faultsOf({ username, email, password: "" }).filter(({ field }) => field !== "password"));

  await withEntityManager(config, stopping, async (em) => {
    await refuseTaken(em, options);
    const whyNot = (password: string) => faultsOf({ username, email, password })[0]?.text ?? null;
    const password = passwordStdin ? await readPassword(stopping) : await askForPassword(whyNot, stopping);
    refuse(faultsOf({ username, email, password }));
    const passwordHash = await hashPassword(password);
    await inTransaction(em, async (em) => {
      await refuseTaken(em, options);
      const user = createUser(
        em,
        { username, email, participant: {} },
        passwordHash,
        config.accounts.acceptParticipants,
      );
      user.staffRole = role;
    });
  });
  stdout.write(`The account ${username} has been made, with the staff role ${role}.\n`);
}

interface Fault {
  field: string;
  text: string;
}

/** What the rules of accounts have against it. */
function faultsOf(account: Account): Fault[] {
  try {
    parseInput(signUpRules, { ...account, participant: {} });
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return (error.detail.fields ?? []).map(({ path, text }) => ({ field: String(path.at(-1)), text: text.EN }));
  }
  return isEmailAddress(account.email) ? [] : [{ field: "email", text: "This is no e-mail address." }];
}

function isEmailAddress(email: string): boolean {
  try {
    EmailAddress.parseValue(email);
    return true;
  } catch {
    return false;
  }
}

function refuse(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new Error(faults.map(({ field, text }) => `${field}: ${text}`).join("\n"));
}

async function refuseTaken(em: EntityManager, { username, email }: CreateStaffOptions): Promise<void> {
  const faults: Fault[] = [];
  if (await findUserByUsername(em, username)) faults.push({ field: "username", text: `${username} is taken.` });
  if (await findUserByEmail(em, email)) faults.push({ field: "email", text: `${email} is taken.` });
  refuse(faults);
}
