/** Articles made of single figures, for tests. */
import assert from "node:assert/strict";
import type { Article, Flag, Row, Section, Spread, Topic } from "../../src/api";
import { Book } from "../../src/article/text/book";
import { plain, type Sentence } from "../../src/article/text/pieces";

export interface MadeRow {
  readonly topic: Topic;
  readonly sector: string;
  readonly indicator?: string;
  readonly measures: Readonly<Record<string, number>>;
  readonly flags?: readonly Flag[];
}

export interface Made {
  readonly name: string;
  readonly section: Section;
  readonly year: number;
  readonly rows: readonly MadeRow[];
  readonly others?: Readonly<Record<number, readonly MadeRow[]>>;
  readonly spreads?: readonly Spread[];
  readonly scale?: number;
  readonly reference?: "group" | "country";
  /** Ids of the edition's sectors, where it has not all of them. */
  readonly sectors?: readonly string[];
}

const SECTORS = {
  barnehage: { nb: "Barnehage", en: "Kindergarten" },
  grunnskole: { nb: "Grunnskole", en: "Primary and lower secondary school" },
  kommunehelse: { nb: "Kommunehelse", en: "Municipal health services" },
  pleie_omsorg: { nb: "Pleie og omsorg", en: "Nursing and care" },
  sosial: { nb: "Sosiale tjenester", en: "Social services" },
  barnevern: { nb: "Barnevern", en: "Child welfare" },
  administrasjon: { nb: "Administrasjon", en: "Administration" },
} as const;

const OUTSIDE = {
  kultur: { nb: "Kultur", en: "Culture" },
  samferdsel: { nb: "Samferdsel", en: "Roads" },
} as const;

/** An article with one section that has these rows. */
export function madeArticle(made: Made): Article {
  const { name, section, year, rows, spreads = [], scale = 1, others = {} } = made;
  const { reference = "group", sectors } = made;
  const code = "1103";
  const part = (of: number, has: readonly Row[]) => ({
    edition: "made",
    year: of,
    release: "r",
    vintage: "unrevised" as const,
    publishedMs: 0,
    sources: [],
    rows: has,
    spreads: of === year ? spreads : [],
  });
  const parts = [
    part(year, rows),
    ...Object.entries(others).map(([of, has]) => part(Number(of), has)),
  ].sort((a, b) => a.year - b.year);
  return {
    municipality: { code, name },
    asked: { edition: "made", year },
    sections: { [section]: { edition: "made", year, others: [{ edition: "made", year }] } },
    titles: { made: { nb: "Laget", en: "Made" } },
    parts,
    catalogue: {
      program: "test",
      municipalities: [
        { code, name },
        { code: "1108", name: "Sandnes" },
      ],
      editions: [
        {
          id: "made",
          known: true,
          title: { nb: "Laget", en: "Made" },
          source: "",
          scale,
          reference,
          names: {},
          years: [],
          sectors: [
            ...Object.entries(SECTORS).map(([id, named]) => ({ id, name: named, indicators: [] })),
            ...Object.entries(OUTSIDE).map(([id, named]) => ({
              id,
              name: named,
              indicators: [],
              outside: true as const,
            })),
          ].filter(({ id }) => sectors === undefined || sectors.includes(id)),
        },
      ],
    },
  };
}

export function madeBook(made: Made): Book {
  const book = Book.open(madeArticle(made), made.section);
  if (book === undefined) throw new Error("the article has no such section");
  return book;
}

/** What a reader reads, every kind of space as a blank. */
export function read(sentences: readonly Sentence[]): string {
  return sentences
    .map(plain)
    .join(" ")
    .replace(/[\u00a0\u202f]/g, " ");
}

/** Asserts that the text has every one of the parts. */
export function says(text: string, ...parts: readonly string[]): void {
  for (const part of parts) assert.ok(text.includes(part), `"${part}" is not in: ${text}`);
}
