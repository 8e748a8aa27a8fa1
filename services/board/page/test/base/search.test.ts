import assert from "node:assert/strict";
import { test } from "node:test";
import { folded, searchMunicipalities } from "../../src/base/search";

const NAMES: readonly (readonly [string, string])[] = [
  ["0213", "Ski"],
  ["0301", "Oslo"],
  ["0806", "Skien"],
  ["1508", "Ålesund"],
  ["1811", "Bindal"],
  ["4003", "Skien"],
  ["4018", "Nome"],
  ["4631", "Alver"],
  ["5610", "Kárášjohka - Karasjok"],
  ["3116", "Skiptvet"],
  ["1124", "Sola"],
  ["5530", "Senja"],
  ["4204", "Kristiansand"],
  ["3242", "Søndre Land"],
];
const ALL = NAMES.map(([code, name]) => ({ code, name }));
const codes = (text: string): string[] => searchMunicipalities(ALL, text, 10).map((m) => m.code);

test("a name is found by its beginning, today's municipalities before those of former counties", () => {
  assert.deepEqual(codes("ski"), ["4003", "3116", "0213", "0806"]);
  assert.equal(codes("Skien")[0], "4003");
});

test("who has no Norwegian or Sami keys finds a name all the same", () => {
  assert.deepEqual(codes("alesund"), ["1508"]);
  assert.deepEqual(codes("ÅLESUND"), ["1508"]);
  assert.deepEqual(codes("sondre"), ["3242"]);
  assert.deepEqual(codes("karasj"), ["5610"]);
  assert.equal(folded(" Čáhcesuolu "), "cahcesuolu");
});

test("a word in the middle is found, then any part of a name", () => {
  assert.deepEqual(codes("land"), ["3242"]);
  assert.deepEqual(codes("sand"), ["4204"]);
});

test("digits are the beginning of a number, never part of a name", () => {
  assert.deepEqual(codes("40"), ["4003", "4018"]);
  assert.deepEqual(codes("003"), []);
});

test("no more are shown than asked for", () => {
  assert.equal(searchMunicipalities(ALL, "s", 2).length, 2);
});
