/** What begins as one user never goes on as another. */

import makeFetchCookie from "fetch-cookie";
import {
  createNote,
  createTask,
  getMe,
  isProblem,
  listNotes,
  listTasks,
  live,
  pages,
  SessionEndedError,
  setAvatar,
  type StoredTokens,
  webStore,
} from "onefold-client";
import { expect, inject, test, vi } from "vitest";
import { count, PASSWORD, person, type Person, spoil, stranger } from "./people.js";

/** Lets an answer wait, so that something else happens before it arrives. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

const signInAs = (one: Person, { username }: Person) => one.signIn({ username, password: PASSWORD });

const tasksOf = async ({ client }: Person) => (await listTasks({ client })).data.items.map(({ description }) => description);

/** What `localStorage` is to the tabs of a browser. */
function storage(): Storage {
  const kept = new Map<string, string>();
  const { get, set, delete: remove } = kept;
  const own = { getItem: get.bind(kept), setItem: set.bind(kept), removeItem: remove.bind(kept) };
  return { ...own, getItem: (key: string) => kept.get(key) ?? null } as unknown as Storage;
}

test.each([
  ["a call", (client: Person["client"]) => createTask({ client, body: { description: "Ada's" } })],
  ["an upload", (client: Person["client"]) => setAvatar({ client, body: { file: new Blob(["GIF89a"]) } })],
])("%s that is refused after another user has signed in is not sent as this user", async (_, call) => {
  const { open, opened } = gate();
  const refused = gate();
  const bob = await person();
  const ada = await person({
    fetch: async (input, init) => {
      const answer = await fetch(input, init);
      if (answer.status !== 401) return answer;
      refused.open();
      await opened;
      return answer;
    },
  });
  await spoil(ada.store);
  const calling = call(ada.client).catch((error: unknown) => error);
  await refused.opened;

  await signInAs(ada, bob);
  open();

  expect(await calling).toBeInstanceOf(SessionEndedError);
  expect(isProblem(await calling, "invalid_token")).toBe(true);
  expect(await tasksOf(bob)).toEqual([]);
  expect((await getMe({ client: ada.client })).data.username).toBe(bob.username);
});

test("a call that waits for new tokens is not sent as the user who signs in meanwhile", async () => {
  const { open, opened } = gate();
  const bob = await person();
  const ada = await person({
    fetch: async (input, init) => {
      const answer = await fetch(input, init);
      if (answer.url.endsWith("/refresh")) await opened;
      return answer;
    },
  });
  await ada.store.save({ ...(await ada.store.load())!, expires_at: 0 });
  const calling = createTask({ client: ada.client, body: { description: "Ada's" } }).catch((error: unknown) => error);

  const signingIn = signInAs(ada, bob);
  open();
  await signingIn;
  await calling;

  expect(await tasksOf(bob)).toEqual([]);
  expect((await getMe({ client: ada.client })).data.username).toBe(bob.username);
});

test("pages end when another user signs in", async () => {
  const [ada, bob] = [await person(), await person()];
  for (const { client } of [ada, bob]) for (const title of ["one", "two"]) await createNote({ client, body: { title, content: "" } });
  const notes = pages(listNotes, { client: ada.client, query: { limit: 1 } });
  await notes.next();

  await signInAs(ada, bob);

  await expect(notes.next()).rejects.toBeInstanceOf(SessionEndedError);
  expect(count(ada.asked, "GET /api/v1/notes")).toBe(1);
});

test("a stream ends when another user signs in", async () => {
  const [ada, bob] = [await person(), await person()];
  const events = live({ client: ada.client, topics: ["tasks"] });
  await events.next();
  const waiting = events.next();
  waiting.catch(() => undefined);

  await signInAs(ada, bob);

  await expect(waiting).rejects.toBeInstanceOf(SessionEndedError);
});

test("a tab whose store has the tokens of another user sends nothing, and says so", async () => {
  const shared = storage();
  const onSignedOut = vi.fn();
  const bob = await person();
  const ada = await person({ store: webStore(shared), onSignedOut });
  const other = stranger({ store: webStore(shared) });
  await signInAs(other, bob);
  const asked = ada.asked.length;

  const { error } = await createTask({ client: ada.client, body: { description: "Ada's" }, throwOnError: false });

  expect(error).toBeInstanceOf(SessionEndedError);
  expect(ada.asked.length).toBe(asked);
  expect(onSignedOut.mock.calls).toEqual([["other_user"]]);
  expect((await getMe({ client: other.client })).data.username).toBe(bob.username);
  expect(await ada.resume()).toBe(true);
  expect((await getMe({ client: ada.client })).data.username).toBe(bob.username);
});

