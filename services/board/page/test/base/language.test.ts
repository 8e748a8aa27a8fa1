import assert from "node:assert/strict";
import { test } from "node:test";
import { filled, preferredLanguage } from "../../src/base/language";

test("Norwegian of any kind is read as bokmål, what is not spoken here as English", () => {
  assert.equal(preferredLanguage(["nn-NO", "en"]), "nb");
  assert.equal(preferredLanguage(["no"]), "nb");
  assert.equal(preferredLanguage(["de", "en-GB", "nb"]), "en");
  assert.equal(preferredLanguage(["", "se", "nb-NO"]), "nb");
  assert.equal(preferredLanguage(["pl"]), "en");
  assert.equal(preferredLanguage([]), "en");
});

test("parts of a text are filled in, unknown ones stay", () => {
  assert.equal(filled("{a} av {b}, {c}", { a: "1", b: "2" }), "1 av 2, {c}");
});
