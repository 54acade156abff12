/** Signing in: everybody may, except with the password `wrong`. */
import { type Asked } from "../asked.js";
import type { Row } from "../schema.js";
declare function tokens({ body, world }: Asked): Row;
declare const _default: {
    operations: {
        register(asked: Asked): Row;
        login(asked: Asked): Row;
        createToken: typeof tokens;
        refresh: typeof tokens;
    };
    schemas: {
        UserSessionPublic: {
            words: {
                user_agent: string[];
            };
            imagined(row: Row, number: number): void;
        };
    };
};
export default _default;
