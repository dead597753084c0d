import { stderr, stdin } from "node:process";
import { addAbortSignal } from "node:stream";
import { text } from "node:stream/consumers";
import { password as prompt } from "@inquirer/prompts";

/** The password that is piped in, without the line break at its end. */
export async function readPassword(stopping: AbortSignal): Promise<string> {
  return (await text(addAbortSignal(stopping, stdin))).replace(/\r?\n$/, "");
}

/**
 * Asks a person at the terminal for a new password, twice, without showing it.
 * @param whyNot tells what is wrong with a password, or null
 */
export async function askForPassword(
  whyNot: (password: string) => string | null,
  stopping: AbortSignal,
): Promise<string> {
  if (!stdin.isTTY) {
    throw new Error("There is no terminal to ask for the password at. Pipe it in, with --password-stdin.");
  }
  const terminal = { output: stderr, signal: stopping };
  const hidden = { mask: "•", toggleMask: false };
  const chosen = await prompt({ ...hidden, message: "Password", validate: (value) => whyNot(value) ?? true }, terminal);
  await prompt(
    { ...hidden, message: "Password again", validate: (value) => value === chosen || "This is not the same." },
    terminal,
  );
  return chosen;
}
