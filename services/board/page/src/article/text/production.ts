/** Production, expenditure and efficiency, and how they changed. */
import type { Language } from "../../base/language";
import type { Book } from "./book";
import type { Known } from "./figure";
import { lackingOf } from "./lacking";
import { place, sectorFigures, type SectorFigure } from "./need";
import { capitalized, say, type Sentence } from "./pieces";
import { agreement, roundsToZero, wayOf, type Agreement } from "./rounding";
import { roundedValue } from "../../base/number";
import { nameInText, onlyIn, type SectionText } from "./section";
import { indexDecimals, PERCENT_DECIMALS, percentOff, Tongue, wayOff } from "./tongue";

function efficiency(book: Book, sector: string, measure: string): Known | undefined {
  return book.known({ topic: "efficiency", sector, measure });
}

/** "gjennomsnittet av de 10 kommunene", or the country's. */
export function referenceWords(book: Book, tongue: Tongue): string {
  if (book.edition.reference === "country") {
    return tongue.of("landsgjennomsnittet", "the national average");
  }
  const members = book.members("index", "total", "index").length;
  if (members === 0) return tongue.of("gjennomsnittet for gruppen", "the group's average");
  return tongue.of(
    `gjennomsnittet (veid med innbyggertallet) for de ${members} kommunene i gruppen`,
    `the average (weighted by inhabitants) of the group's ${members} municipalities`,
  );
}

/** The same once it is known whose it is. */
export function averageInShort(book: Book, tongue: Tongue): string {
  if (book.edition.reference === "country") return referenceWords(book, tongue);
  return tongue.of("gjennomsnittet", "the average");
}

/** The same in a box of its own: "gjennomsnittet for de 10 kommunene". */
export function averageInBox(book: Book, tongue: Tongue): string {
  const members = book.members("index", "total", "index").length;
  if (book.edition.reference === "country" || members === 0) return referenceWords(book, tongue);
  return tongue.of(
    `gjennomsnittet for de ${members} kommunene`,
    `the average of the ${members} municipalities`,
  );
}

export function productionText(book: Book | undefined, language: Language): SectionText {
  const tongue = new Tongue(language);
  const heading = tongue.of(
    "Produksjon, utgifter og effektivitet",
    "Production, expenditure and efficiency",
  );
  const total = book?.known({ topic: "index", sector: "total", measure: "index" });
  if (book === undefined || total === undefined) {
    return {
      id: "production",
      heading,
      lead: [],
      more: [],
      lacking: [lackingOf("production", tongue)],
    };
  }
  const lead = [
    productionSentence(book, total, tongue),
    ...expenditureSentences(book, tongue),
    ...efficiencySentences(book, "total", tongue),
  ];
  return {
    id: "production",
    heading,
    lead,
    more: [
      ...efficiencySentences(book, "total_with_administration", tongue),
      ...sectorSentences(book, tongue),
      ...withoutImputed(book, total, tongue),
    ],
    lacking: withoutExpenditure(book, tongue),
  };
}

function productionSentence(book: Book, total: Known, tongue: Tongue): Sentence {
  const scale = book.edition.scale;
  const name = book.municipality.name;
  const average = referenceWords(book, tongue);
  const off = tongue.off(total, scale);
  const rank = rankText(book, "total", tongue);
  const where = onlyIn(book, "index", tongue);
  const was = tongue.of(
    `I ${book.year} lå tjenesteproduksjonen${where} i ${name}`,
    `In ${book.year}, production of services${where} in ${name} was`,
  );
  const index = tongue.index(total, scale);
  return tongue.of(
    {
      above: say`${was} ${off} over ${average}${rank}.`,
      below: say`${was} ${off} under ${average}${rank}.`,
      level: say`${was} om lag på ${average} (indeks ${index})${rank}.`,
    },
    {
      above: say`${was} ${off} above ${average}${rank}.`,
      below: say`${was} ${off} below ${average}${rank}.`,
      level: say`${was} close to ${average} (index ${index})${rank}.`,
    },
  )[wayOff(total.value, scale)];
}

/** ", nummer 2 av 10 (høyest først)". */
export function rankText(book: Book, sector: string, tongue: Tongue): Sentence {
  const rank = book.known({ topic: "index", sector, measure: "rank" });
  const members = book.members("index", sector, "index").length;
  if (rank === undefined || members < 2) return [];
  return tongue.of(
    say`, nummer ${tongue.whole(rank)} av ${String(members)} (høyest først)`,
    say`, ranking number ${tongue.whole(rank)} of ${String(members)} (highest first)`,
  );
}

