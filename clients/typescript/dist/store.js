/** Where tokens are kept between calls. */
/** Forgets everything when the page is left. With `transport: "cookie"`, `resume()` brings the sign-in back. */
export function memoryStore() {
    let held;
    return {
        load: () => held,
        save: (tokens) => {
            held = tokens;
        },
    };
}
/** Keeps tokens in `localStorage` or `sessionStorage`, where every script of the page can read them. */
export function webStore(storage = localStorage, key = "onefold") {
    return {
        shared: key,
        load: () => {
            const text = storage.getItem(key);
            return text === null ? undefined : JSON.parse(text);
        },
        save: (tokens) => (tokens ? storage.setItem(key, JSON.stringify(tokens)) : storage.removeItem(key)),
    };
}
