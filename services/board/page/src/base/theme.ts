/** Light or dark: as the system has it, until a reader
 * chooses. The choice is kept in the browser. */
import { useEffect, useState } from "preact/hooks";

export type Theme = "auto" | "light" | "dark";

export const THEMES: readonly Theme[] = ["auto", "light", "dark"];

const KEY = "kostraflow-theme";

/** What the browser keeps under `key`, or nothing where it keeps nothing (private windows). */
export function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keeps `value` under `key`, as long as the browser lets it. */
export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The choice lasts as long as the page.
  }
}

/** The theme, and how to choose another; the page's root element says it to the styles. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(
    () => THEMES.find((known) => known === kept(KEY)) ?? "auto",
  );
  useEffect(() => {
    if (theme === "auto") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
    keep(KEY, theme);
  }, [theme]);
  return [theme, setTheme];
}
