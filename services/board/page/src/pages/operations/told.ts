/**
 * What services and the board tell of themselves, in Norwegian. They speak English; sentences of
 * their own are a closed set and stand here as they are made. Whatever comes from elsewhere
 * (Kafka's client, the system, Statistics Norway) stays as it is, also inside one of them.
 */
import type { Language } from "../../base/language";

/** A sentence as its service makes it, and in Norwegian; {names} are what it is filled in with. */
export type Sentence = readonly [en: string, nb: string];

export const SENTENCES: readonly Sentence[] = [
  // services/publish
  ["since {at}: {rest}", "siden {at}: {rest}"],
  [
    "another publisher has taken over the topics; this one writes nothing more",
    "en annen publish har overtatt; denne skriver ikke mer",
  ],
  ["writing release {release}", "skriver utgivelse {release}"],
  ["asking for Kafka at {servers}", "spør etter Kafka på {servers}"],
  ["asking for Kafka", "spør etter Kafka"],
  ["Kafka at {servers}: {rest}", "Kafka på {servers}: {rest}"],
  ["Kafka at {servers}", "Kafka på {servers}"],
  // common/kafka
  ["no Kafka at {servers}: {rest}", "ingen Kafka på {servers}: {rest}"],
  ["all brokers are away", "ingen megler (broker) svarer"],
  [
    "no topic is there yet ({names}): nothing has been published",
    "det er ingen topic der ennå ({names}): ingenting er publisert",
  ],
  // the stages, and the line that the board listens to
  ["{service} takes no panels; is it running?", "{service} tar ikke imot paneler; er den i gang?"],
  [
    "nobody has been heard there since this began to listen",
    "ingen er hørt der siden tavla begynte å lytte",
  ],
  [
    "no beat comes: it computes for long, is stopped, or cannot be reached",
    "den er taus: den regner lenge, er stanset, eller kan ikke nås",
  ],
  ["its connection has ended: nobody beats there", "forbindelsen er brutt: ingen gir livstegn der"],
  // services/ingest
  [
    "waiting for what changed to be quiet, and for {tables}",
    "venter til det som ble endret, er i ro, og på {tables}",
  ],
  ["waiting for what changed to be quiet", "venter til det som ble endret, er i ro"],
  [
    "waiting for {tables} of {publication}: {count} of {total} tables",
    "venter på {tables} av {publication}: {count} av {total} tabeller",
  ],
  ["Statistics Norway does not answer: {rest}", "Statistisk sentralbyrå svarer ikke: {rest}"],
  ["Statistics Norway does not answer", "Statistisk sentralbyrå svarer ikke"],
  ["{publication}, unrevised figures of {year}", "{publication}, ureviderte tall for {year}"],
  ["{publication}, revised figures of {year}", "{publication}, reviderte tall for {year}"],
  [
    "the figures differ too much from those that they replace",
    "tallene avviker for mye fra dem de skal erstatte",
  ],
  [
    "{where} {year}: {count} of {total} figures{all} are gone ({percent} %, at most {most} % may be)",
    "{where} {year}: {count} av {total} tall{all} er borte ({percent} %, høyst {most} % kan være det)",
  ],
  [
    "{where} {year}: {count} of {total} figures{all} are gone ({percent} %, at most {most} % may be); the largest was {number}",
    "{where} {year}: {count} av {total} tall{all} er borte ({percent} %, høyst {most} % kan være det); det største var {number}",
  ],
  [
    "{where} {year}: {count} of {total} figures{all} are over {factor} times larger or smaller than those of {before} ({percent} %, at most {most} % may be)",
    "{where} {year}: {count} av {total} tall{all} er over {factor} ganger større eller mindre enn i {before} ({percent} %, høyst {most} % kan være det)",
  ],
  [
    "{where} {year}: {count} of {total} figures{all} are over {factor} times larger or smaller than those of {before} ({percent} %, at most {most} % may be); most of all {number} before, {now} now",
    "{where} {year}: {count} av {total} tall{all} er over {factor} ganger større eller mindre enn i {before} ({percent} %, høyst {most} % kan være det); mest av alt {number} før, {now} nå",
  ],
  // services/board/store
  [
    "{topic}: the {count} rows here are not those that the manifest tells of",
    "{topic}: de {count} radene her er ikke dem manifestet forteller om",
  ],
  ["{topic}: {count} rows of {total} are here", "{topic}: {count} av {total} rader er her"],
  ["all is here and is being verified", "alt er her og blir kontrollert"],
  ["a record of {topic} is none of ours: {rest}", "en post i {topic} er ikke en av våre: {rest}"],
];

/** What may stand in a place; anywhere else, anything. */
const PLACES: Readonly<Record<string, string>> = {
  at: "\\S+",
  release: "\\S+",
  servers: "\\S+",
  service: "\\S+",
  topic: "\\S+",
  year: "\\d{4}",
  before: "\\d{4}",
  count: "\\d+",
  total: "\\d+",
  factor: "[\\d.]+",
  percent: "[\\d.]+",
  most: "[\\d.]+",
  number: "[-\\d.e+]+",
  now: "[-\\d.e+]+",
  all: "(?: of all columns together)?",
};

const NUMBERS = new Set(["factor", "percent", "most", "number", "now"]);
const PLACE = /\{(\w+)\}/g;

/** The whole text, its places by their names. */
function patternOf(sentence: string): RegExp {
  const words = sentence
    .split(/\{\w+\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const places = [...sentence.matchAll(PLACE)].map(
    ([, name = ""]) => `(?<${name}>${PLACES[name] ?? ".+?"})`,
  );
  return new RegExp(`^${words.map((word, at) => word + (places[at] ?? "")).join("")}$`, "s");
}

const RULES = SENTENCES.map(([en, nb]) => ({ pattern: patternOf(en), nb }));

function placed(name: string, text: string): string {
  if (name === "rest") return told(text, "nb");
  if (name === "all") return text === "" ? "" : " i alle kolonner til sammen";
  return NUMBERS.has(name) ? text.replace(".", ",").replace("-", "−") : text;
}

/** The text in the reader's language, as far as it is one of ours. */
export function told(text: string, language: Language): string {
  if (language === "en") return text;
  for (const { pattern, nb } of RULES) {
    const groups = pattern.exec(text)?.groups;
    if (groups !== undefined || pattern.test(text)) {
      return nb.replace(PLACE, (_, name: string) => placed(name, groups?.[name] ?? ""));
    }
  }
  return text;
}
