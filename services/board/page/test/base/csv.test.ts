import assert from "node:assert/strict";
import { test } from "node:test";
import { csvText } from "../../src/base/csv";

test("a Norwegian spreadsheet gets semicolons and decimal commas, unrounded", () => {
  assert.equal(
    csvText(
      [
        ["Kommune", "kr"],
        ["Skien", -1364.25],
      ],
      "nb",
    ),
    "\ufeffKommune;kr\r\nSkien;-1364,25\r\n",
  );
});

test("an English one gets commas and points", () => {
  assert.equal(csvText([["Skien", 0.1, undefined]], "en"), "\ufeffSkien,0.1,\r\n");
});

test("what parts cells is quoted", () => {
  assert.equal(
    csvText([["a;b", 'say "x"', "two\nlines"]], "nb"),
    '\ufeff"a;b";"say ""x""";"two\nlines"\r\n',
  );
  assert.equal(csvText([["a;b", "c,d"]], "en"), '\ufeffa;b,"c,d"\r\n');
});

test("a text is never a formula", () => {
  assert.equal(csvText([["=1+1", "@x", "-a"]], "en"), "\ufeff'=1+1,'@x,'-a\r\n");
});
