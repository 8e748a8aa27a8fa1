/**
 * Numbers as people read them. Values stay unrounded until they are shown; rounding is that of the
 * decimal digits, halves away from zero, and what rounds to zero has no sign.
 */
import type { Language } from "./language";

/** Parts the digits of thousands: 1 364. */
export const NARROW_SPACE = "\u202f";
/** Stands before a unit, so that no line ends between them: 8,1 %. */
export const HARD_SPACE = "\u00a0";
/** Not a hyphen: as wide as the plus, and no line ends behind it. */
export const MINUS = "\u2212";

/** What is written behind (or in English before) a number. */
export type UnitMark = "percent" | "points" | "kr" | "million_kr";

/** How a value is shown: (value − less) · times, with so many decimals. */
export interface Form {
  readonly decimals: number;
  readonly less?: number;
  readonly times?: number;
  /** A plus before what is above zero. */
  readonly signed?: boolean;
  readonly unit?: UnitMark;
}

/** The forms of the pages. A ratio is a number where 1 stands for the reference. */
export const FORMS = {
  whole: { decimals: 0 },
  one: { decimals: 1 },
  two: { decimals: 2 },
  index: { decimals: 1 },
  ratio: { decimals: 3 },
  ratioAsIndex: { decimals: 1, times: 100 },
  ratioAsPercent: { decimals: 1, less: 1, times: 100, signed: true, unit: "percent" },
  percent: { decimals: 1, unit: "percent" },
  percentSigned: { decimals: 1, signed: true, unit: "percent" },
  points: { decimals: 1, signed: true, unit: "points" },
  share: { decimals: 1, times: 100, unit: "percent" },
  kr: { decimals: 0, unit: "kr" },
  krSigned: { decimals: 0, signed: true, unit: "kr" },
  krTwo: { decimals: 2, unit: "kr" },
  millionKr: { decimals: 1, unit: "million_kr" },
  millionKrSigned: { decimals: 1, signed: true, unit: "million_kr" },
} as const satisfies Readonly<Record<string, Form>>;

/** Digits that a double carries for sure: beyond them stands what arithmetic left behind. */
const SURE_DIGITS = 12;

/** The digits of |value| without exponent: "1364.5". */
function plainDigits(value: number): string {
  const [mantissa = "0", exponent = "0"] = Math.abs(value).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const point = 1 + Number(exponent);
  if (point <= 0) return `0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return digits + "0".repeat(point - digits.length);
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** |value| rounded to `decimals`, halves up, as digits with a point: 0.285 to two is "0.29". */
function roundedDigits(value: number, decimals: number): string {
  const sure = Number(value.toPrecision(SURE_DIGITS));
  const [whole = "0", rest = ""] = plainDigits(sure).split(".");
  const kept = BigInt(whole + rest.padEnd(decimals, "0").slice(0, decimals));
  const up = (rest[decimals] ?? "0") >= "5" ? 1n : 0n;
  const digits = (kept + up).toString().padStart(decimals + 1, "0");
  const point = digits.length - decimals;
  return decimals === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** The value that is shown: `value` by its form, rounded. */
export function roundedValue(value: number, form: Form): number {
  const shown = (value - (form.less ?? 0)) * (form.times ?? 1);
  const size = Number(roundedDigits(shown, form.decimals));
  return shown < 0 && size !== 0 ? -size : size;
}

function withThousands(digits: string, language: Language): string {
  const [whole = "", rest] = digits.split(".");
  const separator = language === "nb" ? NARROW_SPACE : ",";
  const parted = whole.replace(/\B(?=(\d{3})+$)/g, separator);
  if (rest === undefined) return parted;
  return `${parted}${language === "nb" ? "," : "."}${rest}`;
}

function signOf(value: number, digits: string, signed: boolean): string {
  if (/^[0.]*$/.test(digits)) return "";
  if (value < 0) return MINUS;
  return signed ? "+" : "";
}

function withUnit(
  sign: string,
  digits: string,
  unit: UnitMark | undefined,
  language: Language,
): string {
  const number = sign + digits;
  const norwegian = language === "nb";
  switch (unit) {
    case "percent":
      return norwegian ? `${number}${HARD_SPACE}%` : `${number}%`;
    case "points":
      return norwegian
        ? `${number}${HARD_SPACE}prosentpoeng`
        : `${number}${HARD_SPACE}percentage points`;
    case "kr":
      return norwegian ? `${number}${HARD_SPACE}kr` : `${sign}NOK${HARD_SPACE}${digits}`;
    case "million_kr":
      return norwegian
        ? `${number}${HARD_SPACE}mill.${HARD_SPACE}kr`
        : `${sign}NOK${HARD_SPACE}${digits}${HARD_SPACE}million`;
    default:
      return number;
  }
}

/** The value as it is read, with its unit: 1 364 kr, −0,4 %, NOK 1,364. */
export function shownValue(value: number, form: Form, language: Language): string {
  const shown = (value - (form.less ?? 0)) * (form.times ?? 1);
  const digits = roundedDigits(shown, form.decimals);
  const sign = signOf(shown, digits, form.signed === true);
  return withUnit(sign, withThousands(digits, language), form.unit, language);
}

/** The same without the unit, for columns and axes that name it once. */
export function shownBare(value: number, form: Form, language: Language): string {
  const { unit: _, ...bare } = form;
  return shownValue(value, bare, language);
}
