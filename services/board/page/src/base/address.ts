/**
 * What a reader looks at, as an address that can be shared:
 *   /                                                    choosing a municipality
 *   /municipality/4003?edition=ID&year=Y&group=G&use=SECTION:EDITION/YEAR&lang=nb
 *   /operations                                          the operators' page
 * An address is plain data; reading and writing it are pure.
 */
import type { Section } from "../api";
import { LANGUAGES, type Language } from "./language";

export type Page = "choose" | "municipality" | "operations" | "unknown";

/** Whom a municipality is held against: see comparison.ts. */
export type Group = "all" | "county" | "kostra" | readonly string[];

export interface Use {
  readonly section: Section;
  readonly edition: string;
  readonly year: number;
}

export interface Address {
  readonly page: Page;
  /** Of the municipality, else "". */
  readonly code: string;
  readonly edition?: string;
  readonly year?: number;
  readonly group: Group;
  readonly uses: readonly Use[];
  /** As the address says; absent: the reader's own. */
  readonly language?: Language;
}

const SECTIONS: readonly Section[] = [
  "need",
  "resource-use",
  "demography",
  "production",
  "unit-cost",
];
const CODE = /^\d{4}$/;
const ID = /^[A-Za-z0-9._-]{1,64}$/;
const GROUP_MEMBERS_MAX = 40;

function readYear(text: string | null): number | undefined {
  return text !== null && /^\d{4}$/.test(text) ? Number(text) : undefined;
}

function readGroup(text: string | null): Group {
  if (text === "county" || text === "kostra") return text;
  const codes = (text ?? "").split(",").filter((code) => CODE.test(code));
  return codes.length > 0 ? [...new Set(codes)].slice(0, GROUP_MEMBERS_MAX) : "all";
}

function readUse(text: string): Use | undefined {
  const match = /^([a-z-]+):([^/]+)\/(\d{4})$/.exec(text);
  const section = SECTIONS.find((known) => known === match?.[1]);
  const edition = match?.[2] ?? "";
  if (!match || !section || !ID.test(edition)) return undefined;
  return { section, edition, year: Number(match[3]) };
}

function readPage(path: string): { page: Page; code: string } {
  if (path === "/" || path === "") return { page: "choose", code: "" };
  if (/^\/operations\/?$/.test(path)) return { page: "operations", code: "" };
  const code = /^\/municipality\/(\d{4})\/?$/.exec(path)?.[1];
  return code === undefined ? { page: "unknown", code: "" } : { page: "municipality", code };
}

/** The address that `path` and `query` (with or without its question mark) stand for. What cannot
 * be read in them is left out. */
export function readAddress(path: string, query: string): Address {
  const asked = new URLSearchParams(query);
  const edition = asked.get("edition") ?? "";
  const year = readYear(asked.get("year"));
  const language = LANGUAGES.find((known) => known === asked.get("lang"));
  return {
    ...readPage(path),
    group: readGroup(asked.get("group")),
    uses: asked
      .getAll("use")
      .map(readUse)
      .filter((use): use is Use => use !== undefined),
    ...(ID.test(edition) ? { edition } : {}),
    ...(year === undefined ? {} : { year }),
    ...(language === undefined ? {} : { language }),
  };
}

/** section:edition/year, as the API and addresses write it. */
export function writeUse(use: Use): string {
  return `${use.section}:${use.edition}/${use.year}`;
}

function pathOf(address: Address): string {
  if (address.page === "municipality") return `/municipality/${address.code}`;
  return address.page === "operations" ? "/operations" : "/";
}

/** The query of an article: what the API and the page's own address have in common. */
function articleQuery(address: Address): string[] {
  const parts: string[] = [];
  if (address.edition !== undefined) parts.push(`edition=${encodeURIComponent(address.edition)}`);
  if (address.year !== undefined) parts.push(`year=${address.year}`);
  for (const use of address.uses) parts.push(`use=${writeUse(use)}`);
  return parts;
}

/** The path and query that readAddress() reads as this address. */
export function writeAddress(address: Address): string {
  const article = address.page === "municipality";
  const parts = article ? articleQuery(address) : [];
  if (article && address.group !== "all") {
    const { group } = address;
    parts.push(`group=${typeof group === "string" ? group : group.join(",")}`);
  }
  if (address.language !== undefined) parts.push(`lang=${address.language}`);
  return pathOf(address) + (parts.length > 0 ? `?${parts.join("&")}` : "");
}

/** Where the API has the article of the address. */
export function articleUrl(address: Address): string {
  return `/api/article?${[`municipality=${address.code}`, ...articleQuery(address)].join("&")}`;
}
