/** All items of a list, page after page, as they are asked for. */

import { client as defaultClient } from "./generated/client.gen.js";
import type { Client } from "./generated/client/index.js";
import { asOneUser } from "./identity.js";

type Operation = (options: never) => Promise<unknown>;

type ItemOf<Answer> = Answer extends { data: { items: (infer Item)[] } } ? Item : never;

type Items<List extends Operation> = ItemOf<Awaited<ReturnType<List>>>;

/** What all lists have in common, and what their types, each with filters of its own, cannot say together. */
type AnyList<Item> = (options: object) => Promise<{ data: { items: Item[]; next_cursor: string | null } }>;

/**
 * `for await (const team of pages(listTeams, { query: { q: "garden" } })) { … }`
 *
 * All pages are read as the user who read the first one.
 */
export async function* pages<List extends Operation>(
  list: List,
  ...[options]: Parameters<List>
): AsyncGenerator<Items<List>, void, undefined> {
  const read = list as unknown as AnyList<Items<List>>;
  const given: { query?: object; client?: Client } = options ?? {};
  const user = asOneUser(given.client ?? defaultClient);
  let query = given.query;
  for (;;) {
    const { data } = await read({ ...user, ...given, query, throwOnError: true });
    yield* data.items;
    if (data.next_cursor === null) return;
    query = { ...query, cursor: data.next_cursor, skip: undefined, count: undefined }; // these two are for the first page
  }
}
