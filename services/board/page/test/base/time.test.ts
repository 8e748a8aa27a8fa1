import assert from "node:assert/strict";
import { test } from "node:test";
import { shownAge, shownClock, shownDay, shownDuration, shownMoment } from "../../src/base/time";

const SUMMER = Date.UTC(2026, 5, 5, 6, 0, 9);
const WINTER = Date.UTC(2026, 11, 31, 23, 30, 0);

test("clocks are those of Norway, in summer and winter", () => {
  assert.equal(shownMoment(SUMMER, "nb"), "5. juni 2026 kl. 08.00");
  assert.equal(shownMoment(SUMMER, "en"), "5 June 2026 at 08:00");
  assert.equal(shownDay(WINTER, "nb"), "1. januar 2027");
  assert.equal(shownClock(WINTER, "en"), "00:30");
  assert.equal(shownClock(SUMMER, "nb", true), "08.00.09");
});

test("an age is told in whole seconds, and never below zero", () => {
  assert.equal(shownAge(999, "nb"), "0\u00a0s");
  assert.equal(shownAge(9_999, "en"), "9\u00a0s");
  assert.equal(shownAge(192_900, "nb"), "3\u00a0min 12\u00a0s");
  assert.equal(shownAge(-50, "nb"), "0\u00a0s");
});

test("a duration is told in two units at most", () => {
  const told = (ms: number): string => shownDuration(ms, "nb").replaceAll("\u00a0", " ");
  assert.equal(told(0), "0 ms");
  assert.equal(told(420.4), "420 ms");
  assert.equal(told(999.6), "1,0 s");
  assert.equal(told(4200), "4,2 s");
  assert.equal(told(9_940), "9,9 s");
  assert.equal(told(9_960), "10 s");
  assert.equal(told(59_600), "1 min");
  assert.equal(told(192_000), "3 min 12 s");
  assert.equal(told(2 * 3_600_000 + 300_000), "2 t 5 min");
  assert.equal(told(51 * 3_600_000), "2 d 3 t");
  assert.equal(shownDuration(7_200_000, "en"), "2\u00a0h");
});
