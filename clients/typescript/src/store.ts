/** Where tokens are kept between calls. */

export interface StoredTokens {
  access_token: string;
  /** Null when it is in an HttpOnly cookie, where no script can read it. */
  refresh_token: string | null;
  /** When the access token ends, in milliseconds of this machine's clock. */
  expires_at: number;
}

export interface TokenStore {
  load(): StoredTokens | undefined | Promise<StoredTokens | undefined>;
  save(tokens: StoredTokens | undefined): void | Promise<void>;
  /** The name of a store that other tabs see too. They then take turns, because a refresh token works once. */
  shared?: string;
}

/** Forgets everything when the page is left. With `transport: "cookie"`, `resume()` brings the sign-in back. */
export function memoryStore(): TokenStore {
  let held: StoredTokens | undefined;
  return {
    load: () => held,
    save: (tokens) => {
      held = tokens;
    },
  };
}

/** Keeps tokens in `localStorage` or `sessionStorage`, where every script of the page can read them. */
export function webStore(storage: Storage = localStorage, key = "onefold"): TokenStore {
  return {
    shared: key,
    load: () => {
      const text = storage.getItem(key);
      return text === null ? undefined : (JSON.parse(text) as StoredTokens);
    },
    save: (tokens) => (tokens ? storage.setItem(key, JSON.stringify(tokens)) : storage.removeItem(key)),
  };
}
