/** A real browser, with pages that use the built client as any page would. */

import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import type * as onefold from "onefold-client";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { HOME } from "../server.js";

declare global {
  /** What a page of these tests knows. */
  interface Window {
    onefold: typeof onefold;
    session: onefold.Session;
    /** Why the session has ended in this tab, and when another tab has signed in. */
    told: string[];
    /** What its stream has told. */
    heard: string[];
    endPatience: () => void;
    /** Whether messages of other tabs are lost. */
    isDeaf: boolean;
  }
}

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const folders = (process.env.PATH ?? "").split(delimiter);
const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((path) => existsSync(path));

/** The browser of the setting `CHROMIUM`, or the first in the `PATH`. */
export const CHROMIUM = process.env.CHROMIUM ?? found;

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM ?? "", args: ["--no-sandbox"] });

/** A site with one page, which loads the client. */
export async function site(): Promise<{ origin: string; close: () => void }> {
  const page = `<!doctype html><script type="module">import * as all from "/dist/index.js"; window.onefold = all;</script>`;
  const server = createServer(({ url = "/" }, response) => {
    const isScript = /^\/dist\/[\w./]+\.js$/.test(url) && !url.includes("..");
    response.setHeader("Content-Type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? readFileSync(join(HOME, "clients/typescript", url)) : page);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { origin, close };
}

/** Where the tokens of a tab are. */
export type Place = "the cookie" | "webStore()" | "memory";

export interface Setup {
  baseUrl: string;
  place: Place;
  /** Whether other tabs cannot tell this one anything, as in an old browser. */
  isDeaf?: boolean;
}

/** A new tab, or one that is loaded anew. */
export async function tab(context: BrowserContext, origin: string, setup: Setup, given?: Page): Promise<Page> {
  const page = given ?? (await context.newPage());
  await page.goto(origin);
  await page.waitForFunction(() => window.onefold !== undefined);
  await page.evaluate(({ baseUrl, place, isDeaf }) => {
    const { connect, webStore } = window.onefold;
    if (isDeaf) Object.assign(window, { BroadcastChannel: undefined });
    window.told = [];
    window.heard = [];
    const onSignedOut = (reason: string) => window.told.push(reason);
    const onSignedIn = () => window.told.push("signed_in");
    const options = { baseUrl, onSignedOut, onSignedIn, ...(place === "webStore()" && { store: webStore() }) };
    window.session = connect({ ...options, transport: place === "the cookie" ? "cookie" : "body" });
  }, setup);
  return page;
}

export const resume = (page: Page): Promise<boolean> => page.evaluate(() => window.session.resume());

const TOPICS: onefold.Topic[] = [
  "notifications",
  "tasks", // part: tasks
];

/** Opens the stream of a tab, and waits for its beginning. */
export async function listen(page: Page, topics = TOPICS): Promise<void> {
  await page.evaluate((topics) => {
    const listen = async () => {
      for await (const event of window.onefold.live({ topics })) {
        const { description } = ("data" in event ? event.data : {}) as object as { description?: string };
        window.heard.push(event.kind.endsWith(".created") && description !== undefined ? description : event.kind);
      }
    };
    listen().catch((error: unknown) => window.heard.push(window.onefold.isProblem(error) ? error.code : String(error)));
  }, topics);
  await page.waitForFunction(() => window.heard.length > 0);
}

/** What a tab has heard, without what each connection begins with. */
export const heard = (page: Page): Promise<string[]> => page.evaluate(() => window.heard.filter((one) => one !== "ready"));

/** Stops a page in the middle of what it does. Resolves to what lets it go on. */
export async function hang(page: Page): Promise<() => Promise<void>> {
  const devtools = await page.context().newCDPSession(page);
  const isPaused = new Promise((resolve) => devtools.once("Debugger.paused", resolve));
  await devtools.send("Debugger.enable");
  page.evaluate("debugger").catch(() => undefined);
  await isPaused;
  return () => devtools.detach();
}

export async function crash(page: Page): Promise<void> {
  const isGone = page.waitForEvent("crash");
  const devtools = await page.context().newCDPSession(page);
  devtools.send("Page.crash").catch(() => undefined);
  await isGone;
}

/** In a page before it loads: `isDeaf` loses messages, as pages do that the browser has put aside. */
export function letBeDeaf(): void {
  const loses = class extends BroadcastChannel {
    constructor(name: string) {
      super(name);
      this.addEventListener("message", (event) => window.isDeaf && event.stopImmediatePropagation());
    }
  };
  Object.assign(window, { BroadcastChannel: loses });
}

/** In a page before it loads: `endPatience()` does now what the page would do if nothing happened for a minute or more. */
export function letPatienceEnd(): void {
  const later = new Map<unknown, () => void>();
  const { setTimeout, clearTimeout } = window;
  const wait = (work: () => void, time = 0) => {
    const id = setTimeout.call(window, work, time);
    if (time > 40_000) later.set(id, work);
    return id;
  };
  const forget = (id: number) => {
    later.delete(id);
    clearTimeout.call(window, id);
  };
  const endPatience = () => [...later.values()].forEach((work) => work());
  Object.assign(window, { setTimeout: wait, clearTimeout: forget, endPatience });
}
