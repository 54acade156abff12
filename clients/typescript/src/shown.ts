/** Asks for some fields of a row, or for what it refers to, and types the answer so. */

type Operation = (options: never) => Promise<unknown>;

type Options<Read extends Operation> = NonNullable<Parameters<Read>[0]>;

/** What is answered if there is no problem, which is thrown. */
type Good<Read extends Operation> = Extract<Awaited<ReturnType<Read>>, { data: object }>;

type QueryOf<Read extends Operation> = NonNullable<Options<Read> extends { query?: infer Query } ? Query : never>;

type NamesIn<Read extends Operation, Name extends "expand" | "fields"> =
  QueryOf<Read> extends { [name in Name]?: (infer Option)[] | undefined } ? Option & string : never;

type OptionsOf<Read extends Operation> = Omit<Options<Read>, "query"> & {
  query?: Omit<QueryOf<Read>, "expand" | "fields">;
};

/** The fields that are wanted, or all that are always answered; and those that are expanded, which are there. */
export type Shown<Row, Field extends string, Expanded extends string> = ([Field] extends [never] ? Row : Pick<Row, Field & keyof Row>) &
  Required<Pick<Row, Expanded & keyof Row>>;

type Answer<Data, Field extends string, Expanded extends string> = Data extends { items: (infer Row)[]; next_cursor: string | null }
  ? Omit<Data, "items"> & { items: Shown<Row, Field, Expanded>[] }
  : Shown<Data, Field, Expanded>;

/**
 * `const { data } = await shown(getInvoice, { path: { id } }, { fields: ["id", "number"], expand: ["customer"] })`
 *
 * Then `data` has an `id`, a `number` and a `customer`, and nothing else.
 */
export async function shown<
  Read extends Operation,
  const Field extends NamesIn<Read, "fields"> = never,
  const Expanded extends NamesIn<Read, "expand"> = never,
>(
  read: Read,
  options: OptionsOf<Read>,
  wanted: { fields?: readonly Field[]; expand?: readonly Expanded[] },
): Promise<Omit<Good<Read>, "data"> & { data: Answer<Good<Read>["data"], Field, Expanded> }> {
  const query = { ...(options as { query?: object }).query, ...wanted };
  const ask = read as unknown as (options: object) => Promise<never>;
  return ask({ ...options, query, throwOnError: true });
}
