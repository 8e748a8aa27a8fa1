/** Population and its older age groups, relative to the base year and to the other members. */
import type { Language } from "../../base/language";
import type { Book } from "./book";
import type { Known } from "./figure";
import { lackingOf } from "./lacking";
import { say, type Sentence } from "./pieces";
import { inText, type SectionText } from "./section";
import { PERCENT_DECIMALS, Tongue, wayOff } from "./tongue";
import { roundsToZero } from "./rounding";

/** Age groups of the article in its order (METHOD D1). */
export const AGES = ["0-5", "6-15", "67+", "67-79", "80-89", "90+"] as const;

/** The years that the text speaks of. */
export interface Span {
  /** Where the index is 1: the edition's base year. */
  readonly base: number | undefined;
  readonly first: number;
  readonly last: number;
}

/** A number of people, of all ages (undefined) or of an age group. */
function population(book: Book, measure: string, age?: string, year?: number): Known | undefined {
  return book.known({
    topic: "demography",
    sector: "total",
    measure,
    indicator: age,
    ...(year === undefined ? {} : { year }),
  });
}

export function spanOf(book: Book): Span | undefined {
  const series = book.series({ topic: "demography", sector: "total", measure: "population_index" });
  const first = series[0];
  const last = series.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return { base: baseOf(book, series), first: first.year, last: last.year };
}

/** The year that the index counts from: an earlier year may have as many people, but has growth
 * since the base year, which the base year itself cannot have (METHOD D2). */
function baseOf(
  book: Book,
  series: readonly { readonly year: number; readonly figure: Known }[],
): number | undefined {
  return series.find(
    ({ year, figure }) =>
      figure.value === 1 &&
      population(book, "population_growth_percent", undefined, year) === undefined,
  )?.year;
}

/** "i resten av landet" where the members are the country. */
function othersWords(book: Book, tongue: Tongue): string {
  if (book.members("demography", "total", "need_index").length >= COUNTRY_MEMBERS) {
    return tongue.of("i resten av landet", "in the rest of the country");
  }
  return tongue.of(
    "i de andre kommunene i gruppen samlet",
    "in the group's other municipalities together",
  );
}

/** From so many members on a group is the country. */
export const COUNTRY_MEMBERS = 300;

/** Age groups that have an index in any year. */
export function agesOf(book: Book): readonly string[] {
  return AGES.filter(
    (age) =>
      book.series({
        topic: "demography",
        sector: "total",
        indicator: age,
        measure: "population_index",
      }).length > 0,
  );
}

export function populationText(book: Book | undefined, language: Language): SectionText {
  const tongue = new Tongue(language);
  const heading = tongue.of("Befolkning", "Population");
  const now = book === undefined ? undefined : population(book, "population");
  if (book === undefined || now === undefined) {
    return {
      id: "population",
      heading,
      lead: [],
      more: [],
      lacking: [lackingOf("population", tongue)],
    };
  }
  const span = spanOf(book);
  const lead = [nowSentence(book, now, tongue)];
  if (span === undefined) return { id: "population", heading, lead, more: [], lacking: [] };
  lead.push(...growthSentences(book, span, tongue));
  return {
    id: "population",
    heading,
    lead,
    more: ageSentences(book, span, tongue),
    lacking: span.first === span.last ? [alone(span, tongue)] : [],
  };
}

/** A base year alone has no change to tell of. */
function alone(span: Span, tongue: Tongue): Sentence {
  return tongue.of(
    say`Utgaven har bare tall for ${String(span.first)}, så det er ingen endring å vise. Folketall
        for årene før og en framskriving ville gi den.`,
    say`The edition has figures of ${String(span.first)} only, so there is no change to show.
        People of earlier years and a projection would give it.`,
  );
}

function nowSentence(book: Book, now: Known, tongue: Tongue): Sentence {
  const name = book.municipality.name;
  const projected = now.flags.includes("projected");
  const year = String(book.year);
  const people = tongue.whole(now);
  if (projected) {
    return tongue.of(
      say`${name} ventes å ha ${people} innbyggere 1. januar ${year}.`,
      say`${name} is expected to have ${people} inhabitants on 1 January ${year}.`,
    );
  }
  return tongue.of(
    say`${name} hadde ${people} innbyggere 1. januar ${year}.`,
    say`${name} had ${people} inhabitants on 1 January ${year}.`,
  );
}

/** From the first year to the base, and from the base to the last: growth, and that of the others.
 */
function growthSentences(book: Book, span: Span, tongue: Tongue): readonly Sentence[] {
  const base = span.base;
  if (base === undefined) return [];
  const told: Sentence[] = [];
  if (span.first < base) told.push(...pastSentences(book, span.first, base, tongue));
  if (span.last > base) told.push(...futureSentences(book, base, span.last, undefined, tongue));
  return told;
}

