/**
 * The sentences that KS's articles on Stavanger (2020) and Sandnes (2023) narrate, with the signs
 * that their own figures have. Where the printed text went wrong (METHOD.md section 9) the test
 * says how.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { growthSentence } from "../../src/article/text/population";
import { changeText, productionText } from "../../src/article/text/production";
import { insideText, meetingNeed } from "../../src/article/text/resource_use";
import { Tongue } from "../../src/article/text/tongue";
import { madeBook, read, type MadeRow, says } from "./made";

function sector(id: string, percent: number, million?: number): MadeRow {
  return {
    topic: "resource-use",
    sector: id,
    measures: {
      deviation_percent: percent,
      ...(million === undefined ? {} : { deviation_million_kr: million }),
    },
  };
}

const stavanger = madeBook({
  name: "Stavanger",
  section: "resource-use",
  year: 2019,
  rows: [
    {
      topic: "resource-use",
      sector: "inside",
      measures: {
        deviation_kr_per_capita: 1364.2,
        deviation_million_kr: 182.85,
        deviation_percent: 2.5,
      },
    },
    sector("grunnskole", -8.4, -120.4),
    sector("administrasjon", 15.3, 88.2),
    sector("barnevern", 10.2, 34.1),
  ],
});

const sandnes = madeBook({
  name: "Sandnes",
  section: "resource-use",
  year: 2022,
  rows: [
    {
      topic: "resource-use",
      sector: "inside",
      measures: {
        deviation_kr_per_capita: -4370.3,
        deviation_million_kr: -359.8,
        deviation_percent: -7.0,
      },
    },
    sector("barnevern", -29.3),
    sector("sosial", 7.4),
  ],
});

test("Stavanger 2019 spends 1 364 kr more than its need, 183 million in all, 2.5 percent", () => {
  const nb = insideText(stavanger, "nb");
  assert.equal(
    read(nb.lead),
    "Stavanger bruker 1 364 kr mer per innbygger enn beregnet behov " +
      "innenfor inntektssystemet: til sammen 183 mill. kr, eller 2,5 prosent av behovet.",
  );
  const en = insideText(stavanger, "en");
  assert.equal(
    read(en.lead),
    "Stavanger spends NOK 1,364 more per inhabitant than calculated need " +
      "inside the income system: NOK 183 million in all, or 2.5 percent of need.",
  );
});

test("Stavanger 2019 lies furthest over in administration and under in school", () => {
  const nb = read(insideText(stavanger, "nb").more);
  says(nb, "Mest over behovet ligger administrasjon (15,3 prosent) og barnevern (10,2 prosent).");
  assert.match(nb, /Under behovet ligger grunnskole \(8,4 prosent\)\./);
  const en = read(insideText(stavanger, "en").more);
  says(en, "Furthest above need: administration (15.3 percent) and child welfare (10.2 percent).");
  says(en, "Below need: primary and lower secondary school (8.4 percent).");
});

test("Sandnes 2022 spends 4 370 kr less than its need, 360 million in all, 7.0 percent", () => {
  assert.equal(
    read(insideText(sandnes, "nb").lead),
    "Sandnes bruker 4 370 kr mindre per innbygger " +
      "enn beregnet behov innenfor inntektssystemet: til sammen 360 mill. kr, eller 7,0 prosent " +
      "av behovet.",
  );
  assert.equal(
    read(insideText(sandnes, "en").lead),
    "Sandnes spends NOK 4,370 less per inhabitant " +
      "than calculated need inside the income system: NOK 360 million in all, or 7.0 percent of " +
      "need.",
  );
  const nb = read(insideText(sandnes, "nb").more);
  says(nb, "Over behovet ligger sosiale tjenester (7,4 prosent).");
  assert.match(nb, /Under behovet ligger barnevern \(29,3 prosent\)\./);
});

test("34 million below need is met by an increase, where the article printed a reduction", () => {
  const one = { sector: "barnevern", figure: { id: "x", value: -34.2, flags: [] } };
  assert.equal(
    read([meetingNeed(stavanger, one, new Tongue("nb"))]),
    "Skulle barnevern ligge på beregnet behov, måtte utgiftene økes med 34 mill. kr.",
  );
  assert.equal(
    read([meetingNeed(stavanger, one, new Tongue("en"))]),
    "To meet calculated need in child welfare, expenditure would have to be increased by NOK 34 " +
      "million.",
  );
  const over = { ...one, figure: { ...one.figure, value: 34.2 } };
  assert.match(
    read([meetingNeed(stavanger, over, new Tongue("nb"))]),
    /reduseres med 34 mill\. kr/,
  );
});

function producing(name: string, year: number, production: number, expenditure: number) {
  return madeBook({
    name,
    section: "production",
    year,
    rows: [
      { topic: "index", sector: "total", measures: { index: production } },
      {
        topic: "efficiency",
        sector: "total",
        measures: {
          expenditure_index: expenditure,
          efficiency_percent: (production / expenditure - 1) * 100,
        },
      },
    ],
  });
}

test("Stavanger 2019: production 1.004 to expenditure 1.011 is 0.7 percent lower", () => {
  const nb = read(productionText(producing("Stavanger", 2019, 1.004, 1.011), "nb").lead);
  says(nb, "I 2019 lå tjenesteproduksjonen i Stavanger 0,4 prosent over gjennomsnittet");
  says(nb, "utgiftene per innbygger var 1,1 prosent høyere enn gjennomsnittet");
  says(nb, "0,7 prosent lavere enn utgiftene tilsier (1,004 delt på 1,011)");
});

test("Sandnes 2022: production .974 to expenditure .938 is 3.8 percent higher", () => {
  const en = read(productionText(producing("Sandnes", 2022, 0.974, 0.938), "en").lead);
  says(en, "production of services in Sandnes was 2.6 percent below the group's average");
  assert.match(en, /6\.2 percent lower than the average/);
  says(en, "3.8 percent higher than expenditure implies (0.974 divided by 0.938)");
});

function changing(measures: Readonly<Record<string, number>>) {
  return madeBook({
    name: "Stavanger",
    section: "production",
    year: 2019,
    rows: [{ topic: "efficiency", sector: "total", measures }],
  });
}

test(
  "Stavanger 2019: production grew 2.1 points beyond need, where the article printed 1.2 " +
    "percent",
  () => {
    const book = changing({
      production_change_percent: 3.3,
      expenditure_change_percent: 0.8,
      efficiency_change_percent: (1.033 / 1.008 - 1) * 100,
      production_per_capita_change_percent: 3.3,
      need_change_percent: 1.2,
      production_beyond_need_percent: 2.1,
    });
    const nb = changeText(book, "nb");
    assert.equal(
      read(nb.more),
      "Per innbygger utviklet produksjonen seg 2,1 prosentpoeng sterkere enn " +
        "behovet: produksjonen per innbygger opp 3,3 prosent, behovet i forhold til landet opp 1,2 " +
        "prosent.",
    );
    assert.equal(
      read(nb.lead),
      "Produksjonen per målgruppe økte med 3,3 prosent fra 2018 til 2019, og utgiftene per " +
        "innbygger i faste priser økte med 0,8 prosent. Effektiviteten ble dermed 2,5 prosent høyere.",
    );
  },
);

test("Sandnes 2022: production rose 0.9, where the article printed a fall", () => {
  const book = changing({
    production_change_percent: 0.9,
    expenditure_change_percent: -1.4,
    efficiency_change_percent: 2.3,
  });
  says(
    read(changeText(book, "nb").lead),
    "Produksjonen per målgruppe økte med 0,9 prosent",
    "mens utgiftene per innbygger " + "i faste priser gikk ned med 1,4 prosent",
  );
  says(
    read(changeText(book, "en").lead),
    "Production per target group rose by 0.9 percent",
    "while expenditure per inhabitant " + "at fixed prices fell by 1.4 percent",
  );
});

/** METHOD D2: growth over six years, and what it is a year. */
for (const [whole, yearly, nb] of [
  [21.6, 3.3, "økte med 21,6 prosent fra 2013 til 2019, eller 3,3 prosent i året"],
  [-7.7, -1.3, "gikk ned med 7,7 prosent fra 2013 til 2019, eller 1,3 prosent i året"],
  [-2.2, -0.4, "gikk ned med 2,2 prosent fra 2013 til 2019, eller 0,4 prosent i året"],
  [4.1, 0.7, "økte med 4,1 prosent fra 2013 til 2019, eller 0,7 prosent i året"],
] as const) {
  test(`growth of ${whole} percent in six years is ${yearly} percent a year`, () => {
    const index = 1 + whole / 100;
    const figure = (value: number) => ({ id: "x", value, flags: [] });
    const told = growthSentence("Folketallet", {
      index: figure(index),
      base: 2013,
      last: 2019,
      yearly: figure((index ** (1 / 6) - 1) * 100),
      others: undefined,
      where: "",
      tongue: new Tongue("nb"),
    });
    assert.equal(read([told]), `Folketallet ${nb}.`);
  });
}
