/** What happens to me, as it happens: one stream that outlives its connections and its access tokens. */

import { client as defaultClient } from "./generated/client.gen.js";
import type { Client } from "./generated/client/index.js";
import { streamNotifications } from "./generated/sdk.gen.js";
import type { LiveEvent, Topic } from "./generated/types.gen.js";
import { pause } from "./pause.js";
import { isProblem, readError } from "./problem.js";

/** The server says something every ten seconds, so a connection that is silent for this long is dead. */
const SILENCE = 45_000;
const SHORTEST = 500;
const LONGEST = 30_000;

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
export async function* live(options: LiveOptions = {}): AsyncGenerator<LiveEvent, void, undefined> {
  const { topics, signal, client = defaultClient } = options;
  const send = client.getConfig().fetch ?? fetch;
  let last = options.lastEventId;
  let failures = 0;
  while (!signal?.aborted) {
    const connection = new AbortController();
    const hangUp = () => connection.abort();
    let failure: unknown;
    let alarm = setTimeout(hangUp, SILENCE);
    const heard = () => {
      clearTimeout(alarm);
      alarm = setTimeout(hangUp, SILENCE);
    };
    signal?.addEventListener("abort", hangUp);
    try {
      const { stream } = await streamNotifications({
        client,
        query: { topics },
        headers: { "Last-Event-ID": last },
        signal: connection.signal,
        sseMaxRetryAttempts: 1, // it would come back with the same token, and not at all after an orderly end
        onSseError: (error) => {
          failure = error;
        },
        fetch: async (input, init) => {
          const response = await send(input, init);
          if (!response.ok) throw await readError(response);
          return new Response(response.body?.pipeThrough(listening(heard)), response);
        },
      });
      for await (const event of stream) {
        failures = 0;
        last = event.id;
        yield event;
      }
    } catch (error) {
      failure = error;
    } finally {
      clearTimeout(alarm);
      signal?.removeEventListener("abort", hangUp);
      hangUp(); // who leaves the loop leaves no connection behind
    }
    if (signal?.aborted) return;
    if (isProblem(failure) && failure.status < 500 && failure.status !== 429) throw failure;
    options.onDisconnect?.(failure);
    await pause(Math.min(LONGEST, SHORTEST * 2 ** failures) * (1 + Math.random()), signal);
    failures += 1;
  }
}

function listening(heard: () => void): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  return new TransformStream({
    transform(chunk, controller) {
      heard();
      controller.enqueue(chunk);
    },
  });
}
