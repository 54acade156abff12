/** The sources of the client: what imports what. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { HOME } from "../server.js";

const SOURCES = join(HOME, "clients/typescript/src");
const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
const own = files.filter((name) => !name.startsWith("generated"));

function imported(file: string): string[] {
  const text = readFileSync(join(SOURCES, file), "utf8");
  const found = [...text.matchAll(/from "(\.[^"]+)\.js"/g)].map(([, path = ""]) => join(dirname(file), `${path}.ts`));
  return found.filter((name) => own.includes(name));
}

test("no file imports itself by way of others, types included", () => {
  const circles: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, above: string[]) => {
    if (above.includes(file)) circles.push([...above.slice(above.indexOf(file)), file].join(" > "));
    if (above.includes(file) || done.has(file)) return;
    for (const next of imported(file)) walk(next, [...above, file]);
    done.add(file);
  };
  for (const file of own) walk(file, []);
  expect(own.length).toBeGreaterThan(20);
  expect(circles).toEqual([]);
});

test("an entity of the mocks imports no other", () => {
  const entities = own.filter((name) => dirname(name) === join("mocks", "entities"));
  const others = entities.flatMap(imported).filter((name) => entities.includes(name));
  expect(entities).not.toEqual([]);
  expect(others).toEqual([]);
});
