/** Sections with figures, with some, with none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Spread } from "../../src/api";
import { articleText, booksOf } from "../../src/article/text/article";
import { demographyCostText } from "../../src/article/text/demography_cost";
import { needText } from "../../src/article/text/need";
import { figuresOf } from "../../src/article/text/pieces";
import { indicatorsText } from "../../src/article/text/indicators";
import { populationText, spanOf } from "../../src/article/text/population";
import { productionText } from "../../src/article/text/production";
import {
  allocationText,
  incomeText,
  insideText,
  outsideText,
} from "../../src/article/text/resource_use";
import { SECTIONS } from "../../src/article/text/section";
import { summaryOf } from "../../src/article/text/summary";
import { madeArticle, madeBook, read, type MadeRow, says } from "./made";

function driver(sector: string, indicator: string, value: number): MadeRow {
  return { topic: "need", sector, indicator, measures: { driver: value } };
}

const careNeed: readonly MadeRow[] = [
  { topic: "need", sector: "total", measures: { need_index: 0.93 } },
  { topic: "need", sector: "pleie_omsorg", measures: { need_index: 0.86 } },
  driver("pleie_omsorg", "innb_67_79", -0.042),
  driver("pleie_omsorg", "innb_80_89", -0.07),
  driver("pleie_omsorg", "innb_90_pluss", -0.037),
  driver("pleie_omsorg", "dodelighet", 0.009),
  { topic: "need", sector: "barnehage", measures: { need_index: 1.05 } },
  driver("barnehage", "innb_1_5", 0.05),
];

test("low need in care is told by few inhabitants aged 67 and over (N9)", () => {
  const book = madeBook({ name: "Stavanger", section: "need", year: 2022, rows: careNeed });
  says(
    read(needText(book, "nb").more),
    "I pleie og omsorg er utgiftsbehovet 14,0 prosent " +
      "lavere enn gjennomsnittet, først og fremst fordi det er få innbyggere 67 år og " +
      "over (67–79 år trekker ned 4,2; 80–89 år 7,0; 90 år og over 3,7 prosentpoeng).",
  );
  says(
    read(needText(book, "en").more),
    "In nursing and care need is 14.0 percent lower than the average, mainly " +
      "because there are few inhabitants aged 67 and over",
  );
  says(
    read(needText(book, "nb").more),
    "I barnehage er utgiftsbehovet 5,0 prosent høyere enn gjennomsnittet, " +
      "først og fremst fordi det er mange innbyggere 1–5 år (trekker opp 5,0 prosentpoeng)",
  );
});

test("the average is the nation's where that is certain, else it is said what it may be", () => {
  const told = (rows: readonly MadeRow[], spreads: readonly Spread[] = []): string => {
    const book = madeBook({ name: "Stavanger", section: "need", year: 2022, rows, spreads });
    const { lead, more } = needText(book, "en");
    return read([...lead, ...more]);
  };
  const kr = {
    topic: "need",
    sector: "total",
    measures: { need_index: 1.1, need_kr_per_capita: 1 },
  };
  says(
    told([kr as MadeRow]),
    "higher than the average.",
    "else that of the edition's municipalities together",
  );
  const published = told(careNeed.map((row) => ({ ...row, flags: ["published"] })));
  says(published, "lower than the national average.");
  assert.doesNotMatch(published, /municipalities together/);
  const codes = Array.from({ length: 357 }, (_, at) => String(1000 + at));
  const all = { topic: "need", sector: "total", measure: "need_index" } as const;
  says(told(careNeed, [{ ...all, codes, values: codes.map(() => 1) }]), "the national average");
});

test("an edition of one sector says that its whole is that sector", () => {
  const book = madeBook({
    name: "Stavanger",
    section: "need",
    year: 2017,
    rows: careNeed.slice(0, 2),
  });
  assert.match(read(needText(book, "nb").lead), /utgiftsbehov per innbygger i pleie og omsorg/);
  const both = madeBook({ name: "Stavanger", section: "need", year: 2017, rows: careNeed });
  assert.doesNotMatch(read(needText(both, "nb").lead.slice(0, 1)), /i pleie og omsorg/);
});

test("a population that costs less releases money", () => {
  const book = madeBook({
    name: "Os",
    section: "demography",
    year: 2022,
    rows: [
      {
        topic: "demography",
        sector: "total",
        measures: { cost_million_kr: -14.2, cost_kr_per_capita: -210 },
      },
      { topic: "demography", sector: "grunnskole", measures: { cost_million_kr: -20.1 } },
      { topic: "demography", sector: "pleie_omsorg", measures: { cost_million_kr: 5.9 } },
    ],
  });
  says(
    read(demographyCostText(book, "nb").lead),
    "frigjorde 14 mill. kr (210 kr per innbygger), i satsenes priser. " +
      "Behovet økte mest i pleie og omsorg (5,9 mill. kr), mens det ble frigjort penger i " +
      "grunnskole " +
      "(20 mill. kr).",
  );
  assert.match(read(demographyCostText(book, "en").lead), /released NOK 14 million/);
});

test("projected years are expected, observed ones happened", () => {
  const people = (index: number, flags: MadeRow["flags"]): MadeRow => ({
    topic: "demography",
    sector: "total",
    measures: { population: 1000 * index, population_index: index },
    ...(flags ? { flags } : {}),
  });
  const ahead = madeBook({
    name: "Os",
    section: "demography",
    year: 2022,
    rows: [people(1, undefined)],
    others: { 2028: [people(1.1, ["projected"])] },
  });
  says(
    read(populationText(ahead, "nb").lead),
    "Folketallet ventes å øke med 10,0 prosent fra " + "2022 til 2028",
  );
  const observed = madeBook({
    name: "Os",
    section: "demography",
    year: 2022,
    rows: [people(1, undefined)],
    others: { 2028: [people(1.1, undefined)] },
  });
  assert.match(
    read(populationText(observed, "nb").lead),
    /Folketallet økte med 10,0 prosent fra 2022 til 2028/,
  );
});

test("income and its uses are told with the direction of each", () => {
  const use = (sector: string, kr: number): MadeRow => ({
    topic: "resource-use",
    sector,
    measures: { deviation_kr_per_capita: kr, income_adjusted_kr_per_capita: kr / 2 },
  });
  const book = madeBook({
    name: "Os",
    section: "resource-use",
    year: 2022,
    rows: [
      use("disposable_income", -500),
      use("inside", -900),
      use("outside", 100),
      use("renter", 300),
      use("grunnskole", 40),
      use("kultur", -40),
    ],
  });
  assert.match(read(incomeText(book, "nb").lead), /har Os 500 kr mindre per innbygger å disponere/);
  says(
    read(incomeText(book, "nb").more),
    "går det per innbygger 900 kr mindre til sektorene innenfor inntektssystemet, 100 kr mer til " +
      "sektorene utenfor inntektssystemet og 300 kr mer til renter. Delene summerer til",
  );
  says(
    read(outsideText(book, "nb").lead),
    "Os bruker 100 kr mer per innbygger enn landsgjennomsnittet på kultur",
  );
  says(
    read(allocationText(book, "nb").lead),
    "prioriterer Os renter (150 kr mer) og grunnskole " + "(20 kr mer) høyere",
    "og kultur (20 kr mindre) lavere",
  );
});

test("what a municipality did not report is named, with what stands beside", () => {
  const indicator = (id: string, value: number, flags: MadeRow["flags"] = []): MadeRow => ({
    topic: "indicator",
    sector: "barnehage",
    indicator: id,
    measures: { normalized: value },
    flags,
  });
  const book = madeBook({
    name: "Bærum",
    section: "production",
    year: 2010,
    scale: 100,
    rows: [
      {
        topic: "index",
        sector: "total",
        measures: { index: 95.1, index_without_imputed: 97.4 },
        flags: ["incomplete"],
      },
      { topic: "index", sector: "barnehage", measures: { index: 90, rank: 2 } },
      indicator("areal", 80, ["imputed"]),
      indicator("timer", 97),
    ],
  });
  assert.match(read(indicatorsText(book, "nb").lacking), /ikke rapportert «areal»/);
  assert.match(read(productionText(book, "nb").more), /97,4 i stedet for 95,1/);
});

test("suppressed and missing figures are named with the reason", () => {
  const book = madeBook({
    name: "Os",
    section: "resource-use",
    year: 2022,
    rows: [
      { topic: "resource-use", sector: "barnevern", measures: {}, flags: ["suppressed"] },
      { topic: "resource-use", sector: "sosial", measures: {}, flags: ["missing"] },
    ],
  });
  const told = read(insideText(book, "nb").lacking);
  assert.match(told, /sosiale tjenester \(mangler i kilden\)/);
  assert.match(told, /barnevern \(skjermet av hensyn til personvern\)/);
});

test(
  "an article without figures says of every section what is lacking and what would give " + "it",
  () => {
    const empty = {
      ...madeArticle({ name: "Os", section: "need", year: 2022, rows: [] }),
      sections: {},
    };
    for (const language of ["nb", "en"] as const) {
      const sections = articleText(booksOf(empty), language);
      assert.deepEqual(
        sections.map((section) => section.id),
        [...SECTIONS],
      );
      for (const section of sections) {
        assert.deepEqual([...section.lead, ...section.more], []);
        assert.match(read(section.lacking), language === "nb" ? /ville|krever/ : /would|needs/);
      }
      assert.deepEqual(summaryOf(booksOf(empty), language), []);
    }
  },
);

test("every figure in a sentence says where it stands on the topics", () => {
  const book = madeBook({ name: "Stavanger", section: "need", year: 2022, rows: careNeed });
  const told = needText(book, "nb");
  const figures = figuresOf([...told.lead, ...told.more]);
  assert.ok(figures.length >= 8);
  const known = new Map(
    careNeed.flatMap((row) =>
      Object.entries(row.measures).map(([measure, value]) => [
        `need/made/2022/${row.sector}/${row.indicator ?? ""}/${measure}`,
        value,
      ]),
    ),
  );
  for (const figure of figures) assert.equal(known.get(figure.id), figure.value);
});

test("numbers in sentences are figures: none is written into the words", () => {
  const book = madeBook({ name: "Stavanger", section: "need", year: 2022, rows: careNeed });
  for (const sentence of [...needText(book, "nb").lead, ...needText(book, "en").lead]) {
    for (const piece of sentence)
      if (typeof piece === "string") {
        assert.doesNotMatch(piece.replace(/(I|In|in|i) 2022/, ""), /\d/);
      }
  }
});

test("a year with as many people as the base year is not taken for it (Sveio)", () => {
  const people = (index: number, growth?: number): MadeRow => ({
    topic: "demography",
    sector: "total",
    measures: {
      population: 5763 * index,
      population_index: index,
      ...(growth === undefined ? {} : { population_growth_percent: growth }),
    },
  });
  const book = madeBook({
    name: "Sveio",
    section: "demography",
    year: 2026,
    rows: [people(1)],
    others: { 2020: [people(1, 0)], 2021: [people(0.996, 0.08)] },
  });
  assert.deepEqual(spanOf(book), { base: 2026, first: 2020, last: 2026 });
});

test("need of ages alone is told as such, beside the published need", () => {
  const rows: readonly MadeRow[] = [
    { topic: "need", sector: "total", measures: { need_index: 1.01 } },
    {
      topic: "need",
      sector: "sosial",
      measures: { need_index: 0.972, published_need_index: 1.205 },
    },
    driver("sosial", "innb_16_66", -0.028),
    { topic: "need", sector: "barnehage", measures: { need_index: 1 } },
  ];
  const made = { name: "Skien", section: "need", year: 2026 } as const;
  const ages = needText(madeBook({ ...made, rows }), "nb");
  assert.equal(ages.heading, "Utgiftsbehov etter alder");
  says(
    read(ages.lead),
    "Etter alder alene har Skien i 2026 et utgiftsbehov per innbygger som er 1,0 prosent høyere",
    "Levekår, avstander og andre kriterier er ikke med.",
  );
  says(
    read(ages.more),
    "Det offisielle behovet i sosiale tjenester, med alle kriteriene, er 20,5 prosent over",
  );
  const more = [...rows, driver("sosial", "fattige", 0.2)];
  const whole = needText(madeBook({ ...made, rows: more }), "nb");
  assert.equal(whole.heading, "Utgiftsbehov");
  assert.doesNotMatch(read([...whole.lead, ...whole.more]), /alder alene|offisielle/);
});

test("neighbouring ages are told together whatever the order of the rows", () => {
  const book = madeBook({
    name: "Os",
    section: "need",
    year: 2026,
    rows: [
      { topic: "need", sector: "grunnskole", measures: { need_index: 1.193 } },
      driver("grunnskole", "innb_13_15", 0.099),
      driver("grunnskole", "innb_6_12", 0.094),
    ],
  });
  says(
    read(needText(book, "nb").more),
    "det er mange innbyggere 6–15 år (6–12 år trekker opp 9,4; 13–15 år 9,9 prosentpoeng)",
  );
});

test("furthest from the country are those of the largest deviations, whichever way", () => {
  const use = (sector: string, kr: number): MadeRow => ({
    topic: "resource-use",
    sector,
    measures: { deviation_kr_per_capita: kr },
  });
  const rows = [use("kultur", -10), use("samferdsel", -900), use("outside", -910)];
  const book = madeBook({ name: "Os", section: "resource-use", year: 2022, rows });
  says(
    read(outsideText(book, "nb").more),
    "Lengst fra landet per innbygger ligger samferdsel (900 kr mindre) og kultur (10 kr mindre)",
  );
});

test("parts of income that do not add up as shown say so, and no residual is a priority", () => {
  const use = (sector: string, kr: number): MadeRow => ({
    topic: "resource-use",
    sector,
    measures: { deviation_kr_per_capita: kr, income_adjusted_kr_per_capita: kr },
  });
  const rows = [
    use("disposable_income", 1.2),
    use("inside", 0.6),
    use("outside", 0.6),
    use("grunnskole", 2),
    use("barnehage", -2),
    use("residual", 900),
  ];
  const made = { name: "Os", section: "resource-use", year: 2022 } as const;
  const uneven = madeBook({ ...made, rows: rows.slice(0, 3) });
  says(read(incomeText(uneven, "nb").more), "Tallene er avrundet hver for seg");
  assert.doesNotMatch(read(incomeText(uneven, "nb").more), /Delene summerer til/);
  const told = read(allocationText(madeBook({ ...made, rows }), "nb").lead);
  assert.doesNotMatch(told, /ikke forklart|900/);
  says(told, "grunnskole (2 kr mer)");
});

test("sectors that share the highest rank are all named", () => {
  const ranked = (sector: string, rank: number): MadeRow => ({
    topic: "index",
    sector,
    measures: { index: 110 - rank, rank },
  });
  const book = madeBook({
    name: "Os",
    section: "production",
    year: 2010,
    scale: 100,
    rows: [ranked("barnehage", 2), ranked("grunnskole", 2), ranked("sosial", 9)],
  });
  assert.match(
    read(indicatorsText(book, "nb").lead),
    /høyest i barnehage \(nummer 2 [^)]*\) og grunnskole \(nummer 2 /,
  );
});

test("without a projection growth up to the base year is told in the direction of time", () => {
  const people = (measures: MadeRow["measures"], indicator?: string): MadeRow => ({
    topic: "demography",
    sector: "total",
    measures,
    ...(indicator === undefined ? {} : { indicator }),
  });
  const book = madeBook({
    name: "Lørenskog",
    section: "demography",
    year: 2026,
    rows: [people({ population: 50000, population_index: 1, need_index: 1 })],
    others: {
      2020: [
        people({
          population: 47600,
          population_index: 0.952,
          population_growth_percent: 0.82,
          need_index: 0.94,
          cost_million_kr: 3,
        }),
        people({ population_index: 0.9, population_growth_percent: 1.8 }, "80-89"),
      ],
    },
  });
  const told = populationText(book, "nb");
  says(
    read([...told.lead, ...told.more]),
    "Fra 2020 til 2026 økte folketallet i Lørenskog i gjennomsnitt med 0,8 prosent i året. I 2020 " +
      "var det 95,2 prosent av folketallet i 2026.",
    "Gjennomsnittlig årlig endring fra 2020 til 2026: 1,8 prosent flere innbyggere 80–89 år.",
  );
});
