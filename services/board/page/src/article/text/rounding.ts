/**
 * Rules of sign and rounding (METHOD.md section 9: published texts went wrong in both).
 *
 * - Everything is decided on the unrounded figure; rounding happens once, when it is written.
 * - The direction word follows the sign; a figure beside a direction word stands without sign, so
 *   "reduced by −3" cannot be written.
 * - What rounds to zero has no direction: it is "about as". −0 is never written.
 * - Figures that are shown side by side with their difference or sum are shown with as many
 *   decimals as it takes for the shown ones to agree; where that is not to be had, the
 *   text says so.
 */
import { roundedValue } from "../../base/number";

/** Where a figure lies, at a number of decimals. */
export type Way = "above" | "below" | "level";

/** True when nothing is left of it when it is shown. */
export function roundsToZero(value: number, decimals: number): boolean {
  return roundedValue(value, { decimals }) === 0;
}

/** The sign of the unrounded figure, unless nothing of it is left when it is shown. */
export function wayOf(value: number, decimals: number): Way {
  if (roundsToZero(value, decimals)) return "level";
  return value > 0 ? "above" : "below";
}

/** True when the terms as shown add up to the sum as shown. */
export function agrees(terms: readonly number[], sum: number, decimals: number): boolean {
  const units = (value: number): number =>
    Math.round(roundedValue(value, { decimals }) * 10 ** decimals);
  return terms.reduce((total, term) => total + units(term), 0) === units(sum);
}

/** How many decimals let the terms and their sum agree. */
export interface Agreement {
  readonly decimals: number;
  /** False: they do not with any number of decimals up to the most; the text must say so. */
  readonly agrees: boolean;
}

/** The fewest decimals from `fewest` to `most` that let terms and sum agree, else `fewest`. */
export function agreement(
  terms: readonly number[],
  sum: number,
  fewest: number,
  most: number,
): Agreement {
  for (let decimals = fewest; decimals <= most; decimals += 1) {
    if (agrees(terms, sum, decimals)) return { decimals, agrees: true };
  }
  return { decimals: fewest, agrees: false };
}
