/** Rules of sign and rounding, by hand and for figures drawn at random. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { knownQuantity } from "../../src/article/text/figure";
import { demographyCostText } from "../../src/article/text/demography_cost";
import { needText } from "../../src/article/text/need";
import { beyondNeed, changeText, productionText } from "../../src/article/text/production";
import {
  allocationText,
  incomeText,
  insideText,
  outsideText,
} from "../../src/article/text/resource_use";
import { agreement, agrees, roundsToZero, wayOf } from "../../src/article/text/rounding";
import { Tongue } from "../../src/article/text/tongue";
import { realGrowth, unitCostText } from "../../src/article/text/unit_cost";
import { FORMS, roundedValue, shownBare, shownValue } from "../../src/base/number";
import { madeBook, read, type MadeRow } from "./made";

test("the way follows the sign of the unrounded figure until nothing of it is shown", () => {
  assert.equal(wayOf(0.05, 1), "above");
  assert.equal(wayOf(-0.05, 1), "below");
  assert.equal(wayOf(0.049, 1), "level");
  assert.equal(wayOf(-0.049, 1), "level");
  assert.equal(wayOf(-0, 1), "level");
  assert.equal(wayOf(-0.4, 0), "level");
});

test("what rounds to zero is written without a sign", () => {
  for (const value of [-0.04, -0, 0, 0.04]) {
    assert.ok(roundsToZero(value, 1));
    assert.equal(shownBare(value, FORMS.one, "nb"), "0,0");
    assert.equal(shownValue(value, FORMS.percentSigned, "en"), "0.0%");
  }
});

test("terms that do not agree with their sum get another decimal", () => {
  assert.ok(!agrees([2.64, -0.55], 2.09, 1));
  assert.deepEqual(agreement([2.64, -0.55], 2.09, 1, 3), { decimals: 2, agrees: true });
  assert.deepEqual(agreement([3.3, -1.2], 2.1, 1, 3), { decimals: 1, agrees: true });
});

test("terms that never agree are told to be rounded one by one", () => {
  const third = 1 / 3;
  assert.equal(agreement([third, third], 2 * third, 1, 3).agrees, false);
  const book = madeBook({
    name: "Os",
    section: "production",
    year: 2022,
    rows: [
      {
        topic: "efficiency",
        sector: "total",
        measures: {
          production_per_capita_change_percent: third,
          need_change_percent: -third,
          production_beyond_need_percent: 2 * third,
        },
      },
    ],
  });
  assert.match(read(beyondNeed(book, new Tongue("nb"))), /Tallene er avrundet hver for seg\.$/);
});

test("shown differences add up in the sentence that shows them", () => {
  const figure = (value: number) => ({ id: "x", value, flags: [] });
  const told = read([
    realGrowth({ gross: figure(2.64), people: figure(0.55), real: figure(2.09) }, new Tongue("nb")),
  ]);
  assert.equal(
    told,
    "Utgiftene vokste 2,64 prosent i faste priser, behovet som følger av befolkningen økte " +
      "0,55 prosent; reell vekst er dermed 2,09 prosentpoeng.",
  );
});

test("a figure keeps its unrounded value beside its text", () => {
  const quantity = knownQuantity(
    { id: "need/e/2020/total//need_index", value: 1.0451234, flags: [] },
    FORMS.ratioAsPercent,
  );
  assert.equal(quantity.value, 1.0451234);
  assert.equal(
    new Tongue("nb").off({ id: "x", value: 1.0451234, flags: [] }, 1).text,
    "4,5\u00a0prosent",
  );
});

// --- Figures drawn at random ---------------------------------------------------------------------

/** A small generator of its own, so that a failure comes again. */
function drawing(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Sizes from far below what is shown to large ones, of both signs. */
function drawn(draw: () => number): number {
  const size = 10 ** (draw() * 7 - 4);
  return draw() < 0.5 ? -size : size;
}

function use(sector: string, kr: number): MadeRow {
  return {
    topic: "resource-use",
    sector,
    measures: {
      deviation_kr_per_capita: kr,
      deviation_million_kr: kr / 10,
      deviation_percent: kr / 500,
      deviation_change_kr_per_capita: kr,
      income_adjusted_kr_per_capita: kr,
    },
  };
}

const UP = words(
  "mer|høyere|økt|øker|økte|over|opp|sterkere|more|higher|rose|rises|raised|above|" + "up|outpaced",
);
const DOWN = words(
  "mindre|lavere|ned|frigjorde|under|svakere|less|lower|fell|released|below|down|" + "behind",
);

/** Any of the words as a whole one; letters are Norwegian, too. */
function words(any: string): RegExp {
  return new RegExp(`(?<!\\p{L})(${any})(?!\\p{L})`, "u");
}

/** The sentences that speak of one figure alone, with that figure. */
function tellings(
  value: number,
): readonly { readonly value: number; readonly decimals: number; readonly text: string }[] {
  const usage = madeBook({
    name: "Os",
    section: "resource-use",
    year: 2022,
    rows: [
      use("inside", value),
      use("outside", value),
      use("kultur", value),
      use("disposable_income", value),
    ],
  });
  const change = madeBook({
    name: "Os",
    section: "production",
    year: 2022,
    rows: [
      { topic: "efficiency", sector: "total", measures: { production_change_percent: value } },
    ],
  });
  const cost = madeBook({
    name: "Os",
    section: "demography",
    year: 2022,
    rows: [{ topic: "demography", sector: "total", measures: { cost_million_kr: value } }],
  });
  const need = madeBook({
    name: "Os",
    section: "need",
    year: 2022,
    rows: [{ topic: "need", sector: "total", measures: { need_index: 1 + value / 1e5 } }],
  });
  const index = 1 + value / 1e5;
  const million = Math.abs(value) < 9.95 ? 1 : 0;
  return (["nb", "en"] as const).flatMap((language) => [
    ...insideText(usage, language).lead.map((one) => ({ value, decimals: 0, text: read([one]) })),
    ...outsideText(usage, language).lead.map((one) => ({ value, decimals: 0, text: read([one]) })),
    { value, decimals: 0, text: read(incomeText(usage, language).lead) },
    { value, decimals: 1, text: read(changeText(change, language).lead) },
    { value, decimals: million, text: read(demographyCostText(cost, language).lead) },
    { value: (index - 1) * 100, decimals: 1, text: read(needText(need, language).lead) },
  ]);
}

test("sign and words agree for every figure, in both languages", () => {
  const draw = drawing(20240917);
  for (let at = 0; at < 400; at += 1) {
    for (const { value, decimals, text } of tellings(drawn(draw))) {
      const way = wayOf(value, decimals);
      assert.equal(UP.test(text), way === "above", `${value}: ${text}`);
      assert.equal(DOWN.test(text), way === "below", `${value}: ${text}`);
      assert.equal(/om lag|about|close to/.test(text), way === "level", `${value}: ${text}`);
    }
  }
});

test("no sentence has a sign before a figure, and none has −0", () => {
  const draw = drawing(7);
  for (let at = 0; at < 400; at += 1) {
    const [a, b] = [drawn(draw), drawn(draw)];
    const usage = madeBook({
      name: "Os",
      section: "resource-use",
      year: 2022,
      rows: [
        use("inside", a),
        use("outside", b),
        use("grunnskole", a),
        use("kultur", b),
        use("disposable_income", a + b),
      ],
    });
    const costs = madeBook({
      name: "Os",
      section: "unit-cost",
      year: 2022,
      rows: [
        {
          topic: "unit-cost",
          sector: "services",
          measures: {
            net_expenditure_million_kr: Math.abs(a),
            grant_million_kr: Math.abs(b),
            gain_million_kr: Math.abs(b) - Math.abs(a),
            gain_percent: b,
          },
        },
        { topic: "unit-cost", sector: "total", measures: { gain_million_kr: a } },
      ],
    });
    for (const language of ["nb", "en"] as const) {
      for (const section of [
        insideText(usage, language),
        outsideText(usage, language),
        incomeText(usage, language),
        allocationText(usage, language),
        unitCostText(costs, language),
      ]) {
        const text = read([...section.lead, ...section.more]);
        assert.doesNotMatch(text, /[\u2212+-]\s?\d|NaN|undefined/, text);
      }
    }
  }
});

test("who divides the indices as shown finds the percent as shown, or reads that it is rounded", () => {
  const draw = drawing(11);
  for (let at = 0; at < 400; at += 1) {
    const scale = at % 2 === 0 ? 1 : 100;
    const [made, spent] = [(0.6 + draw()) * scale, (0.6 + draw()) * scale];
    const percent = (made / spent - 1) * 100;
    const book = madeBook({
      name: "Os",
      section: "production",
      year: 2022,
      scale,
      rows: [
        { topic: "index", sector: "total", measures: { index: made } },
        {
          topic: "efficiency",
          sector: "total",
          measures: { expenditure_index: spent, efficiency_percent: percent },
        },
      ],
    });
    const told = read(productionText(book, "en").lead);
    const [, first, second, note] = /\(([\d.]+) divided by ([\d.]+)(, rounded)?\)/.exec(told) ?? [];
    const shown = roundedValue((Number(first) / Number(second) - 1) * 100, { decimals: 1 });
    assert.equal(shown === roundedValue(percent, { decimals: 1 }), note === undefined, told);
  }
});