/** Growth from an earlier year to the base: its yearly mean, which has the direction of time. */
function pastSentences(
  book: Book,
  first: number,
  base: number,
  tongue: Tongue,
): readonly Sentence[] {
  const index = population(book, "population_index", undefined, first);
  const yearly = population(book, "population_growth_percent", undefined, first);
  if (yearly === undefined || index === undefined) return [];
  const name = book.municipality.name;
  const others = population(book, "population_index_others", undefined, first);
  const beside = others === undefined ? [] : othersThen(others, othersWords(book, tongue), tongue);
  const p = tongue.percent(yearly);
  const verb = tongue.by(yearly.value, PERCENT_DECIMALS, {
    above: tongue.of(
      say`økte folketallet i ${name} i gjennomsnitt med ${p} i året`,
      say`grew by ${p} a year on average`,
    ),
    below: tongue.of(
      say`gikk folketallet i ${name} i gjennomsnitt ned med ${p} i året`,
      say`fell by ${p} a year on average`,
    ),
    level: tongue.of(say`var folketallet i ${name} om lag uendret`, say`was about unchanged`),
  });
  const share = tongue.share(index);
  return [
    tongue.of(
      say`Fra ${String(first)} til ${String(base)} ${verb}. I ${String(first)} var det ${share} av
          folketallet i ${String(base)}${beside}.`,
      say`From ${String(first)} to ${String(base)}, the population of ${name} ${verb}. In
          ${String(first)} it was ${share} of that of ${String(base)}${beside}.`,
    ),
  ];
}

function othersThen(others: Known, where: string, tongue: Tongue): Sentence {
  return say`; ${where} ${tongue.share(others)}`;
}

/** "ventes å øke med 21,6 prosent fra 2018 til 2024, eller 3,3 prosent i året". */
function futureSentences(
  book: Book,
  base: number,
  last: number,
  age: string | undefined,
  tongue: Tongue,
): readonly Sentence[] {
  const index = population(book, "population_index", age, last);
  if (index === undefined) return [];
  const who =
    age === undefined
      ? tongue.of("Folketallet", "The population")
      : tongue.of(
          `Tallet på innbyggere ${ageName(book, age, tongue)}`,
          `The number of inhabitants ${ageName(book, age, tongue)}`,
        );
  return [
    growthSentence(who, {
      index,
      base,
      last,
      tongue,
      where: othersWords(book, tongue),
      yearly: population(book, "population_growth_percent", age, last),
      others: population(book, "population_index_others", age, last),
    }),
  ];
}

/** What one sentence of growth rests on. */
export interface Growth {
  readonly index: Known;
  readonly base: number;
  readonly last: number;
  readonly yearly: Known | undefined;
  readonly others: Known | undefined;
  /** Where the others are. */
  readonly where: string;
  readonly tongue: Tongue;
}

export function growthSentence(who: string, growth: Growth): Sentence {
  const { index, base, last, tongue } = growth;
  const off = tongue.off(index, 1);
  const expected = index.flags.includes("projected");
  const tail = say`${yearlyText(growth)}${othersGrowth(growth)}`;
  const years = tongue.of(`fra ${base} til ${last}`, `from ${base} to ${last}`);
  const verbs = growthVerbs(expected, tongue);
  const about = tongue.of(
    `${who} ${expected ? "ventes å være" : "var"} om lag det samme i ${last} som i ${base}`,
    `${who} ${expected ? "is expected to be" : "was"} about the same in ${last} as in ${base}`,
  );
  return {
    above: say`${who} ${verbs.up} ${off} ${years}${tail}.`,
    below: say`${who} ${verbs.down} ${off} ${years}${tail}.`,
    level: say`${about} (${tongue.of("indeks", "index")}
        ${tongue.index(index, 1)})${othersGrowth(growth)}.`,
  }[wayOff(index.value, 1)];
}

function growthVerbs(
  expected: boolean,
  tongue: Tongue,
): { readonly up: string; readonly down: string } {
  if (expected) {
    return {
      up: tongue.of("ventes å øke med", "is expected to grow by"),
      down: tongue.of("ventes å gå ned med", "is expected to fall by"),
    };
  }
  return { up: tongue.of("økte med", "grew by"), down: tongue.of("gikk ned med", "fell by") };
}

/** Mean yearly growth (METHOD D2): the main verb has its direction. */
function yearlyText({ yearly, tongue, index }: Growth): Sentence {
  if (yearly === undefined || roundsToZero(yearly.value, 1)) return [];
  if (Math.sign(yearly.value) !== Math.sign(index.value - 1)) return [];
  return tongue.of(
    say`, eller ${tongue.percent(yearly)} i året`,
    say`, or ${tongue.percent(yearly)} a year`,
  );
}

