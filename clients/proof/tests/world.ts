/** A browser and a server of their own for the tests of a file, and two users for each test. */

import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTask } from "onefold-client"; // part: tasks
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { freePort, serve, stop } from "../server.js";
import { CHROMIUM, launch, type Place, resume, site, tab } from "./browser.js";
import { PASSWORD, person, type Person } from "./people.js";

/** How long to wait for what other tabs do. */
export const PATIENCE = { timeout: 20_000, interval: 50 };

const isSkipped = CHROMIUM === undefined && !process.env.CI;
if (isSkipped) console.warn("No Chromium in the PATH or in CHROMIUM: its tests are skipped.");
export const testInBrowser = test.skipIf(isSkipped);

class World {
  ada!: Person;
  bob!: Person;
  /** Its tabs share cookies and storage. */
  context!: BrowserContext;
  api!: ChildProcess;
  baseUrl = "";
  private browser: Browser | undefined;
  private page: Awaited<ReturnType<typeof site>> | undefined;
  private folder = "";
  private port = 0;

  async begin(): Promise<void> {
    if (CHROMIUM === undefined) throw new Error("No Chromium in the PATH or in CHROMIUM.");
    [this.browser, this.page, this.folder] = await Promise.all([launch(), site(), mkdtemp(join(tmpdir(), "onefold-"))]);
    this.port = await freePort();
    this.baseUrl = `http://127.0.0.1:${this.port}`;
    this.api = await this.start();
  }

  async end(): Promise<void> {
    await this.browser?.close();
    this.page?.close();
    if (this.api !== undefined) await stop(this.api);
    if (this.folder) await rm(this.folder, { recursive: true });
  }

  async beginTest(): Promise<void> {
    if (this.browser === undefined) throw new Error("There is no browser.");
    this.context = await this.browser.newContext();
    const { baseUrl } = this;
    [this.ada, this.bob] = await Promise.all([person({ baseUrl }), person({ baseUrl })]);
  }

  async endTest(): Promise<void> {
    await this.context.close();
    const isAway = this.api.exitCode !== null || this.api.signalCode !== null;
    if (isAway) this.api = await this.start(); // a test has failed while it was away
  }

  start(): Promise<ChildProcess> {
    return serve(this.folder, this.port, { CORS_ORIGINS: this.page?.origin ?? "" });
  }

  /** A new tab, or one that is loaded anew. */
  open(place: Place, { page, isDeaf = false }: { page?: Page; isDeaf?: boolean } = {}): Promise<Page> {
    return tab(this.context, this.page?.origin ?? "", { baseUrl: this.baseUrl, place, isDeaf }, page);
  }

  async signIn(page: Page, { username }: Person): Promise<void> {
    await page.evaluate((body) => window.session.signIn(body), { username, password: PASSWORD });
  }

  /** Tabs in which Ada is signed in. */
  async adasTabs(length: number, place: Place = "the cookie"): Promise<[Page, Page, ...Page[]]> {
    const tabs = await Promise.all(Array.from({ length }, () => this.open(place)));
    await this.signIn(tabs[0]!, this.ada);
    for (const one of tabs.slice(1)) await one.waitForFunction(() => window.told.pop() === "signed_in");
    for (const one of tabs) expect(await resume(one)).toBe(true);
    return tabs as [Page, Page, ...Page[]];
  }
  // part: tasks

  /** A task of Ada's, from outside of the browser. */
  async write(description: string): Promise<void> {
    await createTask({ client: this.ada.client, body: { description } });
  }
  // end of part
}

export const world = new World();

if (!isSkipped) {
  beforeAll(() => world.begin());
  afterAll(() => world.end());
  beforeEach(() => world.beginTest());
  afterEach(() => world.endTest());
}
