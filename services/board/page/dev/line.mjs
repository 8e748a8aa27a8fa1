/** An invented line of stages for looking at the operators' page: never part of what is built. */

const SERVICES = ["ingest", "need", "normalize", "aggregate", "efficiency", "publish"];
const HOUR = 3_600_000;

const id = (number) => ((number * 2654435761) >>> 0).toString(16).padStart(8, "0").repeat(4);

function phases(publishedMs, scale) {
  const start = publishedMs - 2400 * scale;
  return {
    discoveredMs: start,
    recordedMs: start + 420 * scale,
    sentMs: start + 700 * scale,
    heldMs: start + 1900 * scale,
    committedMs: publishedMs,
    attempts: 1,
  };
}

const MOVED = {
  before: id(3),
  figures: 5356,
  changed: 412,
  added: 12,
  removed: 0,
  largest: [
    {
      topic: "need",
      municipality: "4003",
      sector: "grunnskole",
      measure: "need_index",
      before: 0.9712,
      after: 1.0208,
    },
    {
      topic: "index",
      municipality: "1103",
      sector: "barnehage",
      measure: "index",
      before: 104.25,
      after: 101.9,
    },
    {
      topic: "resource-use",
      municipality: "3222",
      sector: "pleie_omsorg",
      measure: "deviation_kr_per_capita",
      before: -1364.2,
      after: -1190.7,
    },
  ],
};

function release(number, publishedMs, more = {}) {
  return {
    id: id(number),
    state: "committed",
    vintage: "unrevised",
    program: "kostraflow 1.9.0",
    publishedMs,
    sources: [{ name: "12362", updated: "2026-06-15T06:00:00Z" }],
    rows: 5356,
    withdrawn: 0,
    panels: [{ edition: "need-2026", year: 2026, municipalities: 357, state: "shown" }],
    phases: phases(publishedMs, 1),
    ...more,
  };
}

function invented(nowMs) {
  return [
    release(6, nowMs - 0.02 * HOUR, {
      vintage: "correction",
      previous: id(3),
      panels: [
        { edition: "need-2026", year: 2026, municipalities: 357, state: "shown", moved: MOVED },
      ],
    }),
    release(5, nowMs - 2 * HOUR, {
      state: "rejected",
      rows: 0,
      panels: [
        {
          edition: "asss-2010",
          year: 2010,
          municipalities: 10,
          state: "rejected",
          reason: "missing_cells: barnehage has no figures of korr_oppholdstimer for 0219",
        },
      ],
    }),
    release(4, nowMs - 26 * HOUR, {
      rows: 48801,
      phases: phases(nowMs - 26 * HOUR, 3.4),
      panels: [2024, 2025, 2026].map((year) => ({
        edition: "demography-2026-mmmm",
        year,
        municipalities: 17,
        state: year === 2025 ? "arriving" : "shown",
      })),
    }),
    release(3, nowMs - 50 * HOUR, {
      panels: [{ edition: "need-2026", year: 2026, municipalities: 357, state: "superseded" }],
    }),
    release(2, nowMs - 340 * HOUR, {
      rows: 2445,
      phases: undefined,
      panels: [{ edition: "asss-2010", year: 2010, municipalities: 10, state: "shown" }],
    }),
  ];
}

function ingest(nowMs) {
  return {
    window: 64,
    inFlight: 12,
    waiting: 3,
    heldByPublish: 5,
    releasesOpen: 2,
    oldestUnreceiptedMs: nowMs - 4200,
    heldTotal: 1,
    held: [
      {
        release: id(9),
        input: "net-expenditure-2025.csv",
        sinceMs: nowMs - 5 * HOUR,
        reason: "moves the total index of 1103 by 11.2 percent, more than the limit of 10",
      },
    ],
    nextPublication: { atMs: nowMs + 19 * HOUR, title: "Kommuneregnskap, KOSTRA" },
  };
}

export class Line {
  constructor(nowMs) {
    this.begun = nowMs;
    this.states = new Map(SERVICES.map((service) => [service, { state: "ready", since: nowMs }]));
    this.listeners = new Set();
    this.history = invented(nowMs);
  }

  put(service, state, nowMs) {
    this.states.set(service, { state, since: nowMs });
  }

  onRelease(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  releases() {
    return this.history;
  }

  stage(service, at, nowMs) {
    const { state, since } = this.states.get(service);
    const seconds = Math.floor((nowMs - this.begun) / 1000);
    const works = state === "ready";
    const details = {
      gone: "the connection has ended",
      silent: "no beat for 1.6 s",
      waiting: "waits for Kafka",
    };
    return {
      service,
      instance: 1,
      endpoint: `ipc:///run/kostraflow/${service}`,
      state,
      detail: details[state] ?? "",
      sinceMs: since,
      pid: 4200 + at,
      beatMs: nowMs - 120,
      panelsIn: 310 + seconds * 4,
      panelsOut: 308 + seconds * 4 - at,
      panelsRejected: service === "normalize" ? 1 : 0,
      framesRefused: 0,
      inProgress: works ? (seconds + at) % 4 : 0,
      rate: works ? 3.6 + ((seconds + at) % 5) / 5 : 0,
      release: id(6),
    };
  }

  status(nowMs) {
    return {
      nowMs,
      program: "kostraflow 1.9.0",
      board: {
        state: "following",
        detail: "",
        behind: 0,
        rows: 125767,
        release: id(6),
        incomplete: [
          {
            release: id(4),
            edition: "demography-2026-mmmm",
            year: 2025,
            reason: "1204 of 2872 rows of demography are here",
          },
        ],
        incompleteTotal: 1,
      },
      stages: SERVICES.map((service, at) => this.stage(service, at, nowMs)),
      ingest: ingest(nowMs),
      publish: {
        kafka: "connected",
        detail: "",
        lastCommitMs: this.history[0].publishedMs,
        releases: 41,
        rows: 1_204_311,
      },
    };
  }
}
