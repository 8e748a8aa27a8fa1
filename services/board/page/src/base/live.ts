/**
 * The board's events, as they come: by server-sent events; when none come, by asking again and
 * again; and when nobody answers, lost, until somebody does. The last that was heard stays.
 */
import { useEffect, useState } from "preact/hooks";
import type { Release, Status } from "../api";
import { load } from "./load";

/** live: events come; asking: they do not, but answers do; lost: nobody answers; opening: at
 * first. */
export type Connection = "opening" | "live" | "asking" | "lost";

export interface Live {
  readonly connection: Connection;
  /** The newest; absent until the first came. */
  readonly status?: Status;
  /** Releases that came as events since the page was opened, newest first. */
  readonly arrived: readonly Release[];
  /** How many release events came. */
  readonly events: number;
  /** By the reader's clock, when something was last heard. */
  readonly heardMs: number;
}

/** Status events come every half second: after so much silence the page asks. */
export const SILENCE_MS = 1_500;
const LOOK_MS = 300;
const ANSWER_MS = 1_000;
const REOPEN_MS = 2_000;
const ARRIVED_MAX = 50;

/** Follows the board until close(); tells `changed` of everything new. */
export class LiveFeed {
  private live: Live = { connection: "opening", arrived: [], events: 0, heardMs: 0 };
  private events: EventSource | undefined;
  private asking = false;
  private openedMs = 0;
  private readonly timer: ReturnType<typeof setInterval>;
  private readonly control = new AbortController();

  constructor(private readonly changed: (live: Live) => void) {
    this.open();
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  close(): void {
    clearInterval(this.timer);
    this.events?.close();
    this.control.abort();
  }

  private tell(news: Partial<Live>): void {
    this.live = { ...this.live, ...news };
    this.changed(this.live);
  }

  private open(): void {
    this.events?.close();
    this.openedMs = Date.now();
    const events = new EventSource("/api/events");
    this.events = events;
    events.addEventListener("status", (event: MessageEvent<string>) => {
      const status = JSON.parse(event.data) as Status;
      this.tell({ status, connection: "live", heardMs: Date.now() });
    });
    events.addEventListener("release", (event: MessageEvent<string>) => {
      this.arrive(JSON.parse(event.data) as Release);
    });
    events.addEventListener("error", () => void this.ask());
  }

  private arrive(release: Release): void {
    const others = this.live.arrived.filter((known) => known.id !== release.id);
    this.tell({
      arrived: [release, ...others].slice(0, ARRIVED_MAX),
      events: this.live.events + 1,
    });
  }

  private look(): void {
    const now = Date.now();
    const since = now - Math.max(this.live.heardMs, this.openedMs);
    if (since < SILENCE_MS && this.live.connection !== "lost") return;
    void this.ask();
    const closed = this.events?.readyState === EventSource.CLOSED;
    const silent = now - this.live.heardMs > SILENCE_MS;
    if (now - this.openedMs > REOPEN_MS && (closed || silent)) this.open();
  }

  /** One question at a time. */
  private async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    const limit = new AbortController();
    const stop = (): void => limit.abort();
    const timer = setTimeout(stop, ANSWER_MS);
    this.control.signal.addEventListener("abort", stop);
    try {
      const status = await load<Status>("/api/status", limit.signal);
      this.tell({ status, connection: "asking", heardMs: Date.now() });
    } catch {
      if (!this.control.signal.aborted) this.tell({ connection: "lost" });
    } finally {
      clearTimeout(timer);
      this.control.signal.removeEventListener("abort", stop);
      this.asking = false;
    }
  }
}

/** What the board tells, from when the component appears until it goes. */
export function useLive(): Live {
  const [live, setLive] = useState<Live>({
    connection: "opening",
    arrived: [],
    events: 0,
    heardMs: 0,
  });
  useEffect(() => {
    const feed = new LiveFeed(setLive);
    return () => feed.close();
  }, []);
  return live;
}
