/** What a changing population costs or releases, at the country's standard. */
import type { Language } from "../../base/language";
import type { Book } from "./book";
import type { Known } from "./figure";
import { lackingOf } from "./lacking";
import { say, type Sentence } from "./pieces";
import { ageName, spanOf } from "./population";
import { roundsToZero } from "./rounding";
import { nameInText, type SectionText } from "./section";
import { millionDecimals, Tongue, wayOff } from "./tongue";

function cost(
  book: Book,
  sector: string,
  measure: string,
  year: number,
  indicator?: string,
): Known | undefined {
  return book.known({ topic: "demography", sector, measure, indicator, year });
}

/** Services of the costs: sectors in the edition's order, then the others. */
export function services(book: Book, year = book.year): readonly string[] {
  const rows = book.parts.find((part) => part.year === year)?.rows ?? [];
  const there = rows.filter(
    (row) =>
      row.topic === "demography" &&
      row.group !== true &&
      row.indicator === undefined &&
      row.sector !== "total",
  );
  const ids = there.map((row) => row.sector);
  const known = book.edition.sectors.map((sector) => sector.id).filter((id) => ids.includes(id));
  return [...known, ...ids.filter((id) => !known.includes(id))];
}

/** Age groups that cost anything, the youngest first. */
export function costAges(book: Book, year: number): readonly string[] {
  return book
    .indicators("demography", "total", year)
    .filter((age) => cost(book, "total", "cost_million_kr", year, age) !== undefined)
    .sort((a, b) => parseInt(a, 10) - parseInt(b, 10));
}

/** The year of "next year's table": the one after the section's, where it is told. */
export function nextYear(book: Book): number | undefined {
  const next = book.year + 1;
  return cost(book, "total", "cost_million_kr", next) === undefined ? undefined : next;
}

export function demographyCostText(book: Book | undefined, language: Language): SectionText {
  const tongue = new Tongue(language);
  const heading = tongue.of(
    "Hva befolkningsendringene koster",
    "What the changing population costs",
  );
  const now = book === undefined ? undefined : cost(book, "total", "cost_million_kr", book.year);
  const next = book === undefined ? undefined : nextYear(book);
  if (book === undefined || (now === undefined && next === undefined)) {
    return {
      id: "demography-cost",
      heading,
      lead: [],
      more: [],
      lacking: [lackingOf("demography-cost", tongue)],
    };
  }
  const lead = yearSentences(book, book.year, tongue);
  const ahead = next === undefined ? [] : yearSentences(book, next, tongue);
  return {
    id: "demography-cost",
    heading,
    lead,
    more: [
      ...ahead,
      ...agesSentences(book, next ?? book.year, tongue),
      ...indexSentences(book, tongue),
    ],
    lacking: next === undefined ? [noNext(book, tongue)] : [],
  };
}

function noNext(book: Book, tongue: Tongue): Sentence {
  const year = String(book.year + 1);
  return tongue.of(
    say`Tabellen for neste år (${year}) krever en framskriving av folketallet, som utgaven ikke
        har; tabellen under viser ${String(book.year)}.`,
    say`Next year's table (${year}) needs a projection of the population, which the edition lacks;
        the table below shows ${String(book.year)}.`,
  );
}

/** One year's change: what it costs in all, and where. */
function yearSentences(book: Book, year: number, tongue: Tongue): readonly Sentence[] {
  const total = cost(book, "total", "cost_million_kr", year);
  if (total === undefined) return [];
  return [totalSentence(book, total, year, tongue), ...serviceSentences(book, year, tongue)];
}

function totalSentence(book: Book, total: Known, year: number, tongue: Tongue): Sentence {
  const amount = tongue.million(total);
  const prices = tongue.of(", i satsenes priser", ", in the prices of the rates");
  const past = !total.flags.includes("projected");
  const each = cost(book, "total", "cost_kr_per_capita", year);
  const per =
    each === undefined
      ? []
      : tongue.of(
          say` (${tongue.kr(each)} per innbygger)`,
          say` (${tongue.kr(each)} per inhabitant)`,
        );
  const when = tongue.of(
    `fra 1. januar ${year - 1} til 1. januar ${year}`,
    `from 1 January ${year - 1} to 1 January ${year}`,
  );
  return tongue.by(
    total.value,
    millionDecimals(total.value),
    tongue.of(
      {
        above: say`Endringen i befolkningen ${when} ${past ? "økte" : "øker"} utgiftsbehovet med
            ${amount}${per}${prices}.`,
        below: say`Endringen i befolkningen ${when} ${past ? "frigjorde" : "frigjør"}
            ${amount}${per}${prices}.`,
        level: say`Endringen i befolkningen ${when} ${past ? "lot" : "lar"} utgiftsbehovet
              være om lag uendret
            (${amount}).`,
      },
      {
        above: say`The change in population ${when} ${past ? "raised" : "raises"} expenditure need by
            ${amount}${per}${prices}.`,
        below: say`The change in population ${when} ${past ? "released" : "releases"}
            ${amount}${per}${prices}.`,
        level: say`The change in population ${when} ${past ? "left" : "leaves"} expenditure
              need about unchanged
            (${amount}).`,
      },
    ),
  );
}

