/** What happens to me, as it happens. */

import { client as defaultClient } from "./generated/client.gen.js";
import type { Client } from "./generated/client/index.js";
import type { LiveEvent, Topic } from "./generated/types.gen.js";
import { signInOf } from "./identity.js";
import { canShare, share } from "./sharing.js";
import { stream } from "./stream.js";

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
 * `for await (const event of live({ topics: ["notifications"] })) switch (event.kind) { … }`
 *
 * Each connection begins with `ready`, or with `reset` when events are missing: then load anew what you show. Ends with
 * a `ProblemError` when the session has ended. All tabs of a user share one connection, where the browser has Web Locks.
 */
export async function* live(options: LiveOptions = {}): AsyncGenerator<LiveEvent, void, undefined> {
  const { topics, lastEventId, signal, onDisconnect, client = defaultClient } = options;
  const signIn = signInOf(client);
  const user = await signIn?.user();
  const session = user === undefined ? undefined : signIn?.identity.signal;
  const end = new AbortController();
  const stop = () => end.abort();
  for (const cause of [signal, session]) {
    cause?.addEventListener("abort", stop);
    if (cause?.aborted) stop();
  }
  const own = { client, topics, lastEventId, signal: end.signal, onDisconnect };
  try {
    yield* signIn && user && canShare() ? share(`onefold live ${signIn.baseUrl} ${user}`, own) : stream(own);
  } finally {
    for (const cause of [signal, session]) cause?.removeEventListener("abort", stop);
    stop();
  }
  if (!signal?.aborted) session?.throwIfAborted();
}
