/** docs/CLIENTS.md, followed from its first command on, in an empty folder. */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { HOME } from "../server.js";
import { PASSWORD, stranger } from "./people.js";

const LINK = "../onefold/clients/typescript";
const page = await readFile(join(HOME, "docs/CLIENTS.md"), "utf8");
const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, language = "", text = ""]) => ({ language, text }));
const programs = blocks.flatMap(({ language, text }, at) => (language === "ts" ? [{ text, name: `block${at}`, said: blocks[at + 1] }] : []));
let folder = "";
let app = "";

async function run(command: string, cwd: string): Promise<string> {
  const env = { ...process.env, npm_config_yes: "true", npm_config_audit: "false" };
  return (await promisify(execFile)("sh", ["-euc", command], { cwd, env })).stdout;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "onefold-"));
  app = join(folder, "my-app");
  const [build, make = "", ...more] = blocks.filter(({ language }) => language === "sh").map(({ text }) => text);
  expect(build).toBe("make client\n"); // `make proof` begins with it, and other tests use what it has built
  expect(make).toContain(LINK);
  await run(make.replace(LINK, join(HOME, "clients/typescript")), folder);
  for (const commands of more) await run(commands, app);
  const ada = stranger();
  await ada.signUp({ username: "ada-lives-here", email: "lives-here@example.com", password: PASSWORD });
  const prelude = `import { connect } from "onefold-client";
await connect({ baseUrl: "${inject("baseUrl")}" }).signIn({ username: "ada-lives-here", password: "${PASSWORD}" });\n`;
  await writeFile(join(app, "src/signed-in.ts"), prelude);
  for (const { name, text } of programs) {
    const local = text.replace("http://localhost:8000", inject("baseUrl")).replaceAll("ada@", `${name}@`).replace('"ada"', `"${name}"`);
    await writeFile(join(app, `src/${name}.ts`), text.includes("connect(") ? local : `import "./signed-in";\n${local}`);
  }
}, 180_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test("the first program has less than ten lines", () => {
  expect(programs[0]?.text.trim().split("\n").length).toBeLessThan(10);
});

test("every program compiles in the fresh project, strictly", async () => {
  expect(await run("npx tsc --noEmit --strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess", app)).toBe("");
}, 60_000);

test("the first program builds for a browser", async () => {
  await writeFile(join(app, "src/main.ts"), programs[0]?.text ?? "");
  expect(await run("npm run build", app)).toContain("built in");
}, 60_000);

test.each(programs.filter(({ text }) => !text.includes("msw/browser")))("$name does what the page shows", async ({ name, text, said }) => {
  if (text.includes('transport: "cookie"')) {
    const somebody = stranger();
    await somebody.signUp({ username: name, email: `${name}@example.com`, password: PASSWORD });
  }
  await run(`npx vite build --ssr src/${name}.ts --outDir built --logLevel error`, app);

  const printed = await run(`node ${join("built", basename(name))}.js`, app);

  if (said?.language === "text") expect(printed).toBe(said.text);
}, 60_000);
