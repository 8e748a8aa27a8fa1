/** Resource use against need: inside the income system, outside it, and what income explains. */
import type { Language } from "../../base/language";
import type { Book } from "./book";
import type { Known } from "./figure";
import { lackingOf } from "./lacking";
import { sectorFigures, type SectorFigure } from "./need";
import { say, type Sentence } from "./pieces";
import { agreement, roundsToZero } from "./rounding";
import { absentNames, nameInText, wholeNamed, type SectionId, type SectionText } from "./section";
import { millionDecimals, PERCENT_DECIMALS, Tongue } from "./tongue";

function deviation(book: Book, sector: string, measure: string): Known | undefined {
  return book.known({ topic: "resource-use", sector, measure });
}

function hasRows(book: Book | undefined): book is Book {
  return book !== undefined && book.rowsOf("resource-use").length > 0;
}

// --- Inside --------------------------------------------------------------------------------------

export function insideText(book: Book | undefined, language: Language): SectionText {
  const tongue = new Tongue(language);
  const heading = insideHeading(tongue);
  if (!hasRows(book)) {
    return { id: "inside", heading, lead: [], more: [], lacking: [lackingOf("inside", tongue)] };
  }
  const sectors = insideSectors(book);
  return {
    id: "inside",
    heading,
    lead: [...wholeSentences(book, "inside", tongue), ...changeSentences(book, "inside", tongue)],
    more: [...extremeSentences(book, sectors, tongue), ...toNeedSentences(book, sectors, tongue)],
    lacking: [...absentSentences(book, false, tongue), ...uncorrected(book, sectors, tongue)],
  };
}

/** Sectors inside the income system that have a deviation in percent. */
export function insideSectors(book: Book): readonly SectorFigure[] {
  return sectorFigures(book, "resource-use", "deviation_percent").filter(
    ({ sector }) => !book.isOutside(sector),
  );
}

/** The sectors of a sum: by their names where the edition has few, so that nobody takes two for the
 * whole income system. */
function whereSpent(book: Book, sum: "inside" | "outside", tongue: Tongue): string {
  const names = wholeNamed(book, "resource-use", tongue, sum === "outside");
  if (names !== "") return tongue.of(`på ${names}`, `on ${names}`);
  return sum === "inside"
    ? tongue.of("innenfor inntektssystemet", "inside the income system")
    : tongue.of("utenfor inntektssystemet", "outside the income system");
}

/** "Ressursbruk innenfor inntektssystemet", or in the few sectors that the edition has. */
export function insideTitle(book: Book, tongue: Tongue): string {
  const names = wholeNamed(book, "resource-use", tongue);
  if (names === "") return insideHeading(tongue);
  return tongue.of(`Ressursbruk i ${names}`, `Resource use in ${names}`);
}

function insideHeading(tongue: Tongue): string {
  return tongue.of(
    "Ressursbruk innenfor inntektssystemet",
    "Resource use inside the income system",
  );
}

/** Kr per inhabitant, million kr, percent: the three ways to say one deviation. */
function wholeSentences(
  book: Book,
  sum: "inside" | "outside",
  tongue: Tongue,
): readonly Sentence[] {
  const kr = deviation(book, sum, "deviation_kr_per_capita");
  if (kr === undefined) return [];
  const name = book.municipality.name;
  const where = whereSpent(book, sum, tongue);
  const mark =
    sum === "inside"
      ? tongue.of("beregnet behov", "calculated need")
      : tongue.of("landsgjennomsnittet", "the national average");
  const same = sameAs(book, sum, tongue);
  const amount = tongue.kr(kr);
  return [
    tongue.of(
      {
        above: say`${name} bruker ${amount} mer per innbygger enn ${mark} ${where}${same}.`,
        below: say`${name} bruker ${amount} mindre per innbygger enn ${mark} ${where}${same}.`,
        level: say`${name} bruker om lag som ${mark} ${where} (avvik ${amount} per innbygger).`,
      },
      {
        above: say`${name} spends ${amount} more per inhabitant than ${mark} ${where}${same}.`,
        below: say`${name} spends ${amount} less per inhabitant than ${mark} ${where}${same}.`,
        level: say`${name} spends about the same as ${mark} ${where} (deviation ${amount} per
          inhabitant).`,
      },
    )[wayOfKr(kr)],
  ];
}

function wayOfKr(kr: Known): "above" | "below" | "level" {
  if (roundsToZero(kr.value, 0)) return "level";
  return kr.value > 0 ? "above" : "below";
}

