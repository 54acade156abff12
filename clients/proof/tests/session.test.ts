import makeFetchCookie from "fetch-cookie";
import { createTeam, getMe, isProblem, listTeams, logout } from "onefold-client";
import { expect, test, vi } from "vitest";
import { count, person, spoil, stranger } from "./people.js";

const REFRESH = "POST /api/v1/auth/refresh";

test("who registers is signed in", async () => {
  const ada = await person();

  const { data } = await getMe({ client: ada.client });

  expect(data.username).toBe(ada.username);
});

test("fifty calls at once with an ended token refresh once, and all succeed", async () => {
  const ada = await person();
  await spoil(ada.store);

  const answers = await Promise.all(Array.from({ length: 50 }, () => getMe({ client: ada.client })));

  expect(answers.map(({ data }) => data.username)).toEqual(Array<string>(50).fill(ada.username));
  expect(count(ada.asked, REFRESH)).toBe(1);
});

test("a token that is about to end is renewed before it is used", async () => {
  const ada = await person();
  const held = (await ada.store.load())!;
  await ada.store.save({ ...held, expires_at: Date.now() + 1000 });

  await getMe({ client: ada.client });

  expect(ada.asked.slice(-2)).toEqual([REFRESH, "GET /api/v1/users/me"]);
  expect((await ada.store.load())!.refresh_token).not.toBe(held.refresh_token);
});

test("a body is sent again whole after a refresh", async () => {
  const ada = await person();
  await spoil(ada.store);

  const { data } = await createTeam({ client: ada.client, body: { name: "Weave" } });

  expect(data.name).toBe("Weave");
  expect(count(ada.asked, REFRESH)).toBe(1);
});

test("when the sign-in has ended, the call says so, the tokens are gone, and the page is told once", async () => {
  const onSignedOut = vi.fn();
  const ada = await person({ onSignedOut });
  const { access_token } = (await ada.store.load())!;
  await logout({ client: ada.client });
  expect((await ada.store.load())!.access_token).toBe(access_token);

  const calls = await Promise.allSettled([getMe({ client: ada.client }), listTeams({ client: ada.client })]);

  for (const call of calls) expect(call.status === "rejected" && isProblem(call.reason, "invalid_token")).toBe(true);
  expect(await ada.store.load()).toBeUndefined();
  expect(onSignedOut).toHaveBeenCalledTimes(1);
  expect(count(ada.asked, REFRESH)).toBe(1);
});

test("a refresh that does not get through is tried once for all who wait, and ends no sign-in", async () => {
  let away = false;
  let refused = 0;
  const ada = await person({
    fetch: async (input, init) => {
      if (away && new Request(input).url.endsWith("/refresh")) {
        await vi.waitFor(() => expect(refused).toBe(5)); // until all of them wait for new tokens
        throw new TypeError("away");
      }
      const answer = await fetch(input, init);
      if (answer.status === 401) refused += 1;
      return answer;
    },
  });
  await spoil(ada.store);
  away = true;
  const calls = await Promise.allSettled(Array.from({ length: 5 }, () => getMe({ client: ada.client })));
  expect(calls.map((call) => call.status === "rejected" && String(call.reason))).toEqual(Array(5).fill("TypeError: away"));
  expect(count(ada.asked, REFRESH)).toBe(1);
  away = false;

  const { data } = await getMe({ client: ada.client });

  expect(data.username).toBe(ada.username);
});

test("signing out ends the sign-in on the server", async () => {
  const ada = await person();
  const held = await ada.store.load();

  await ada.signOut();

  expect(await ada.token()).toBeUndefined();
  await ada.store.save(held);
  await expect(getMe({ client: ada.client })).rejects.toMatchObject({ code: "invalid_token" });
});

test("two tabs that share a store refresh once", async () => {
  const queues = new Map<string, Promise<unknown>>();
  const request = (name: string, work: () => Promise<unknown>) => {
    const done = (queues.get(name) ?? Promise.resolve()).then(work, work);
    queues.set(name, done);
    return done;
  };
  vi.stubGlobal("navigator", { locks: { request } });
  const one = await person();
  one.store.shared = "tokens";
  const tabs = [stranger({ store: one.store }), stranger({ store: one.store })];
  await spoil(one.store);

  await Promise.all(tabs.flatMap((tab) => [getMe({ client: tab.client }), getMe({ client: tab.client })]));

  vi.unstubAllGlobals();
  expect(tabs.map((tab) => count(tab.asked, REFRESH)).sort()).toEqual([0, 1]);
});

test("with the cookie, no script sees the refresh token, and a reloaded page goes on", async () => {
  const jar = makeFetchCookie(fetch);
  const ada = await person({ transport: "cookie", fetch: jar });
  expect((await ada.store.load())!.refresh_token).toBeNull();
  await spoil(ada.store);
  await Promise.all([getMe({ client: ada.client }), getMe({ client: ada.client })]);
  expect(count(ada.asked, REFRESH)).toBe(1);

  const reloaded = stranger({ transport: "cookie", fetch: jar });
  expect(await reloaded.resume()).toBe(true);
  expect((await getMe({ client: reloaded.client })).data.username).toBe(ada.username);

  await reloaded.signOut();
  expect(await stranger({ transport: "cookie", fetch: jar }).resume()).toBe(false);
});

test("without a sign-in there is nothing to resume", async () => {
  const nobody = stranger();

  expect(await nobody.resume()).toBe(false);
  expect(nobody.asked).toEqual([]);
});
