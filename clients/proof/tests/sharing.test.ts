/** Many tabs of one browser, and one stream of live events. */

import { createTask } from "onefold-client";
import type { Page } from "playwright-core";
import { expect, vi } from "vitest";
import { crash, hang, heard, letBeDeaf, letPatienceEnd, listen, resume } from "./browser.js";
import { PATIENCE, testInBrowser as test, world } from "./world.js";

test("ten tabs hold one stream, and miss nothing when the tab that holds it is closed, frozen or crashes", async () => {
  const leaders: Page[] = [];
  world.context.on("request", (request) => {
    if (request.url().includes("/notifications/stream") && request.method() === "GET") leaders.push(request.frame().page());
  });
  const tabs: Page[] = await world.adasTabs(10);
  for (const one of tabs) await listen(one, ["tasks"]);
  const written: string[] = [];
  const tell = async (what: string) => {
    written.push(what);
    await world.write(what);
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
  const [one, two] = await world.adasTabs(2);
  await listen(one, ["notes"]);
  await listen(two, ["tasks"]);

  await world.write("Weave");

  await vi.waitFor(async () => expect(await heard(two)).toEqual(["Weave"]), PATIENCE);
  expect(await heard(one)).toEqual([]);
});

test("a tab that has lost an event gets it before the next one", async () => {
  const [one, two] = await world.adasTabs(2);
  await listen(one, ["tasks"]);
  await two.addInitScript(letBeDeaf);
  await world.open("the cookie", { page: two });
  expect(await resume(two)).toBe(true);
  await listen(two, ["tasks"]);

  await two.evaluate(() => (window.isDeaf = true));
  await world.write("lost");
  await vi.waitFor(async () => expect(await heard(one)).toEqual(["lost"]), PATIENCE);
  await two.evaluate(() => (window.isDeaf = false));
  await world.write("next");

  for (const tab of [one, two]) {
    await vi.waitFor(async () => expect(await heard(tab)).toEqual(["lost", "next"]), PATIENCE);
  }
});

test("two users at once hear their own events only", async () => {
  const [adas, bobs] = [await world.open("memory"), await world.open("memory")];
  await Promise.all([world.signIn(adas, world.ada), world.signIn(bobs, world.bob)]);
  await Promise.all([listen(adas, ["tasks"]), listen(bobs, ["tasks"])]);

  await world.write("Ada's");
  await createTask({ client: world.bob.client, body: { description: "Bob's" } });

  await vi.waitFor(async () => expect(await heard(adas)).toEqual(["Ada's"]), PATIENCE);
  await vi.waitFor(async () => expect(await heard(bobs)).toEqual(["Bob's"]), PATIENCE);
});

test("a tab that hangs with the stream is replaced, and hears what it has missed", async () => {
  const [one, two] = await world.adasTabs(2);
  await listen(one, ["tasks"]);
  await two.addInitScript(letPatienceEnd);
  await world.open("the cookie", { page: two });
  expect(await resume(two)).toBe(true);
  await listen(two, ["tasks"]);
  const wakeUp = await hang(one);

  await world.write("meanwhile");
  await two.evaluate(() => window.endPatience());
  await vi.waitFor(async () => expect(await heard(two)).toEqual(["meanwhile"]), PATIENCE);
  await wakeUp();
  await world.write("afterwards");

  for (const tab of [one, two]) {
    await vi.waitFor(async () => expect(await heard(tab)).toEqual(["meanwhile", "afterwards"]), PATIENCE);
  }

  await two.close();
  await world.write("at last");
  await vi.waitFor(async () => expect(await heard(one)).toEqual(["meanwhile", "afterwards", "at last"]), PATIENCE);
});
