/** What a figure is held against, and what it is the sum of: nobody may take a part for the whole,
 * nor one average for another. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Spread, Topic } from "../../src/api";
import { booksOf } from "../../src/article/text/article";
import { sectorSentence } from "../../src/article/text/indicators";
import { needText } from "../../src/article/text/need";
import { productionText } from "../../src/article/text/production";
import { insideText, outsideText } from "../../src/article/text/resource_use";
import { summaryOf } from "../../src/article/text/summary";
import { Tongue } from "../../src/article/text/tongue";
import { madeArticle, madeBook, read, says, type Made, type MadeRow } from "./made";

/** The ten of ASSS. */
const CODES = ["0219", "0301", "1103", "1108", "3004", "3005", "4204", "4601", "5001", "5401"];

function spread(topic: Topic, sector: string, measure: string, values: readonly number[]): Spread {
  return { topic, sector, measure, codes: CODES.slice(0, values.length), values };
}

// --- The average of need -------------------------------------------------------------------------

const care: MadeRow = { topic: "need", sector: "pleie_omsorg", measures: { need_index: 1.05 } };

function needBook(values: readonly number[]) {
  return madeBook({
    name: "Skien",
    section: "need",
    year: 2026,
    rows: [{ topic: "need", sector: "total", measures: { need_index: 1.01 } }, care],
    spreads: [spread("need", "pleie_omsorg", "need_index", values)],
  });
}

test("members who all lie above an average are held against the country's", () => {
  const nb = needText(needBook([1.05, 1.06, 1.26]), "nb");
  says(read(nb.lead), "1,0 prosent høyere enn landsgjennomsnittet");
  assert.doesNotMatch(read([...nb.lead, ...nb.more]), /tallgrunnlaget/);
});

test("members on both sides of an average leave open whose it is, and the text says so", () => {
  for (const values of [[0.97, 1.05, 1.1], [1, 1.05], [1.05]]) {
    const nb = needText(needBook(values), "nb");
    says(read(nb.lead), "1,0 prosent høyere enn gjennomsnittet.");
    says(
      read(nb.more),
      "Gjennomsnittet er landets der tallgrunnlaget har landets tall, ellers utgavens kommuner " +
        "under ett.",
    );
    says(read(needText(needBook(values), "en").more), "The average is the country's where");
  }
});

// --- Two sectors are not the income system -------------------------------------------------------

const oslo: Made = {
  name: "Oslo",
  section: "resource-use",
  year: 2025,
  sectors: ["barnehage", "grunnskole", "kultur"],
  rows: [
    {
      topic: "resource-use",
      sector: "inside",
      measures: {
        deviation_kr_per_capita: 1959.4,
        deviation_million_kr: 1427.8,
        deviation_percent: 6.92,
      },
    },
    {
      topic: "resource-use",
      sector: "outside",
      measures: { deviation_kr_per_capita: 1244.2 },
    },
    { topic: "resource-use", sector: "barnehage", measures: { deviation_percent: 2.2 } },
    { topic: "resource-use", sector: "grunnskole", measures: { deviation_percent: 11 } },
    { topic: "resource-use", sector: "kultur", measures: { deviation_kr_per_capita: 1244.2 } },
    { topic: "need", sector: "total", measures: { need_index: 0.935, need_kr_per_capita: 28293 } },
    { topic: "need", sector: "barnehage", measures: { need_index: 1.081 } },
    { topic: "need", sector: "grunnskole", measures: { need_index: 0.834 } },
  ],
};

test("a sum over two sectors is told by their names, not as the whole income system", () => {
  const book = madeBook(oslo);
  assert.match(
    read(insideText(book, "nb").lead),
    /^Oslo bruker 1 959 kr mer per innbygger enn beregnet behov på barnehage og grunnskole:/,
  );
  assert.match(
    read(outsideText(book, "nb").lead),
    /^Oslo bruker 1 244 kr mer per innbygger enn landsgjennomsnittet på kultur\./,
  );
  const need = read(needText(book, "nb").lead);
  says(
    need,
    "I 2025 har Oslo et utgiftsbehov per innbygger i barnehage og grunnskole som er 6,5 prosent",
    "Det beregnede behovet er 28 293 kr per innbygger i barnehage og grunnskole.",
  );
  says(
    read(insideText(book, "en").lead),
    "than calculated need on kindergarten and primary and lower secondary school",
  );
});

