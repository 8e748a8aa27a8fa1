/** The box on top: the four or five numbers that a mayor needs. */
import type { Language } from "../../base/language";
import type { Book } from "./book";
import { nextYear } from "./demography_cost";
import type { Known } from "./figure";
import { averageWords, needHeading } from "./need";
import { say, type FigurePiece, type Sentence } from "./pieces";
import { ageName, spanOf } from "./population";
import { averageInBox } from "./production";
import { insideTitle } from "./resource_use";
import { onlyIn, type SectionId } from "./section";
import { millionDecimals, PERCENT_DECIMALS, Tongue, wayOff } from "./tongue";
import { wayOf, type Way } from "./rounding";

/** The books of an article, by what the sections take. */
export interface Books {
  readonly need: Book | undefined;
  readonly use: Book | undefined;
  readonly demography: Book | undefined;
  readonly production: Book | undefined;
  readonly unitCost: Book | undefined;
}

export interface KeyFigure {
  /** The section that has more of it. */
  readonly section: SectionId;
  readonly title: string;
  /** The number alone, large. */
  readonly number: FigurePiece;
  /** What the number says, its direction first. */
  readonly words: Sentence;
}

const SUMMARY_MAX = 5;

/** At most five, in the article's order. */
export function summaryOf(books: Books, language: Language): readonly KeyFigure[] {
  const tongue = new Tongue(language);
  return [
    needKey(books.need, tongue),
    useKey(books.use, tongue),
    costKey(books.demography, tongue),
    agedKey(books.demography, tongue),
    productionKey(books.production, tongue),
    efficiencyKey(books.production, tongue),
    gainKey(books.unitCost, tongue),
  ]
    .flatMap((key) => (key === undefined ? [] : [key]))
    .slice(0, SUMMARY_MAX);
}

function needKey(book: Book | undefined, tongue: Tongue): KeyFigure | undefined {
  const total = book?.known({ topic: "need", sector: "total", measure: "need_index" });
  if (book === undefined || total === undefined) return undefined;
  const average = averageWords(book, tongue);
  return {
    section: "need",
    title: needHeading(book, tongue) + onlyIn(book, "need", tongue),
    number: tongue.off(total, 1),
    words: say`${
      tongue.of(
        {
          above: `høyere per innbygger enn ${average}`,
          below: `lavere per innbygger enn ${average}`,
          level: `fra ${average}: behovet er om lag det samme`,
        },
        {
          above: `higher per inhabitant than ${average}`,
          below: `lower per inhabitant than ${average}`,
          level: `from ${average}: need is about the same`,
        },
      )[wayOff(total.value, 1)]
    } (${String(book.year)})`,
  };
}

function useKey(book: Book | undefined, tongue: Tongue): KeyFigure | undefined {
  const at = { topic: "resource-use", sector: "inside" } as const;
  const million = book?.known({ ...at, measure: "deviation_million_kr" });
  const percent = book?.known({ ...at, measure: "deviation_percent" });
  if (book === undefined || million === undefined || percent === undefined) return undefined;
  const words = tongue.of(
    {
      above: say`mer enn beregnet behov, eller ${tongue.percent(percent)}`,
      below: say`mindre enn beregnet behov, eller ${tongue.percent(percent)}`,
      level: say`fra beregnet behov: utgiftene er om lag som behovet`,
    },
    {
      above: say`more than calculated need, or ${tongue.percent(percent)}`,
      below: say`less than calculated need, or ${tongue.percent(percent)}`,
      level: say`from calculated need: expenditure is close to need`,
    },
  )[wayOf(million.value, millionDecimals(million.value))];
  return {
    section: "inside",
    title: insideTitle(book, tongue),
    number: tongue.million(million),
    words: say`${words} (${String(book.year)})`,
  };
}

function costKey(book: Book | undefined, tongue: Tongue): KeyFigure | undefined {
  if (book === undefined) return undefined;
  const year = nextYear(book) ?? book.year;
  const cost = book.known({
    topic: "demography",
    sector: "total",
    measure: "cost_million_kr",
    year,
  });
  if (cost === undefined) return undefined;
  return {
    section: "demography-cost",
    title: tongue.of("Befolkningsendring", "Changing population"),
    number: tongue.million(cost),
    words: tongue.by(
      cost.value,
      millionDecimals(cost.value),
      tongue.of(
        {
          above: say`mer trengs i ${String(year)} enn året før, ved landets standard og i satsenes priser`,
          below: say`frigjøres i ${String(year)}, ved landets standard og i satsenes priser`,
          level: say`i ${String(year)}: behovet er om lag uendret`,
        },
        {
          above: say`more is needed in ${String(year)} than the year before, at the country's
              standard and in the prices of the rates`,
          below: say`is released in ${String(year)}, at the country's standard and in the
              prices of the
              rates`,
          level: say`in ${String(year)}: need is about unchanged`,
        },
      ),
    ),
  };
}

