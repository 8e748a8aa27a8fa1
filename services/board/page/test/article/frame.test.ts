/** Where values lie on axes, and how they are written in charts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { axisValue, namesOf, numberIn, tickText } from "../../src/article/charts/frame";
import { FORMS, shownBare, shownValue } from "../../src/base/number";
import type { Frame } from "../../src/components/chart";

function frame(width: number, language: "nb" | "en" = "nb"): Frame {
  return {
    width,
    language,
    common: [],
    narrow: width < 520,
    paper: false,
    show: (value, form) => shownValue(value, form, language),
    showBare: (value, form) => shownBare(value, form, language),
  };
}

test("an index of 1.045 lies at +4.5 percent, one of 96 of 100 at −4", () => {
  assert.ok(Math.abs(axisValue(1.045, FORMS.ratioAsPercent) - 4.5) < 1e-9);
  assert.equal(axisValue(96, { decimals: 1, less: 100 }), -4);
});

test("ticks are axis values: they are not shifted a second time", () => {
  assert.equal(tickText(frame(800), 5, FORMS.ratioAsPercent), "+5\u00a0%");
  assert.equal(tickText(frame(800, "en"), -2.5, FORMS.ratioAsPercent), "−2.5%");
  assert.equal(tickText(frame(800), 0, FORMS.ratioAsPercent), "0\u00a0%");
});

test("a number in a chart has the marks of what must be known about it", () => {
  const quantity = { value: 12.34, figure: "x", form: FORMS.one, flags: ["imputed"] as const };
  assert.equal(numberIn(frame(800), quantity, FORMS.one), "12,3ⁱ");
  assert.equal(numberIn(frame(800), { ...quantity, flags: [] }, FORMS.one), "12,3");
});

test("names stand beside rows, and above them on a phone", () => {
  const labels = ["Barnehage", "Pleie og omsorg"];
  assert.ok(namesOf(frame(900), labels).marginLeft > 90);
  const phone = namesOf(frame(360), labels);
  assert.ok(phone.marginLeft < 20 && phone.lift > 0);
  assert.ok(namesOf(frame(600), ["x".repeat(200)]).marginLeft <= 240);
});

test("rows are lower on paper, which is as wide as a screen", () => {
  const labels = ["Barnehage"];
  const screen = namesOf(frame(780), labels).rowHeight;
  assert.ok(namesOf({ ...frame(780), paper: true }, labels).rowHeight < screen);
  assert.ok(namesOf(frame(600), labels).rowHeight < screen);
});
