/** One stream of events that outlives its connections and its access tokens. */

import type { Client } from "./generated/client/index.js";
import { streamNotifications } from "./generated/sdk.gen.js";
import type { LiveEvent, StreamNotificationsData, Topic } from "./generated/types.gen.js";
import { asOneUser } from "./identity.js";
import { pause } from "./pause.js";
import { isAway, readError } from "./problem.js";

/** The server says something every ten seconds, so a connection that is silent for this long is dead. */
export const SILENCE = 45_000;
const SHORTEST = 500;
const LONGEST = 30_000;

export interface StreamOptions {
  client: Client;
  topics: Topic[] | undefined;
  lastEventId: number | undefined;
  signal: AbortSignal;
  onDisconnect: ((error: unknown) => void) | undefined;
  /** Called whenever the server says something. */
  onHeard?: () => void;
}

/** The events for one user. Ends when the signal is aborted, or with the problem that the server answers. */
export async function* stream(options: StreamOptions): AsyncGenerator<LiveEvent, void, undefined> {
  const { client, topics, signal } = options;
  const send = client.getConfig().fetch ?? fetch;
  const user = asOneUser(client);
  let last = options.lastEventId;
  let failures = 0;
  while (!signal.aborted) {
    const connection = new AbortController();
    const hangUp = () => connection.abort();
    let failure: unknown;
    let alarm = setTimeout(hangUp, SILENCE);
    const heard = () => {
      clearTimeout(alarm);
      alarm = setTimeout(hangUp, SILENCE);
      options.onHeard?.();
    };
    signal.addEventListener("abort", hangUp);
    try {
      const { stream } = await streamNotifications({
        ...user,
        client,
        query: { topics } as NonNullable<StreamNotificationsData["query"]>,
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
      signal.removeEventListener("abort", hangUp);
      hangUp(); // leaving the loop leaves no connection behind
    }
    if (signal.aborted) return;
    if (failure !== undefined && !isAway(failure)) throw failure;
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
