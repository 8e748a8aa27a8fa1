/** Points in time and durations as people read them; Norwegian time, wherever the reader is. */
import { MINUS, shownValue } from "./number";
import type { Language } from "./language";

const ZONE = "Europe/Oslo";
const MONTHS: Readonly<Record<Language, readonly string[]>> = {
  nb: [
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
  ],
  en: [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
  ],
};

const PARTS = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  hourCycle: "h23",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

function partsOf(ms: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    PARTS.formatToParts(new Date(ms)).map(({ type, value }) => [type, value]),
  );
}

/** 15. juni 2026, 15 June 2026. */
export function shownDay(ms: number, language: Language): string {
  const { year = "", month = "", day = "" } = partsOf(ms);
  const name = MONTHS[language][Number(month) - 1] ?? "";
  const number = Number(day);
  return language === "nb" ? `${number}. ${name} ${year}` : `${number} ${name} ${year}`;
}

/** 08.00 in Norwegian, 08:00 in English; with seconds where they matter. */
export function shownClock(ms: number, language: Language, seconds = false): string {
  const { hour = "", minute = "", second = "" } = partsOf(ms);
  const parts = seconds ? [hour, minute, second] : [hour, minute];
  return parts.join(language === "nb" ? "." : ":");
}

/** 15. juni 2026 kl. 08.00, 15 June 2026 at 08:00. */
export function shownMoment(ms: number, language: Language): string {
  const between = language === "nb" ? " kl. " : " at ";
  return shownDay(ms, language) + between + shownClock(ms, language);
}

function shownParts(first: number, firstUnit: string, second: number, secondUnit: string): string {
  const head = `${first}\u00a0${firstUnit}`;
  return second === 0 ? head : `${head} ${second}\u00a0${secondUnit}`;
}

/** How long ago, or how long yet, in whole seconds: 0 s, 4 s, 3 min 12 s. */
export function shownAge(ms: number, language: Language): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 10 ? `${seconds}\u00a0s` : shownDuration(seconds * 1000, language);
}

/** 420 ms, 4,2 s, 3 min 12 s, 2 t 5 min, 4 d 3 t: two units at most. */
export function shownDuration(ms: number, language: Language): string {
  const sign = ms < 0 ? MINUS : "";
  const size = Math.abs(ms);
  const hour = language === "nb" ? "t" : "h";
  if (size < 999.5) return `${sign}${Math.round(size)}\u00a0ms`;
  if (size < 9_950) return `${sign}${shownValue(size / 1000, { decimals: 1 }, language)}\u00a0s`;
  const seconds = Math.round(size / 1000);
  if (seconds < 60) return `${sign}${seconds}\u00a0s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return sign + shownParts(minutes, "min", seconds % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return sign + shownParts(hours, hour, minutes % 60, "min");
  return sign + shownParts(Math.floor(hours / 24), "d", hours % 24, hour);
}
