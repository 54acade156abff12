/** The tabs of one browser that share a sign-in: they take turns, and tell each other who signs in and out. */

import { pause } from "./pause.js";
import { inPage } from "./slot.js";

/** A tab that waits longer than this for its turn takes it: the tab that has it is frozen. */
const PATIENCE = 45_000;

/** What a tab stores may reach another tab, in a process of its own, later than the lock does. */
const LAG = 500;

export interface News {
  what: "signed_in" | "signed_out";
  user: string;
}

export interface Tabs {
  /** Runs one work at a time: in this tab always, among all tabs where they share tokens and the browser has locks. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Call it when a work has stored what the next one needs: its turn then lasts until other tabs see it. */
  stored(): void;
  /** Tells all other tabs. A tab that cannot be told notices at its next request. */
  tell(news: News): void;
}

export function openTabs(name: string | undefined, hear: (news: News) => void): Tabs {
  const shared = `onefold ${name}`;
  let queue: Promise<unknown> = Promise.resolve();
  let channel: BroadcastChannel | undefined;
  let hasStored = false;
  if (name !== undefined && inPage() && typeof BroadcastChannel === "function") {
    channel = new BroadcastChannel(shared);
    channel.onmessage = ({ data }) => hear(data as News);
  }
  const rest = async () => {
    if (!hasStored) return;
    hasStored = false;
    await pause(LAG);
  };
  return {
    alone: (work) => {
      const locks = name === undefined ? undefined : globalThis.navigator?.locks;
      const turn = () => (locks ? locked(locks, shared, work, rest) : work());
      const done = queue.then(turn, turn);
      queue = done.catch(() => undefined);
      return done;
    },
    stored: () => {
      hasStored = true;
    },
    tell: (news) => channel?.postMessage(news),
  };
}

function locked<T>(locks: LockManager, name: string, work: () => Promise<T>, rest: () => Promise<void>): Promise<T> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const alarm = setTimeout(() => {
      isLate = true;
      locks.request(name, { steal: true }, work).then(resolve, reject);
    }, PATIENCE);
    const turn = async () => {
      clearTimeout(alarm);
      if (isLate) return;
      await work().then(resolve, reject);
      await rest();
    };
    locks.request(name, turn).catch(reject);
  });
}
