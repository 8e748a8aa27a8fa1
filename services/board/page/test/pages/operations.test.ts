import assert from "node:assert/strict";
import { test } from "node:test";
import type { IngestStatus, Release, Stage, Status } from "../../src/api";
import { filled } from "../../src/base/language";
import { factsOf } from "../../src/pages/operations/facts";
import { answers, byService, gravity } from "../../src/pages/operations/line";
import { phasesOf, totalMs } from "../../src/pages/operations/phases";
import { mergedReleases } from "../../src/pages/operations/releases";
import { sparkPoints } from "../../src/pages/operations/sparkline";

const stage = (service: string, instance: number): Stage => ({
  service,
  instance,
  endpoint: "",
  state: "ready",
  detail: "",
  sinceMs: 0,
});
const release = (id: string, publishedMs: number, rows = 1): Release => ({
  id,
  publishedMs,
  rows,
  state: "committed",
  vintage: "unrevised",
  program: "",
  sources: [],
  withdrawn: 0,
  panels: [],
});

test("phases follow each other from discovery to publication", () => {
  const phases = {
    discoveredMs: 1000,
    recordedMs: 1400,
    sentMs: 1500,
    heldMs: 3500,
    committedMs: 4000,
    attempts: 1,
  };
  assert.deepEqual(phasesOf(phases), [
    { id: "recorded", ms: 400 },
    { id: "sent", ms: 100 },
    { id: "held", ms: 2000 },
    { id: "committed", ms: 500 },
  ]);
  assert.equal(totalMs(phases), 3000);
});

test("a phase that was not told joins the next, one that is not over is left out", () => {
  assert.deepEqual(phasesOf({ discoveredMs: 0, sentMs: 700, attempts: 2 }), [
    { id: "sent", ms: 700 },
  ]);
  assert.equal(totalMs({ discoveredMs: 5, attempts: 1 }), 0);
});

test("clocks that go backwards never make a phase negative", () => {
  const phases = phasesOf({ discoveredMs: 1000, recordedMs: 900, sentMs: 1200, attempts: 1 });
  assert.deepEqual(
    phases.map(({ ms }) => ms),
    [0, 200],
  );
});

test("releases stand once, newest first, the answer before the event", () => {
  const merged = mergedReleases(
    [release("b", 2, 10), release("c", 3)],
    [release("b", 2, 20), release("a", 1)],
  );
  assert.deepEqual(
    merged.map(({ id }) => id),
    ["c", "b", "a"],
  );
  assert.equal(merged[1]?.rows, 20);
});

test("workers stand with their service, services in the order of the line", () => {
  const grouped = byService([stage("ingest", 1), stage("need", 1), stage("need", 2)]);
  assert.deepEqual(
    grouped.map(([name, workers]) => [name, workers.length]),
    [
      ["ingest", 1],
      ["need", 2],
    ],
  );
});

test("gone and silent are grave, ready is well, all else in between", () => {
  assert.deepEqual(
    (["ready", "gone", "silent", "waiting", "starting", "unknown"] as const).map(gravity),
    ["good", "bad", "bad", "warn", "warn", "warn"],
  );
});

test("the newest value of a course stands at the right edge, the largest at the top", () => {
  assert.equal(sparkPoints([0, 4], 4), "118.0,23.0 120.0,2.0");
  assert.equal(sparkPoints([], 1), "");
});

const ingest: IngestStatus = {
  window: 8,
  inFlight: 2,
  waiting: 0,
  heldByPublish: 0,
  releasesOpen: 1,
  held: [],
  heldTotal: 0,
};
const status = (parts: Partial<Status>): Status => ({
  nowMs: 1000,
  program: "",
  board: {
    state: "following",
    detail: "",
    behind: 0,
    rows: 0,
    release: "",
    incomplete: [],
    incompleteTotal: 0,
  },
  stages: [],
  ...parts,
});
const detailsOf = (told: Status): readonly string[] =>
  factsOf(told, (name, parts) => filled(name.en, parts ?? {}), "en").map(({ detail }) => detail);

test("of a service that does not answer it is said that nothing is known", () => {
  const gone = status({
    stages: (["ingest", "publish"] as const).map((name) => ({ ...stage(name, 0), state: "gone" })),
  });
  assert.equal(answers(gone, "publish"), false);
  assert.deepEqual(detailsOf(gone).slice(0, 5), [
    "not known: ingest does not answer",
    "not known: ingest does not answer",
    "since the stages were started",
    "not known: publish does not answer",
    "not known: ingest does not answer",
  ]);
  const alive = status({ stages: [stage("ingest", 0)] });
  assert.equal(answers(alive, "ingest"), true);
  assert.equal(detailsOf(alive)[0], "not heard");
});

test("one release is open, two are", () => {
  assert.equal(detailsOf(status({ ingest }))[1], "1 release is open");
  assert.equal(
    detailsOf(status({ ingest: { ...ingest, releasesOpen: 2 } }))[1],
    "2 releases are open",
  );
});