function expenditureSentences(book: Book, tongue: Tongue): readonly Sentence[] {
  const spent = efficiency(book, "total", "expenditure_index");
  if (spent === undefined) return [];
  const scale = book.edition.scale;
  const off = tongue.off(spent, scale);
  const average = averageInShort(book, tongue);
  return [
    tongue.of(
      {
        above: say`De korrigerte utgiftene per innbygger var ${off} høyere enn ${average}.`,
        below: say`De korrigerte utgiftene per innbygger var ${off} lavere enn ${average}.`,
        level: say`De korrigerte utgiftene per innbygger var om lag som ${average} (indeks
            ${tongue.index(spent, scale)}).`,
      },
      {
        above: say`Corrected expenditure per inhabitant was ${off} higher than ${average}.`,
        below: say`Corrected expenditure per inhabitant was ${off} lower than ${average}.`,
        level: say`Corrected expenditure per inhabitant was about the same as ${average} (index
            ${tongue.index(spent, scale)}).`,
      },
    )[wayOff(spent.value, scale)],
  ];
}

/** Decimals that let the quotient of the indices as shown be the percent as shown. */
export function quotientDecimals(
  made: number,
  spent: number,
  percent: number,
  scale: number,
): Agreement {
  const fewest = indexDecimals(scale);
  const wanted = roundedValue(percent, { decimals: PERCENT_DECIMALS });
  for (let decimals = fewest; decimals <= fewest + 2; decimals += 1) {
    const quotient = roundedValue(made, { decimals }) / roundedValue(spent, { decimals });
    const shown = roundedValue(percentOff(quotient, 1), { decimals: PERCENT_DECIMALS });
    if (shown === wanted) return { decimals, agrees: true };
  }
  return { decimals: fewest, agrees: false };
}

/** "90,34 delt på 82,25": what the reader who divides finds is the percent beside it. */
function quotientText(
  made: Known,
  spent: Known,
  percent: Known,
  scale: number,
  tongue: Tongue,
): Sentence {
  const shown = quotientDecimals(made.value, spent.value, percent.value, scale);
  const [m, s] = [tongue.number(made, shown.decimals), tongue.number(spent, shown.decimals)];
  const note = shown.agrees ? "" : tongue.of(", avrundet", ", rounded");
  return tongue.of(say`${m} delt på ${s}${note}`, say`${m} divided by ${s}${note}`);
}

/** Efficiency is a ratio of the two indices, not their difference: the indices are told with it. */
function efficiencySentences(
  book: Book,
  sector: "total" | "total_with_administration",
  tongue: Tongue,
): readonly Sentence[] {
  const percent = efficiency(book, sector, "efficiency_percent");
  const spent = efficiency(book, sector, "expenditure_index");
  const made = book.known({ topic: "index", sector: "total", measure: "index" });
  if (percent === undefined || spent === undefined || made === undefined) return [];
  const scale = book.edition.scale;
  const p = tongue.percent(percent);
  const quotient = quotientText(made, spent, percent, scale, tongue);
  const beginning =
    sector === "total"
      ? tongue.of("Produksjonen", "Production")
      : tongue.of(
          "Regnes administrasjonen med i utgiftene, er produksjonen",
          "With administration counted in expenditure, production is",
        );
  const is = sector === "total" ? tongue.of(" er dermed", " is thus") : "";
  return [
    tongue.by(
      percent.value,
      PERCENT_DECIMALS,
      tongue.of(
        {
          above: say`${beginning}${is} ${p} høyere enn utgiftene tilsier (${quotient}).`,
          below: say`${beginning}${is} ${p} lavere enn utgiftene tilsier (${quotient}).`,
          level: say`${beginning}${is} om lag som utgiftene tilsier (${quotient}).`,
        },
        {
          above: say`${beginning}${is} ${p} higher than expenditure implies (${quotient}).`,
          below: say`${beginning}${is} ${p} lower than expenditure implies (${quotient}).`,
          level: say`${beginning}${is} close to what expenditure implies (${quotient}).`,
        },
      ),
    ),
  ];
}

/** The sectors that get most and least out of what they spend, or else that produce most and least.
 */
