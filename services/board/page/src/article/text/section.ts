/** What every section of the article has in words. */
import type { Topic } from "../../api";
import type { Book } from "./book";
import { isKnown, whyAbsent } from "./figure";
import type { Sentence } from "./pieces";
import type { Tongue } from "./tongue";

/** Sections in the article's order. */
export const SECTIONS = [
  "need",
  "population",
  "demography-cost",
  "income",
  "inside",
  "outside",
  "allocation",
  "production",
  "change",
  "indicators",
  "unit-cost",
] as const;

export type SectionId = (typeof SECTIONS)[number];

export interface SectionText {
  readonly id: SectionId;
  readonly heading: string;
  /** The news: what a reader takes along who reads no further. */
  readonly lead: readonly Sentence[];
  /** The reasons, and what stands out. */
  readonly more: readonly Sentence[];
  /** What is lacking, why, and which input would give it. */
  readonly lacking: readonly Sentence[];
}

/** As a name stands inside a sentence: its first letter small, abbreviations as they are. */
export function inText(name: string): string {
  const second = name.charAt(1);
  const abbreviated = second !== "" && second !== second.toLowerCase();
  return abbreviated ? name : name.charAt(0).toLowerCase() + name.slice(1);
}

/** As a name stands at the beginning: its first letter large. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A sector's or service's name inside a sentence. */
export function nameInText(book: Book, id: string, tongue: Tongue): string {
  const [before = "", after] = book.name(id, tongue.language).split(": ");
  if (after === undefined) return inText(before);
  return tongue.of(`${inText(before)} tjenester`, `${inText(before)} services`);
}

/** So few sectors that a sum over them is told by their names. */
const FEW_SECTORS = 3;

/** Sectors that a sum rests on, where the edition has so few that nobody may take them for all of
 * a municipality's services; else none. */
function fewSectors(book: Book, topic: Topic, outside: boolean): readonly string[] {
  const sectors = book.sectors(topic).filter((id) => book.isOutside(id) === outside);
  const known = book.edition.sectors.filter((one) => (one.outside === true) === outside);
  if (sectors.length === 1) return sectors;
  return sectors.length <= FEW_SECTORS && known.length <= FEW_SECTORS ? sectors : [];
}

/** "barnehage og grunnskole" where the edition's whole is no more than these, else "". */
export function wholeNamed(book: Book, topic: Topic, tongue: Tongue, outside = false): string {
  const names = fewSectors(book, topic, outside).map((id) => nameInText(book, id, tongue));
  return tongue.list(names);
}

/** " i pleie og omsorg" where the edition's whole is one sector or few, else "": nobody may take
 * the one for the other. */
export function onlyIn(book: Book, topic: Topic, tongue: Tongue): string {
  const names = wholeNamed(book, topic, tongue);
  return names === "" ? "" : tongue.of(` i ${names}`, ` in ${names}`);
}

/** What has no figure of a measure, by reason: "a, b og c (mangler i kilden)"; "" when all have. */
export function absentNames(
  book: Book,
  topic: Topic,
  measure: string,
  sectors: readonly string[],
  tongue: Tongue,
): string {
  const reasons = new Map<string, string[]>();
  for (const sector of sectors) {
    const figure = book.figure({ topic, sector, measure });
    if (figure === undefined || isKnown(figure)) continue;
    const why = whyAbsent(figure, tongue.language);
    reasons.set(why, [...(reasons.get(why) ?? []), nameInText(book, sector, tongue)]);
  }
  return tongue.list([...reasons].map(([why, names]) => `${tongue.list(names)} (${why})`));
}