function othersGrowth({ others, where, tongue }: Growth): Sentence {
  if (others === undefined) return [];
  const off = tongue.off(others, 1);
  return tongue.of(
    {
      above: say`; ${where} er veksten ${off}`,
      below: say`; ${where} er nedgangen ${off}`,
      level: say`; ${where} er det om lag uendret`,
    },
    {
      above: say`; ${where} growth is ${off}`,
      below: say`; ${where} the decline is ${off}`,
      level: say`; ${where} it is about unchanged`,
    },
  )[wayOff(others.value, 1)];
}

/** "80–89 år". */
export function ageName(book: Book, age: string, tongue: Tongue): string {
  const name = book.name(age, tongue.language);
  const plainly = name === age ? age.replace("-", "–") : name;
  const own = tongue.of(
    /år/.test(plainly) ? plainly : `${plainly} år`,
    /aged/i.test(plainly) ? plainly : `aged ${plainly}`,
  );
  return inText(own);
}

/** The year whose ages are told beside the base: the last, or where that is the base, the first. */
export function agesYear({ base, first, last }: Span): number | undefined {
  if (base === undefined || first === last) return undefined;
  return last > base ? last : first;
}

/** The oldest in a sentence of their own, the other ages in one. */
function ageSentences(book: Book, span: Span, tongue: Tongue): readonly Sentence[] {
  const { base } = span;
  const year = agesYear(span);
  if (base === undefined || year === undefined) return [];
  if (year < base) return pastAges(book, year, base, tongue);
  const there = agesOf(book);
  const [first, ...others] = AGES_TOLD.filter((age) => there.includes(age));
  if (first === undefined) return [];
  const items = others.flatMap((age) => ageItem(book, age, span.last, tongue));
  const oldest = futureSentences(book, base, span.last, first, tongue);
  if (items.length === 0) return oldest;
  return [
    ...oldest,
    tongue.of(
      say`I samme tidsrom: ${tongue.each(items)}.`,
      say`Over the same time: ${tongue.each(items)}.`,
    ),
  ];
}

/** Age groups in the order in which they are told. */
const AGES_TOLD = ["80-89", "90+", "67-79", "0-5", "6-15"] as const;

/** "Fra 2020 til 2026, i året: innbyggere 80–89 år økte 4,2 prosent …": published yearly means. */
function pastAges(book: Book, year: number, base: number, tongue: Tongue): readonly Sentence[] {
  const items = AGES_TOLD.flatMap((age) => {
    const yearly = population(book, "population_growth_percent", age, year);
    return yearly === undefined ? [] : [pastAge(ageName(book, age, tongue), yearly, tongue)];
  });
  if (items.length === 0) return [];
  return [
    tongue.of(
      say`Gjennomsnittlig årlig endring fra ${String(year)} til ${String(base)}:
          ${tongue.each(items)}.`,
      say`Mean change a year from ${String(year)} to ${String(base)}: ${tongue.each(items)}.`,
    ),
  ];
}

function pastAge(who: string, yearly: Known, tongue: Tongue): Sentence {
  const p = tongue.percent(yearly);
  return tongue.by(yearly.value, PERCENT_DECIMALS, {
    above: tongue.of(say`${p} flere innbyggere ${who}`, say`${p} more inhabitants ${who}`),
    below: tongue.of(say`${p} færre innbyggere ${who}`, say`${p} fewer inhabitants ${who}`),
    level: tongue.of(
      say`om lag like mange innbyggere ${who}`,
      say`about as many inhabitants ${who}`,
    ),
  });
}

/** "2,8 prosent flere innbyggere 67–79 år (de andre: 2,2 prosent flere)". */
function ageItem(book: Book, age: string, last: number, tongue: Tongue): readonly Sentence[] {
  const index = population(book, "population_index", age, last);
  const others = population(book, "population_index_others", age, last);
  if (index === undefined) return [];
  const name = ageName(book, age, tongue);
  const beside =
    others === undefined
      ? []
      : tongue.of(
          say` (de andre: ${fewerOrMore(others, tongue)})`,
          say` (the others: ${fewerOrMore(others, tongue)})`,
        );
  const people = tongue.of("innbyggere", "inhabitants");
  return [say`${fewerOrMore(index, tongue)} ${people} ${name}${beside}`];
}

function fewerOrMore(index: Known, tongue: Tongue): Sentence {
  const off = tongue.off(index, 1);
  return tongue.of(
    { above: say`${off} flere`, below: say`${off} færre`, level: say`om lag like mange` },
    { above: say`${off} more`, below: say`${off} fewer`, level: say`about as many` },
  )[wayOff(index.value, 1)];
}
