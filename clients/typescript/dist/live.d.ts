/** What happens to me, as it happens: one stream that outlives its connections and its access tokens. */
import type { Client } from "./generated/client/index.js";
import type { LiveEvent, Topic } from "./generated/types.gen.js";
export interface LiveOptions {
    /** Notifications, unless you say otherwise. */
    topics?: Topic[];
    /** Go on after this event; nothing that came since is lost. */
    lastEventId?: number;
    /** Ends the stream. Leaving the loop ends it too. */
    signal?: AbortSignal;
    /** Called each time that the connection was lost, with the error if there was one; it is sought again by itself. */
    onDisconnect?: (error: unknown) => void;
    client?: Client;
}
/**
 * `for await (const event of live({ topics: ["tasks"] })) switch (event.kind) { … }`
 *
 * Each connection begins with `ready`, or with `reset` when events are missing: then load anew what you show. Ends with
 * a `ProblemError` when the sign-in is over.
 */
export declare function live(options?: LiveOptions): AsyncGenerator<LiveEvent, void, undefined>;
