/** Signing in, and staying signed in: what no generator can know. */

import { type Claims, claimsOf } from "./claims.js";
import { type Direct, Endings } from "./endings.js";
import { client as defaultClient } from "./generated/client.gen.js";
import type { Client } from "./generated/client/index.js";
import { login, register } from "./generated/sdk.gen.js";
import type { SignIn, Tokens, Transport, UserRegister } from "./generated/types.gen.js";
import { attach } from "./identity.js";
import { SessionEndedError, toError } from "./problem.js";
import { pageStorage, slot } from "./slot.js";
import { type EndedSession, memoryStore, type TokenStore } from "./store.js";
import { type News, openTabs } from "./tabs.js";
import { type SignedOutReason, TokenKeeper } from "./tokens.js";

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
  /** Called when the session ends in this tab, but not by its `signOut`: show the sign-in page. */
  onSignedOut?: (reason: SignedOutReason) => void;
  /** Called when a user signs in in another tab and nobody is signed in here: `resume()` goes on as this user. */
  onSignedIn?: () => void;
}

export interface Session {
  client: Client;
  signUp(body: Omit<UserRegister, "transport">): Promise<void>;
  signIn(body: Omit<SignIn, "transport">): Promise<void>;
  /** Ends the session in all tabs at once, and on the server as soon as it can be reached. */
  signOut(): Promise<void>;
  /**
   * Whether there is a session to go on with, from the store or from the cookie: call it when the page loads. True also
   * while the API is away: requests work when it is back.
   */
  resume(): Promise<boolean>;
  /** An access token that works now, for what is no operation, such as a WebSocket. */
  token(): Promise<string | undefined>;
}

/** Sets up the client: from here on, operations are signed, and tokens renewed without anybody noticing. */
export function connect(options: ConnectOptions): Session {
  const { baseUrl, transport = "body", store = memoryStore(), client = defaultClient } = options;
  const byCookie = transport === "cookie";
  const go: typeof fetch = (input, init) => (options.fetch ?? fetch)(input, init);
  const direct: Direct = { client, fetch: go, throwOnError: true };
  const storage = byCookie ? pageStorage : () => undefined;
  const tabs = openTabs(store.shared ?? (byCookie ? baseUrl : undefined), hear);
  const ended = store.ended ?? slot<EndedSession[]>(`onefold ended ${baseUrl}`, storage);
  const endings = new Endings(ended, direct, tabs.alone);
  const hint = slot<Claims>(`onefold session ${baseUrl}`, storage);
  const { alone } = tabs;
  const keeper = new TokenKeeper({ store, byCookie, hint, endings, direct, tabs, onSignedOut: options.onSignedOut });
  const { identity } = keeper;
  const failures = new Map<string, unknown>();
  let failed = 0;

  function hear({ what, user }: News): void {
    if (what === "signed_out") void endings.soon(); // the tab that has signed out may be gone
    if (identity.user === undefined) {
      if (what === "signed_in") options.onSignedIn?.();
    } else if (what === "signed_out" ? user === identity.user : user !== identity.user) {
      void keeper.leave(what === "signed_out" ? "signed_out" : "other_user");
    }
  }

  async function token(): Promise<string | undefined> {
    return (await keeper.tokens())?.access_token;
  }

  /** A token, or else a name under which `send` finds why there is none, so that `throwOnError: false` covers this too. */
  async function sign(): Promise<string | undefined> {
    try {
      return await token();
    } catch (error) {
      const name = `none ${(failed += 1)}`;
      failures.set(name, error);
      return name;
    }
  }

  /** Sends a request, and once more with a new access token if the server refuses the first: of the same user only. */
  async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    const used = request.headers.get("Authorization")?.replace("Bearer ", "");
    if (used !== undefined && failures.has(used)) {
      const failure = failures.get(used);
      failures.delete(used);
      throw failure;
    }
    const spare = used === undefined ? undefined : request.clone();
    const response = await go(request);
    if (used === undefined || spare === undefined || response.status !== 401) return response;
    const renewed = await keeper.renew(used);
    if (renewed === undefined) return response;
    if (claimsOf(renewed.access_token).user !== claimsOf(used).user) throw new SessionEndedError();
    spare.headers.set("Authorization", `Bearer ${renewed.access_token}`);
    return go(spare);
  }

  /** Alone, so that the cookie of a refresh under way does not replace that of the new session. */
  function enter(ask: () => Promise<{ data: Tokens }>): Promise<void> {
    return alone(async () => {
      await endings.settle().catch(() => undefined); // the cookie is about to be replaced
      const { data } = await ask();
      await keeper.keep(data);
      if (byCookie) endings.cookieReplaced();
      tabs.tell({ what: "signed_in", user: claimsOf(data.access_token).user });
    });
  }

  client.setConfig({ baseUrl, auth: sign, fetch: send, throwOnError: true, ...(byCookie && { credentials: "include" }) });
  if (!client.interceptors.error.exists(toError)) client.interceptors.error.use(toError);
  attach(client, { identity, baseUrl, token, user: async () => ((await keeper.load()), identity.user) });
  void endings.soon();

  return {
    client,
    token: () => token().catch(orNobody),
    signUp: (body) => enter(() => register({ ...direct, body: { ...body, transport } })),
    signIn: (body) => enter(() => login({ ...direct, body: { ...body, transport } })),
    async signOut() {
      const over = await keeper.signOut().catch(orNobody);
      if (over === undefined) return;
      tabs.tell({ what: "signed_out", user: over.user });
      try {
        const isDone = over.access_token !== undefined && (await endings.end(over.session, over.access_token));
        if (!isDone) await alone(() => endings.settle());
      } catch {
        void endings.soon();
      }
    },
    resume: () => keeper.resume(),
  };
}

function orNobody(error: unknown): undefined {
  if (!(error instanceof SessionEndedError)) throw error;
}