test("a tab whose cookie is another user's by now sends nothing, and leaves the cookie to that user", async () => {
  const fetch = makeFetchCookie(globalThis.fetch);
  const onSignedOut = vi.fn();
  const bob = await person();
  const ada = await person({ transport: "cookie", fetch, onSignedOut });
  const other = stranger({ transport: "cookie", fetch });
  await signInAs(other, bob);
  await spoil(ada.store);

  await expect(createTask({ client: ada.client, body: { description: "Ada's" } })).rejects.toBeInstanceOf(SessionEndedError);

  expect(onSignedOut.mock.calls).toEqual([["other_user"]]);
  expect(await tasksOf(bob)).toEqual([]);
  await spoil(other.store);
  expect((await getMe({ client: other.client })).data.username).toBe(bob.username);
});

test("signing out while the API is away resolves, lasts, and reaches the server when it is back", async () => {
  let isAway = false;
  const shared = storage();
  const reach: typeof fetch = async (input, init) => {
    if (isAway) throw new TypeError("away");
    return fetch(input, init);
  };
  const ada = await person({ store: webStore(shared), fetch: reach });
  const { refresh_token } = (await ada.store.load()) as StoredTokens;
  isAway = true;

  await ada.signOut();

  expect(await ada.token()).toBeUndefined();
  const reloaded = stranger({ store: webStore(shared), fetch: reach });
  expect(await reloaded.resume()).toBe(false);
  isAway = false;
  await vi.waitFor(() => expect(count([...ada.asked, ...reloaded.asked], "POST /api/v1/auth/logout")).toBe(2), 20_000);
  const body = JSON.stringify({ refresh_token });
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${inject("baseUrl")}/api/v1/auth/refresh`, { method: "POST", headers, body });
  expect(answer.status).toBe(401);
});

test("a session that has ended here is not resumed by its cookie, which the server has not yet taken away", async () => {
  const reach = makeFetchCookie(globalThis.fetch);
  const ada = await person({
    transport: "cookie",
    fetch: async (input, init) => {
      if ((input as Request).url.endsWith("/logout")) throw new TypeError("away");
      return reach(input, init);
    },
  });

  await ada.signOut();

  expect(await ada.resume()).toBe(false);
  await expect(getMe({ client: ada.client })).rejects.toMatchObject({ code: "invalid_token" });
});

test("a refresh that ends after signing out brings nobody back", async () => {
  const { open, opened } = gate();
  const ada = await person({
    fetch: async (input, init) => {
      const answer = await fetch(input, init);
      if (answer.url.endsWith("/refresh")) await opened;
      return answer;
    },
  });
  await ada.store.save({ ...(await ada.store.load())!, expires_at: 0 });
  const calling = getMe({ client: ada.client });
  calling.catch(() => undefined);
  const out = ada.signOut();
  open();
  await out;

  await expect(calling).rejects.toMatchObject({ code: "invalid_token" });
  expect(await ada.store.load()).toBeUndefined();
  expect(await ada.resume()).toBe(false);
});

test("while the API is away, a stored session is one to go on with", async () => {
  let isAway = false;
  const ada = await person();
  await spoil(ada.store);
  await ada.store.save({ ...(await ada.store.load())!, expires_at: 0 });
  const reloaded = stranger({
    store: ada.store,
    fetch: async (input, init) => {
      if (isAway) throw new TypeError("away");
      return fetch(input, init);
    },
  });
  isAway = true;
  expect(await reloaded.resume()).toBe(true);
  await expect(getMe({ client: reloaded.client })).rejects.toThrow("away");
  isAway = false;

  expect((await getMe({ client: reloaded.client })).data.username).toBe(ada.username);
});

test("where storage is forbidden, tokens are in memory", async () => {
  const refuse = () => {
    throw new DOMException("Access is denied", "SecurityError");
  };
  const forbidden = { getItem: refuse, setItem: refuse, removeItem: refuse } as unknown as Storage;
  const ada = await person({ store: webStore(forbidden) });

  expect((await getMe({ client: ada.client })).data.username).toBe(ada.username);
  await ada.signOut();
  expect(await ada.resume()).toBe(false);
  expect(await stranger({ store: webStore() }).resume()).toBe(false);
});