/** The oldest who need most care. */
function agedKey(book: Book | undefined, tongue: Tongue): KeyFigure | undefined {
  const span = book === undefined ? undefined : spanOf(book);
  if (book === undefined || span?.base === undefined) return undefined;
  if (span.last <= span.base) return agedBefore(book, span.first, span.base, tongue);
  const age = ["80+", "80-89", "90+"].find((id) => index(book, id, span.last) !== undefined);
  const figure = age === undefined ? undefined : index(book, age, span.last);
  if (age === undefined || figure === undefined) return undefined;
  const who = ageName(book, age, tongue);
  const years = tongue.of(`fra ${span.base} til ${span.last}`, `from ${span.base} to ${span.last}`);
  const way: Way = wayOff(figure.value, 1);
  return {
    section: "population",
    title: tongue.of("Eldre innbyggere", "Older inhabitants"),
    number: tongue.off(figure, 1),
    words: say`${
      tongue.of(
        {
          above: `flere innbyggere ${who} ${years}`,
          below: `færre innbyggere ${who} ${years}`,
          level: `endring i tallet på innbyggere ${who} ${years}`,
        },
        {
          above: `more inhabitants ${who} ${years}`,
          below: `fewer inhabitants ${who} ${years}`,
          level: `change in the number of inhabitants ${who} ${years}`,
        },
      )[way]
    }`,
  };
}

/** The same where there is no projection: how their number has grown a year. */
function agedBefore(
  book: Book,
  first: number,
  base: number,
  tongue: Tongue,
): KeyFigure | undefined {
  const age = ["80+", "80-89", "90+"].find((id) => growth(book, id, first) !== undefined);
  const figure = age === undefined ? undefined : growth(book, age, first);
  if (age === undefined || figure === undefined) return undefined;
  const who = ageName(book, age, tongue);
  const years = tongue.of(
    `i gjennomsnitt hvert år fra ${first} til ${base}`,
    `on average each year from ${first} to ${base}`,
  );
  return {
    section: "population",
    title: tongue.of("Eldre innbyggere", "Older inhabitants"),
    number: tongue.percent(figure),
    words: tongue.by(
      figure.value,
      PERCENT_DECIMALS,
      tongue.of(
        {
          above: say`flere innbyggere ${who} ${years}`,
          below: say`færre innbyggere ${who} ${years}`,
          level: say`endring i tallet på innbyggere ${who} ${years}`,
        },
        {
          above: say`more inhabitants ${who} ${years}`,
          below: say`fewer inhabitants ${who} ${years}`,
          level: say`change in the number of inhabitants ${who} ${years}`,
        },
      ),
    ),
  };
}

function growth(book: Book, age: string, year: number): Known | undefined {
  return book.known({
    topic: "demography",
    sector: "total",
    indicator: age,
    measure: "population_growth_percent",
    year,
  });
}

function index(book: Book, age: string, year: number): Known | undefined {
  return book.known({
    topic: "demography",
    sector: "total",
    indicator: age,
    measure: "population_index",
    year,
  });
}

function productionKey(book: Book | undefined, tongue: Tongue): KeyFigure | undefined {
  const total = book?.known({ topic: "index", sector: "total", measure: "index" });
  if (book === undefined || total === undefined) return undefined;
  const average = averageInBox(book, tongue);
  return {
    section: "production",
    title: tongue.of("Produksjon", "Production") + onlyIn(book, "index", tongue),
    number: tongue.off(total, book.edition.scale),
    words: say`${
      tongue.of(
        {
          above: `over ${average}`,
          below: `under ${average}`,
          level: `fra ${average}: produksjonen er om lag lik`,
        },
        {
          above: `above ${average}`,
          below: `below ${average}`,
          level: `from ${average}: production is about equal`,
        },
      )[wayOff(total.value, book.edition.scale)]
    } (${String(book.year)})`,
  };
}

function efficiencyKey(book: Book | undefined, tongue: Tongue): KeyFigure | undefined {
  const figure = book?.known({
    topic: "efficiency",
    sector: "total",
    measure: "efficiency_percent",
  });
  if (book === undefined || figure === undefined) return undefined;
  return {
    section: "production",
    title: tongue.of("Effektivitet", "Efficiency") + onlyIn(book, "index", tongue),
    number: tongue.percent(figure),
    words: say`${tongue.by(
      figure.value,
      PERCENT_DECIMALS,
      tongue.of(
        {
          above: "høyere produksjon enn utgiftene tilsier",
          below: "lavere produksjon enn utgiftene tilsier",
          level: "avvik: produksjonen er om lag som utgiftene tilsier",
        },
        {
          above: "higher production than expenditure implies",
          below: "lower production than expenditure implies",
          level: "deviation: production is close to what expenditure implies",
        },
      ),
    )} (${String(book.year)})`,
  };
}

function gainKey(book: Book | undefined, tongue: Tongue): KeyFigure | undefined {
  const gain = book?.known({ topic: "unit-cost", sector: "services", measure: "gain_million_kr" });
  if (book === undefined || gain === undefined) return undefined;
  return {
    section: "unit-cost",
    title: tongue.of("Enhetskostnader", "Unit costs"),
    number: tongue.million(gain),
    words: say`${tongue.by(
      gain.value,
      millionDecimals(gain.value),
      tongue.of(
        {
          above: "tjent mot de nasjonale satsene",
          below: "tapt mot de nasjonale satsene",
          level: "fra de nasjonale satsene: om lag i null",
        },
        {
          above: "gained against the national rates",
          below: "lost against the national rates",
          level: "from the national rates: about breaking even",
        },
      ),
    )} (${String(book.year)})`,
  };
}
