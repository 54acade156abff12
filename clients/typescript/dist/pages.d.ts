/** All items of a list, page after page, as they are asked for. */
type Operation = (options: never) => Promise<unknown>;
type ItemOf<Answer> = Answer extends {
    data: {
        items: (infer Item)[];
    };
} ? Item : never;
type Items<List extends Operation> = ItemOf<Awaited<ReturnType<List>>>;
/** `for await (const task of pages(listTasks, { query: { status: "To Do" } })) { … }` */
export declare function pages<List extends Operation>(list: List, ...[options]: Parameters<List>): AsyncGenerator<Items<List>, void, undefined>;
export {};
