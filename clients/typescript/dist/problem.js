/** What the API answers when something goes wrong, as an error to throw and to switch on. */
export class ProblemError extends Error {
    name = "ProblemError";
    type;
    title;
    status;
    code;
    detail;
    errors;
    /** Seconds to wait before trying again, where the server says so. */
    retryAfter;
    /** Finds the request in the server's log. */
    requestId;
    constructor(problem, response) {
        super(problem.detail);
        this.type = problem.type;
        this.title = problem.title;
        this.status = problem.status;
        this.code = problem.code;
        this.detail = problem.detail;
        if (problem.errors)
            this.errors = problem.errors;
        this.retryAfter = Number(response.headers.get("Retry-After")) || undefined;
        this.requestId = response.headers.get("X-Request-ID") ?? undefined;
    }
}
/** Whether an error came from the API, and, if codes are given, whether it is one of these. */
export function isProblem(error, ...codes) {
    return error instanceof ProblemError && (codes.length === 0 || codes.some((code) => code === error.code));
}
/** The error that an answer which is none stands for; a proxy's may have any body. */
export function toError(body, response) {
    if (body instanceof Error || response === undefined)
        return body;
    if (typeof body === "object" && body !== null && "code" in body && "detail" in body) {
        return new ProblemError(body, response);
    }
    return new Error(`${response.status} ${response.statusText}`.trim(), { cause: body });
}
export async function readError(response) {
    const text = await response.text();
    try {
        return toError(JSON.parse(text), response);
    }
    catch {
        return toError(text, response);
    }
}
