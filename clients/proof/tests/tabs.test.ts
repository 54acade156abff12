/** Many tabs of one browser, two people, and an API that goes away and comes back. */

import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTask, listSessions, listTasks } from "onefold-client";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { freePort, serve, stop } from "../server.js";
import { CHROMIUM, crash, hang, heard, launch, letPatienceEnd, listen, type Place, resume, site, tab } from "./browser.js";
import { PASSWORD, person, type Person, stranger } from "./people.js";

const PATIENCE = { timeout: 20_000, interval: 50 };

if (CHROMIUM === undefined && !process.env.CI) console.warn("No Chromium in the PATH or in CHROMIUM: its tests are skipped.");

describe.skipIf(CHROMIUM === undefined && !process.env.CI)("in a browser", () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Awaited<ReturnType<typeof site>>;
  let api: ChildProcess;
  let start: () => Promise<ChildProcess>;
  let baseUrl = "";
  let folder = "";
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    if (CHROMIUM === undefined) throw new Error("No Chromium in the PATH or in CHROMIUM.");
    [browser, page, folder] = await Promise.all([launch(), site(), mkdtemp(join(tmpdir(), "onefold-"))]);
    const port = await freePort();
    baseUrl = `http://127.0.0.1:${port}`;
    start = () => serve(folder, port, { CORS_ORIGINS: page.origin });
    api = await start();
  });

  afterAll(async () => {
    await browser?.close();
    page?.close();
    if (api !== undefined) await stop(api);
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    context = await browser.newContext();
    [ada, bob] = await Promise.all([person({ baseUrl }), person({ baseUrl })]);
  });

  afterEach(() => context.close());

  const open = (place: Place, given?: Page) => tab(context, page.origin, { baseUrl, place }, given);
  const write = async (description: string) => (await createTask({ client: ada.client, body: { description } })).data;
  const tasksOf = async ({ client }: Person) => (await listTasks({ client })).data.items.map(({ description }) => description);

  async function signIn(given: Page, { username }: Person): Promise<void> {
    await given.evaluate((body) => window.session.signIn(body), { username, password: PASSWORD });
  }

  async function adasTabs(length: number, place: Place = "the cookie"): Promise<[Page, Page, ...Page[]]> {
    const tabs = await Promise.all(Array.from({ length }, () => open(place)));
    await signIn(tabs[0]!, ada);
    for (const one of tabs.slice(1)) await one.waitForFunction(() => window.told.pop() === "signed_in");
    for (const one of tabs) expect(await resume(one)).toBe(true);
    return tabs as [Page, Page, ...Page[]];
  }

  test("ten tabs hold one stream, and miss nothing when the tab that holds it is closed, frozen or crashes", async () => {
    const leaders: Page[] = [];
    context.on("request", (request) => {
      if (request.url().includes("/notifications/stream") && request.method() === "GET") leaders.push(request.frame().page());
    });
    const tabs: Page[] = await adasTabs(10);
    for (const one of tabs) await listen(one);
    const written: string[] = [];
    const tell = async (what: string) => {
      written.push(what);
      await write(what);
    };
    const allHear = () => vi.waitFor(async () => {
      for (const one of tabs) expect(await heard(one)).toEqual(written);
    }, PATIENCE);

    await tabs.at(-1)!.evaluate(() => window.onefold.createTask({ body: { description: "from the tenth tab" } }));
    written.push("from the tenth tab");
    await allHear();
    expect(leaders).toEqual([tabs[0]]);
    for (const end of ["close", "freeze", "crash"]) {
      const leader = leaders.at(-1)!;
      tabs.splice(tabs.indexOf(leader), 1);
      await tell(`before ${end}`);
      if (end === "close") await leader.close();
      if (end === "freeze") await leader.evaluate(() => document.dispatchEvent(new Event("freeze"))).then(() => hang(leader));
      if (end === "crash") await crash(leader);
      await tell(`after ${end}`);
      await allHear();
      expect(leaders.at(-1)).not.toBe(leader);
    }
    expect(leaders.length).toBe(4);
  });

  test("a stream is about all topics of its tabs, and each tab hears its own", async () => {
    const [one, two] = await adasTabs(2);
    await listen(one, ["notes"]);
    await listen(two, ["tasks"]);

    await write("Weave");

    await vi.waitFor(async () => expect(await heard(two)).toEqual(["Weave"]), PATIENCE);
    expect(await heard(one)).toEqual([]);
  });

  test("two users at once hear their own events only", async () => {
    const [adas, bobs] = [await open("memory"), await open("memory")];
    await Promise.all([signIn(adas, ada), signIn(bobs, bob)]);
    await Promise.all([listen(adas), listen(bobs)]);

    await write("Ada's");
    await createTask({ client: bob.client, body: { description: "Bob's" } });

    await vi.waitFor(async () => expect(await heard(adas)).toEqual(["Ada's"]), PATIENCE);
    await vi.waitFor(async () => expect(await heard(bobs)).toEqual(["Bob's"]), PATIENCE);
  });

  test.each<Place>(["the cookie", "webStore()"])("tabs that refresh at once do not end their session, with %s", async (place) => {
    const tabs = await adasTabs(5, place);
    const anHourLater = () => {
      const { now } = Date;
      Date.now = () => now() + 3_600_000;
    };
    const call = () => window.onefold.getMe().then(({ data }) => data.username);
    await Promise.all(tabs.map((one) => one.evaluate(anHourLater)));

    expect(await Promise.all(tabs.map((one) => one.evaluate(call)))).toEqual(tabs.map(() => ada.username));
    expect(await Promise.all(tabs.map((one) => one.evaluate(call)))).toEqual(tabs.map(() => ada.username));
  });

  test("a tab that hangs with the stream is replaced, and hears what it has missed", async () => {
    const [one, two] = await adasTabs(2);
    await listen(one);
    await two.addInitScript(letPatienceEnd);
    await open("the cookie", two);
    expect(await resume(two)).toBe(true);
    await listen(two);
    const wakeUp = await hang(one);

    await write("meanwhile");
    await two.evaluate(() => window.endPatience());
    await vi.waitFor(async () => expect(await heard(two)).toEqual(["meanwhile"]), PATIENCE);
    await wakeUp();
    await write("afterwards");

    for (const tab of [one, two]) {
      await vi.waitFor(async () => expect(await heard(tab)).toEqual(["meanwhile", "afterwards"]), PATIENCE);
    }

    await two.close();
    await write("at last");
    await vi.waitFor(async () => expect(await heard(one)).toEqual(["meanwhile", "afterwards", "at last"]), PATIENCE);
  });

  test.each<Place>(["the cookie", "webStore()"])("when another user signs in, no tab goes on as this user, with %s", async (place) => {
    const tabs = await adasTabs(10, place);
    for (const one of tabs) await listen(one);
    const [bobs, ...others] = tabs;

    await bobs.evaluate(() => window.session.signOut());
    await signIn(bobs, bob);
    await listen(bobs);
    await Promise.all(others.map((one) => one.waitForFunction(() => window.told.length === 2)));
    const answers = await Promise.all(
      others.map((one) =>
        one.evaluate(async () => {
          const { error } = await window.onefold.createTask({ body: { description: "Ada's" }, throwOnError: false });
          return error?.code;
        }),
      ),
    );
    await bobs.evaluate(() => window.onefold.createTask({ body: { description: "Bob's" } }));

    expect(answers).toEqual(others.map(() => "invalid_token"));
    await vi.waitFor(async () => expect(await heard(bobs)).toContain("Bob's"), PATIENCE);
    expect(await tasksOf(bob)).toEqual(["Bob's"]);
    expect(await tasksOf(ada)).toEqual([]);
    for (const one of others) {
      expect(await one.evaluate(() => window.told)).toEqual(["signed_out", "signed_in"]);
      expect(await heard(one)).toEqual(["invalid_token"]);
    }
  });

  test.each<Place>(["the cookie", "webStore()"])("a tab that cannot be told notices who is signed in, with %s", async (place) => {
    const [two] = await adasTabs(2, place);
    const deaf = await tab(context, page.origin, { baseUrl, place, isDeaf: true });
    expect(await resume(deaf)).toBe(true);

    await two.evaluate(() => window.session.signOut());
    await signIn(two, bob);
    const error = await deaf.evaluate(async () => {
      const add = window.onefold.createTask({ body: { description: "Ada's" } });
      return add.then(() => "added", (problem: unknown) => problem instanceof window.onefold.SessionEndedError);
    });

    expect(error).toBe(true);
    expect(await deaf.evaluate(() => window.told)).toEqual(["other_user"]);
    expect(await tasksOf(bob)).toEqual([]);
    expect(await two.evaluate(async () => (await window.onefold.getMe()).data.username)).toBe(bob.username);
  });

  test.each<Place>(["the cookie", "webStore()"])("while the API is away, a user stays signed in, and signs out for good, with %s", async (place) => {
    const [one, two, three = one] = await adasTabs(3, place);
    const sessions = async () => (await listSessions({ client: ada.client })).data.items.length;
    expect(await sessions()).toBe(2);
    await stop(api);

    await open(place, one);
    expect(await resume(one)).toBe(true);
    expect(await resume(await open(place, two))).toBe(true);
    await one.evaluate(() => window.session.signOut());
    await Promise.all([two, three].map((other) => other.waitForFunction(() => window.told.length)));
    expect(await resume(await open(place, three))).toBe(false);

    api = await start();
    await vi.waitFor(async () => expect(await sessions()).toBe(1), PATIENCE);
    expect(await resume(await open(place, one))).toBe(false);
    await signIn(one, bob);
    expect(await resume(await open(place, two))).toBe(true);
    expect(await two.evaluate(async () => (await window.onefold.getMe()).data.username)).toBe(bob.username);
  });

  test("a page that began while the API was away works when it is back", async () => {
    const one = await open("the cookie");
    await signIn(one, ada);
    await stop(api);
    await open("the cookie", one);
    expect(await resume(one)).toBe(true);
    const call = () => one.evaluate(async () => (await window.onefold.getMe()).data.username);
    await expect(call()).rejects.toThrow("Failed to fetch");

    api = await start();

    expect(await call()).toBe(ada.username);
    expect(await stranger({ baseUrl }).resume()).toBe(false);
  });
});
