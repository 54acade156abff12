/** Where tokens are kept between calls. */

import { type Slot, slot } from "./slot.js";

export interface StoredTokens {
  access_token: string;
  /** Null when it is in an HttpOnly cookie, where no script can read it. */
  refresh_token: string | null;
  /** When the access token ends, in milliseconds of this machine's clock. */
  expires_at: number;
}

/** A session that has ended in this browser, and not yet on the server, which could not be reached. */
export interface EndedSession {
  session: string;
  /** Null when it is in the cookie. */
  refresh_token: string | null;
}

export interface TokenStore {
  load(): StoredTokens | undefined | Promise<StoredTokens | undefined>;
  save(tokens: StoredTokens | undefined): void | Promise<void>;
  /** The name of a store that other tabs see too. They then take turns, because a refresh token works once. */
  shared?: string;
  /** Where ended sessions are kept until the server can be told; in memory, unless you say otherwise. */
  ended?: Slot<EndedSession[]>;
}

/** Forgets everything when the page is left. With `transport: "cookie"`, `resume()` brings the sign-in back. */
export function memoryStore(): TokenStore {
  return slot<StoredTokens>("", () => undefined);
}

/**
 * Keeps tokens in `localStorage` or `sessionStorage`, where every script of the page can read them. Where storage is
 * forbidden, as in some private windows, it keeps them in memory.
 */
export function webStore(storage?: Storage, key = "onefold"): TokenStore {
  const open = () => storage ?? localStorage;
  const ended = slot<EndedSession[]>(`${key} ended`, open);
  const store: TokenStore = { ...slot<StoredTokens>(key, open), ended };
  return isOfOneTab(storage) ? store : { ...store, shared: key };
}

function isOfOneTab(storage: Storage | undefined): boolean {
  try {
    return storage === sessionStorage;
  } catch {
    return false;
  }
}
