/** What an operation is asked, and what the file of an entity may say of it. */
import { problem } from "./check.js";
export function refuse(code) {
    throw problem(code);
}
export function changed({ world, channel }, schema, row, given) {
    world.change(schema, row, given);
    const shown = world.shown(schema, row);
    channel.tell(schema, "updated", shown);
    return shown;
}
