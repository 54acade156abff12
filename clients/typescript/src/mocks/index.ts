/** The API without a server: handlers for Mock Service Worker that answer every operation, and remember what they are told. */

import { type Answer, type Asked, type Entity, refuse } from "./asked.js";
import { check, problem } from "./check.js";
import { entities } from "./entities.gen.js";
import { page } from "./lists.js";
import { Channel } from "./live.js";
import { type Operations, operations, schemas } from "./operations.gen.js";
import type { Json, Operation, Row, Specials } from "./schema.js";
import { isRow, World } from "./world.js";

export type { Operations };

interface Info {
  request: Request;
  params: Record<string, string | readonly string[] | undefined>;
}
type Method = "get" | "post" | "put" | "patch" | "delete";
/** What is needed of MSW's `http`. It is handed in, so that the handlers are of your MSW and not of a second one. */
export type Http<Handler> = Record<Method, (path: string, resolver: (info: Info) => Promise<Response>) => Handler>;

const special: Entity["operations"] = Object.assign({}, ...entities.map(({ operations }) => operations));
const specials: Specials = Object.assign({}, ...entities.map(({ schemas }) => schemas));

type Id = keyof Operations;
type AnswerOf<O extends Id> = Operations[O]["answers"][keyof Operations[O]["answers"]];

export interface MockOptions {
  /** Where the API is thought to be; anywhere, unless you say so. */
  baseUrl?: string;
  /** The same seed makes the same data. */
  seed?: number;
  /** How many rows of each kind there are to begin with. */
  rows?: number;
  /** Milliseconds that an answer takes. */
  delay?: number;
  /** Answers of your own, in place of those made up: `{ listTeams: () => ({ items: [], next_cursor: null, total: 0 }) }`. */
  answers?: { [O in Id]?: (request: Request) => AnswerOf<O> | Response | Promise<AnswerOf<O> | Response> };
}

/** `setupWorker(...handlers(http))` in a browser, `setupServer(...handlers(http))` in tests. */
export function handlers<Handler>(http: Http<Handler>, options: MockOptions = {}): Handler[] {
  const { baseUrl = "*", seed = 1, rows = 12, delay = 0, answers = {} } = options;
  const world = new World(seed, rows, specials);
  const channel = new Channel();
  return inOrder().map(([id, operation]) =>
    http[operation.method.toLowerCase() as Method](baseUrl + operation.path, async ({ request, params }) => {
      if (delay) await new Promise((resolve) => setTimeout(resolve, delay));
      try {
        const own = answers[id];
        const asked = { request, params: params as Record<string, string>, body: await read(operation, request), world, channel };
        const answer = own ? ((await own(request)) as Answer) : await respond(id, operation, asked);
        return answer instanceof Response ? answer : await written(operation, answer, request);
      } catch (refusal) {
        if (refusal instanceof Response) return refusal;
        throw refusal;
      }
    }),
  );
}

/** `/users/me` before `/users/:id`, because the first that fits answers. */
function inOrder(): [Id, Operation][] {
  const known = Object.entries(operations) as [Id, Operation][];
  return known.sort(([, one], [, other]) => one.path.split(":").length - other.path.split(":").length);
}

async function read(operation: Operation, request: Request): Promise<Row> {
  if (operation.signedIn && !request.headers.has("Authorization")) refuse("invalid_token");
  const text = operation.body ? await request.clone().text() : "";
  const body: Json = text ? (JSON.parse(text) as Json) : {};
  const errors = operation.body && isRow(body) ? check(operation.body, body) : [];
  if (errors.length) throw problem("invalid_request", { errors });
  return isRow(body) ? body : {};
}

async function written(operation: Operation, answer: Exclude<Answer, Response>, request: Request): Promise<Response> {
  if (answer instanceof Blob) return new Response(answer, { status: operation.status });
  if (answer === undefined && operation.type === undefined) return new Response(null, { status: operation.status });
  const headers = new Headers({ "Content-Type": "application/json" });
  if (isRow(answer) && answer.id !== undefined) {
    headers.set("ETag", etag(answer));
    if (request.method === "GET" && request.headers.get("If-None-Match") === etag(answer)) return new Response(null, { status: 304 });
    if (operation.status === 201) headers.set("Location", `${new URL(request.url).pathname}/${String(answer.id)}`);
  }
  return new Response(JSON.stringify(answer ?? null), { status: operation.status, headers });
}

const hash = (row: Row) => `${[...JSON.stringify(row)].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7) >>> 0}`;
const etag = (row: Row) => `"${typeof row.version === "string" ? `${row.version}-` : ""}${hash(row)}"`;

/** What an operation that reads or writes rows answers with. */
function respond(id: Id, operation: Operation, asked: Asked): Answer | Promise<Answer> {
  const known = special?.[id];
  if (known) return known(asked);
  const { world, channel, params, request, body } = asked;
  const [schema, parent] = entityAt(operation);
  if (schema === undefined) return operation.answer ? world.believer.row(operation.answer) : undefined;
  const owner = parent && { [parent[1]]: world.find(parent[0], params.id)?.id ?? refuse("not_found") };
  if (operation.answer?.endsWith("Page")) {
    const [key, value] = Object.entries(owner ?? {})[0] ?? [];
    const rows = world.rows(schema).filter((row) => key === undefined || row[key] === value);
    return page(rows.map((row) => world.shown(schema, row)), new URL(request.url).searchParams, specials[schema]);
  }
  if (operation.method === "POST") {
    const shown = world.shown(schema, Object.assign(world.add(schema, body, operation.body), owner));
    channel.tell(schema, "created", shown);
    return shown;
  }
  const row = world.find(schema, params.id) ?? refuse("not_found");
  const match = request.headers.get("If-Match");
  const shown = world.shown(schema, row);
  const seen = match?.replace(/-\d+"$/, '"');
  if (match !== null && seen !== `"${String(shown.version)}"` && match !== etag(shown)) refuse("stale", { current: shown });
  if (operation.method === "DELETE") {
    world.remove(schema, row);
    channel.tell(schema, "deleted", world.shown(schema, row));
    return undefined;
  }
  if (operation.method === "PATCH") {
    world.change(schema, row, body);
    channel.tell(schema, "updated", world.shown(schema, row));
  }
  return world.shown(schema, row);
}

/** The schema of the rows that an operation is about, and, for `/teams/:id/members`, that of the parent and how it is named. */
function entityAt({ path, method, answer }: Operation): [schema?: string, parent?: [schema: string, key: string]] {
  const answerAt = (where: string) => Object.values(operations).find((one) => one.path === where && one.method === "GET")?.answer;
  const listed = (name: string | undefined) => schemas[name ?? ""]?.properties?.items?.items?.$ref;
  const whole = /^(.*\/(\w+?)s\/:id)\/\w+$/.exec(path);
  if (whole) {
    const [, item = "", noun = ""] = whole;
    const of = answerAt(item);
    return [listed(answer) ?? answer, of ? [of, `${noun}_id`] : undefined];
  }
  if (answer?.endsWith("Page")) return [listed(answer)];
  if (path.endsWith("/:id")) return [answerAt(path) ?? listed(answerAt(path.replace("/:id", "")))];
  return method === "POST" && answer !== undefined && schemas[answer]?.properties?.id ? [answer] : [];
}
