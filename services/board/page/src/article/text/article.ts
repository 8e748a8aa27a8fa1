/** The whole article in words: its sections in their order, each of its own book. */
import type { Article } from "../../api";
import type { Language } from "../../base/language";
import { Book } from "./book";
import { demographyCostText } from "./demography_cost";
import { indicatorsText } from "./indicators";
import { needText } from "./need";
import { populationText } from "./population";
import { changeText, productionText } from "./production";
import { allocationText, incomeText, insideText, outsideText } from "./resource_use";
import { SECTIONS, type SectionId, type SectionText } from "./section";
import type { Books } from "./summary";
import { unitCostText } from "./unit_cost";

export function booksOf(article: Article): Books {
  return {
    need: Book.open(article, "need"),
    use: Book.open(article, "resource-use"),
    demography: Book.open(article, "demography"),
    production: Book.open(article, "production"),
    unitCost: Book.open(article, "unit-cost"),
  };
}

/** The book that a section takes its figures from. */
export function bookOf(section: SectionId, books: Books): Book | undefined {
  const own: Readonly<Record<SectionId, Book | undefined>> = {
    need: books.need,
    population: books.demography,
    "demography-cost": books.demography,
    income: books.use,
    inside: books.use,
    outside: books.use,
    allocation: books.use,
    production: books.production,
    change: books.production,
    indicators: books.production,
    "unit-cost": books.unitCost,
  };
  return own[section];
}

const TEXTS: Readonly<
  Record<SectionId, (book: Book | undefined, language: Language) => SectionText>
> = {
  need: needText,
  population: populationText,
  "demography-cost": demographyCostText,
  income: incomeText,
  inside: insideText,
  outside: outsideText,
  allocation: allocationText,
  production: productionText,
  change: changeText,
  indicators: indicatorsText,
  "unit-cost": unitCostText,
};

export function articleText(books: Books, language: Language): readonly SectionText[] {
  return SECTIONS.map((id) => TEXTS[id](bookOf(id, books), language));
}
