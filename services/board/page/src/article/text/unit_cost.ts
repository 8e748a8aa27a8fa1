/** Unit costs of care, what municipalities gain or lose against national rates, and growth. */
import type { Language } from "../../base/language";
import type { Book } from "./book";
import type { Known } from "./figure";
import { lackingOf } from "./lacking";
import { say, type Sentence } from "./pieces";
import { agreement, wayOf } from "./rounding";
import { absentNames, capital, nameInText, type SectionText } from "./section";
import { millionDecimals, PERCENT_DECIMALS, Tongue, wayOff } from "./tongue";

/** Rows that are no cost group: parts of a trial and sums. */
const PARTS = new Set([
  "services",
  "institution",
  "user_time",
  "growth",
  "grants",
  "resource_intensive",
  "demography",
  "total",
]);

/** The edition's cost groups. */
export function costSectors(book: Book): readonly string[] {
  return book.sectors("unit-cost").filter((sector) => !PARTS.has(sector));
}

function cost(book: Book, sector: string, measure: string, indicator?: string): Known | undefined {
  return book.known({ topic: "unit-cost", sector, measure, indicator });
}

/** Cost groups with a figure of the measure. */
export function costGroups(
  book: Book,
  measure: string,
): readonly { readonly sector: string; readonly figure: Known }[] {
  return costSectors(book).flatMap((sector) => {
    const figure = cost(book, sector, measure);
    return figure === undefined ? [] : [{ sector, figure }];
  });
}

export function unitCostText(book: Book | undefined, language: Language): SectionText {
  const tongue = new Tongue(language);
  const heading = tongue.of("Enhetskostnader i omsorgstjenestene", "Unit costs of care services");
  const told = book === undefined ? [] : leadSentences(book, tongue);
  const more = book === undefined ? [] : moreSentences(book, tongue);
  if (book === undefined || told.length + more.length === 0) {
    return {
      id: "unit-cost",
      heading,
      lead: [],
      more: [],
      lacking: [lackingOf("unit-cost", tongue)],
    };
  }
  const lead = told.length > 0 ? told : more;
  return {
    id: "unit-cost",
    heading,
    lead,
    more: told.length > 0 ? more : [],
    lacking: absentSentences(book, tongue),
  };
}

function leadSentences(book: Book, tongue: Tongue): readonly Sentence[] {
  return [...gainSentences(book, tongue), ...groupSentences(book, tongue)];
}

function moreSentences(book: Book, tongue: Tongue): readonly Sentence[] {
  return [
    ...totalGain(book, tongue),
    ...growthSentences(book, tongue),
    ...shareSentences(book, tongue),
  ];
}

/** Expenditure, grant and their difference, shown so that they agree (METHOD U3). */
function gainSentences(book: Book, tongue: Tongue): readonly Sentence[] {
  const net = cost(book, "services", "net_expenditure_million_kr");
  const grant = cost(book, "services", "grant_million_kr");
  const gain = cost(book, "services", "gain_million_kr");
  if (net === undefined || grant === undefined || gain === undefined) return [];
  const shown = agreement([grant.value, -net.value], gain.value, 1, 2);
  const [n, t, g] = [
    tongue.million(net, shown.decimals),
    tongue.million(grant, shown.decimals),
    tongue.million(gain, shown.decimals),
  ];
  const percent = cost(book, "services", "gain_percent");
  const part =
    percent === undefined
      ? []
      : tongue.of(
          say`, eller ${tongue.percent(percent)} av tilskuddet`,
          say`, or ${tongue.percent(percent)} of the grant`,
        );
  return [
    tongue.of(
      say`Tjenestene kostet ${n} netto, og tilskuddet er ${t}.`,
      say`The services cost ${n} net, and the grant is ${t}.`,
    ),
    tongue.by(
      gain.value,
      shown.decimals,
      tongue.of(
        {
          above: say`Kommunen tjener dermed ${g} på satsene${part}.`,
          below: say`Kommunen taper dermed ${g} på satsene${part}.`,
          level: say`Kommunen går dermed om lag i null (${g}).`,
        },
        {
          above: say`So the municipality gains ${g} by the rates${part}.`,
          below: say`So the municipality loses ${g} by the rates${part}.`,
          level: say`So the municipality about breaks even (${g}).`,
        },
      ),
    ),
  ];
}

/** Which groups cost more than the state pays, and which less. */
function groupSentences(book: Book, tongue: Tongue): readonly Sentence[] {
  const ordered = [...costGroups(book, "ratio")].sort((a, b) => b.figure.value - a.figure.value);
  const item = ({ sector, figure }: { readonly sector: string; readonly figure: Known }) =>
    say`${nameInText(book, sector, tongue)} (${tongue.off(figure, 1)})`;
  const dear = ordered.filter(({ figure }) => wayOff(figure.value, 1) === "above").slice(0, 2);
  const cheap = ordered
    .filter(({ figure }) => wayOff(figure.value, 1) === "below")
    .reverse()
    .slice(0, 2);
  const told: Sentence[] = [];
  if (dear.length > 0) {
    told.push(
      tongue.of(
        say`Dyrere enn satsene er særlig ${tongue.each(dear.map(item))}.`,
        say`Most above the rates: ${tongue.each(dear.map(item))}.`,
      ),
    );
  }
  if (cheap.length > 0) {
    told.push(
      tongue.of(
        say`Billigere enn satsene er særlig ${tongue.each(cheap.map(item))}.`,
        say`Most below the rates: ${tongue.each(cheap.map(item))}.`,
      ),
    );
  }
  return told;
}

