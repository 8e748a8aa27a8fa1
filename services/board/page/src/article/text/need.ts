/** Expenditure need by sector, and why it is what it is. */
import type { Language } from "../../base/language";
import type { Book } from "./book";
import { agesOf, byAge, countsAge, follows, reasonOf, reasonOfAges } from "./criteria";
import type { Known } from "./figure";
import { say, type Sentence } from "./pieces";
import { COUNTRY_MEMBERS } from "./population";
import { absentNames, nameInText, onlyIn, type SectionText } from "./section";
import { percentOff, Tongue, wayOff } from "./tongue";
import { lackingOf } from "./lacking";
import { roundsToZero } from "./rounding";

/** Whom need is told against. */
type Yardstick = "country" | "unknown";

/** What arithmetic may leave of nothing. */
const ARITHMETIC = 1e-9;

/** The topics do not tell whether an input had the country's figures, and without them need is
 * relative to the members together. Those lie on both sides of their own mean: where all of them
 * lie on one side, it is the country's. */
function allOnOneSide(book: Book): boolean {
  return book.sectors("need").some((sector) => {
    const values = book.members("need", sector, "need_index").map(({ figure }) => figure.value);
    return (
      values.length > 1 &&
      (Math.min(...values) > 1 + ARITHMETIC || Math.max(...values) < 1 - ARITHMETIC)
    );
  });
}

function yardstick(book: Book): Yardstick {
  const country =
    book.rowsOf("need").some((row) => row.flags?.includes("published")) ||
    book.edition.reference === "country" ||
    book.members("need", "total", "need_index").length >= COUNTRY_MEMBERS ||
    allOnOneSide(book);
  return country ? "country" : "unknown";
}

/** Need is told against the country, where the figures say so. */
export function averageWords(book: Book, tongue: Tongue): string {
  if (yardstick(book) === "country")
    return tongue.of("landsgjennomsnittet", "the national average");
  return tongue.of("gjennomsnittet", "the average");
}

/** Whose average it is, where the figures leave it open. */
function yardstickSentences(book: Book, tongue: Tongue): readonly Sentence[] {
  if (yardstick(book) === "country" || !book.has("need", "need_index")) return [];
  return [
    tongue.of(
      say`Gjennomsnittet er landets der tallgrunnlaget har landets tall, ellers utgavens kommuner
          under ett.`,
      say`The average is the country's where the input has the country's figures, else that of the
          edition's municipalities together.`,
    ),
  ];
}

export interface SectorFigure {
  readonly sector: string;
  readonly figure: Known;
}

/** Sectors that have the measure. */
export function sectorFigures(
  book: Book,
  topic: "need" | "resource-use" | "index" | "efficiency",
  measure: string,
): readonly SectorFigure[] {
  return book.sectors(topic).flatMap((sector) => {
    const figure = book.known({ topic, sector, measure });
    return figure === undefined ? [] : [{ sector, figure }];
  });
}

/** True when nothing but people's ages makes the need: then it is not the whole need. */
export function byAgeAlone(book: Book): boolean {
  const ids = book
    .sectors("need")
    .flatMap((sector) => driversOf(book, sector).map(({ criterion }) => criterion));
  return ids.length > 0 && ids.every(countsAge);
}

/** "Utgiftsbehov", or what part of it there is. */
export function needHeading(book: Book | undefined, tongue: Tongue): string {
  if (book !== undefined && byAgeAlone(book)) {
    return tongue.of("Utgiftsbehov etter alder", "Expenditure need by age");
  }
  return tongue.of("Utgiftsbehov", "Expenditure need");
}

export function needText(book: Book | undefined, language: Language): SectionText {
  const tongue = new Tongue(language);
  const heading = needHeading(book, tongue);
  const lacking = lackingOf("need", tongue);
  if (book === undefined || book.rowsOf("need").length === 0) {
    return { id: "need", heading, lead: [], more: [], lacking: [lacking] };
  }
  const lead = [...totalSentences(book, tongue), ...rangeSentences(book, tongue)];
  return {
    id: "need",
    heading,
    lead,
    more: [...driverSentences(book, tongue), ...yardstickSentences(book, tongue)],
    lacking: absentSentences(book, tongue),
  };
}

