/** Somebody new, signed in, with a client of their own, and with what they ask the server for written down. */

import { connect, type ConnectOptions, createClient, memoryStore, type Session, type TokenStore } from "onefold-client";
import { inject } from "vitest";

export const PASSWORD = "correct horse battery";

export interface Person extends Session {
  username: string;
  store: TokenStore;
  /** `POST /api/v1/auth/refresh`, as it was asked for. */
  asked: string[];
}

export function stranger(options: Partial<ConnectOptions> = {}): Person {
  const store = options.store ?? memoryStore();
  const asked: string[] = [];
  const go = options.fetch ?? fetch;
  const session = connect({
    baseUrl: inject("baseUrl"),
    client: createClient(),
    ...options,
    store,
    fetch: (input, init) => {
      const request = new Request(input, init);
      asked.push(`${request.method} ${new URL(request.url).pathname}`);
      return go(request);
    },
  });
  return { ...session, username: `u${crypto.randomUUID().slice(0, 8)}`, store, asked };
}

export async function person(options: Partial<ConnectOptions> = {}): Promise<Person> {
  const someone = stranger(options);
  await someone.signUp({ username: someone.username, email: `${someone.username}@example.com`, password: PASSWORD });
  return someone;
}

/** The server will not take the access token any more, and the client does not know it. */
export async function spoil(store: TokenStore): Promise<void> {
  const held = await store.load();
  if (held === undefined) throw new Error("nobody is signed in");
  const [head, body] = held.access_token.split(".");
  await store.save({ ...held, access_token: `${head}.${body}.${"A".repeat(43)}` });
}

export const count = (asked: string[], what: string) => asked.filter((one) => one === what).length;

/** Lets an answer wait, so that something else happens before it arrives. */
export function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

/** What `localStorage` is to the tabs of a browser. */
export function storage(): Storage {
  const kept = new Map<string, string>();
  const { get, set, delete: remove } = kept;
  const own = { getItem: get.bind(kept), setItem: set.bind(kept), removeItem: remove.bind(kept) };
  return { ...own, getItem: (key: string) => kept.get(key) ?? null } as unknown as Storage;
}