/** The whole gain of a trial. */
function totalGain(book: Book, tongue: Tongue): readonly Sentence[] {
  const total = cost(book, "total", "gain_million_kr");
  if (total === undefined) return [];
  const amount = tongue.million(total);
  return [
    tongue.by(
      total.value,
      millionDecimals(total.value),
      tongue.of(
        {
          above: say`Medregnet demografi og ressurskrevende brukere gir forsøket en samlet gevinst
              på ${amount}.`,
          below: say`Medregnet demografi og ressurskrevende brukere gir forsøket et samlet tap på
              ${amount}.`,
          level: say`Medregnet demografi og ressurskrevende brukere går forsøket om lag i null
              (${amount}).`,
        },
        {
          above: say`With demography and resource-intensive users, the trial gives a gain of
              ${amount} in all.`,
          below: say`With demography and resource-intensive users, the trial gives a loss of
              ${amount} in all.`,
          level: say`With demography and resource-intensive users, the trial about breaks even
              (${amount}).`,
        },
      ),
    ),
  ];
}

/** A sentence as it stands behind a colon. */
function small([first, ...rest]: Sentence): Sentence {
  return typeof first === "string"
    ? [first.charAt(0).toLowerCase() + first.slice(1), ...rest]
    : first === undefined
      ? []
      : [first, ...rest];
}

/** METHOD G8: real growth is a difference of percentages, so in percentage points. */
function growthSentences(book: Book, tongue: Tongue): readonly Sentence[] {
  return book.indicators("unit-cost", "growth").flatMap((id) => {
    const real = cost(book, "growth", "real_growth_percent", id);
    const gross = cost(book, "growth", "gross_growth_percent", id);
    const people = cost(book, "growth", "demographic_growth_percent", id);
    if (real === undefined || gross === undefined || people === undefined) return [];
    const period = capital(book.name(id, tongue.language));
    return [say`${period}: ${small(realGrowth({ real, gross, people }, tongue))}`];
  });
}

interface RealGrowth {
  readonly real: Known;
  readonly gross: Known;
  readonly people: Known;
}

export function realGrowth({ real, gross, people }: RealGrowth, tongue: Tongue): Sentence {
  const shown = agreement([gross.value, -people.value], real.value, PERCENT_DECIMALS, 3).decimals;
  const way = wayOf(gross.value, shown);
  const [g, p, r] = [
    tongue.percent(gross, shown),
    tongue.percent(people, shown),
    tongue.points(real, shown),
  ];
  const first = tongue.of(
    {
      above: say`Utgiftene vokste ${g}`,
      below: say`Utgiftene falt ${g}`,
      level: say`Utgiftene var om lag uendret`,
    },
    {
      above: say`Expenditure grew by ${g}`,
      below: say`Expenditure fell by ${g}`,
      level: say`Expenditure was about unchanged`,
    },
  )[way];
  const second = tongue.by(
    people.value,
    shown,
    tongue.of(
      {
        above: say`behovet som følger av befolkningen økte ${p}`,
        below: say`behovet som følger av befolkningen falt ${p}`,
        level: say`behovet som følger av befolkningen var om lag uendret`,
      },
      {
        above: say`need due to population grew by ${p}`,
        below: say`need due to population fell by ${p}`,
        level: say`need due to population was about unchanged`,
      },
    ),
  );
  const third = tongue.by(
    real.value,
    shown,
    tongue.of(
      {
        above: say`reell vekst er dermed ${r}`,
        below: say`reell nedgang er dermed ${r}`,
        level: say`reelt er utgiftene om lag uendret`,
      },
      {
        above: say`real growth is thus ${r}`,
        below: say`the real decline is thus ${r}`,
        level: say`in real terms expenditure is about unchanged`,
      },
    ),
  );
  return tongue.of(
    say`${first} i faste priser, ${second}; ${third}.`,
    say`${first} at fixed prices, ${second}; ${third}.`,
  );
}

function shareSentences(book: Book, tongue: Tongue): readonly Sentence[] {
  const told: Sentence[] = [];
  const share = cost(book, "institution", "institution_share");
  const places = cost(book, "institution", "institution_places");
  if (share !== undefined) {
    told.push(
      tongue.of(
        say`Institusjon står for ${tongue.share(share)} av omsorgsutgiftene.`,
        say`Institutions take ${tongue.share(share)} of the expenditure on care.`,
      ),
    );
  }
  if (places !== undefined) {
    told.push(
      tongue.of(
        say`Liggedøgnene svarer til ${tongue.whole(places)} institusjonsplasser i bruk.`,
        say`Days of stay correspond to ${tongue.whole(places)} institution places in use.`,
      ),
    );
  }
  return told;
}

/** True when the municipality has a grant or a quantity of the group: others' units are not its. */
function isOwn(book: Book, sector: string): boolean {
  const services = book.indicators("unit-cost", sector);
  return (
    cost(book, sector, "grant_million_kr") !== undefined ||
    [undefined, ...services].some((id) => cost(book, sector, "quantity", id) !== undefined)
  );
}

function absentSentences(book: Book, tongue: Tongue): readonly Sentence[] {
  const measure = "net_expenditure_million_kr";
  if (costGroups(book, measure).length === 0) return [];
  const groups = costSectors(book).filter((id) => isOwn(book, id));
  const names = absentNames(book, "unit-cost", measure, groups, tongue);
  return names === ""
    ? []
    : [tongue.of(say`Uten regnskap: ${names}.`, say`Without accounts: ${names}.`)];
}
