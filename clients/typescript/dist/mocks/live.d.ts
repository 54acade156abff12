/** The stream of live events, told by what the other mocks change. */
import type { Row } from "./schema.js";
export declare class Channel {
    private readonly listeners;
    private last;
    tell(schema: string, what: "created" | "updated" | "deleted", data: Row): void;
    stream(request: Request): Response;
    private frame;
}
