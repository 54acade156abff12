/** The tabs of one browser that share a sign-in: they take turns, and tell each other who signs in and out. */

import { inPage } from "./slot.js";

/** A tab that waits longer than this for its turn takes it: the tab that has it is frozen. */
const PATIENCE = 45_000;

export interface News {
  what: "signed_in" | "signed_out";
  user: string;
}

export interface Tabs {
  /** Runs one work at a time: in this tab always, among all tabs where they share tokens and the browser has locks. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Tells all other tabs. A tab that cannot be told notices at its next request. */
  tell(news: News): void;
}

export function openTabs(name: string | undefined, hear: (news: News) => void): Tabs {
  const shared = `onefold ${name}`;
  let queue: Promise<unknown> = Promise.resolve();
  let channel: BroadcastChannel | undefined;
  if (name !== undefined && inPage() && typeof BroadcastChannel === "function") {
    channel = new BroadcastChannel(shared);
    channel.onmessage = ({ data }) => hear(data as News);
  }
  return {
    alone: (work) => {
      const locks = name === undefined ? undefined : globalThis.navigator?.locks;
      const turn = () => (locks ? locked(locks, shared, work) : work());
      const done = queue.then(turn, turn);
      queue = done.catch(() => undefined);
      return done;
    },
    tell: (news) => channel?.postMessage(news),
  };
}

function locked<T>(locks: LockManager, name: string, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const alarm = setTimeout(() => {
      isLate = true;
      locks.request(name, { steal: true }, work).then(resolve, reject);
    }, PATIENCE);
    const turn = async () => {
      clearTimeout(alarm);
      if (!isLate) await work().then(resolve, reject);
    };
    locks.request(name, turn).catch(reject);
  });
}
