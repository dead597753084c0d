import type { FastifyInstance } from "fastify";
import { listMails, readMail } from "../../platform/mail/mail-folder.ts";
import { mailPagePath, renderMail, renderMailList } from "./mail-pages.ts";

const html = "text/html; charset=utf-8";

/** Shows a developer the mails that were kept instead of being sent. */
export function addMailRoutes(http: FastifyInstance, folder: string): void {
  http.get(mailPagePath, async (_request, reply) => reply.type(html).send(renderMailList(await listMails(folder))));
  http.get<{ Params: { file: string } }>(`${mailPagePath}/:file`, async (request, reply) => {
    const mail = await readMail(folder, request.params.file);
    return mail ? reply.type(html).send(renderMail(mail)) : reply.callNotFound();
  });
}
