import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { http } from "msw";
import { setupServer } from "msw/node";
import {
  addMember,
  cancelBooking,
  changeStock,
  connect,
  createBooking,
  createClient,
  createComment,
  createTask,
  deleteAvatar,
  deleteTask,
  getAvatar,
  getGroup,
  getMe,
  getPost,
  getTask,
  isProblem,
  listBookingSlots,
  listComments,
  listGroups,
  listPosts,
  listProducts,
  listTasks,
  listTeams,
  live,
  pages,
  setAvatar,
  type TaskPublic,
  updateMe,
  updateTask,
} from "onefold-client";
import { handlers } from "onefold-client/mocks";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { HOME } from "../server.js";

const PICTURE = new Blob(["GIF89a, and what it shows"], { type: "image/gif" });
const BASE = "https://api.example.com";
const server = setupServer();
const { client, ...session } = connect({ baseUrl: BASE, client: createClient() });

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
beforeEach(async () => {
  server.use(...handlers(http));
  await session.signIn({ username: "ada", password: "anything" });
});
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

test("what is made is listed, read, changed and gone when it is deleted", async () => {
  const { data: made } = await createTask({ client, body: { description: "Weave" } });
  expect(made).toMatchObject({ description: "Weave", status: "To Do", category: null, deadline: null });
  const { data: list } = await listTasks({ client, query: { q: "weave", count: true } });
  expect(list).toEqual({ items: [made], next_cursor: null, total: 1 });

  const headers = { "If-Match": `"${list.items[0]?.version}"` };
  const { data: changed } = await updateTask({ client, path: { id: made.id }, body: { status: "Done" }, headers });
  expect(changed.status).toBe("Done");
  const late = updateTask({ client, path: { id: made.id }, body: { status: "To Do" }, headers });
  await expect(late).rejects.toMatchObject({ code: "stale", current: changed });
  const { response } = await getTask({ client, path: { id: made.id } });
  const tag = { "If-Match": response.headers.get("ETag") ?? "" };
  await updateTask({ client, path: { id: made.id }, body: { description: "Spin" }, headers: tag });

  await deleteTask({ client, path: { id: made.id } });
  await expect(getTask({ client, path: { id: made.id } })).rejects.toMatchObject({ code: "not_found", status: 404 });
});

test("lists are paged, filtered and sorted", async () => {
  const all: TaskPublic[] = [];
  for await (const task of pages(listTasks, { client, query: { limit: 5, sort: "deadline", order: "asc" } })) all.push(task);
  expect(all).toHaveLength(12);
  expect(all.map((task) => task.deadline)).toEqual(all.map((task) => task.deadline).sort());

  const [first, , third] = all;
  const query = { deadline_after: first!.deadline!, deadline_before: third!.deadline! };
  expect((await listTasks({ client, query })).data.items).toEqual([all[1]]);
  const { data: done } = await listTasks({ client, query: { status: "Done" } });
  expect(done.items).toHaveLength(all.filter((task) => task.status === "Done").length);
  const { data: open } = await listTasks({ client, query: { status_in: ["To Do", "In Progress"], deadline_is_null: false } });
  expect(open.items).toHaveLength(all.filter((task) => task.status !== "Done").length);
});

test("the same seed makes the same world, and another one another", async () => {
  const names = async () => (await listProducts({ client })).data.items.map(({ name, price }) => `${name} ${price}`);
  const first = await names();
  server.use(...handlers(http));
  expect(await names()).toEqual(first);
  server.use(...handlers(http, { seed: 2, rows: 3 }));
  expect(await names()).toHaveLength(3);
  expect(await names()).not.toEqual(first.slice(-3));
});

test("a wrong body is refused as the server would, and names its fields", async () => {
  // @ts-expect-error  wrong on purpose
  const wrong = createTask({ client, body: { description: "", status: "Never", colour: "red" } });

  const problem = await wrong.then(() => undefined, (error: unknown) => error);

  if (!isProblem(problem, "invalid_request")) throw problem;
  expect(problem.errors?.map(({ loc }) => loc[1])).toEqual(["description", "status", "colour"]);
});

test("a wrong password is wrong, and nobody is let in without a token", async () => {
  await expect(session.signIn({ username: "ada", password: "wrong" })).rejects.toMatchObject({ code: "invalid_credentials" });
  await session.signOut();
  await expect(getMe({ client })).rejects.toMatchObject({ code: "invalid_token" });
});