/** The whole: index, and kr where the edition has them. */
function totalSentences(book: Book, tongue: Tongue): readonly Sentence[] {
  const total = book.known({ topic: "need", sector: "total", measure: "need_index" });
  const kr = book.known({ topic: "need", sector: "total", measure: "need_kr_per_capita" });
  const told: Sentence[] = [];
  if (total !== undefined) told.push(totalSentence(book, total, tongue));
  if (total !== undefined && byAgeAlone(book)) told.push(...ageSentences(book, tongue));
  if (kr !== undefined) {
    const where = onlyIn(book, "need", tongue) || insideSystem(tongue);
    told.push(
      tongue.of(
        say`Det beregnede behovet er ${tongue.kr(kr)} per innbygger${where}.`,
        say`The calculated need is ${tongue.kr(kr)} per inhabitant${where}.`,
      ),
    );
  }
  return told;
}

function insideSystem(tongue: Tongue): string {
  return tongue.of(
    " i sektorene innenfor inntektssystemet",
    " in the sectors inside the income system",
  );
}

/** What need by age leaves out, and what the published index of all criteria says. */
function ageSentences(book: Book, tongue: Tongue): readonly Sentence[] {
  return [
    tongue.of(
      say`Levekår, avstander og andre kriterier er ikke med.`,
      say`Living conditions, distances and other criteria are left out.`,
    ),
    ...officialNeed(book, "total", tongue),
  ];
}

/** The published need of a sector, or of all, where the calculated one is of ages alone. */
function officialNeed(book: Book, sector: string, tongue: Tongue): readonly Sentence[] {
  const figure = book.known({ topic: "need", sector, measure: "published_need_index" });
  if (figure === undefined || !byAgeAlone(book)) return [];
  const where = sector === "total" ? "" : ` i ${nameInText(book, sector, tongue)}`;
  const inWhat = sector === "total" ? "" : ` in ${nameInText(book, sector, tongue)}`;
  const at = place(figure, 1, averageWords(book, tongue), tongue);
  return [
    tongue.of(
      say`Det offisielle behovet${where}, med alle kriteriene, er ${at}.`,
      say`Official need${inWhat}, by all criteria, is ${at}.`,
    ),
  ];
}

function totalSentence(book: Book, total: Known, tongue: Tongue): Sentence {
  const name = book.municipality.name;
  const year = String(book.year);
  const average = averageWords(book, tongue);
  const off = tongue.off(total, 1);
  const index = tongue.index(total, 1);
  const where = onlyIn(book, "need", tongue);
  const alone = byAgeAlone(book);
  const has = tongue.of(
    alone
      ? `Etter alder alene har ${name} i ${year} et utgiftsbehov per innbygger${where}`
      : `I ${year} har ${name} et utgiftsbehov per innbygger${where}`,
    alone
      ? `By age alone, expenditure need per inhabitant${where} in ${name} in ${year}`
      : `In ${year}, expenditure need per inhabitant${where} in ${name}`,
  );
  return tongue.of(
    {
      above: say`${has} som er ${off} høyere enn ${average}.`,
      below: say`${has} som er ${off} lavere enn ${average}.`,
      level: say`${has} om lag som ${average} (indeks ${index}).`,
    },
    {
      above: say`${has} is ${off} higher than ${average}.`,
      below: say`${has} is ${off} lower than ${average}.`,
      level: say`${has} is about the same as ${average} (index ${index}).`,
    },
  )[wayOff(total.value, 1)];
}

/** Where an index lies from its average, `reference`: "18,0 prosent over gjennomsnittet", "om lag som
 * gjennomsnittet". */
