/** A GraphQL answer as far as every caller needs it, read without trusting its form. */
export interface GraphqlAnswer {
  readonly data: Members | null;
  readonly errors: readonly Failure[];
  readonly cost?: Cost;
}

/** Points of this call and of the bucket it was paid from. */
export interface Cost {
  readonly requested: number;
  /** Undefined when the call did not run. */
  readonly actual?: number;
  readonly available: number;
  readonly maximum: number;
  readonly restoreRate: number;
}

export interface Failure {
  /** `extensions.code`, or `UNKNOWN`. */
  readonly code: string;
  readonly path: readonly string[];
}

export interface UserFailure {
  readonly code: string;
  readonly message: string;
  readonly field: string;
}

type Members = Readonly<Record<string, unknown>>;

/** Undefined when the bytes are no GraphQL answer. All ids in answers are text, so no digits are at stake. */
export function parseAnswer(body: Uint8Array): GraphqlAnswer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { data, errors } = value;
  if (data === undefined && errors === undefined) return undefined;
  return {
    data: isObject(data) ? data : null,
    // Some refusals before execution carry a bare sentence.
    errors: (Array.isArray(errors) ? errors : errors === undefined ? [] : [errors]).map(failureOf),
    cost: costOf(value.extensions),
  };
}

/** The business errors of the mutations in this answer; `orderCancel` has a name of its own for them. */
export function userErrorsOf({ data }: GraphqlAnswer): UserFailure[] {
  const lists = Object.values(data ?? {}).flatMap((payload) =>
    isObject(payload) ? [payload.orderCancelUserErrors ?? payload.userErrors] : [],
  );
  return lists.flatMap((list) => (Array.isArray(list) ? list.filter(isObject).map(userFailureOf) : []));
}

function failureOf(error: unknown): Failure {
  const extensions = isObject(error) && isObject(error.extensions) ? error.extensions : {};
  const path = isObject(error) && Array.isArray(error.path) ? error.path.map(String) : [];
  return { code: typeof extensions.code === "string" ? extensions.code.slice(0, 60) : "UNKNOWN", path };
}

function userFailureOf({ code, message, field }: Members): UserFailure {
  return {
    code: typeof code === "string" ? code : "USER_ERROR",
    message: typeof message === "string" ? message : "",
    field: Array.isArray(field) ? field.join(".").slice(0, 100) : "",
  };
}

function costOf(extensions: unknown): GraphqlAnswer["cost"] {
  const cost = isObject(extensions) ? extensions.cost : undefined;
  const status = isObject(cost) ? cost.throttleStatus : undefined;
  if (!isObject(cost) || !isObject(status)) return undefined;
  const [requested, available, maximum, restoreRate] = [
    cost.requestedQueryCost,
    status.currentlyAvailable,
    status.maximumAvailable,
    status.restoreRate,
  ].map(Number);
  if (!(requested !== undefined && available !== undefined && maximum !== undefined && restoreRate)) return undefined;
  if (![requested, available, maximum, restoreRate].every(Number.isFinite)) return undefined;
  const actual = typeof cost.actualQueryCost === "number" ? { actual: cost.actualQueryCost } : {};
  return { requested, ...actual, available, maximum, restoreRate };
}

export function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
