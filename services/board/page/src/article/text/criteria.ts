/** Criteria of expenditure need as reasons: "fordi det er få innbyggere 80–89 år". */
import type { Language as Lang } from "../../base/language";

/** What a criterion counts, as it stands behind "few" and "many"; ages in their order. */
interface Counted {
  readonly nb: string;
  readonly en: string;
  /** People of some ages: neighbours in this order may be told together. */
  readonly age?: { readonly from: number; readonly to: number };
}

/** No upper end. */
const OLDEST = 120;

function ages(from: number, to: number): Counted {
  if (to >= OLDEST) {
    return {
      nb: `innbyggere ${from} år og over`,
      en: `inhabitants aged ${from} and over`,
      age: { from, to },
    };
  }
  const span = from === to ? `${from}` : `${from}–${to}`;
  return { nb: `innbyggere ${span} år`, en: `inhabitants aged ${span}`, age: { from, to } };
}

const COUNTED: Readonly<Record<string, Counted>> = {
  innb_0: ages(0, 0),
  innb_1_5: ages(1, 5),
  innb_6_12: ages(6, 12),
  innb_13_15: ages(13, 15),
  innb_6_15: ages(6, 15),
  innb_16_22: ages(16, 22),
  innb_23_24: ages(23, 24),
  innb_25_66: ages(25, 66),
  innb_0_22: ages(0, 22),
  innb_0_66: ages(0, 66),
  innb_16_66: ages(16, 66),
  innb_over_22: ages(23, OLDEST),
  innb_67_79: ages(67, 79),
  innb_80_89: ages(80, 89),
  innb_90_pluss: ages(90, OLDEST),
  barn_3_5: { nb: "barn 3–5 år", en: "children aged 3–5" },
  barn_1_2_uten_kontantstotte: {
    nb: "barn 1–2 år uten kontantstøtte",
    en: "children aged 1–2 without cash-for-care benefit",
  },
  barn_0_15_enslig_forsorger: {
    nb: "barn med enslig forsørger",
    en: "children with a single parent",
  },
  hoyere_utdanning: {
    nb: "innbyggere med høyere utdanning",
    en: "inhabitants with higher education",
  },
  lav_utdanning: { nb: "personer med lav utdanning", en: "people with little education" },
  lavinntekt: { nb: "personer med lav inntekt", en: "people with low income" },
  fattige: { nb: "fattige", en: "poor people" },
  sysselsatte_heltid: { nb: "heltidssysselsatte", en: "people in full-time employment" },
  innv_6_15_ekskl_skand: { nb: "innvandrere 6–15 år", en: "immigrants aged 6–15" },
  innvandrere_6_15: { nb: "innvandrere 6–15 år", en: "immigrants aged 6–15" },
  norskfodte_innvandrerforeldre_6_15: {
    nb: "norskfødte 6–15 år med innvandrerforeldre",
    en: "Norwegian-born aged 6–15 with immigrant parents",
  },
  pu_16_pluss: {
    nb: "psykisk utviklingshemmede over 16 år",
    en: "people over 16 with intellectual disabilities",
  },
  ikke_gifte_67_pluss: { nb: "ugifte over 67 år", en: "unmarried people over 67" },
  aleneboende_67_pluss: { nb: "aleneboende over 67 år", en: "people over 67 living alone" },
  aleneboende_30_66: { nb: "aleneboende 30–66 år", en: "people aged 30–66 living alone" },
  uforetrygdede_18_49: {
    nb: "uføretrygdede 18–49 år",
    en: "recipients of disability benefit aged 18–49",
  },
  flyktninger: { nb: "flyktninger", en: "refugees" },
  flyktninger_uten_integreringstilskudd: {
    nb: "flyktninger uten integreringstilskudd",
    en: "refugees without integration grant",
  },
  rus_psykiatri_npr: {
    nb: "pasienter innen rus og psykiatri",
    en: "patients of substance-use and psychiatric care",
  },
};

