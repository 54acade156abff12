/** Many tabs of one browser, two users, and an API that goes away and comes back. */

import { listSessions, listTeams } from "onefold-client";
import { expect, vi } from "vitest";
import { stop } from "../server.js";
import { heard, listen, type Place, resume } from "./browser.js";
import { type Person, stranger } from "./people.js";
import { PATIENCE, testInBrowser as test, world } from "./world.js";

const teamsOf = async ({ client }: Person) => (await listTeams({ client })).data.items.map(({ name }) => name);

test.each<Place>(["the cookie", "webStore()"])("tabs that refresh at once do not end their session, with %s", async (place) => {
  const tabs = await world.adasTabs(5, place);
  const anHourLater = () => {
    const { now } = Date;
    Date.now = () => now() + 3_600_000;
  };
  const call = () => window.onefold.getMe().then(({ data }) => data.username);
  await Promise.all(tabs.map((one) => one.evaluate(anHourLater)));

  expect(await Promise.all(tabs.map((one) => one.evaluate(call)))).toEqual(tabs.map(() => world.ada.username));
  expect(await Promise.all(tabs.map((one) => one.evaluate(call)))).toEqual(tabs.map(() => world.ada.username));
});

test.each<Place>(["the cookie", "webStore()"])("when another user signs in, no tab goes on as this user, with %s", async (place) => {
  const tabs = await world.adasTabs(10, place);
  for (const one of tabs) await listen(one);
  const [bobs, ...others] = tabs;

  await bobs.evaluate(() => window.session.signOut());
  await world.signIn(bobs, world.bob);
  await listen(bobs);
  await Promise.all(others.map((one) => one.waitForFunction(() => window.told.length === 2)));
  const answers = await Promise.all(
    others.map((one) =>
      one.evaluate(async () => {
        const { error } = await window.onefold.createTeam({ body: { name: "Ada's" }, throwOnError: false });
        return error?.code;
      }),
    ),
  );
  await bobs.evaluate(() => window.onefold.createTeam({ body: { name: "Bob's" } }));
  await bobs.evaluate(() => window.onefold.createTask({ body: { description: "Bob's" } })); // part: tasks

  expect(answers).toEqual(others.map(() => "invalid_token"));
  await vi.waitFor(async () => expect(await heard(bobs)).toContain("Bob's"), PATIENCE); // part: tasks
  expect(await teamsOf(world.bob)).toEqual(["Bob's"]);
  expect(await teamsOf(world.ada)).toEqual([]);
  for (const one of others) {
    expect(await one.evaluate(() => window.told)).toEqual(["signed_out", "signed_in"]);
    expect(await heard(one)).toEqual(["invalid_token"]);
  }
});

test.each<Place>(["the cookie", "webStore()"])("a tab that cannot be told notices who is signed in, with %s", async (place) => {
  const [two] = await world.adasTabs(2, place);
  const deaf = await world.open(place, { isDeaf: true });
  expect(await resume(deaf)).toBe(true);

  await two.evaluate(() => window.session.signOut());
  await world.signIn(two, world.bob);
  const error = await deaf.evaluate(async () => {
    const add = window.onefold.createTeam({ body: { name: "Ada's" } });
    return add.then(() => "added", (problem: unknown) => problem instanceof window.onefold.SessionEndedError);
  });

  expect(error).toBe(true);
  expect(await deaf.evaluate(() => window.told)).toEqual(["other_user"]);
  expect(await teamsOf(world.bob)).toEqual([]);
  expect(await two.evaluate(async () => (await window.onefold.getMe()).data.username)).toBe(world.bob.username);
});

test.each<Place>(["the cookie", "webStore()"])("while the API is away, a user stays signed in, and signs out for good, with %s", async (place) => {
  const [one, two, three = one] = await world.adasTabs(3, place);
  const sessions = async () => (await listSessions({ client: world.ada.client })).data.items.length;
  expect(await sessions()).toBe(2);
  await stop(world.api);

  await world.open(place, { page: one });
  expect(await resume(one)).toBe(true);
  expect(await resume(await world.open(place, { page: two }))).toBe(true);
  await one.evaluate(() => window.session.signOut());
  await Promise.all([two, three].map((other) => other.waitForFunction(() => window.told.length)));
  expect(await resume(await world.open(place, { page: three }))).toBe(false);

  world.api = await world.start();
  await vi.waitFor(async () => expect(await sessions()).toBe(1), PATIENCE);
  expect(await resume(await world.open(place, { page: one }))).toBe(false);
  await world.signIn(one, world.bob);
  expect(await resume(await world.open(place, { page: two }))).toBe(true);
  expect(await two.evaluate(async () => (await window.onefold.getMe()).data.username)).toBe(world.bob.username);
});

test("a page that began while the API was away works when it is back", async () => {
  const one = await world.open("the cookie");
  await world.signIn(one, world.ada);
  await stop(world.api);
  await world.open("the cookie", { page: one });
  expect(await resume(one)).toBe(true);
  const call = () => one.evaluate(async () => (await window.onefold.getMe()).data.username);
  await expect(call()).rejects.toThrow("Failed to fetch");

  world.api = await world.start();

  expect(await call()).toBe(world.ada.username);
  expect(await stranger({ baseUrl: world.baseUrl }).resume()).toBe(false);
});
