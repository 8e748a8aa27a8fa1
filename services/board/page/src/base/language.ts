/**
 * The languages of the pages. Every text a reader sees is a Name: both languages side by side, so
 * that none can be forgotten.
 */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Name } from "../api";

export type Language = "nb" | "en";

export const LANGUAGES: readonly Language[] = ["nb", "en"];

/** A text in both languages. */
export function both(nb: string, en: string): Name {
  return { nb, en };
}

/** `template` with every {name} replaced by what `parts` has under it. */
export function filled(template: string, parts: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => parts[name] ?? whole);
}

/** The first of the wanted language tags that the pages speak; bokmål stands for all Norwegian. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split("-")[0] ?? "";
    if (["nb", "no", "nn", "da", "sv"].includes(primary)) return "nb";
    if (primary === "en") return "en";
  }
  return "en";
}

export const LanguageContext = createContext<Language>("nb");

/** The reader's language. */
export function useLanguage(): Language {
  return useContext(LanguageContext);
}

/** A function that says a Name in the reader's language and fills in its {parts}. */
export function useSay(): (name: Name, parts?: Readonly<Record<string, string>>) => string {
  const language = useLanguage();
  return (name, parts) => (parts ? filled(name[language], parts) : name[language]);
}