/** What is no count: how it is said when it is high and when it is low. */
const OTHERS: Readonly<
  Record<string, Readonly<Record<Lang, readonly [high: string, low: string]>>>
> = {
  basis: {
    nb: [
      "kommunen har få innbyggere å fordele faste kostnader på",
      "kommunen har mange innbyggere å fordele faste kostnader på",
    ],
    en: [
      "the municipality has few inhabitants to share fixed costs",
      "the municipality has many inhabitants to share fixed costs",
    ],
  },
  sone: {
    nb: ["reiseavstandene innen sonene er lange", "reiseavstandene innen sonene er korte"],
    en: [
      "travel distances within the zones are long",
      "travel distances within the zones are short",
    ],
  },
  nabo: {
    nb: ["det er langt til nabokretsene", "det er kort vei til nabokretsene"],
    en: ["neighbouring districts are far away", "neighbouring districts are near"],
  },
  dodelighet: {
    nb: ["dødeligheten er høy", "dødeligheten er lav"],
    en: ["mortality is high", "mortality is low"],
  },
  urbanitet: {
    nb: ["kommunen er en stor by", "kommunen er lite urban"],
    en: ["the municipality is a large city", "the municipality is not very urban"],
  },
  opphopning: {
    nb: ["levekårsproblemer hoper seg opp", "levekårsproblemer i liten grad hoper seg opp"],
    en: ["social burdens accumulate", "social burdens accumulate little"],
  },
  landbruk: {
    nb: ["landbruket er stort", "landbruket er lite"],
    en: ["agriculture is large", "agriculture is small"],
  },
};

/** "det er få innbyggere 80–89 år"; of a criterion that is not known here by its name. */
export function reasonOf(id: string, name: string, high: boolean, lang: Lang): string {
  const counted = COUNTED[id];
  if (counted !== undefined) return thereAre(counted[lang], high, lang);
  const other = OTHERS[id]?.[lang];
  if (other !== undefined) return high ? other[0] : other[1];
  if (lang === "nb") return `kriteriet «${name}» har ${high ? "høy" : "lav"} verdi`;
  return `the criterion “${name}” is ${high ? "high" : "low"}`;
}

/** "det er få innbyggere 67 år og over" of all ages from the youngest to the oldest. */
export function reasonOfAges(ids: readonly string[], high: boolean, lang: Lang): string {
  const spans = ids.flatMap((id) => COUNTED[id]?.age ?? []);
  const from = Math.min(...spans.map((span) => span.from));
  const to = Math.max(...spans.map((span) => span.to));
  if (from === 0 && to >= OLDEST)
    return thereAre(lang === "nb" ? "innbyggere" : "inhabitants", high, lang);
  return thereAre(ages(from, to)[lang], high, lang);
}

/** "67–79 år": the ages of a criterion alone. */
export function agesOf(id: string, lang: Lang): string | undefined {
  const counted = COUNTED[id];
  if (counted?.age === undefined) return undefined;
  return lang === "nb"
    ? counted.nb.replace("innbyggere ", "")
    : counted.en.replace("inhabitants ", "");
}

/** True when the second counts the ages right after the first. */
export function follows(first: string, second: string): boolean {
  const before = COUNTED[first]?.age;
  const after = COUNTED[second]?.age;
  return before !== undefined && after !== undefined && before.to + 1 === after.from;
}

/** True when the criterion counts people of some ages and nothing else. */
export function countsAge(id: string): boolean {
  return COUNTED[id]?.age !== undefined;
}

/** Orders criteria by the ages that they count, the youngest first, the others behind them. */
export function byAge(first: string, second: string): number {
  const from = (id: string): number => COUNTED[id]?.age?.from ?? Number.MAX_SAFE_INTEGER;
  return from(first) - from(second);
}

function thereAre(what: string, many: boolean, lang: Lang): string {
  if (lang === "nb") return `det er ${many ? "mange" : "få"} ${what}`;
  return `there are ${many ? "many" : "few"} ${what}`;
}
