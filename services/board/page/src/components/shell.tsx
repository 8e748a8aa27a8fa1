/** What surrounds every page: name, ways, language and theme, and whom the figures are owed to. */
import type { ComponentChildren, JSX } from "preact";
import type { Address } from "../base/address";
import { both, LANGUAGES, useLanguage, useSay, type Language } from "../base/language";
import { useNavigation } from "../base/navigation";
import { THEMES, useTheme, type Theme } from "../base/theme";
import { Credit } from "./credit";
import { Link } from "./link";

const WORDS = {
  skip: both("Hopp til innholdet", "Skip to content"),
  ways: both("Sider", "Pages"),
  municipalities: both("Kommuner", "Municipalities"),
  operations: both("Drift", "Operations"),
  language: both("Språk", "Language"),
  theme: both("Utseende", "Appearance"),
  auto: both("Automatisk", "Automatic"),
  light: both("Lyst", "Light"),
  dark: both("Mørkt", "Dark"),
};

const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { nb: "Norsk", en: "English" };

export interface ShellProps {
  readonly onLanguage: (language: Language) => void;
  readonly children: ComponentChildren;
}

function Ways(): JSX.Element {
  const say = useSay();
  const { address } = useNavigation();
  const to = (page: Address["page"]): Address => ({
    page,
    code: "",
    group: "all",
    uses: [],
    ...(address.language === undefined ? {} : { language: address.language }),
  });
  return (
    <nav aria-label={say(WORDS.ways)} class="ways">
      <Link to={to("choose")} current={address.page === "choose"}>
        {say(WORDS.municipalities)}
      </Link>
      <Link to={to("operations")} current={address.page === "operations"}>
        {say(WORDS.operations)}
      </Link>
    </nav>
  );
}

function Languages({ onLanguage }: { readonly onLanguage: ShellProps["onLanguage"] }): JSX.Element {
  const say = useSay();
  const language = useLanguage();
  return (
    <div class="languages" role="group" aria-label={say(WORDS.language)}>
      {LANGUAGES.map((known) => (
        <button
          key={known}
          type="button"
          lang={known}
          aria-pressed={known === language}
          onClick={() => onLanguage(known)}>
          {LANGUAGE_NAMES[known]}
        </button>
      ))}
    </div>
  );
}

function Themes(): JSX.Element {
  const say = useSay();
  const [theme, setTheme] = useTheme();
  return (
    <label class="themes">
      <span class="visually-hidden">{say(WORDS.theme)}</span>
      <select value={theme} onChange={(event) => setTheme(event.currentTarget.value as Theme)}>
        {THEMES.map((known) => (
          <option key={known} value={known}>
            {say(WORDS[known])}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Shell({ onLanguage, children }: ShellProps): JSX.Element {
  const say = useSay();
  const { address } = useNavigation();
  return (
    <>
      <a class="skip" href="#main">
        {say(WORDS.skip)}
      </a>
      <header class="top">
        <Link
          class="wordmark"
          to={{
            page: "choose",
            code: "",
            group: "all",
            uses: [],
            ...(address.language === undefined ? {} : { language: address.language }),
          }}>
          kostraflow
        </Link>
        <Ways />
        <div class="preferences">
          <Languages onLanguage={onLanguage} />
          <Themes />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <Credit />
    </>
  );
}