export function place(figure: Known, reference: number, average: string, tongue: Tongue): Sentence {
  const off = tongue.off(figure, reference);
  return tongue.of(
    {
      above: say`${off} over ${average}`,
      below: say`${off} under ${average}`,
      level: say`om lag som ${average}`,
    },
    {
      above: say`${off} above ${average}`,
      below: say`${off} below ${average}`,
      level: say`close to ${average}`,
    },
  )[wayOff(figure.value, reference)];
}

/** The sectors with the highest and the lowest need. */
function rangeSentences(book: Book, tongue: Tongue): readonly Sentence[] {
  const ordered = [...sectorFigures(book, "need", "need_index")].sort(
    (a, b) => b.figure.value - a.figure.value,
  );
  const high = ordered[0];
  const low = ordered.at(-1);
  if (high === undefined || low === undefined || high.sector === low.sector) return [];
  const name = (one: SectorFigure) => nameInText(book, one.sector, tongue);
  const average = averageWords(book, tongue);
  const at = (one: SectorFigure) => place(one.figure, 1, average, tongue);
  const byAge = byAgeAlone(book) ? tongue.of(" etter alder", " by age") : "";
  return [
    tongue.of(
      say`Behovet${byAge} er høyest i ${name(high)} (${at(high)}) og lavest i ${name(low)}
          (${at(low)}).`,
      say`Need${byAge} is highest in ${name(high)} (${at(high)}) and lowest in ${name(low)}
          (${at(low)}).`,
    ),
  ];
}

// --- Drivers -------------------------------------------------------------------------------------

/** Criteria told as one reason: one, or people of neighbouring ages that pull the same way. */
export interface Reason {
  readonly high: boolean;
  readonly size: number;
  readonly drivers: readonly { readonly criterion: string; readonly figure: Known }[];
}

type Driver = Reason["drivers"][number];

/** Criteria with their pull, ages in their order, so that neighbours are found. */
export function driversOf(book: Book, sector: string): readonly Driver[] {
  const criteria = [...book.indicators("need", sector)].sort(byAge);
  return criteria.flatMap((criterion) => {
    const figure = book.known({ topic: "need", sector, indicator: criterion, measure: "driver" });
    return figure === undefined ? [] : [{ criterion, figure }];
  });
}

/** Reasons, the largest first; what rounds to nothing is none. */
export function reasonsOf(drivers: readonly Driver[]): readonly Reason[] {
  const told = drivers.filter(({ figure }) => !roundsToZero(figure.value * 100, 1));
  const reasons: Reason[] = [];
  for (const driver of told) {
    const last = reasons.at(-1);
    const high = driver.figure.value > 0;
    const before = last?.drivers.at(-1);
    const joins =
      last !== undefined &&
      before !== undefined &&
      last.high === high &&
      follows(before.criterion, driver.criterion);
    const size = Math.abs(driver.figure.value) + (joins ? last.size : 0);
    const all = joins ? [...last.drivers, driver] : [driver];
    if (joins) reasons.pop();
    reasons.push({ high, size, drivers: all });
  }
  return reasons.sort((a, b) => b.size - a.size);
}

/** At most three sectors: those whose need lies furthest from the average. */
function driverSentences(book: Book, tongue: Tongue): readonly Sentence[] {
  const explained = sectorFigures(book, "need", "need_index")
    .filter((one) => driversOf(book, one.sector).length > 0)
    .filter((one) => wayOff(one.figure.value, 1) !== "level")
    .sort(
      (a, b) => Math.abs(percentOff(b.figure.value, 1)) - Math.abs(percentOff(a.figure.value, 1)),
    )
    .slice(0, 3);
  if (explained.length === 0) return withoutDrivers(book, tongue);
  return explained.flatMap((one) => sectorReasons(book, one, tongue));
}

function withoutDrivers(book: Book, tongue: Tongue): readonly Sentence[] {
  const published = sectorFigures(book, "need", "need_index").some(({ figure }) =>
    figure.flags.includes("published"),
  );
  if (!published) return [];
  return [
    tongue.of(
      say`Behovet er hentet fra publiserte indekser, ikke beregnet av kriteriene. Derfor kan
          artikkelen ikke si hvilke kriterier som trekker opp og ned; tall for kriteriene i Grønt
          hefte ville gi det.`,
      say`Need is taken from published indices, not calculated from the criteria. So the article
          cannot tell which criteria raise and lower it; figures of the criteria in the
          government's annual booklet on the income system (Grønt hefte) would.`,
    ),
  ];
}

