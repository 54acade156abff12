/** The tab that holds the stream of all tabs, and what it tells the others. */

import type { LiveEvent, Topic } from "./generated/types.gen.js";
import { stream, type StreamOptions } from "./stream.js";

/** How often the leader says that it is not frozen. */
const BEAT = 10_000;

/** From the leader: the state of its stream after each event. Without a place, the leader is merely alive. */
export interface Told {
  /** What the stream is about, and the number of the event before this one, or else of the last one. */
  place?: { topics: Topic[]; after: number };
  event?: LiveEvent;
  isLost?: boolean;
}

/** To the leader: what a stream needs to be about, and after which event it needs to go on, to be of use to a tab. */
export interface Asked {
  topics: Topic[];
  after: number | undefined;
}

export const covers = (all: Topic[], some: Topic[]): boolean => some.every((topic) => all.includes(topic));

export class Leader {
  private isConnected = false;
  private topics: Topic[];
  private after: number | undefined;
  private round = new AbortController();

  constructor(
    own: Asked,
    private readonly tell: (told: Told) => void,
  ) {
    this.topics = own.topics;
    this.after = own.after;
  }

  /** Holds the stream until the signal is aborted. Rejects with the problem that the server answers. */
  async lead(options: StreamOptions): Promise<void> {
    const { signal } = options;
    const stop = () => this.round.abort();
    const beat = setInterval(() => this.tell({}), BEAT);
    signal.addEventListener("abort", stop);
    try {
      while (!signal.aborted) await this.follow(options);
    } finally {
      clearInterval(beat);
      signal.removeEventListener("abort", stop);
    }
  }

  /** Opens the stream anew, if a tab needs more than it carries: other topics, or events that this tab has missed. */
  ask({ topics, after }: Asked): void {
    const isEnough = covers(this.topics, topics);
    if (isEnough && this.isConnected && (after === undefined || after === this.after)) return this.tellPlace();
    const isOnTheWay = after === undefined || (this.after !== undefined && after >= this.after);
    if (isEnough && !this.isConnected && isOnTheWay) return;
    this.topics = [...new Set([...this.topics, ...topics])];
    this.after = after ?? this.after;
    this.round.abort();
  }

  private async follow(options: StreamOptions): Promise<void> {
    this.isConnected = false;
    this.round = new AbortController();
    const connection = stream({
      ...options,
      topics: this.topics,
      lastEventId: this.after,
      signal: this.round.signal,
      onHeard: () => this.tellPlace(),
      onDisconnect: (error) => {
        this.isConnected = false;
        options.onDisconnect?.(error);
        this.tell({ isLost: true });
      },
    });
    const { signal } = this.round;
    for await (const event of connection) {
      if (signal.aborted) return; // what it carries goes on from elsewhere
      const isFirst = event.kind === "ready" || event.kind === "reset";
      if (isFirst) this.after = event.id;
      this.isConnected = true;
      if (event.kind === "ready") this.tellPlace();
      else this.tell({ place: { topics: this.topics, after: this.after ?? event.id }, event });
      this.after = event.id;
    }
  }

  private tellPlace(): void {
    if (this.isConnected && this.after !== undefined) this.tell({ place: { topics: this.topics, after: this.after } });
  }
}
