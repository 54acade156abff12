/** Clients that others would generate: they compile, strictly, and make a signed-in call. */

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import createClient from "openapi-fetch";
import { afterEach, expect, inject, test, vi } from "vitest";
import type { paths } from "../gen/openapi-typescript.js";
import { createTeam, listTeams, login } from "../gen/orval.js";
import { PASSWORD, person } from "./people.js";

const PROOF = join(import.meta.dirname, "..");

afterEach(() => vi.unstubAllGlobals());

test("openapi-typescript with openapi-fetch", async () => {
  const { username } = await person();
  const client = createClient<paths>({ baseUrl: inject("baseUrl") });
  const { data: tokens } = await client.POST("/api/v1/auth/login", {
    body: { username, password: PASSWORD, transport: "body" },
  });
  client.use({ onRequest: ({ request }) => request.headers.set("Authorization", `Bearer ${tokens?.access_token}`) });

  const { data: made } = await client.POST("/api/v1/teams", { body: { name: "Weavers", roles: {} } });
  const { data: page } = await client.GET("/api/v1/teams", { params: { query: { q: "weavers" } } });
  const { error } = await client.GET("/api/v1/users");

  expect(page?.items.map((team) => team.name satisfies string)).toEqual([made?.name]);
  expect(error?.code).toBe("forbidden");
});

test("orval", async () => {
  const { username } = await person();
  const { fetch } = globalThis;
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => fetch(inject("baseUrl") + path, init));
  const tokens = await login({ username, password: PASSWORD });
  if (tokens.status !== 200) throw new Error(tokens.data.detail);
  const headers = { Authorization: `Bearer ${tokens.data.access_token}`, "Content-Type": "application/json" };

  const made = await createTeam({ name: "Weavers" }, { headers });
  const page = await listTeams({ q: "weavers" }, { headers });

  if (made.status !== 201 || page.status !== 200) throw new Error(page.data.toString());
  expect(page.data.items.map((team) => team.id satisfies string)).toEqual([made.data.id]);
});

test("openapi-python-client", async () => {
  const { username } = await person();

  const { stdout } = await promisify(execFile)(join(PROOF, ".venv/bin/python"), ["call.py", inject("baseUrl"), username, PASSWORD], {
    cwd: PROOF,
  });

  expect(stdout).toBe("Weavers");
});

test("our own client has no any, and unknown is only what a free JSON object may hold", () => {
  const types = readFileSync(join(PROOF, "../typescript/src/generated/types.gen.ts"), "utf8");

  const loose = types.split("\n").filter((line) => /\b(any|unknown)\b(?=[;<>,\]|)])/.test(line.replace(/\*.*/, "")));

  // The data of a problem, no body, and the two values of a field in the activity, which are of any kind
  const free = ["[key: string]: unknown;", "202: unknown;", "unknown,"];
  expect(loose.map((line) => line.trim()).filter((line) => !free.includes(line))).toEqual([
    "[key: string]: string | number | boolean | null | JsonObject | Array<unknown>;",
  ]);
});
