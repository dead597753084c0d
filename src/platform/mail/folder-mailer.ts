import { mkdir, readdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { createTransport } from "nodemailer";
import { messagesFrom } from "./mail-message.ts";
import type { Mailer } from "./mailer.ts";

/**
 * Keeps each mail as an `.eml` file instead of sending it. The names sort by time; the same mail again takes the place
 * of the first. A file is there as a whole or not at all.
 */
export function createFolderMailer(from: string, folder: string): Mailer {
  const messageOf = messagesFrom(from);
  const transport = createTransport({ streamTransport: true, buffer: true });
  return {
    async send(mail) {
      const { message } = await transport.sendMail(messageOf(mail));
      await mkdir(folder, { recursive: true });
      const file = path.join(folder, (await findFile(folder, mail.id)) ?? newFileName(mail.id));
      const unfinished = `${file}.${process.pid}`;
      await writeFile(unfinished, message);
      await rename(unfinished, file);
    },
    async close() {},
  };
}

async function findFile(folder: string, id: string): Promise<string | undefined> {
  const name = newFileName(id);
  const afterTime = name.indexOf("_");
  return (await readdir(folder)).find((other) => other.slice(afterTime) === name.slice(afterTime));
}

function newFileName(id: string): string {
  return `${new Date().toISOString().replaceAll(/[:.]/g, "-")}_${id}.eml`;
}
