/** What the API answers when something goes wrong, as an error to throw and to switch on. */
import type { Code, FieldError, Problem } from "./generated/types.gen.js";
export declare class ProblemError extends Error implements Problem {
    readonly name = "ProblemError";
    readonly type: string;
    readonly title: string;
    readonly status: number;
    readonly code: Code;
    readonly detail: string;
    readonly errors?: FieldError[];
    /** Seconds to wait before trying again, where the server says so. */
    readonly retryAfter: number | undefined;
    /** Finds the request in the server's log. */
    readonly requestId: string | undefined;
    constructor(problem: Problem, response: Response);
}
/** Whether an error came from the API, and, if codes are given, whether it is one of these. */
export declare function isProblem<C extends Code = Code>(error: unknown, ...codes: C[]): error is ProblemError & {
    code: C;
};
/** The error that an answer which is none stands for; a proxy's may have any body. */
export declare function toError(body: unknown, response: Response | undefined): unknown;
export declare function readError(response: Response): Promise<unknown>;
