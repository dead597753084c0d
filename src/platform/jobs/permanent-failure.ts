/** What a job throws when trying again would be of no use: it is FAILED at once, and staff decide. They read the message. */
export class PermanentFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PermanentFailure";
  }
}
