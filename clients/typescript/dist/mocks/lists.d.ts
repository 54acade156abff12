/** Lists as the API answers them: filtered, searched, sorted and paged. */
import type { Row } from "./schema.js";
export declare function page(rows: Row[], query: URLSearchParams): Row;
