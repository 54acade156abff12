/** Sessions that have ended in this browser, until the server knows. */

import { claimsOf } from "./claims.js";
import type { Client } from "./generated/client/index.js";
import { logout, refresh } from "./generated/sdk.gen.js";
import { isAway } from "./problem.js";
import type { Slot } from "./slot.js";
import type { EndedSession } from "./store.js";

const PATIENCE = 10_000;
const SHORTEST = 500;
const LONGEST = 10_000;

/** Makes requests as they are: nothing is signed, renewed or retried for them. */
export interface Direct {
  client: Client;
  fetch: typeof fetch;
  throwOnError: true;
}

export class Endings {
  private isTrying = false;

  constructor(
    private readonly kept: Slot<EndedSession[]>,
    private readonly direct: Direct,
    private readonly alone: (work: () => Promise<void>) => Promise<void>,
  ) {}

  /** Whether a session has ended here. Tokens of it that arrive late are not used. */
  has(session: string): boolean {
    return this.all().some((one) => one.session === session);
  }

  /** Adds a session, or its newer refresh token. */
  add(ended: EndedSession): void {
    this.kept.save([...this.all().filter((one) => one.session !== ended.session), ended]);
  }

  /** Forgets what the cookie held: it now holds another session. */
  cookieReplaced(): void {
    this.keep((one) => one.refresh_token !== null);
  }

  /** Ends a session by its access token. Resolves to whether that is still valid, rejects if the server is away. */
  async end(session: string, access_token: string): Promise<boolean> {
    try {
      await logout({ ...this.direct, auth: access_token, signal: AbortSignal.timeout(PATIENCE) });
    } catch (error) {
      if (isAway(error)) throw error;
      return false;
    }
    this.keep((one) => one.session !== session);
    return true;
  }

  /** Ends all of them on the server. Rejects if the server cannot be reached. Call it alone. */
  async settle(): Promise<void> {
    for (const { session, refresh_token } of this.all()) {
      const body = refresh_token === null ? undefined : { refresh_token };
      const signal = AbortSignal.timeout(PATIENCE);
      try {
        const { data } = await refresh({ ...this.direct, body, signal });
        if (claimsOf(data.access_token).session === session) {
          this.add({ session, refresh_token: data.refresh_token });
          await logout({ ...this.direct, auth: data.access_token, signal });
        }
      } catch (error) {
        if (isAway(error)) throw error;
      }
      this.keep((one) => one.session !== session);
    }
  }

  /** Ends all of them as soon as the server can be reached. */
  async soon(): Promise<void> {
    if (this.isTrying) return;
    this.isTrying = true;
    for (let wait = SHORTEST; this.all().length; wait = Math.min(LONGEST, wait * 2)) {
      const isDone = await this.alone(() => this.settle()).then(() => true, () => false);
      if (!isDone) await idle(wait);
    }
    this.isTrying = false;
  }

  private all(): EndedSession[] {
    return this.kept.load() ?? [];
  }

  private keep(isKept: (one: EndedSession) => boolean): void {
    const all = this.all();
    const left = all.filter(isKept);
    if (left.length !== all.length) this.kept.save(left.length ? left : undefined);
  }
}

/** Waits, but does not keep a program alive that has nothing else to do. */
function idle(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer: unknown = setTimeout(resolve, milliseconds);
    (timer as { unref?: () => void }).unref?.();
  });
}
