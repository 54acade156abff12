/** Pictures: kept as they are sent, and answered as they were. */
import type { Row } from "./schema.js";
import { type Asked } from "./special.js";
export declare function setAvatar(asked: Asked): Promise<Row>;
export declare function deleteAvatar(asked: Asked): undefined;
export declare function getAvatar({ world, params }: Asked): Blob;
