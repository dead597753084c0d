/** One mail to one person. */
export interface Mail {
  /** The same for the same mail however often it is tried; the Message-ID is made of it. Letters, digits, `.`, `_`, `-`. */
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** An iCalendar file to attach. */
  calendar?: string;
}

/** Sends mails. */
export interface Mailer {
  /**
   * Resolves when the mail was taken; it throws when it was not, or when that cannot be known.
   * @throws {MailError}
   */
  send(mail: Mail): Promise<void>;
  close(): Promise<void>;
}

/** A mail that was not taken, as far as is known. The message tells no address: it is logged, and staff read it. */
export class MailError extends Error {
  constructor(
    message: string,
    /** Whether the server refuses this recipient or this mail for good, so that trying again is of no use. */
    readonly isPermanent: boolean,
  ) {
    super(message);
    this.name = "MailError";
  }
}