function sectorSentences(book: Book, tongue: Tongue): readonly Sentence[] {
  const efficient = sectorFigures(book, "efficiency", "efficiency_percent");
  if (efficient.length > 1) return [efficientSentence(book, efficient, tongue)];
  const made = [...sectorFigures(book, "index", "index")].sort(
    (a, b) => b.figure.value - a.figure.value,
  );
  const [high, low] = [made[0], made.at(-1)];
  if (high === undefined || low === undefined || made.length < 2) return [];
  const name = (one: SectorFigure) => nameInText(book, one.sector, tongue);
  const average = averageInShort(book, tongue);
  const at = (one: SectorFigure) => place(one.figure, book.edition.scale, average, tongue);
  return [
    tongue.of(
      say`Produksjonen er høyest i ${name(high)} (${at(high)}) og lavest i ${name(low)}
          (${at(low)}).`,
      say`Production is highest in ${name(high)} (${at(high)}) and lowest in ${name(low)}
          (${at(low)}).`,
    ),
  ];
}

function efficientSentence(book: Book, all: readonly SectorFigure[], tongue: Tongue): Sentence {
  const ordered = [...all].sort((a, b) => b.figure.value - a.figure.value);
  const item = ({ sector, figure }: SectorFigure) =>
    say`${nameInText(book, sector, tongue)} (${tongue.by(
      figure.value,
      PERCENT_DECIMALS,
      tongue.of(
        {
          above: say`${tongue.percent(figure)} høyere produksjon enn utgiftene tilsier`,
          below: say`${tongue.percent(figure)} lavere produksjon enn utgiftene tilsier`,
          level: say`produksjon om lag som utgiftene tilsier`,
        },
        {
          above: say`production ${tongue.percent(figure)} higher than expenditure implies`,
          below: say`production ${tongue.percent(figure)} lower than expenditure implies`,
          level: say`production close to what expenditure implies`,
        },
      ),
    )})`;
  const high = ordered.slice(0, 1).map(item);
  const low = ordered.slice(-1).map(item);
  return tongue.of(
    say`Mest ut av utgiftene får ${tongue.each(high)}, minst ${tongue.each(low)}.`,
    capitalized(
      say`${tongue.each(high)} gets the most for its expenditure, ${tongue.each(low)} the least.`,
    ),
  );
}

/** METHOD A2: the alternative stands beside what was filled in. */
function withoutImputed(book: Book, total: Known, tongue: Tongue): readonly Sentence[] {
  const without = book.known({ topic: "index", sector: "total", measure: "index_without_imputed" });
  const scale = book.edition.scale;
  const decimals = scale === 1 ? 3 : 1;
  if (without === undefined || roundsToZero(without.value - total.value, decimals)) return [];
  return [
    tongue.of(
      say`Kommunen mangler tall som er fylt inn. Holdes de utenfor, er produksjonsindeksen
          ${tongue.index(without, scale)} i stedet for ${tongue.index(total, scale)}.`,
      say`Figures that the municipality lacks were filled in. Without them the production index is
          ${tongue.index(without, scale)} instead of ${tongue.index(total, scale)}.`,
    ),
  ];
}

function withoutExpenditure(book: Book, tongue: Tongue): readonly Sentence[] {
  if (efficiency(book, "total", "expenditure_index") !== undefined) return [];
  return [
    tongue.of(
      say`Utgaven har ikke utgifter for kommunen, så effektiviteten kan ikke regnes ut. Brutto
          driftsutgifter per sektor ville gi den.`,
      say`The edition has no expenditure of the municipality, so there is no efficiency. Gross
          operating expenditure by sector would give it.`,
    ),
  ];
}

// --- Change --------------------------------------------------------------------------------------

/** The changes, in the order in which they are told. */
export const CHANGES = [
  "production_change_percent",
  "production_per_capita_change_percent",
  "need_change_percent",
  "production_beyond_need_percent",
  "expenditure_change_percent",
  "efficiency_change_percent",
] as const;

export function changeText(book: Book | undefined, language: Language): SectionText {
  const tongue = new Tongue(language);
  const heading = tongue.of("Endring siden året før", "Change since the year before");
  const there =
    book === undefined
      ? []
      : CHANGES.filter((measure) => efficiency(book, "total", measure) !== undefined);
  if (book === undefined || there.length === 0) {
    return { id: "change", heading, lead: [], more: [], lacking: [lackingOf("change", tongue)] };
  }
  return {
    id: "change",
    heading,
    lead: [...grownSentences(book, tongue), ...efficiencyChange(book, tongue)],
    more: beyondNeed(book, tongue),
    lacking: [],
  };
}

interface Verbs {
  readonly nb: string;
  readonly en: string;
}

