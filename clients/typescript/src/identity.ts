/** As whom this tab acts, and what must not outlive that. */

import type { Client } from "./generated/client/index.js";
import { SessionEndedError } from "./problem.js";

/** The user of this tab. What has begun as one user never goes on as another. */
export class Identity {
  user: string | undefined;
  private life = new AbortController();

  /** Aborted, with a `SessionEndedError`, when this tab stops acting as its user. */
  get signal(): AbortSignal {
    return this.life.signal;
  }

  become(user: string): void {
    if (this.user !== undefined && this.user !== user) this.end();
    this.user = user;
  }

  end(): void {
    const { life } = this;
    this.user = undefined;
    this.life = new AbortController();
    life.abort(new SessionEndedError());
  }
}

/** What lists and streams, which make many requests, need to know of the sign-in of their client. */
export interface SignIn {
  identity: Identity;
  baseUrl: string;
  /** An access token that works now. */
  token(): Promise<string | undefined>;
  /** As whom the next request begins. */
  user(): Promise<string | undefined>;
}

const signIns = new WeakMap<Client, SignIn>();

export const signInOf = (client: Client): SignIn | undefined => signIns.get(client);

export function attach(client: Client, signIn: SignIn): void {
  signIns.set(client, signIn);
}

/** An option that lets many requests all be those of the user who began the first one, or all be nobody's. */
export function asOneUser(client: Client): { auth?: () => Promise<string | undefined> } {
  const signIn = signInOf(client);
  if (signIn === undefined) return {};
  let begun: { as: AbortSignal | undefined } | undefined;
  const auth = async () => {
    begun?.as?.throwIfAborted();
    if (begun && begun.as === undefined) return undefined;
    const token = await signIn.token();
    begun ??= { as: token === undefined ? undefined : signIn.identity.signal };
    return token;
  };
  return { auth };
}
