/** The stream of live events, told by what the other mocks change. */

import type { LiveEvent } from "../generated/types.gen.js";
import { schemas } from "./operations.gen.js";
import type { Row } from "./schema.js";

/** The kinds of event that tell of a schema: those whose data it is. */
function kindsOf(schema: string): string[] {
  const events = Object.values(schemas).filter(({ properties }) => properties?.data?.$ref === schema);
  return events.flatMap(({ properties }) => properties?.kind?.enum ?? properties?.kind?.const ?? []).map(String);
}

export class Channel {
  private readonly listeners = new Set<(schema: string, text: string) => void>();
  private last = 0;

  tell(schema: string, what: "created" | "updated" | "deleted", data: Row): void {
    const kind = kindsOf(schema).find((one) => one.endsWith(`.${what}`));
    if (kind === undefined) return;
    const text = this.frame({ id: ++this.last, kind, data } as unknown as LiveEvent);
    for (const listener of this.listeners) listener(kind.replace(/\.\w+$/, "s"), text);
  }

  stream(request: Request): Response {
    const topics = new URL(request.url).searchParams.getAll("topics").flatMap((topic) => topic.split(","));
    const wanted = new Set(topics.length ? topics : ["notifications"]);
    let listener: ((topic: string, text: string) => void) | undefined;
    const leave = () => listener && this.listeners.delete(listener);
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const encoder = new TextEncoder();
        listener = (topic, text) => {
          if (wanted.has(topic)) controller.enqueue(encoder.encode(text));
        };
        controller.enqueue(encoder.encode(this.frame({ id: this.last, kind: "ready" })));
        this.listeners.add(listener);
      },
      cancel: () => void leave(),
    });
    request.signal.addEventListener("abort", leave);
    return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
  }

  private frame(event: LiveEvent): string {
    return `event: ${event.kind}\ndata: ${JSON.stringify(event)}\nid: ${event.id}\n\n`;
  }
}
