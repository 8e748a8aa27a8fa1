/** Finding municipalities by what a reader types: part of a name, or a number. */
import type { Municipality } from "../api";
import { countyOf } from "./comparison";
import { isFormerCounty } from "./county";

const LETTERS: Readonly<Record<string, string>> = { æ: "ae", ø: "o", đ: "d", ŋ: "n", ŧ: "t" };

/** Lower case, without accents; æ, ø, å as those write them who have no such keys. */
export function folded(text: string): string {
  return text
    .toLowerCase()
    .replace(/[æøđŋŧ]/g, (letter) => LETTERS[letter] ?? letter)
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .trim();
}

const DIGITS = /^\d+$/;

/** How well a municipality fits: 0 is best, undefined not at all. */
function fit(municipality: Municipality, wanted: string): number | undefined {
  if (DIGITS.test(wanted)) return municipality.code.startsWith(wanted) ? 0 : undefined;
  const name = folded(municipality.name);
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.split(/[\s-]+/).some((word) => word.startsWith(wanted))) return 2;
  return name.includes(wanted) ? 3 : undefined;
}

/** Those that fit, those of today's counties first, of these the best first, then by name or
 * number. */
export function searchMunicipalities(
  municipalities: readonly Municipality[],
  text: string,
  most: number,
): readonly Municipality[] {
  const wanted = folded(text);
  const found = municipalities.flatMap((municipality) => {
    const rank = fit(municipality, wanted);
    const former = isFormerCounty(countyOf(municipality.code)) ? 1 : 0;
    return rank === undefined ? [] : [{ municipality, rank, former }];
  });
  const byName = !DIGITS.test(wanted);
  found.sort(
    (a, b) =>
      a.former - b.former ||
      a.rank - b.rank ||
      (byName ? a.municipality.name.localeCompare(b.municipality.name, "nb") : 0) ||
      a.municipality.code.localeCompare(b.municipality.code),
  );
  return found.slice(0, most).map(({ municipality }) => municipality);
}
