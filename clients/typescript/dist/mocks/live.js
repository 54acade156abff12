/** The stream of live events, told by what the other mocks change. */
import { schemas } from "./operations.gen.js";
/** The kinds of event that tell of a schema: those whose data it is. */
function kindsOf(schema) {
    const events = Object.values(schemas).filter(({ properties }) => properties?.data?.$ref === schema);
    return events.flatMap(({ properties }) => properties?.kind?.enum ?? properties?.kind?.const ?? []).map(String);
}
export class Channel {
    listeners = new Set();
    last = 0;
    tell(schema, what, data) {
        const kind = kindsOf(schema).find((one) => one.endsWith(`.${what}`));
        if (kind === undefined)
            return;
        const text = this.frame({ id: ++this.last, kind, data });
        for (const listener of this.listeners)
            listener(kind.replace(/\.\w+$/, "s"), text);
    }
    stream(request) {
        const topics = new URL(request.url).searchParams.getAll("topics").flatMap((topic) => topic.split(","));
        const wanted = new Set(topics.length ? topics : ["notifications"]);
        let listener;
        const leave = () => listener && this.listeners.delete(listener);
        const body = new ReadableStream({
            start: (controller) => {
                const encoder = new TextEncoder();
                listener = (topic, text) => {
                    if (wanted.has(topic))
                        controller.enqueue(encoder.encode(text));
                };
                controller.enqueue(encoder.encode(this.frame({ id: this.last, kind: "ready" })));
                this.listeners.add(listener);
            },
            cancel: () => void leave(),
        });
        request.signal.addEventListener("abort", leave);
        return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
    }
    frame(event) {
        return `event: ${event.kind}\ndata: ${JSON.stringify(event)}\nid: ${event.id}\n\n`;
    }
}