test("the box on top names the two sectors, too", () => {
  const titles = summaryOf(booksOf(madeArticle(oslo)), "nb").map((key) => key.title);
  assert.deepEqual(titles, ["Ressursbruk i barnehage og grunnskole"]);
});

test("an edition of all sectors speaks of the income system, also where few have figures", () => {
  const { sectors: _, ...all } = oslo;
  says(read(insideText(madeBook(all), "nb").lead), "enn beregnet behov innenfor inntektssystemet");
  const titles = summaryOf(booksOf(madeArticle(all)), "nb").map((key) => key.title);
  assert.deepEqual(titles, ["Ressursbruk innenfor inntektssystemet"]);
});

test("a sector that is alone does not lie furthest from the country", () => {
  assert.equal(read(outsideText(madeBook(oslo), "nb").more), "");
});

// --- Corrections ---------------------------------------------------------------------------------

test("expenditure that no adjustment corrects is told to be so, adjusted one is not", () => {
  const adjusted: MadeRow = {
    topic: "resource-use",
    sector: "grunnskole",
    indicator: "pensjon",
    measures: { adjustment_kr_per_capita: 120 },
  };
  const told = (made: Made) => read(insideText(madeBook(made), "nb").lacking);
  says(told(oslo), "Utgiftene er ikke korrigert, verken for pensjon");
  assert.equal(told({ ...oslo, rows: [...oslo.rows, adjusted] }), "");
});

// --- The average of production -------------------------------------------------------------------

function producing(reference: "group" | "country"): Made {
  return {
    name: "Stavanger",
    section: "production",
    year: 2023,
    reference,
    rows: [
      { topic: "index", sector: "total", measures: { index: 1.02 } },
      { topic: "index", sector: "barnehage", measures: { index: 1.05 } },
      { topic: "index", sector: "barnevern", measures: { index: 0.96 } },
      { topic: "efficiency", sector: "total", measures: { expenditure_index: 0.97 } },
    ],
    spreads: [
      spread(
        "index",
        "total",
        "index",
        CODES.map((_, at) => 0.95 + at / 100),
      ),
    ],
  };
}

test("an edition against the country holds production and expenditure against the country", () => {
  const book = madeBook(producing("country"));
  const told = productionText(book, "nb");
  says(
    read([...told.lead, ...told.more]),
    "2,0 prosent over landsgjennomsnittet",
    "De korrigerte utgiftene per innbygger var 3,0 prosent lavere enn landsgjennomsnittet.",
    "høyest i barnehage (5,0 prosent over landsgjennomsnittet)",
  );
  const index = book.known({ topic: "index", sector: "barnevern", measure: "index" });
  assert.ok(index !== undefined);
  says(
    read([sectorSentence(book, "barnevern", index, new Tongue("en"))]),
    "Child welfare is 4.0 percent below the national average",
  );
});

test("the box on top says whose average production is held against", () => {
  const words = (made: Made) =>
    read(summaryOf(booksOf(madeArticle(made)), "nb").map((key) => key.words));
  assert.equal(words(producing("group")), "over gjennomsnittet for de 10 kommunene (2023)");
  assert.equal(words(producing("country")), "over landsgjennomsnittet (2023)");
});

test("an English sentence that begins with a sector begins with a capital", () => {
  const sector = (id: string, percent: number): MadeRow => ({
    topic: "efficiency",
    sector: id,
    measures: { efficiency_percent: percent },
  });
  const made = producing("group");
  const book = madeBook({
    ...made,
    rows: [...made.rows, sector("barnevern", 8.6), sector("kommunehelse", -9.4)],
  });
  assert.match(
    read(productionText(book, "en").more),
    /^Child welfare \(production 8\.6 percent higher than expenditure implies\) gets the most/,
  );
});
