/** All items of a list, page after page, as they are asked for. */
/** `for await (const task of pages(listTasks, { query: { status: "To Do" } })) { … }` */
export async function* pages(list, ...[options]) {
    const read = list;
    const given = options ?? {};
    let query = given.query;
    for (;;) {
        const { data } = await read({ ...given, query, throwOnError: true });
        yield* data.items;
        if (data.next_cursor === null)
            return;
        query = { ...query, cursor: data.next_cursor, skip: undefined, count: undefined }; // these two are for the first page
    }
}
