/** What the API answers in place of a result. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: string;

  constructor(status: number, code: string, message: string, details = "") {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export const invalid = (message: string) => new Problem(400, "InvalidInput", message);
export const notFound = (what: string) => new Problem(404, "NotFound", `${what} was not found.`);
