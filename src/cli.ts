// Before everything that has decorators.
import "reflect-metadata";
import { Command, InvalidArgumentError, Option } from "commander";
import { printError } from "./app/startup/print-error.ts";
import { stopOnSignals } from "./app/startup/stop-on-signals.ts";

/** What a shell reports for a program that Ctrl-C has ended. */
const interruptedExitCode = 130;
const brokenPipeExitCode = 141;
const maxSessions = 100_000;

const stopping = stopOnSignals();
// Who reads the output may have enough of it, as `head` has; then a program ends as by SIGPIPE.
process.stdout.on("error", () => process.exit(brokenPipeExitCode));
const program = new Command("npm run").usage("<command> -- [options]");

// Each command loads its own code only: most of them need but a part of it.
program
  .command("migrate")
  .description("run the migrations that the database lacks")
  .action(async () => {
    const { migrateDatabases } = await import("./app/commands/migrate-databases.ts");
    await migrateDatabases(stopping);
  });

program
  .command("print-schema")
  .description("write the graph into schema/schema.graphql")
  .action(async () => {
    const { writeSchema } = await import("./app/commands/write-schema.ts");
    await writeSchema();
  });

program
  .command("create-staff")
  .usage("-- --username <name> --email <address> --role <role>")
  .description("make an account with a staff role; asks for its password")
  .requiredOption("--username <name>", "the name to log in with")
  .requiredOption("--email <address>", "an e-mail address that no other account has")
  .addOption(
    new Option("--role <role>", "what the account may do").choices(["ADMIN", "EDITOR", "VIEWER"]).makeOptionMandatory(),
  )
  .option("--password-stdin", "read the password from the standard input", false)
  .action(async (options) => {
    const { createStaff } = await import("./app/commands/create-staff.ts");
    await createStaff(options, stopping);
  });

program
  .command("create-sessions")
  .usage("-- --count <number>")
  .description("make participants who are logged in, for load tests: a line of JSON for each")
  .requiredOption("--count <number>", `how many, 1 to ${maxSessions}`, sessionCount)
  .action(async ({ count }) => {
    const { createSessions } = await import("./app/commands/create-sessions.ts");
    await createSessions(count, stopping);
  });

program
  .command("dev")
  .description("run the server, anew after each change")
  .action(async () => {
    const { develop } = await import("./app/commands/develop.ts");
    await develop(stopping);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (stopping.aborted || isCtrlC(error)) process.exitCode = interruptedExitCode;
  else printError(error);
}

/** At a prompt, the terminal gives Ctrl-C to the prompt. */
function isCtrlC(error: unknown): boolean {
  return error instanceof Error && error.name === "ExitPromptError";
}

function sessionCount(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > maxSessions)
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${maxSessions}.`);
  return count;
}
