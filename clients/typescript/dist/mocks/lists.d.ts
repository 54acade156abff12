/** Lists as the API answers them: filtered, searched, sorted and paged. */
import type { Row, Special } from "./schema.js";
export declare function page(rows: Row[], query: URLSearchParams, { filters }?: Special): Row;
