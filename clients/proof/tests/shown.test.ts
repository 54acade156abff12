/** What `shown` asks for, and how its answers are typed. */

import { shown, type Shown } from "onefold-client";
import { expect, expectTypeOf, test } from "vitest";

type Customer = { id: string; name: string };
type Invoice = { id: string; number: string; total: string; customer?: Customer | null; lines?: { amount: string }[] };
type Query = { expand?: ("customer" | "lines")[]; fields?: ("id" | "number" | "total")[] };
type Page = { items: Invoice[]; next_cursor: string | null; total: number | null };

/** Operations as they are generated, which answer what they are asked. */
const getInvoice = async (options: { path: { id: string }; query?: Query }) => ({ data: options as unknown as Invoice, response: 200 });
const listInvoices = async (options?: { query?: Query & { limit?: number } }) => ({ data: options as unknown as Page });

test("fields are picked, and what is expanded is there", async () => {
  const path = { id: "1" };

  const { data, response } = await shown(getInvoice, { path }, { fields: ["id", "number"], expand: ["customer"] });

  expectTypeOf(data).toEqualTypeOf<Pick<Invoice, "id" | "number"> & Required<Pick<Invoice, "customer">>>();
  expectTypeOf(data.customer).toEqualTypeOf<Customer | null>();
  expectTypeOf(response).toEqualTypeOf<number>();
  expect(data).toMatchObject({ path, query: { fields: ["id", "number"], expand: ["customer"] } });
  // @ts-expect-error  it was not asked for
  expect(data.total).toBeUndefined();
});

test("without fields, all that is always answered is there", async () => {
  const { data } = await shown(getInvoice, { path: { id: "1" } }, { expand: ["lines"] });

  expectTypeOf(data.total).toEqualTypeOf<string>();
  expectTypeOf(data.lines).toEqualTypeOf<{ amount: string }[]>();
  expectTypeOf(data.customer).toEqualTypeOf<Customer | null | undefined>();
});

test("a page has such rows too", async () => {
  const { data } = await shown(listInvoices, { query: { limit: 2 } }, { fields: ["number"] });

  expectTypeOf(data.items).toEqualTypeOf<Shown<Invoice, "number", never>[]>();
  expectTypeOf(data.next_cursor).toEqualTypeOf<string | null>();
  expect(data).toMatchObject({ query: { limit: 2, fields: ["number"] } });
});

test("what cannot be asked for does not compile", () => {
  // @ts-expect-error  it is no field
  void shown(getInvoice, { path: { id: "1" } }, { fields: ["secret"] });
  // @ts-expect-error  it cannot be expanded
  void shown(getInvoice, { path: { id: "1" } }, { expand: ["owner"] });
  // @ts-expect-error  the path is needed
  void shown(getInvoice, {}, { fields: ["id"] });
});