/** "… Det er 183 mill. kr, eller 2,5 prosent av behovet". */
function sameAs(book: Book, sum: string, tongue: Tongue): Sentence {
  const million = deviation(book, sum, "deviation_million_kr");
  const percent = deviation(book, sum, "deviation_percent");
  if (million === undefined) return [];
  const shown = tongue.million(million);
  if (percent === undefined) return tongue.of(say`, til sammen ${shown}`, say`, ${shown} in all`);
  const part = tongue.percent(percent);
  const whole =
    sum === "inside"
      ? tongue.of("av behovet", "of need")
      : tongue.of("av landsnivået", "of the country's level");
  return tongue.of(
    say`: til sammen ${shown}, eller ${part} ${whole}`,
    say`: ${shown} in all, or ${part} ${whole}`,
  );
}

/** How the deviation moved; the direction is that of the change, whatever the deviation's sign. */
function changeSentences(
  book: Book,
  sum: "inside" | "outside",
  tongue: Tongue,
): readonly Sentence[] {
  const change = deviation(book, sum, "deviation_change_kr_per_capita");
  if (change === undefined) return [];
  const amount = tongue.kr(change);
  const measured =
    sum === "inside"
      ? tongue.of("målt mot behovet", "measured against need")
      : tongue.of("målt mot landet", "measured against the country");
  return [
    tongue.of(
      {
        above: say`Siden året før har ressursbruken ${measured} økt med ${amount} per innbygger.`,
        below: say`Siden året før har ressursbruken ${measured} gått ned med ${amount} per
            innbygger.`,
        level: say`Ressursbruken ${measured} er om lag som året før (endring ${amount} per
            innbygger).`,
      },
      {
        above: say`Since the year before, resource use ${measured} rose by ${amount} per
            inhabitant.`,
        below: say`Since the year before, resource use ${measured} fell by ${amount} per
            inhabitant.`,
        level: say`Resource use ${measured} is about the same as the year before (change
              ${amount} per
            inhabitant).`,
      },
    )[wayOfKr(change)],
  ];
}

/** Which sectors lie highest above and furthest below. */
function extremeSentences(
  book: Book,
  sectors: readonly SectorFigure[],
  tongue: Tongue,
): readonly Sentence[] {
  const ordered = [...sectors]
    .filter(({ figure }) => !roundsToZero(figure.value, PERCENT_DECIMALS))
    .sort((a, b) => b.figure.value - a.figure.value);
  const over = ordered.filter(({ figure }) => figure.value > 0).slice(0, 3);
  const under = ordered
    .filter(({ figure }) => figure.value < 0)
    .reverse()
    .slice(0, 3);
  const items = (list: readonly SectorFigure[]) =>
    tongue.each(
      list.map(
        ({ sector, figure }) =>
          say`${nameInText(book, sector, tongue)} (${tongue.percent(figure)})`,
      ),
    );
  const told: Sentence[] = [];
  if (over.length > 0) {
    told.push(
      tongue.of(
        say`${over.length > 1 ? "Mest over" : "Over"} behovet ligger ${items(over)}.`,
        say`${over.length > 1 ? "Furthest above" : "Above"} need: ${items(over)}.`,
      ),
    );
  }
  if (under.length > 0) {
    told.push(
      tongue.of(
        say`${under.length > 1 ? "Mest under" : "Under"} behovet ligger ${items(under)}.`,
        say`${under.length > 1 ? "Furthest below" : "Below"} need: ${items(under)}.`,
      ),
    );
  }
  return told;
}

/** What it would take to meet need: less where more is spent, more where less is spent. */
function toNeedSentences(
  book: Book,
  sectors: readonly SectorFigure[],
  tongue: Tongue,
): readonly Sentence[] {
  const amounts = sectors
    .flatMap(({ sector }) => {
      const figure = deviation(book, sector, "deviation_million_kr");
      return figure === undefined ? [] : [{ sector, figure }];
    })
    .sort((a, b) => Math.abs(b.figure.value) - Math.abs(a.figure.value));
  const largest = amounts[0];
  return largest === undefined ? [] : [meetingNeed(book, largest, tongue)];
}

