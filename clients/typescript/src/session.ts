/** Signing in, and staying signed in: what no generator can know. */

import { client as defaultClient } from "./generated/client.gen.js";
import type { Client } from "./generated/client/index.js";
import { login, logout, refresh, register } from "./generated/sdk.gen.js";
import type { SignIn, Tokens, Transport, UserRegister } from "./generated/types.gen.js";
import { pause } from "./pause.js";
import { isProblem, toError } from "./problem.js";
import { memoryStore, type StoredTokens, type TokenStore } from "./store.js";

/** An access token with less time left than this is renewed before it is used. */
const MARGIN = 10_000;
/** Nobody waits longer than this for new tokens; other tabs wait too. */
const PATIENCE = 30_000;
/** How long another tab, which was faster, may take to store what it was given. */
const TURN = 500;

export interface ConnectOptions {
  /** Where the API is: `https://api.example.com`. */
  baseUrl: string;
  /** `cookie` keeps the refresh token where no script can read it; page and API must then be of one site. */
  transport?: Transport;
  /** In memory, unless you say otherwise. */
  store?: TokenStore;
  /** The client to set up, if it is not the one that all operations use unless they are given another. */
  client?: Client;
  fetch?: typeof fetch;
  /** Called when the sign-in has ended and cannot be renewed: show the sign-in page. */
  onSignedOut?: () => void;
}

export interface Session {
  client: Client;
  signUp(body: Omit<UserRegister, "transport">): Promise<void>;
  signIn(body: Omit<SignIn, "transport">): Promise<void>;
  /** Ends the sign-in on the server, and forgets the tokens even when the server cannot be reached. */
  signOut(): Promise<void>;
  /** Whether there is a sign-in to go on with, from the store or from the cookie: call it when the page loads. */
  resume(): Promise<boolean>;
  /** An access token that works now, for what is no operation, such as a WebSocket. */
  token(): Promise<string | undefined>;
}

/** Sets up the client: from here on, operations are signed, and tokens renewed without anybody noticing. */
export function connect(options: ConnectOptions): Session {
  const { baseUrl, transport = "body", store = memoryStore(), client = defaultClient } = options;
  const byCookie = transport === "cookie";
  const lock = store.shared ?? (byCookie ? baseUrl : undefined);
  let queue: Promise<unknown> = Promise.resolve();
  let renewal: Promise<StoredTokens | undefined> | undefined;

  /** One at a time: in this tab always, among all tabs where they share tokens and the browser has locks. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const locks = lock === undefined ? undefined : globalThis.navigator?.locks;
    const turn = async (): Promise<T> => (locks ? await locks.request(`onefold ${lock}`, work) : await work());
    const done = queue.then(turn, turn);
    queue = done;
    return done;
  }

  async function keep(tokens: Tokens): Promise<StoredTokens> {
    const { access_token, refresh_token, expires_in } = tokens;
    const kept = { access_token, refresh_token, expires_at: Date.now() + expires_in * 1000 };
    await store.save(kept);
    return kept;
  }

  async function token(): Promise<string | undefined> {
    const held = await store.load();
    if (held === undefined || held.expires_at - Date.now() > MARGIN) return held?.access_token;
    return (await renew(held.access_token))?.access_token;
  }

  /** New tokens in place of a stale access token, once for all who ask meanwhile. */
  function renew(stale: string | undefined): Promise<StoredTokens | undefined> {
    renewal ??= alone(() => exchange(stale)).finally(() => {
      renewal = undefined;
    });
    return renewal;
  }

  async function exchange(stale: string | undefined, again = false): Promise<StoredTokens | undefined> {
    const held = await store.load();
    if (held !== undefined && held.access_token !== stale) return held; // another call or tab was faster
    const refresh_token = held?.refresh_token;
    if (!refresh_token && !byCookie) return undefined;
    const body = refresh_token ? { refresh_token } : undefined;
    try {
      const { data } = await refresh({ client, body, signal: AbortSignal.timeout(PATIENCE), throwOnError: true });
      return await keep(data);
    } catch (error) {
      if (!isProblem(error) || error.status !== 401) throw error; // not refused, so there is still hope
      if (error.code === "token_reused" && !again) {
        await pause(TURN);
        const theirs = await store.load();
        if (theirs !== undefined && theirs.access_token !== stale) return theirs;
        if (byCookie) return exchange(stale, true); // the cookie is another one by now; a token in the body is not
      }
    }
    await store.save(undefined);
    if (held !== undefined) options.onSignedOut?.();
    return undefined;
  }

  async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    const used = request.headers.get("Authorization")?.replace("Bearer ", "");
    const spare = used === undefined ? undefined : request.clone();
    const response = await (options.fetch ?? fetch)(request);
    if (spare === undefined || response.status !== 401) return response;
    const renewed = await renew(used);
    if (renewed === undefined) return response;
    spare.headers.set("Authorization", `Bearer ${renewed.access_token}`);
    return (options.fetch ?? fetch)(spare);
  }

  client.setConfig({ baseUrl, auth: token, fetch: send, throwOnError: true, ...(byCookie && { credentials: "include" }) });
  if (!client.interceptors.error.exists(toError)) client.interceptors.error.use(toError);

  return {
    client,
    token,
    async signUp(body) {
      const { data } = await register({ client, body: { ...body, transport }, throwOnError: true });
      await alone(() => keep(data));
    },
    async signIn(body) {
      const { data } = await login({ client, body: { ...body, transport }, throwOnError: true });
      await alone(() => keep(data));
    },
    async signOut() {
      try {
        await logout({ client, throwOnError: true });
      } catch (error) {
        if (!isProblem(error, "invalid_token")) throw error;
      } finally {
        await alone(async () => store.save(undefined));
      }
    },
    async resume() {
      return ((await token()) ?? (byCookie ? await renew(undefined) : undefined)) !== undefined;
    },
  };
}