function sectorReasons(book: Book, one: SectorFigure, tongue: Tongue): readonly Sentence[] {
  const reasons = reasonsOf(driversOf(book, one.sector));
  const up = one.figure.value > 1;
  const main = reasons.find((reason) => reason.high === up);
  const against = reasons.find((reason) => reason.high !== up);
  if (main === undefined) return [];
  const counter =
    against === undefined || against.size * 4 < main.size
      ? []
      : [againstSentence(book, against, tongue)];
  return [
    mainSentence(book, one, main, tongue),
    ...counter,
    ...officialNeed(book, one.sector, tongue),
  ];
}

function mainSentence(book: Book, one: SectorFigure, main: Reason, tongue: Tongue): Sentence {
  const sector = nameInText(book, one.sector, tongue);
  const off = tongue.off(one.figure, 1);
  const why = say`${reasonText(book, main, tongue)} (${pulls(book, main, tongue)})`;
  const up = one.figure.value > 1;
  const average = averageWords(book, tongue);
  if (book.sectors("need").length === 1) {
    return tongue.of(
      say`Det skyldes først og fremst at ${why}.`,
      say`The main reason is that ${why}.`,
    );
  }
  return tongue.of(
    say`I ${sector} er utgiftsbehovet ${off} ${up ? "høyere" : "lavere"} enn ${average}, først og
        fremst fordi ${why}.`,
    say`In ${sector} need is ${off} ${up ? "higher" : "lower"} than ${average}, mainly because
        ${why}.`,
  );
}

function againstSentence(book: Book, reason: Reason, tongue: Tongue): Sentence {
  const why = say`${reasonText(book, reason, tongue)} (${pulls(book, reason, tongue)})`;
  return tongue.of(
    say`Motsatt vei trekker at ${why}.`,
    say`What pulls the other way is that ${why}.`,
  );
}

function reasonText(book: Book, reason: Reason, tongue: Tongue): string {
  const ids = reason.drivers.map((driver) => driver.criterion);
  const [only] = ids;
  if (ids.length > 1 || only === undefined) return reasonOfAges(ids, reason.high, tongue.language);
  return reasonOf(only, book.name(only, tongue.language), reason.high, tongue.language);
}

/** "trekker ned 5,5 prosentpoeng"; of several, each by its ages, the unit once. */
function pulls(book: Book, reason: Reason, tongue: Tongue): Sentence {
  const verb = tongue.of(
    reason.high ? "trekker opp" : "trekker ned",
    reason.high ? "adds" : "takes away",
  );
  const only = reason.drivers[0];
  if (reason.drivers.length === 1 && only !== undefined) {
    return say`${verb} ${tongue.indexPoints(only.figure)}`;
  }
  const last = reason.drivers.length - 1;
  return several(
    reason.drivers.map(({ criterion, figure }, at) => {
      const who = agesOf(criterion, tongue.language) ?? book.name(criterion, tongue.language);
      const size = at === last ? tongue.indexPoints(figure) : tongue.indexPointsBare(figure);
      return at === 0 ? say`${who} ${verb} ${size}` : say`${who} ${size}`;
    }),
  );
}

/** "a; b; c": of items with decimal commas in them. */
function several(items: readonly Sentence[]): Sentence {
  return items.flatMap((item, at) => (at === 0 ? item : ["; ", ...item]));
}

function absentSentences(book: Book, tongue: Tongue): readonly Sentence[] {
  const names = absentNames(book, "need", "need_index", book.sectors("need"), tongue);
  if (names === "") return [];
  return [
    tongue.of(say`Uten tall for utgiftsbehov: ${names}.`, say`Without figures of need: ${names}.`),
  ];
}