/** METHOD section 9: a deviation of −34 million is met by an increase, not by "reducing by 34". */
export function meetingNeed(book: Book, one: SectorFigure, tongue: Tongue): Sentence {
  const sector = nameInText(book, one.sector, tongue);
  const amount = tongue.million(one.figure);
  return tongue.by(
    one.figure.value,
    millionDecimals(one.figure.value),
    tongue.of(
      {
        above: say`Skulle ${sector} ligge på beregnet behov, måtte utgiftene reduseres med
            ${amount}.`,
        below: say`Skulle ${sector} ligge på beregnet behov, måtte utgiftene økes med ${amount}.`,
        level: say`I ${sector} er utgiftene om lag som beregnet behov (avvik ${amount}).`,
      },
      {
        above: say`To meet calculated need in ${sector}, expenditure would have to be reduced by
            ${amount}.`,
        below: say`To meet calculated need in ${sector}, expenditure would have to be increased by
            ${amount}.`,
        level: say`In ${sector} expenditure is close to calculated need (deviation ${amount}).`,
      },
    ),
  );
}

// --- Outside -------------------------------------------------------------------------------------

export function outsideText(book: Book | undefined, language: Language): SectionText {
  const tongue = new Tongue(language);
  const heading = tongue.of(
    "Ressursbruk utenfor inntektssystemet",
    "Resource use outside the income system",
  );
  const sectors = hasRows(book) ? outsideSectors(book) : [];
  if (!hasRows(book) || sectors.length === 0) {
    return { id: "outside", heading, lead: [], more: [], lacking: [lackingOf("outside", tongue)] };
  }
  return {
    id: "outside",
    heading,
    lead: [...wholeSentences(book, "outside", tongue), ...changeSentences(book, "outside", tongue)],
    more: sectorKrSentences(book, sectors, tongue),
    lacking: absentSentences(book, true, tongue),
  };
}

export function outsideSectors(book: Book): readonly SectorFigure[] {
  return sectorFigures(book, "resource-use", "deviation_kr_per_capita").filter(({ sector }) =>
    book.isOutside(sector),
  );
}

const SECTORS_TOLD = 3;

/** The sectors that lie furthest from the country, whichever way. */
function sectorKrSentences(
  book: Book,
  sectors: readonly SectorFigure[],
  tongue: Tongue,
): readonly Sentence[] {
  const ordered = [...sectors]
    .filter(({ figure }) => !roundsToZero(figure.value, 0))
    .sort((a, b) => Math.abs(b.figure.value) - Math.abs(a.figure.value));
  const item = ({ sector, figure }: SectorFigure) =>
    tongue.of(
      say`${nameInText(book, sector, tongue)} (${tongue.kr(figure)}
          ${figure.value > 0 ? "mer" : "mindre"})`,
      say`${nameInText(book, sector, tongue)} (${tongue.kr(figure)}
          ${figure.value > 0 ? "more" : "less"})`,
    );
  const most = ordered.slice(0, SECTORS_TOLD);
  if (most.length === 0 || sectors.length === 1) return [];
  return [
    tongue.of(
      say`Lengst fra landet per innbygger ligger ${tongue.each(most.map(item))}.`,
      say`Furthest from the country per inhabitant: ${tongue.each(most.map(item))}.`,
    ),
  ];
}

// --- What is lacking -----------------------------------------------------------------------------

function absentSentences(book: Book, outside: boolean, tongue: Tongue): readonly Sentence[] {
  const sectors = book.sectors("resource-use").filter((id) => book.isOutside(id) === outside);
  const names = absentNames(book, "resource-use", "deviation_kr_per_capita", sectors, tongue);
  if (names === "") return [];
  return [
    tongue.of(
      say`Uten tall: ${names}. Netto driftsutgifter for sektorene ville gi dem; summen krever
          alle.`,
      say`Without figures: ${names}. Net operating expenditure of the sectors would give them; the
          sum takes all.`,
    ),
  ];
}

/** METHOD R2–R6: KS corrects expenditure before it is held against need; where an edition does not,
 * what looks like a priority may be a pension or a private school. */
function uncorrected(
  book: Book,
  sectors: readonly SectorFigure[],
  tongue: Tongue,
): readonly Sentence[] {
  if (sectors.length === 0 || book.has("resource-use", "adjustment_kr_per_capita")) return [];
  return [
    tongue.of(
      say`Utgiftene er ikke korrigert, verken for pensjon og arbeidsgiveravgift, for statlige og
          private skoler eller for vertskommuneoppgaver: utgaven har ingen korreksjoner.`,
      say`Expenditure is not corrected, neither for pension costs and employer's tax nor for state
          and private schools nor for a host municipality's duties: the edition has no
          adjustments.`,
    ),
  ];
}

