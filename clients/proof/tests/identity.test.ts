/** What begins as one user never goes on as another. */

import makeFetchCookie from "fetch-cookie";
import {
  createTeam,
  getMe,
  isProblem,
  listTeams,
  live,
  pages,
  SessionEndedError,
  setAvatar,
  webStore,
} from "onefold-client";
import { expect, test, vi } from "vitest";
import { count, gate, PASSWORD, person, type Person, spoil, storage, stranger } from "./people.js";

const signInAs = (one: Person, { username }: Person) => one.signIn({ username, password: PASSWORD });

const teamsOf = async ({ client }: Person) => (await listTeams({ client })).data.items.map(({ name }) => name);

test.each([
  ["a call", (client: Person["client"]) => createTeam({ client, body: { name: "Ada's" } })],
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
  expect(await teamsOf(bob)).toEqual([]);
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
  const calling = createTeam({ client: ada.client, body: { name: "Ada's" } }).catch((error: unknown) => error);

  const signingIn = signInAs(ada, bob);
  open();
  await signingIn;
  await calling;

  expect(await teamsOf(bob)).toEqual([]);
  expect((await getMe({ client: ada.client })).data.username).toBe(bob.username);
});

test("pages end when another user signs in", async () => {
  const [ada, bob] = [await person(), await person()];
  for (const { client } of [ada, bob]) for (const name of ["one", "two"]) await createTeam({ client, body: { name } });
  const teams = pages(listTeams, { client: ada.client, query: { limit: 1 } });
  await teams.next();

  await signInAs(ada, bob);

  await expect(teams.next()).rejects.toBeInstanceOf(SessionEndedError);
  expect(count(ada.asked, "GET /api/v1/teams")).toBe(1);
});

test("a stream ends when another user signs in", async () => {
  const [ada, bob] = [await person(), await person()];
  const events = live({ client: ada.client, topics: ["notifications"] });
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

  const { error } = await createTeam({ client: ada.client, body: { name: "Ada's" }, throwOnError: false });

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

  await expect(createTeam({ client: ada.client, body: { name: "Ada's" } })).rejects.toBeInstanceOf(SessionEndedError);

  expect(onSignedOut.mock.calls).toEqual([["other_user"]]);
  expect(await teamsOf(bob)).toEqual([]);
  await spoil(other.store);
  expect((await getMe({ client: other.client })).data.username).toBe(bob.username);
});