/** "økte med 3,3 prosent", "gikk ned med …", "var om lag uendret". */
function moved(what: Verbs, figure: Known, tongue: Tongue): Sentence {
  const p = tongue.percent(figure);
  const subject = tongue.of(what.nb, what.en);
  return tongue.by(
    figure.value,
    PERCENT_DECIMALS,
    tongue.of(
      {
        above: say`${subject} økte med ${p}`,
        below: say`${subject} gikk ned med ${p}`,
        level: say`${subject} var om lag uendret`,
      },
      {
        above: say`${subject} rose by ${p}`,
        below: say`${subject} fell by ${p}`,
        level: say`${subject} was about unchanged`,
      },
    ),
  );
}

function grownSentences(book: Book, tongue: Tongue): readonly Sentence[] {
  const made = efficiency(book, "total", "production_change_percent");
  const spent = efficiency(book, "total", "expenditure_change_percent");
  const since = tongue.of(
    `fra ${book.year - 1} til ${book.year}`,
    `from ${book.year - 1} to ${book.year}`,
  );
  if (made === undefined) return [];
  const first = moved(
    { nb: "Produksjonen per målgruppe", en: "Production per target group" },
    made,
    tongue,
  );
  if (spent === undefined) return [say`${first} ${since}.`];
  const second = moved(
    {
      nb: "utgiftene per innbygger i faste priser",
      en: "expenditure per inhabitant at fixed prices",
    },
    spent,
    tongue,
  );
  const but =
    wayOf(made.value, 1) === wayOf(spent.value, 1)
      ? tongue.of("og", "and")
      : tongue.of("mens", "while");
  return [say`${first} ${since}, ${but} ${second}.`];
}

function efficiencyChange(book: Book, tongue: Tongue): readonly Sentence[] {
  const figure = efficiency(book, "total", "efficiency_change_percent");
  if (figure === undefined) return [];
  const p = tongue.percent(figure);
  return [
    tongue.by(
      figure.value,
      PERCENT_DECIMALS,
      tongue.of(
        {
          above: say`Effektiviteten ble dermed ${p} høyere.`,
          below: say`Effektiviteten ble dermed ${p} lavere.`,
          level: say`Effektiviteten er dermed om lag uendret.`,
        },
        {
          above: say`Efficiency thus rose by ${p}.`,
          below: say`Efficiency thus fell by ${p}.`,
          level: say`Efficiency is thus about unchanged.`,
        },
      ),
    ),
  ];
}

/** METHOD T4: a difference of two percentages, in percentage points, shown so that it adds up. */
export function beyondNeed(book: Book, tongue: Tongue): readonly Sentence[] {
  const beyond = efficiency(book, "total", "production_beyond_need_percent");
  const made = efficiency(book, "total", "production_per_capita_change_percent");
  const need = efficiency(book, "total", "need_change_percent");
  if (beyond === undefined || made === undefined || need === undefined) return [];
  const shown = agreement([made.value, -need.value], beyond.value, 1, 2);
  const points = tongue.points(beyond, shown.decimals);
  const parts = changeParts(made, need, shown.decimals, tongue);
  const note = shown.agrees
    ? ""
    : tongue.of(" Tallene er avrundet hver for seg.", " The figures are rounded one by one.");
  return [
    say`${tongue.by(
      beyond.value,
      shown.decimals,
      tongue.of(
        {
          above: say`Per innbygger utviklet produksjonen seg ${points} sterkere enn
            behovet${parts}.`,
          below: say`Per innbygger utviklet produksjonen seg ${points} svakere enn
            behovet${parts}.`,
          level: say`Per innbygger fulgte produksjonen behovet${parts}.`,
        },
        {
          above: say`Per inhabitant, production outpaced need by ${points}${parts}.`,
          below: say`Per inhabitant, production fell behind need by ${points}${parts}.`,
          level: say`Per inhabitant, production kept pace with need${parts}.`,
        },
      ),
    )}${note}`,
  ];
}

function changeParts(made: Known, need: Known, decimals: number, tongue: Tongue): Sentence {
  const moved = (figure: Known, nb: string, en: string) => {
    const p = tongue.percent(figure, decimals);
    return tongue.by(
      figure.value,
      decimals,
      tongue.of(
        {
          above: say`${nb} opp ${p}`,
          below: say`${nb} ned ${p}`,
          level: say`${nb} om lag uendret`,
        },
        {
          above: say`${en} up ${p}`,
          below: say`${en} down ${p}`,
          level: say`${en} about unchanged`,
        },
      ),
    );
  };
  return say`: ${moved(
    made,
    "produksjonen per innbygger",
    "production per inhabitant",
  )}, ${moved(need, "behovet i forhold til landet", "need relative to the country")}`;
}
