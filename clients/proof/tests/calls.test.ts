import {
  type Code,
  createTask,
  createTeam,
  deleteTask,
  exportRecords,
  getTask,
  isProblem,
  listTeams,
  listUsers,
  pages,
  type ProblemError,
  type TaskPublic,
  updateTask,
} from "onefold-client";
import { expect, test } from "vitest";
import { count, person } from "./people.js";

test("a task is made, read, changed and deleted", async () => {
  const { client } = await person();
  const { data: made } = await createTask({ client, body: { description: "Weave", status: "In Progress" } });
  const { data: read, response } = await getTask({ client, path: { id: made.id } });
  expect(read).toEqual(made);

  const headers = { "If-Match": response.headers.get("ETag") ?? "" };
  const { data: changed } = await updateTask({ client, path: { id: made.id }, headers, body: { status: "Done" } });
  expect(changed).toMatchObject({ description: "Weave", status: "Done" } satisfies Partial<TaskPublic>);
  const late = updateTask({ client, path: { id: made.id }, headers, body: { status: "To Do" } });
  await expect(late).rejects.toMatchObject({ code: "stale" });

  await deleteTask({ client, path: { id: made.id } });
  await expect(getTask({ client, path: { id: made.id } })).rejects.toMatchObject({ code: "not_found" });
});

/** Compiles only as long as every code is dealt with. */
function inWords(problem: ProblemError): string {
  switch (problem.code) {
    case "invalid_request":
      return problem.errors?.map(({ loc, msg }) => `${loc.at(-1)}: ${msg}`).join("; ") ?? problem.detail;
    case "invalid_token":
    case "token_reused":
    case "invalid_credentials":
      return "Sign in.";
    case "too_many_requests":
    case "unavailable":
    case "request_in_progress":
      return `Again in ${problem.retryAfter ?? 1} s.`;
    case "recent_sign_in_required":
      return "Confirm the password.";
    case "bad_request":
    case "forbidden":
    case "impersonating":
    case "impersonation_refused":
    case "uri_too_long":
    case "headers_too_large":
    case "quota_exceeded":
    case "not_found":
    case "method_not_allowed":
    case "conflict":
    case "answer_withheld":
    case "already_exists":
    case "last_admin":
    case "role_in_use":
    case "role_protected":
    case "slot_full": // part: bookings
    case "slot_past": // part: bookings
    case "slot_in_use": // part: bookings
    case "already_cancelled": // part: bookings
    case "course_full": // part: courses
    case "course_over": // part: courses
    case "capacity_taken": // part: bookings or courses
    case "out_of_stock": // part: products
    case "overstocked": // part: products
    case "order_outdated":
    case "exists":
    case "invalid_transition":
    case "invitation_invalid":
    case "no_dry_run":
    case "owns_teams":
    case "rows_refused":
    case "team_owner_stays":
    case "team_role_in_use":
    case "too_many_invitations":
    case "too_many_rows":
    case "stale":
    case "too_large":
    case "unsupported_media_type":
    case "key_reused":
    case "internal_error":
      return problem.detail;
    default:
      return problem.code satisfies never;
  }
}

test("a problem is switched on, and names the fields at fault", async () => {
  const { client } = await person();
  // @ts-expect-error  a field that there is not does not compile
  const wrong = createTeam({ client, body: { name: "", colour: "red" } });

  const problem = await wrong.then(() => undefined, (error: unknown) => error);

  expect(isProblem(problem)).toBe(true);
  expect(isProblem(problem, "not_found")).toBe(false);
  if (!isProblem(problem, "invalid_request")) throw problem;
  problem.code satisfies Extract<Code, "invalid_request">;
  expect(inWords(problem)).toMatch(/^name: .+; colour: .+/);
  expect(problem.requestId).toBeTruthy();
});

test("a problem can be an answer too", async () => {
  const { client } = await person();

  const { data, error } = await listUsers({ client, throwOnError: false });

  expect(data).toBeUndefined();
  expect(error?.code).toBe("forbidden");
});

test("an error that is no problem is an error all the same", async () => {
  const { client } = await person({ fetch: async () => new Response("<h1>Bad Gateway</h1>", { status: 502 }) }).catch(
    (error: unknown) => {
      expect(isProblem(error)).toBe(false);
      expect(String(error)).toBe("Error: 502");
      return { client: undefined };
    },
  );
  expect(client).toBeUndefined();
});

test("a list is read to its end, page after page, in its order and by its filters", async () => {
  const ada = await person();
  const { client } = ada;
  const wanted = Array.from({ length: 7 }, (_, number) => `Note ${number}`);
  for (const name of wanted) await createTeam({ client, body: { name } });
  await createTeam({ client, body: { name: "Else" } });

  const seen: string[] = [];
  for await (const team of pages(listTeams, { client, query: { q: "note", limit: 2, order: "asc", skip: 1, count: true } })) {
    seen.push(team.name);
  }

  expect(seen).toEqual(wanted.slice(1));
  expect(count(ada.asked, "GET /api/v1/teams")).toBe(3);
});

test("who leaves the pages early asks for no more of them", async () => {
  const ada = await person();
  for (const name of ["one", "two", "three"]) await createTeam({ client: ada.client, body: { name } });

  for await (const team of pages(listTeams, { client: ada.client, query: { limit: 1 } })) {
    expect(team.name).toBe("three");
    break;
  }

  expect(count(ada.asked, "GET /api/v1/teams")).toBe(1);
});

test("a download is text", async () => {
  const { client } = await person();

  const { data } = await exportRecords({ client });

  expect(data.split(",")[0]).toBe("id");
});
