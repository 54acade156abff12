import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTask, deleteOtherSessions, getMe, isProblem, live, type LiveEvent, SessionEndedError, updateTask } from "onefold-client";
import { expect, onTestFinished, test, vi } from "vitest";
import { freePort, serve, stop } from "../server.js";
import { count, PASSWORD, person, spoil, stranger } from "./people.js";

const STREAM = "GET /api/v1/notifications/stream";

async function next(events: AsyncGenerator<LiveEvent, void>): Promise<LiveEvent> {
  const { value } = await events.next();
  if (value === undefined) throw new Error("the stream is over");
  return value;
}

test("what happens arrives as it happens, with its type", async () => {
  const { client } = await person();
  const events = live({ client, topics: ["tasks"] });
  expect((await next(events)).kind).toBe("ready");

  const { data: task } = await createTask({ client, body: { description: "Weave" } });
  await updateTask({ client, path: { id: task.id }, body: { status: "Done" } });

  expect(await next(events)).toMatchObject({ kind: "task.created", data: task });
  const event = await next(events);
  if (event.kind !== "task.updated") throw new Error(event.kind);
  expect(event.data.status).toBe("Done");
  await events.return();
});

test("a stream goes on where it was when the server restarts, with a new token, and nothing is lost or told twice", async () => {
  const folder = await mkdtemp(join(tmpdir(), "onefold-"));
  const port = await freePort();
  let server = await serve(folder, port);
  onTestFinished(async () => {
    await stop(server);
    await rm(folder, { recursive: true });
  });
  const onDisconnect = vi.fn();
  const ada = await person({ baseUrl: `http://127.0.0.1:${port}` });
  const { client } = ada;
  const events = live({ client, topics: ["tasks"], onDisconnect });
  await next(events);
  await createTask({ client, body: { description: "before" } });
  expect(await next(events)).toMatchObject({ data: { description: "before" } });

  const waiting = next(events);
  await stop(server);
  await spoil(ada.store);
  server = await serve(folder, port);
  await createTask({ client, body: { description: "meanwhile" } });
  const seen = [await waiting, await next(events)];
  await createTask({ client, body: { description: "after" } });
  seen.push(await next(events));
  await events.return();

  expect(seen.map((event) => ("data" in event ? (event.data as { description: string }).description : event.kind))).toEqual([
    "ready",
    "meanwhile",
    "after",
  ]);
  expect(onDisconnect).toHaveBeenCalled();
  expect(count(ada.asked, "POST /api/v1/auth/refresh")).toBe(1);
});

test("who was away for too long is told to load anew", async () => {
  const { client } = await person();
  const events = live({ client, lastEventId: 1_000_000 });

  expect((await next(events)).kind).toBe("reset");
  await events.return();
});

test("a stream can be ended from outside", async () => {
  const { client } = await person();
  const end = new AbortController();
  const kinds: string[] = [];

  for await (const event of live({ client, signal: end.signal })) {
    kinds.push(event.kind);
    setTimeout(() => end.abort());
  }

  expect(kinds).toEqual(["ready"]);
});

test("a stream ends with a problem when the session is ended from elsewhere", async () => {
  const ada = await person();
  const events = live({ client: ada.client });
  await next(events);
  const waiting = next(events).catch((error: unknown) => error);

  const elsewhere = stranger();
  await elsewhere.signIn({ username: ada.username, password: PASSWORD });
  await deleteOtherSessions({ client: elsewhere.client });

  expect(isProblem(await waiting, "invalid_token")).toBe(true);
  expect(count(ada.asked, STREAM)).toBeGreaterThan(1);
  await expect(getMe({ client: ada.client })).rejects.toMatchObject({ code: "invalid_token" });
});

test("a stream ends at once when its user signs out", async () => {
  const ada = await person();
  const events = live({ client: ada.client });
  await next(events);
  const waiting = next(events).catch((error: unknown) => error);

  await ada.signOut();

  expect(await waiting).toBeInstanceOf(SessionEndedError);
  expect(count(ada.asked, STREAM)).toBe(1);
});

test("nobody listens without a sign-in", async () => {
  const ada = await person();
  await ada.signOut();

  await expect(next(live({ client: ada.client }))).rejects.toMatchObject({ code: "invalid_token" });
});
