import assert from "node:assert/strict";
import { test } from "node:test";
import { figureKey } from "../../src/base/quantity";
import { refusalDetail } from "../../src/base/load";
import { failureWords } from "../../src/components/failure";
import { placeByKey } from "../../src/components/chart";
import { wrapped } from "../../src/components/download";
import { flagMark, worthMarking, flagWords } from "../../src/components/flags";
import { activeAfter } from "../../src/components/municipality_search";
import { shownYears } from "../../src/pages/choose";

test("a number's place on the topics is written with an empty part where it has no indicator", () => {
  const place = {
    topic: "need",
    edition: "need-2026",
    year: 2026,
    sector: "grunnskole",
    measure: "need_index",
  } as const;
  assert.equal(figureKey(place), "need/need-2026/2026/grunnskole//need_index");
  assert.equal(
    figureKey({ ...place, indicator: "innb", measure: "driver", code: "4003" }),
    "need/need-2026/2026/grunnskole/innb/driver/4003",
  );
});

test("arrow keys walk through a chart and stop at its ends", () => {
  assert.equal(placeByKey("ArrowRight", -1, 3), 0);
  assert.equal(placeByKey("ArrowRight", 2, 3), 2);
  assert.equal(placeByKey("ArrowLeft", 0, 3), 0);
  assert.equal(placeByKey("End", 0, 3), 2);
  assert.equal(placeByKey("Home", 2, 3), 0);
  assert.equal(placeByKey("Tab", 1, 3), -1);
  assert.equal(placeByKey("Home", 0, 0), -1);
});

test("arrow keys go round through what was found", () => {
  assert.equal(activeAfter("ArrowDown", -1, 2), 0);
  assert.equal(activeAfter("ArrowDown", 1, 2), 0);
  assert.equal(activeAfter("ArrowUp", 0, 2), 1);
  assert.equal(activeAfter("ArrowUp", -1, 2), 1);
  assert.equal(activeAfter("ArrowDown", -1, 0), -1);
  assert.equal(activeAfter("a", 0, 2), undefined);
});

test("the title of a picture is broken where words end", () => {
  assert.deepEqual(wrapped("a bb  ccc", 10, 1000), ["a bb ccc"]);
  assert.deepEqual(wrapped("utgiftsbehov per sektor", 10, 81), ["utgiftsbehov", "per sektor"]);
  assert.deepEqual(wrapped("", 10, 100), []);
});

test("flags of a value are marked in one order, reasons for no value are not", () => {
  assert.deepEqual(worthMarking(["preliminary", "missing", "imputed"]), ["imputed", "preliminary"]);
  assert.deepEqual(worthMarking(undefined), []);
  assert.match(flagWords("suppressed").en, /privacy/);
});

test("a preliminary value has the input's and Statistics Norway's star, no other flag has", () => {
  const all = worthMarking([
    "imputed",
    "preliminary",
    "projected",
    "incomplete",
    "published",
    "inferred",
  ]);
  for (const language of ["nb", "en"] as const) {
    assert.equal(flagMark("preliminary")[language], "*");
    const marks = all.map((flag) => flagMark(flag)[language]);
    assert.equal(new Set(marks).size, marks.length);
  }
});

test("the board's own words are told, a page of a proxy is not", () => {
  assert.equal(refusalDetail('{"error":"no figures about 9999"}'), "no figures about 9999");
  assert.equal(refusalDetail("plain words\n"), "plain words");
  assert.equal(refusalDetail("<html>"), "");
  assert.equal(refusalDetail("x".repeat(5000)).length, 300);
});

test("who does not answer is told from who refuses", () => {
  const words = [
    failureWords({ kind: "network", status: 0, detail: "" }),
    failureWords({ kind: "refused", status: 404, detail: "" }),
    failureWords({ kind: "refused", status: 503, detail: "" }),
    failureWords({ kind: "refused", status: 400, detail: "" }),
    failureWords({ kind: "unreadable", status: 200, detail: "" }),
  ].map(({ nb }) => nb);
  assert.equal(new Set(words).size, 5);
});

test("years in a row are told by their ends, others one by one", () => {
  assert.equal(shownYears([2020, 2021, 2022]), "2020–2022");
  assert.equal(shownYears([2014, 2016]), "2014, 2016");
  assert.equal(shownYears([2026]), "2026");
});
