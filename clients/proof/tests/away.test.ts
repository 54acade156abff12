/** Going on, and signing out, while the API or the storage of the browser is away. */

import makeFetchCookie from "fetch-cookie";
import { getMe, type StoredTokens, webStore } from "onefold-client";
import { expect, inject, test, vi } from "vitest";
import { count, gate, person, spoil, storage, stranger } from "./people.js";

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
