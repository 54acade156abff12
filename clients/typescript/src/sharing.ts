/** One stream for all tabs of a user: a lock elects the tab that holds it, and a channel carries its events. */

import type { LiveEvent, Topic } from "./generated/types.gen.js";
import { type Asked, covers, Leader, type Told } from "./leader.js";
import { inPage } from "./slot.js";
import { SILENCE, type StreamOptions } from "./stream.js";

/** How often a tab asks for what it misses. */
const TURN = 1000;

type Message = { told: Told } | { asked: Asked };

/** Whether this is a page with other tabs beside it, which can agree on one stream. */
export function canShare(): boolean {
  return inPage() && typeof BroadcastChannel === "function" && navigator.locks !== undefined;
}

/** The events of `stream`, by way of the tab that holds it; that may be this one. */
export async function* share(name: string, options: StreamOptions): AsyncGenerator<LiveEvent, void, undefined> {
  const member = new Member(name, options);
  try {
    yield* member.events();
  } finally {
    member.close();
  }
}

class Member {
  private readonly channel: BroadcastChannel;
  private readonly topics: Topic[];
  private last: number | undefined;
  private isConnected = false;
  private isAsking = false;
  private turn: ReturnType<typeof setTimeout> | undefined;
  private leader: Leader | undefined;
  /** Aborted when this tab neither leads nor waits to. */
  private candidacy = new AbortController();
  private alarm: ReturnType<typeof setTimeout> | undefined;
  private queue: LiveEvent[] = [];
  private failure: { error: unknown } | undefined;
  private wake = () => {};

  constructor(
    private readonly name: string,
    private readonly options: StreamOptions,
  ) {
    this.topics = options.topics ?? ["notifications"];
    this.last = options.lastEventId;
    this.channel = new BroadcastChannel(name);
    this.channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if ("told" in data) this.hear(data.told);
      else this.leader?.ask(data.asked);
    };
    document.addEventListener("freeze", this.withdraw);
    document.addEventListener("resume", this.enter);
    window.addEventListener("pagehide", this.withdraw);
    window.addEventListener("pageshow", this.enter);
    this.stand();
    this.ask();
  }

  async *events(): AsyncGenerator<LiveEvent, void, undefined> {
    const { signal } = this.options;
    signal.addEventListener("abort", () => this.wake(), { once: true });
    while (!signal.aborted) {
      const event = this.queue.shift();
      if (event !== undefined) yield event;
      else if (this.failure) throw this.failure.error;
      else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
          if (signal.aborted) resolve();
        });
      }
    }
  }

  close(): void {
    this.withdraw();
    document.removeEventListener("freeze", this.withdraw);
    document.removeEventListener("resume", this.enter);
    window.removeEventListener("pagehide", this.withdraw);
    window.removeEventListener("pageshow", this.enter);
    clearTimeout(this.turn);
    this.channel.close();
  }

  /** A page that is frozen or left would hold the lock, or be given it, and do nothing. */
  private readonly withdraw = (): void => {
    clearTimeout(this.alarm);
    this.candidacy.abort();
  };

  private readonly enter = (): void => {
    if (!this.candidacy.signal.aborted) return;
    this.stand();
    this.ask();
  };

  /** Waits for the lock, and leads when it comes. */
  private stand(steal = false): void {
    this.candidacy = new AbortController();
    const { signal } = this.candidacy;
    const lead = () => Promise.race([this.lead(signal), aborted(signal)]);
    this.expectNews();
    navigator.locks.request(this.name, steal ? { steal } : { signal }, lead).catch((error: unknown) => {
      if (signal.aborted) return;
      this.withdraw();
      if (error instanceof DOMException && error.name === "AbortError") return this.stand(); // stolen
      this.failure = { error };
      this.wake();
    });
  }

  private async lead(signal: AbortSignal): Promise<void> {
    const leader = new Leader({ topics: this.topics, after: this.last }, (told) => {
      if (signal.aborted) return;
      this.channel.postMessage({ told } satisfies Message);
      this.hear(told);
    });
    this.leader = leader;
    signal.addEventListener("abort", () => {
      this.leader = undefined;
    });
    const onDisconnect = (error: unknown) => this.options.onDisconnect?.(error);
    await leader.lead({ ...this.options, signal, onDisconnect });
  }

  /** A leader that says nothing for long is frozen without notice: another tab takes its place. */
  private expectNews(): void {
    clearTimeout(this.alarm);
    const takeOver = () => {
      if (this.leader !== undefined) return this.expectNews();
      this.withdraw();
      this.stand(true);
    };
    this.alarm = setTimeout(takeOver, SILENCE * (1 + Math.random()));
  }

  private hear({ place, event, isLost }: Told): void {
    if (!this.candidacy.signal.aborted) this.expectNews();
    if (isLost) {
      this.isConnected = false;
      if (this.leader === undefined) this.options.onDisconnect?.(undefined);
    }
    if (place === undefined) return;
    if (!covers(place.topics, this.topics)) return this.ask();
    const isReset = event?.kind === "reset";
    const before = this.last;
    if (before !== undefined && place.after > before && !isReset) return this.ask(); // something is missing
    this.last ??= place.after;
    if (event === undefined || event.id === before || (isReset ? before === undefined : event.id <= this.last)) return this.greet();
    if (isReset) this.isConnected = true; // it takes the place of `ready`
    this.greet();
    this.last = event.id;
    if (isReset || this.topics.some((topic) => event.kind.startsWith(`${topic.replace(/s$/, "")}.`))) this.push(event);
  }

  /** Each connection begins with `ready`. */
  private greet(): void {
    if (this.isConnected || this.last === undefined) return;
    this.isConnected = true;
    this.push({ kind: "ready", id: this.last });
  }

  private push(event: LiveEvent): void {
    this.queue.push(event);
    this.wake();
  }

  /** At most once in a while, as one answer is for all that was missed. */
  private ask(): void {
    this.isAsking = true;
    if (this.turn !== undefined) return;
    const asked = { topics: this.topics, after: this.last };
    if (this.leader) this.leader.ask(asked);
    else this.channel.postMessage({ asked } satisfies Message);
    this.isAsking = false;
    this.turn = setTimeout(() => {
      this.turn = undefined;
      if (this.isAsking) this.ask();
    }, TURN);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve());
  });
}
