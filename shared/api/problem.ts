import * as z from "zod";

/**
 * Every answer of the operator API that is not what was asked for, with its status and the sentence for the person who
 * reads it. Clients branch on the code. The gateway's own answers (401, 413 above 10 MB, 429) come without a code.
 */
export const problems = {
  request_invalid: { status: 400, title: "The request has a field that is missing, unknown or not in its form." },
  cursor_invalid: { status: 400, title: "This cursor belongs to no page of this list. Start again without it." },
  token_unusable: {
    status: 403,
    title: "The token names no tenant or no role of Casebridge. Ask whoever runs the user pool.",
  },
  role_missing: { status: 403, title: "Your role does not allow this." },
  not_found: { status: 404, title: "There is no such thing, or it is not yours." },
  version_moved: { status: 409, title: "Somebody changed this meanwhile. Read it again and decide anew." },
  command_refused: { status: 409, title: "The case does not allow this command now." },
  body_too_large: { status: 413, title: "The body is larger than this API ever needs." },
  media_unsupported: { status: 415, title: "Send the body as application/json." },
  failed: { status: 500, title: "Something failed on our side. The log has it under this request's id." },
  unavailable: { status: 503, title: "A part of Casebridge does not answer at the moment. Try again in a second." },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

/** RFC 9457, with our code. `reason` says more where a code has several causes; `fields` names what was wrong in a request. */
export const problemSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]),
  reason: z.string().optional(),
  detail: z.string().optional(),
  fields: z.array(z.strictObject({ field: z.string(), says: z.string() })).optional(),
});
export type ProblemDocument = z.infer<typeof problemSchema>;

/** A problem as an answer; whoever gives it says only what is special about it. */
export interface Problem extends Pick<ProblemDocument, "reason" | "detail" | "fields"> {
  readonly problem: ProblemCode;
}

export function isProblem(answer: object): answer is Problem {
  return "problem" in answer;
}

export function documentOf({ problem, ...rest }: Problem): ProblemDocument {
  return { type: `urn:casebridge:problem:${problem}`, ...problems[problem], code: problem, ...rest };
}