interface Item {
  readonly id: string;
  readonly figure: Known;
}

/** Those that are more than nothing when shown, the largest first, of one direction. */
function largest(items: readonly Item[], up: boolean): readonly Item[] {
  return items
    .filter(({ figure }) => !roundsToZero(figure.value, millionDecimals(figure.value)))
    .filter(({ figure }) => figure.value > 0 === up)
    .sort((a, b) => Math.abs(b.figure.value) - Math.abs(a.figure.value));
}

function serviceSentences(book: Book, year: number, tongue: Tongue): readonly Sentence[] {
  const items = services(book, year).flatMap((id) => {
    const figure = cost(book, id, "cost_million_kr", year);
    return figure === undefined ? [] : [{ id, figure }];
  });
  const name = (id: string) => nameInText(book, id, tongue);
  const told = (list: readonly Item[]) =>
    tongue.each(list.map(({ id, figure }) => say`${name(id)} (${tongue.million(figure)})`));
  const past = !items.some(({ figure }) => figure.flags.includes("projected"));
  return upAndDown(
    told(largest(items, true).slice(0, 2)),
    told(largest(items, false).slice(0, 2)),
    past,
    tongue,
  );
}

function upAndDown(
  up: Sentence,
  down: Sentence,
  past: boolean,
  tongue: Tongue,
): readonly Sentence[] {
  const [grows, released] = tongue.of(
    past ? ["økte", "ble frigjort"] : ["øker", "frigjøres"],
    past ? ["grew", "was released"] : ["grows", "is released"],
  );
  if (up.length > 0 && down.length > 0) {
    return [
      tongue.of(
        say`Behovet ${grows} mest i ${up}, mens det ${released} penger i ${down}.`,
        say`Need ${grows} most in ${up}, while money ${released} in ${down}.`,
      ),
    ];
  }
  if (up.length > 0)
    return [tongue.of(say`Behovet ${grows} mest i ${up}.`, say`Need ${grows} most in ${up}.`)];
  if (down.length > 0) {
    return [
      tongue.of(say`Mest penger ${released} i ${down}.`, say`Most money ${released} in ${down}.`),
    ];
  }
  return [];
}

/** The age groups behind it. */
function agesSentences(book: Book, year: number, tongue: Tongue): readonly Sentence[] {
  const items = costAges(book, year).flatMap((id) => {
    const figure = cost(book, "total", "cost_million_kr", year, id);
    return figure === undefined ? [] : [{ id, figure }];
  });
  const item = ({ id, figure }: Item) =>
    say`${ageName(book, id, tongue)} (${tongue.million(figure)})`;
  const [up] = largest(items, true);
  const [down] = largest(items, false);
  const told: Sentence[] = [];
  if (up !== undefined && counts(up, down)) {
    told.push(
      tongue.of(
        say`Mest opp trekker flere innbyggere ${item(up)}.`,
        say`The largest increase comes from more inhabitants ${item(up)}.`,
      ),
    );
  }
  if (down !== undefined && counts(down, up)) {
    told.push(
      tongue.of(
        say`Mest ned trekker færre innbyggere ${item(down)}.`,
        say`The largest decrease comes from fewer inhabitants ${item(down)}.`,
      ),
    );
  }
  return told;
}

/** Not worth a sentence: a twentieth of what pulls the other way. */
function counts(item: Item, other: Item | undefined): boolean {
  return other === undefined || Math.abs(item.figure.value) * 20 > Math.abs(other.figure.value);
}

/** Need by age as an index: in the last year told, or how it came to be that of the base year
 * (METHOD D5). */
function indexSentences(book: Book, tongue: Tongue): readonly Sentence[] {
  const series = book.series({ topic: "demography", sector: "total", measure: "need_index" });
  const base = spanOf(book)?.base;
  const last = series.at(-1);
  const other = last?.year === base ? series[0] : last;
  if (base === undefined || other === undefined || other.year === base) return [];
  return [requiredSentence(other, base, tongue)];
}

function requiredSentence(
  { year, figure }: { readonly year: number; readonly figure: Known },
  base: number,
  tongue: Tongue,
): Sentence {
  const off = tongue.off(figure, 1);
  const past = !figure.flags.includes("projected");
  const requires = tongue.of(
    `I ${year} ${past ? "krevde" : "krever"} befolkningen`,
    `In ${year}, the population ${past ? "required" : "requires"}`,
  );
  const standard = tongue.of("med landets standard", "at the country's standard");
  return tongue.of(
    {
      above: say`${requires} ${off} mer enn i ${String(base)}, ${standard}.`,
      below: say`${requires} ${off} mindre enn i ${String(base)}, ${standard}.`,
      level: say`${requires} om lag det samme som i ${String(base)}, ${standard} (indeks
          ${tongue.index(figure, 1)}).`,
    },
    {
      above: say`${requires} ${off} more than in ${String(base)}, ${standard}.`,
      below: say`${requires} ${off} less than in ${String(base)}, ${standard}.`,
      level: say`${requires} about as much as in ${String(base)}, ${standard} (index
          ${tongue.index(figure, 1)}).`,
    },
  )[wayOff(figure.value, 1)];
}
