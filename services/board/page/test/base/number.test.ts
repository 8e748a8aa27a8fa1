import assert from "node:assert/strict";
import { test } from "node:test";
import { FORMS, roundedValue, shownBare, shownValue } from "../../src/base/number";

test("thousands are parted by a narrow space in Norwegian and a comma in English", () => {
  assert.equal(shownValue(1364, FORMS.kr, "nb"), "1\u202f364\u00a0kr");
  assert.equal(shownValue(1364, FORMS.kr, "en"), "NOK\u00a01,364");
  assert.equal(shownValue(1234567, FORMS.whole, "nb"), "1\u202f234\u202f567");
  assert.equal(shownValue(999, FORMS.whole, "en"), "999");
});

test("decimals follow a comma in Norwegian and a point in English", () => {
  assert.equal(shownValue(104.25, FORMS.index, "nb"), "104,3");
  assert.equal(shownValue(104.25, FORMS.index, "en"), "104.3");
  assert.equal(shownValue(1234.5, FORMS.one, "nb"), "1\u202f234,5");
});

test("halves are rounded away from zero, by the decimal digits", () => {
  assert.equal(shownValue(0.285, FORMS.two, "en"), "0.29");
  assert.equal(shownValue(1.005, FORMS.two, "en"), "1.01");
  assert.equal(shownValue(-0.285, FORMS.two, "en"), "\u22120.29");
  assert.equal(shownValue(0.5, FORMS.whole, "en"), "1");
  assert.equal(shownValue(2.5, FORMS.whole, "en"), "3");
  assert.equal(shownValue(0.49999, FORMS.whole, "en"), "0");
  assert.equal(shownValue(99.95, FORMS.one, "en"), "100.0");
});

test("what arithmetic leaves behind does not turn a rounding", () => {
  assert.equal(shownValue(1.0035, FORMS.ratioAsPercent, "en"), "+0.4%");
  assert.equal(shownValue(0.1 + 0.2, { decimals: 17 }, "en"), "0.30000000000000000");
});

test("below zero stands a minus, not a hyphen; zero has no sign", () => {
  assert.equal(shownValue(-1364, FORMS.krSigned, "nb"), "\u22121\u202f364\u00a0kr");
  assert.equal(shownValue(-1364, FORMS.krSigned, "en"), "\u2212NOK\u00a01,364");
  assert.equal(shownValue(-0.04, FORMS.percent, "nb"), "0,0\u00a0%");
  assert.equal(shownValue(-0, FORMS.krSigned, "nb"), "0\u00a0kr");
  assert.equal(shownValue(0.04, FORMS.percentSigned, "nb"), "0,0\u00a0%");
});

test("a plus is written only where it is asked for", () => {
  assert.equal(shownValue(12, FORMS.krSigned, "nb"), "+12\u00a0kr");
  assert.equal(shownValue(12, FORMS.kr, "nb"), "12\u00a0kr");
});

test("a ratio is shown as distance from the reference, or as an index", () => {
  assert.equal(shownValue(1.0808, FORMS.ratioAsPercent, "nb"), "+8,1\u00a0%");
  assert.equal(shownValue(0.9192, FORMS.ratioAsPercent, "en"), "\u22128.1%");
  assert.equal(shownValue(1.0808, FORMS.ratioAsIndex, "nb"), "108,1");
  assert.equal(shownValue(0.123, FORMS.share, "en"), "12.3%");
});

test("units are written in the language", () => {
  assert.equal(shownValue(12.34, FORMS.millionKr, "nb"), "12,3\u00a0mill.\u00a0kr");
  assert.equal(shownValue(-12.34, FORMS.millionKr, "en"), "\u2212NOK\u00a012.3\u00a0million");
  assert.equal(shownValue(1.25, FORMS.points, "nb"), "+1,3\u00a0prosentpoeng");
  assert.equal(shownBare(-1364, FORMS.krSigned, "nb"), "\u22121\u202f364");
});

test("very large and very small numbers are written without exponent", () => {
  assert.equal(shownValue(1e21, FORMS.whole, "en"), "1,000,000,000,000,000,000,000");
  assert.equal(shownValue(1e-9, FORMS.two, "en"), "0.00");
  assert.equal(shownValue(-1e-9, FORMS.two, "en"), "0.00");
});

test("the rounded value is the number that is read", () => {
  assert.equal(roundedValue(1.0808, FORMS.ratioAsPercent), 8.1);
  assert.equal(roundedValue(-0.04, FORMS.percent), 0);
  assert.ok(Object.is(roundedValue(-0.04, FORMS.percent), 0));
  assert.equal(roundedValue(-1364.5, FORMS.kr), -1365);
});
