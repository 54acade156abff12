/** postman/requests.http, sent from its first request to its last, as an editor would. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { ADMIN, HOME } from "../server.js";

// A made-up token is refused. The only member of a team is its owner.
const REFUSED: Record<string, number> = {
  reset_forgotten_password: 401,
  confirm_email: 401,
  accept_team_invitation: 404,
  update_team_member: 409,
  remove_team_member: 409,
};
const [top = "", ...requests] = readFileSync(join(HOME, "postman/requests.http"), "utf8").split(/^### .*\n/m);

test("every request of the file succeeds, with what earlier ones have left", async () => {
  const answers = new Map<string, unknown>();
  const variables = new Map([...top.matchAll(/^@(\w+) = ?(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]));
  for (const [name, value] of Object.entries({ base_url: inject("baseUrl"), run: "http", ...admin() })) variables.set(name, value);

  for (const request of requests) {
    const name = /^# @name (\w+)$/m.exec(request)?.[1] ?? "";
    const [head = "", ...rest] = request.replace(/^#.*\n/gm, "").split("\n\n");
    const [line = "", ...headers] = fill(head).split("\n");
    const [method = "", url = ""] = line.split(" ");
    const answer = await fetch(url, {
      method,
      headers: headers.filter(Boolean).map((header) => header.split(": ") as [string, string]),
      body: bodyOf(fill(rest.join("\n\n")).trim()),
    });
    const refused = REFUSED[name] ?? refusal(method, url);
    expect([name, answer.status]).toEqual([name, refused ?? expect.toSatisfy((status: number) => status < 300)]);
    if (name === "stream_notifications") await answer.body?.cancel();
    if (answer.status !== 204 && answer.headers.get("Content-Type")?.includes("json")) answers.set(name, await answer.json());
    if (request.includes("send login again")) answers.set("login", await signInAgain());
  }
  expect(answers.size).toBeGreaterThan(30);

  /** Lines as they are; in a form of several parts they end as HTTP wants it, and `< ./file` is what the file holds. */
  function bodyOf(text: string): Blob | string | null {
    if (!text.startsWith("--")) return text || null;
    const lines = text.split("\n").map((line) => (line.startsWith("< ") ? readFileSync(join(HOME, "postman", line.slice(2))) : line));
    return new Blob(lines.flatMap((line) => [line, "\r\n"]));
  }
  function fill(text: string): string {
    const filled = text.replace(/{{([^{}]+)}}/g, (_, key: string) => look(key));
    return filled === text ? text : fill(filled);
  }
  function look(key: string): string {
    const [, name = "", path = ""] = /^(\w+)\.response\.body\.\$\.(.+)$/.exec(key) ?? [];
    if (key === "$guid") return crypto.randomUUID();
    if (!name && !variables.has(key)) throw new Error(`nobody knows ${key}`);
    if (!name) return variables.get(key) ?? "";
    return String(path.split(/[.[\]]+/).reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], answers.get(name)));
  }
  async function signInAgain(): Promise<unknown> {
    const body = JSON.stringify({ username: look("username").replace("{{run}}", "http"), password: look("password") });
    const headers = { "Content-Type": "application/json" };
    return (await fetch(`${inject("baseUrl")}/api/v1/auth/login`, { method: "POST", headers, body })).json();
  }
});

/** Nothing is in the trash, and a change of many rows needs a filter. */
function refusal(method: string, url: string): number | undefined {
  if (/\/restore$|\/trash\/[^/]+$/.test(url)) return 404;
  return /PATCH|DELETE/.test(method) && /\/api\/v1\/[\w-]+$/.test(url) ? 422 : undefined;
}

const admin = () => ({ admin_username: ADMIN.username, admin_password: ADMIN.password });