// --- Income --------------------------------------------------------------------------------------

/** Ids of what disposable income is used for besides sectors, in the order of the rows. */
export function otherUses(book: Book): readonly string[] {
  const sectors = new Set(book.edition.sectors.map((sector) => sector.id));
  return book.sectors("resource-use").filter((id) => !sectors.has(id));
}

/** What income is used for: sums of sectors, the other uses, and what of a given income is left. */
export function usesOf(book: Book): readonly SectorFigure[] {
  const ids = ["inside", "outside", ...otherUses(book), "residual"];
  return ids.flatMap((sector) => {
    const figure = deviation(book, sector, "deviation_kr_per_capita");
    return figure === undefined ? [] : [{ sector, figure }];
  });
}

/** A use's name: of sums, here; of uses, the edition's. */
export function useName(book: Book, id: string, tongue: Tongue): string {
  const own: Readonly<Record<string, readonly [string, string]>> = {
    inside: ["sektorene innenfor inntektssystemet", "sectors inside the income system"],
    outside: ["sektorene utenfor inntektssystemet", "sectors outside the income system"],
    residual: ["ikke forklart", "not explained"],
    disposable_income: ["disponibel inntekt", "disposable income"],
  };
  const named = own[id];
  return named === undefined ? nameInText(book, id, tongue) : tongue.of(named[0], named[1]);
}

export function incomeText(book: Book | undefined, language: Language): SectionText {
  const tongue = new Tongue(language);
  const heading = tongue.of(
    "Disponibel inntekt og hva den brukes til",
    "Disposable income and its uses",
  );
  const income = hasRows(book)
    ? deviation(book, "disposable_income", "deviation_kr_per_capita")
    : undefined;
  if (!hasRows(book) || income === undefined) {
    return emptySection("income", heading, tongue);
  }
  return {
    id: "income",
    heading,
    lead: [incomeSentence(book, income, tongue)],
    more: useSentences(book, tongue),
    lacking: [],
  };
}

function emptySection(id: SectionId, heading: string, tongue: Tongue): SectionText {
  return { id, heading, lead: [], more: [], lacking: [lackingOf(id, tongue)] };
}

function incomeSentence(book: Book, income: Known, tongue: Tongue): Sentence {
  const name = book.municipality.name;
  const amount = tongue.kr(income);
  const all = deviation(book, "disposable_income", "deviation_million_kr");
  const same =
    all === undefined
      ? []
      : tongue.of(say`, til sammen ${tongue.million(all)}`, say`, ${tongue.million(all)} in all`);
  return tongue.of(
    {
      above: say`Korrigert for utgiftsbehov har ${name} ${amount} mer per innbygger å disponere enn
          landsgjennomsnittet${same}.`,
      below: say`Korrigert for utgiftsbehov har ${name} ${amount} mindre per innbygger å disponere
          enn landsgjennomsnittet${same}.`,
      level: say`Korrigert for utgiftsbehov er disponibel inntekt om lag som landsgjennomsnittet
          (avvik ${amount} per innbygger).`,
    },
    {
      above: say`Adjusted for need, ${name} has ${amount} more per inhabitant at its disposal
          than the national average${same}.`,
      below: say`Adjusted for need, ${name} has ${amount} less per inhabitant at its disposal
          than the national average${same}.`,
      level: say`Adjusted for need, disposable income is about the same as the national average
          (deviation ${amount} per inhabitant).`,
    },
  )[wayOfKr(income)];
}

/** Uses on which somebody spends; what of the deviation is not explained is none. */
function isUse({ sector }: SectorFigure): boolean {
  return sector !== "residual";
}

/** "157 kr mindre til renter". */
function useText(book: Book, { sector, figure }: SectorFigure, tongue: Tongue): Sentence {
  const amount = tongue.kr(figure);
  const name = useName(book, sector, tongue);
  return tongue.of(
    {
      above: say`${amount} mer til ${name}`,
      below: say`${amount} mindre til ${name}`,
      level: say`om lag det samme (avvik ${amount}) til ${name}`,
    },
    {
      above: say`${amount} more into ${name}`,
      below: say`${amount} less into ${name}`,
      level: say`about the same (deviation ${amount}) into ${name}`,
    },
  )[wayOfKr(figure)];
}

