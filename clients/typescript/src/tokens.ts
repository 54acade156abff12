/** The tokens of this tab: found, renewed, and given up when they are no longer those of its user. */

import { type Claims, claimsOf } from "./claims.js";
import type { Direct, Endings } from "./endings.js";
import { refresh } from "./generated/sdk.gen.js";
import type { Tokens } from "./generated/types.gen.js";
import { Identity } from "./identity.js";
import { pause } from "./pause.js";
import { isAway, isProblem, isRefusal, SessionEndedError } from "./problem.js";
import type { Slot } from "./slot.js";
import type { StoredTokens, TokenStore } from "./store.js";
import type { Tabs } from "./tabs.js";

/** An access token with less time left than this is renewed before it is used. */
const MARGIN = 10_000;
/** Nobody waits longer than this for new tokens; other tabs wait too. */
const PATIENCE = 30_000;
/** How long another tab, which was faster, may take to store what it was given. */
const TURN = 500;

/** `expired`: the server refuses to renew it. The other two happened in another tab. */
export type SignedOutReason = "expired" | "signed_out" | "other_user";

export interface KeeperOptions {
  store: TokenStore;
  byCookie: boolean;
  /** The session that the cookie is said to hold. No secret, so that a page knows while the API is away. */
  hint: Slot<Claims>;
  endings: Endings;
  direct: Direct;
  tabs: Tabs;
  onSignedOut: ((reason: SignedOutReason) => void) | undefined;
}

export class TokenKeeper {
  readonly identity = new Identity();
  /** Whether this tab uses tokens that it finds. After the end of a session, it waits for `signIn` or `resume`. */
  private isOpen = true;
  /** Whether the cookie may hold a session of which no access token has come yet. */
  private isAwaiting = false;
  private renewal: Promise<StoredTokens | undefined> | undefined;

  constructor(private readonly options: KeeperOptions) {}

  /** Tokens that work now, of the user as whom this begins. */
  async tokens(): Promise<StoredTokens | undefined> {
    const { signal } = this.identity;
    const held = await this.load();
    if (held ? held.expires_at - Date.now() > MARGIN : !this.isAwaiting) return held;
    const renewed = await this.renew(held?.access_token);
    signal.throwIfAborted();
    return renewed;
  }

  /** What is stored for the user of this tab. */
  async load(): Promise<StoredTokens | undefined> {
    const { identity, options } = this;
    const { signal } = identity;
    const stored = await options.store.load();
    signal.throwIfAborted();
    if (!this.isOpen) return undefined;
    const { user, session } = claimsOf(stored?.access_token ?? "");
    const held = stored && session && options.endings.has(session) ? undefined : stored;
    if (held && (identity.user ?? user) === user) {
      identity.become(user);
      this.isAwaiting = false;
      return held;
    }
    if (identity.user === undefined || (!held && this.isAwaiting)) return undefined;
    await this.leave(held ? "other_user" : "signed_out");
    throw new SessionEndedError();
  }

  /** New tokens in place of a stale access token, once for all who ask meanwhile. */
  renew(stale: string | undefined): Promise<StoredTokens | undefined> {
    this.renewal ??= this.options.tabs
      .alone(() => this.exchange(stale))
      .finally(() => {
        this.renewal = undefined;
      });
    return this.renewal;
  }

  /** Stores the tokens of a sign-in, and acts as its user from then on. */
  async keep(tokens: Tokens): Promise<StoredTokens> {
    const { identity, options } = this;
    const { access_token, refresh_token, expires_in } = tokens;
    const claims = claimsOf(access_token);
    if (identity.user !== undefined && identity.user !== claims.user) this.close(); // until they are stored
    const kept = { access_token, refresh_token, expires_at: Date.now() + expires_in * 1000 };
    await options.store.save(kept);
    if (options.store.shared !== undefined) options.tabs.stored();
    if (options.byCookie) options.hint.save(claims);
    identity.become(claims.user);
    this.isOpen = true;
    this.isAwaiting = false;
    return kept;
  }

  /** Whether there is a session to go on with. While the API is away, the last one that this browser knows counts. */
  async resume(): Promise<boolean> {
    const { identity, options } = this;
    if (identity.user === undefined) {
      this.isOpen = true;
      this.isAwaiting = options.byCookie;
    }
    try {
      return (await this.tokens()) !== undefined;
    } catch (error) {
      if (isRefusal(error)) return false;
      if (!isAway(error)) throw error;
      const known = options.hint.load();
      if (this.isAwaiting && known && identity.user === undefined) identity.become(known.user);
      return identity.user !== undefined;
    }
  }

  /** Ends the session in this browser, whether or not the server can be reached. Resolves to what has ended. */
  async signOut(): Promise<(Claims & { access_token: string | undefined }) | undefined> {
    const { options } = this;
    const held = await this.load();
    const known = held ? claimsOf(held.access_token) : this.isOpen ? options.hint.load() : undefined;
    if (known === undefined) return undefined;
    options.endings.add({ session: known.session, refresh_token: held?.refresh_token ?? null });
    if (options.hint.load()?.session === known.session) options.hint.save(undefined);
    this.close();
    await options.store.save(undefined);
    return { ...known, access_token: held?.access_token };
  }

  /** Ends the session in this tab. A store that other tabs see too is theirs by now. */
  async leave(reason: SignedOutReason): Promise<void> {
    this.close();
    if (this.options.store.shared === undefined) await this.options.store.save(undefined);
    this.options.onSignedOut?.(reason);
  }

  private close(): void {
    this.isOpen = false;
    this.isAwaiting = false;
    this.identity.end();
  }

  private async exchange(stale: string | undefined, again = false): Promise<StoredTokens | undefined> {
    const { byCookie, direct, hint, store } = this.options;
    const { signal } = this.identity;
    const held = await this.load();
    if (held !== undefined && held.access_token !== stale) return held; // another call or tab was faster
    if (!held?.refresh_token && !(byCookie && (held || this.isAwaiting))) return undefined;
    const body = held?.refresh_token ? { refresh_token: held.refresh_token } : undefined;
    try {
      const { data } = await refresh({ ...direct, body, signal: AbortSignal.timeout(PATIENCE) });
      return await this.accept(data, held, signal);
    } catch (error) {
      if (error instanceof SessionEndedError || !isRefusal(error)) throw error; // not refused, so there is still hope
      if (isProblem(error, "token_reused") && !again) {
        await pause(TURN);
        const theirs = await this.load();
        if (theirs !== undefined && theirs.access_token !== stale) return theirs;
        if (byCookie) return this.exchange(stale, true); // the cookie is another one by now; a token in the body is not
      }
    }
    const now = await store.load();
    if (signal.aborted) return undefined;
    this.isAwaiting = false;
    hint.save(undefined);
    if (now?.access_token === held?.access_token) await store.save(undefined);
    if (this.identity.user !== undefined) await this.leave("expired");
    return undefined;
  }

  /** Takes new tokens, unless the session ended or another began while they were on their way. */
  private async accept(tokens: Tokens, before: StoredTokens | undefined, signal: AbortSignal) {
    const { endings, store } = this.options;
    const { user, session } = claimsOf(tokens.access_token);
    if (endings.has(session)) {
      endings.add({ session, refresh_token: tokens.refresh_token });
      this.isAwaiting = false;
      void endings.soon();
      return undefined;
    }
    if (this.identity.user !== undefined && this.identity.user !== user) {
      await this.leave("other_user");
      throw new SessionEndedError();
    }
    const now = await store.load();
    if (signal.aborted) return undefined;
    return now?.access_token === before?.access_token ? this.keep(tokens) : this.load();
  }
}
