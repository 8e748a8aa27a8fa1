/** Where a section's numbers come from, as one line under every figure. */
import type { EditionYear, Name } from "../../api";
import { both } from "../../base/language";
import type { Book } from "./book";
import { Tongue } from "./tongue";

const VINTAGES: Readonly<Record<EditionYear["vintage"], Name>> = {
  unrevised: both("ureviderte tall", "unrevised figures"),
  revised: both("reviderte tall", "revised figures"),
  correction: both("rettet", "corrected"),
  unspecified: both("", ""),
};

/** Characters of a release's id that tell it from others. */
const RELEASE_SHOWN = 12;

function dateText(ms: number, tongue: Tongue): string {
  const day = new Date(ms);
  return new Intl.DateTimeFormat(tongue.of("nb-NO", "en-GB"), {
    dateStyle: "long",
    timeZone: "UTC",
  }).format(day);
}

/** The edition's title, year, what it rests on, release, and whom the figures are owed to. */
export function sourceText(book: Book, tongue: Tongue): string {
  const { edition, part, year } = book;
  const title = `${edition.title[tongue.language]} (${year})`;
  const told = [title];
  if (edition.source !== "") told.push(edition.source);
  if (part !== undefined)
    told.push(releaseText(part.release, part.vintage, part.publishedMs, tongue));
  told.push(
    tongue.of("Statistisk sentralbyrå (SSB), CC BY 4.0", "Statistics Norway (SSB), CC BY 4.0"),
  );
  return `${told.map((one) => one.replace(/\.$/, "")).join(". ")}.`;
}

function releaseText(
  release: string,
  vintage: EditionYear["vintage"],
  publishedMs: number,
  tongue: Tongue,
): string {
  const kind = VINTAGES[vintage][tongue.language];
  const published = tongue.of(
    `publisert ${dateText(publishedMs, tongue)}`,
    `published ${dateText(publishedMs, tongue)}`,
  );
  const name = tongue.of("Utgivelse", "Release");
  return (
    `${name} ${release.slice(0, RELEASE_SHOWN)}, ` + `${kind === "" ? "" : `${kind}, `}${published}`
  );
}

/** "Utgave … for 2022", where it is not what the reader asked for. */
export function otherChoice(
  book: Book,
  asked: { readonly edition: string; readonly year: number },
  tongue: Tongue,
): string | undefined {
  if (book.edition.id === asked.edition && book.year === asked.year) return undefined;
  const title = book.edition.title[tongue.language];
  return tongue.of(
    `Tall for ${book.year}, fra «${title}»`,
    `Figures of ${book.year}, from “${title}”`,
  );
}
