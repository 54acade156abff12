/** What the API answers when something goes wrong, as an error to throw and to switch on. */

import type { Code, FieldError, JsonObject, Problem } from "./generated/types.gen.js";

export class ProblemError extends Error implements Problem {
  override readonly name = "ProblemError";
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: Code;
  readonly detail: string;
  readonly errors?: FieldError[];
  /** The row as it is now, if the request would have changed an older version of it. */
  readonly current?: JsonObject;
  /** What else the problem tells, such as `max_bytes`. */
  readonly members: Readonly<Record<string, unknown>>;
  /** Seconds to wait before trying again, where the server says so. */
  readonly retryAfter: number | undefined;
  /** Finds the request in the server's log. */
  readonly requestId: string | undefined;

  constructor(problem: Problem, response: Response) {
    super(problem.detail);
    const { type, title, status, code, detail, errors, current, ...members } = problem;
    this.type = type;
    this.title = title;
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.members = members;
    if (errors) this.errors = errors;
    if (current) this.current = current;
    this.retryAfter = Number(response.headers.get("Retry-After")) || undefined;
    this.requestId = response.headers.get("X-Request-ID") ?? undefined;
  }
}

/** The session in which a request began has ended in this tab, so the request is not made. As a problem, it is `invalid_token`. */
export class SessionEndedError extends ProblemError {
  constructor() {
    const detail = "The session has ended, or another user has signed in. Sign in again.";
    super({ type: "about:blank", title: "Unauthorized", status: 401, code: "invalid_token", detail }, new Response());
  }
}

/** Whether an error came from the API, and, if codes are given, whether it is one of these. */
export function isProblem<C extends Code = Code>(error: unknown, ...codes: C[]): error is ProblemError & { code: C } {
  return error instanceof ProblemError && (codes.length === 0 || codes.some((code) => code === error.code));
}

/** Whether the server refuses a token. */
export const isRefusal = (error: unknown): boolean => isProblem(error) && error.status === 401;

/** Whether the same request may work later: the server cannot be reached, or not now. */
export const isAway = (error: unknown): boolean => !isProblem(error) || error.status >= 500 || error.status === 429;

/** The error that an answer which is none stands for; a proxy's may have any body. */
export function toError(body: unknown, response: Response | undefined): unknown {
  if (body instanceof Error || response === undefined) return body;
  if (typeof body === "object" && body !== null && "code" in body && "detail" in body) {
    return new ProblemError(body as Problem, response);
  }
  return new Error(`${response.status} ${response.statusText}`.trim(), { cause: body });
}

export async function readError(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return toError(JSON.parse(text), response);
  } catch {
    return toError(text, response);
  }
}