test("what belongs together stays together", async () => {
  const { data: me } = await updateMe({ client, body: { first_name: "Grace", last_name: "Hopper" } });
  expect(me.full_name).toBe("Grace Hopper");
  const { data: renamed } = await updateMe({ client, body: { full_name: "Grace Brewster Hopper" } });
  expect([renamed.full_name, renamed.first_name, renamed.last_name]).toEqual(["Grace Brewster Hopper", "Grace Brewster", "Hopper"]);
  await updateMe({ client, body: { full_name: "Grace Hopper" } });
  const post = (await listPosts({ client })).data.items[0]!;
  const { data: comment } = await createComment({ client, path: { id: post.id }, body: { body: "Good." } });
  expect(comment.author.full_name).toBe("Grace Hopper");
  expect((await getPost({ client, path: { id: post.id } })).data.comment_count).toBe(post.comment_count + 1);
  const { data: comments } = await listComments({ client, path: { id: post.id } });
  expect(comments.items[0]).toEqual(comment);

  const group = (await listGroups({ client })).data.items.find((one) => one.member_count === 0)!;
  await addMember({ client, path: { id: group.id, user_id: "me" } });
  await addMember({ client, path: { id: group.id, user_id: "me" } });
  expect((await getGroup({ client, path: { id: group.id } })).data.member_count).toBe(1);
});

test("seats and stock run out", async () => {
  const slot = (await listBookingSlots({ client })).data.items[0]!;
  const book = (seats: number) => createBooking({ client, body: { slot_id: slot.id, customer_name: "Ada", seats } });
  const { data: booking } = await book(slot.available);
  expect(booking.slot.available).toBe(0);
  await expect(book(1)).rejects.toMatchObject({ code: "slot_full" });
  const { data: cancelled } = await cancelBooking({ client, path: { id: booking.id } });
  expect(cancelled.slot.available).toBe(slot.available);

  const product = (await listProducts({ client })).data.items[0]!;
  const sell = changeStock({ client, path: { id: product.id }, body: { change: -product.quantity - 1 } });
  await expect(sell).rejects.toMatchObject({ code: "out_of_stock" });
});

test("a picture is shown until it is taken away, and nothing else is taken for one", async () => {
  const { data: me } = await setAvatar({ client, body: { file: PICTURE } });
  const path = { id: me.avatar_url?.split("/").at(-1) ?? "" };
  const { data: shown } = await getAvatar({ client, path });
  expect([shown.type, await shown.text()]).toEqual(["image/gif", await PICTURE.text()]);

  await expect(setAvatar({ client, body: { file: new Blob(["no picture"]) } })).rejects.toMatchObject({ code: "unsupported_media_type" });
  // @ts-expect-error  wrong on purpose
  await expect(setAvatar({ client, body: {} })).rejects.toMatchObject({ code: "invalid_request", errors: [{ loc: ["body", "file"] }] });
  expect((await getMe({ client })).data.avatar_url).toBe(me.avatar_url);

  await deleteAvatar({ client });
  expect((await getMe({ client })).data.avatar_url).toBeNull();
  await expect(getAvatar({ client, path })).rejects.toMatchObject({ code: "not_found" });
});

test("live events tell what is changed", async () => {
  const events = live({ client, topics: ["tasks"] });
  expect((await events.next()).value?.kind).toBe("ready");
  const { data: task } = await createTask({ client, body: { description: "Weave" } });
  expect((await events.next()).value).toMatchObject({ kind: "task.created", data: task });
  await events.return();
});

test("any answer can be one of your own, and has to be of its type", async () => {
  server.use(...handlers(http, { answers: { listTeams: () => ({ items: [], next_cursor: null, total: 0 }) } }));
  // @ts-expect-error  a page has items
  handlers(http, { answers: { listTeams: () => ({ next_cursor: null, total: 0 }) } });

  expect((await listTeams({ client })).data.items).toEqual([]);
});

test("a picture can be one of your own", async () => {
  server.use(...handlers(http, { answers: { getAvatar: () => PICTURE } }));

  const { data } = await getAvatar({ client, path: { id: "any" } });

  expect([data.type, await data.text()]).toEqual(["image/gif", await PICTURE.text()]);
});

// Every operation, against the document

interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: string[];
  examples?: unknown[];
  minimum?: number;
  properties?: Record<string, Schema>;
  required?: string[];
}
interface Operation {
  operationId: string;
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

const FORMATS: Record<string, string> = {
  "date-time": "2030-01-01T10:00:00Z",
  date: "2030-01-01",
  email: "ada@example.com",
  uri: "https://example.com",
  uuid: "019a001d-057c-7498-888d-b925f47ba4f0",
};
const document = JSON.parse(readFileSync(join(HOME, "openapi.json"), "utf8")) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};
const named = (schema: Schema): Schema => document.components.schemas[schema.$ref?.split("/").at(-1) ?? ""] ?? schema;
const ajv = new Ajv2020({ strict: false, schemas: [{ $id: "document", ...document }] });
addFormats.default(ajv);
const every = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe("every operation is answered as the document says", () => {
  test.each(every)("$method $path", async ({ path, method, operation }) => {
    const signed = { Authorization: `Bearer ${await session.token()}` };
    const headers = { ...signed, "Content-Type": "application/json" };
    const elsewhere: Record<string, () => Promise<string>> = { "/api/v1/avatars": aPicture };
    elsewhere["/api/v1/comments"] = aComment; // part: posts
    const [list = "", inside] = path.split("/{id}");
    const id = inside === undefined ? "" : await (elsewhere[list] ?? firstOf)(list);
    const url = BASE + path.replace("{id}", id).replace("{user_id}", "me");
    const { "application/json": json, "multipart/form-data": form } = operation.requestBody?.content ?? {};
    const body = form ? files(form.schema) : json ? JSON.stringify(await sample(json.schema)) : null;

    const answer = await fetch(url, { method: method.toUpperCase(), headers: form ? signed : headers, body });

    const declared = operation.responses[answer.status];
    expect(answer.ok, `${answer.status} ${operation.operationId}`).toBe(true);
    expect(declared, `${answer.status} is not declared`).toBeDefined();
    const [[type, content] = ["", undefined]] = Object.entries(declared?.content ?? {});
    expect(Object.keys(declared?.content ?? { "": "" })).toContain(answer.headers.get("Content-Type") ?? "");
    if (!content?.schema.$ref || type !== "application/json") return void answer.body?.cancel();
    const validate = ajv.getSchema(`document${content.schema.$ref}`);
    if (validate === undefined) throw new Error(`no schema for ${operation.operationId}`);
    expect(validate(await answer.json()), JSON.stringify(validate.errors)).toBe(true);

    async function firstOf(list: string): Promise<string> {
      const { items = [] } = (await (await fetch(BASE + list, { headers })).json()) as { items?: { id: string }[] };
      return items[0]?.id ?? "";
    }
    // part: posts
    async function aComment(): Promise<string> {
      const { data } = await listPosts({ client });
      return firstOf(`/api/v1/posts/${data.items.find((one) => one.comment_count > 0)?.id}/comments`);
    }
    // end of part
    async function aPicture(): Promise<string> {
      const { data } = await setAvatar({ client, body: { file: PICTURE } });
      return data.avatar_url?.split("/").at(-1) ?? "";
    }
    function files(schema: Schema): FormData {
      const form = new FormData();
      for (const name of named(schema).required ?? []) form.set(name, PICTURE);
      return form;
    }
    /** The least that a body has to say. */
    async function sample(schema: Schema): Promise<unknown> {
      const { properties = {}, required = [] } = named(schema);
      return Object.fromEntries(await Promise.all(required.map(async (name) => [name, await value(name, named(properties[name]!))])));
    }
    async function value(name: string, schema: Schema): Promise<unknown> {
      if (name === "slot_id") return firstOf("/api/v1/booking-slots"); // part: bookings
      const there = `/api/v1/${name.replace(/_id$/, "s").replaceAll("_", "-")}`;
      if (schema.format === "uuid" && there in document.paths) return firstOf(there);
      if (schema.enum) return schema.enum[0];
      if (schema.examples) return schema.examples[0];
      if (schema.format !== undefined && schema.format in FORMATS) return FORMATS[schema.format];
      if (schema.type === "integer" || schema.type === "number") return Math.max(schema.minimum ?? 1, 1);
      if (schema.type === "array") return [];
      return schema.type === "boolean" ? true : "a-long-enough-word";
    }
  });
});
