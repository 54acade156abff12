/** The API without a server: handlers for Mock Service Worker that answer every operation, and remember what they are told. */
import { type Operations } from "./operations.gen.js";
export type { Operations };
interface Info {
    request: Request;
    params: Record<string, string | readonly string[] | undefined>;
}
type Method = "get" | "post" | "put" | "patch" | "delete";
/** What is needed of MSW's `http`. It is handed in, so that the handlers are of your MSW and not of a second one. */
export type Http<Handler> = Record<Method, (path: string, resolver: (info: Info) => Promise<Response>) => Handler>;
type Id = keyof Operations;
type AnswerOf<O extends Id> = Operations[O]["answers"][keyof Operations[O]["answers"]];
export interface MockOptions {
    /** Where the API is thought to be; anywhere, unless you say so. */
    baseUrl?: string;
    /** The same seed makes the same data. */
    seed?: number;
    /** How many rows of each kind there are to begin with. */
    rows?: number;
    /** Milliseconds that an answer takes. */
    delay?: number;
    /** Answers of your own, in place of those made up: `{ listTasks: () => ({ items: [], next_cursor: null, total: 0 }) }`. */
    answers?: {
        [O in Id]?: (request: Request) => AnswerOf<O> | Response | Promise<AnswerOf<O> | Response>;
    };
}
/** `setupWorker(...handlers(http))` in a browser, `setupServer(...handlers(http))` in tests. */
export declare function handlers<Handler>(http: Http<Handler>, options?: MockOptions): Handler[];