/** What no use explains, with its sign in words. */
function residualText(all: readonly SectorFigure[], tongue: Tongue): Sentence {
  const residual = all.find((one) => !isUse(one))?.figure;
  if (residual === undefined) return [];
  const amount = tongue.kr(residual);
  return tongue.of(
    {
      above: say` Ikke forklart er ${amount} mer.`,
      below: say` Ikke forklart er ${amount} mindre.`,
      level: [],
    },
    {
      above: say` Not explained are ${amount} more.`,
      below: say` Not explained are ${amount} less.`,
      level: [],
    },
  )[wayOfKr(residual)];
}

/** What the reader who adds up the parts finds. */
function sumText(book: Book, all: readonly SectorFigure[], tongue: Tongue): string {
  const whole = deviation(book, "disposable_income", "deviation_kr_per_capita");
  if (whole === undefined) return "";
  const parts = all.map(({ figure }) => figure.value);
  if (agreement(parts, whole.value, 0, 0).agrees) {
    return tongue.of(
      " Delene summerer til avviket i disponibel inntekt.",
      " The parts add up to the deviation in disposable income.",
    );
  }
  return tongue.of(
    " Tallene er avrundet hver for seg, så delene summerer ikke helt til avviket i disponibel " +
      "inntekt.",
    " The figures are rounded one by one, so the parts do not quite add up to the deviation in " +
      "disposable income.",
  );
}

function useSentences(book: Book, tongue: Tongue): readonly Sentence[] {
  const all = usesOf(book);
  const items = all.filter(isUse).map((one) => useText(book, one, tongue));
  if (items.length === 0) return [];
  const rest = say`${residualText(all, tongue)}${sumText(book, all, tongue)}`;
  return [
    tongue.of(
      say`Målt mot landet går det per innbygger ${tongue.each(items)}.${rest}`,
      say`Measured against the country, per inhabitant, the municipality puts
          ${tongue.each(items)}.${rest}`,
    ),
  ];
}

// --- Allocation ----------------------------------------------------------------------------------

export function allocations(book: Book): readonly SectorFigure[] {
  const ids = [...book.sectors("resource-use"), "residual"];
  return ids.flatMap((sector) => {
    const figure = deviation(book, sector, "income_adjusted_kr_per_capita");
    return figure === undefined ? [] : [{ sector, figure }];
  });
}

export function allocationText(book: Book | undefined, language: Language): SectionText {
  const tongue = new Tongue(language);
  const heading = tongue.of(
    "Inntektsjustert fordeling: hva kommunen prioriterer",
    "Income-adjusted allocation: what the municipality gives priority",
  );
  const all = hasRows(book) ? allocations(book) : [];
  if (!hasRows(book) || all.length === 0) return emptySection("allocation", heading, tongue);
  return {
    id: "allocation",
    heading,
    lead: prioritySentences(book, all, tongue),
    more: [
      tongue.of(
        say`Målestokken er en kommune med samme inntekt som fordeler den slik landet gjør. Avvikene
            fra den summerer til null.`,
        say`The yardstick is a municipality with the same income that spreads it as the country
            does; deviations from it add up to zero.`,
      ),
    ],
    lacking: [],
  };
}

function prioritySentences(
  book: Book,
  all: readonly SectorFigure[],
  tongue: Tongue,
): readonly Sentence[] {
  const ordered = all
    .filter((one) => isUse(one) && !roundsToZero(one.figure.value, 0))
    .sort((a, b) => b.figure.value - a.figure.value);
  const item = ({ sector, figure }: SectorFigure) =>
    say`${useName(book, sector, tongue)} (${tongue.kr(figure)} ${
      figure.value > 0 ? tongue.of("mer", "more") : tongue.of("mindre", "less")
    })`;
  const high = ordered
    .filter(({ figure }) => figure.value > 0)
    .slice(0, 3)
    .map(item);
  const low = ordered
    .filter(({ figure }) => figure.value < 0)
    .reverse()
    .slice(0, 3)
    .map(item);
  const name = book.municipality.name;
  if (high.length === 0 || low.length === 0) {
    return [
      tongue.of(
        say`${name} fordeler inntekten om lag som landet.`,
        say`${name} spreads its income about as the country does.`,
      ),
    ];
  }
  return [
    tongue.of(
      say`Per innbygger prioriterer ${name} ${tongue.each(high)} høyere enn landet ville gjort med
          samme inntekt, og ${tongue.each(low)} lavere.`,
      say`Per inhabitant, ${name} gives ${tongue.each(high)} higher priority than the country would
          with the same income, and ${tongue.each(low)} lower.`,
    ),
  ];
}
