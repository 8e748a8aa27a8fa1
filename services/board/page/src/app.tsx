/** The board's pages: which one is shown, in which language. */
import { render, type JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { LanguageContext, preferredLanguage, useSay, both, type Language } from "./base/language";
import { NavigationContext, useBrowserAddress, useNavigation } from "./base/navigation";
import { keep, kept } from "./base/theme";
import { Link } from "./components/link";
import { Shell } from "./components/shell";
import { ChoosePage } from "./pages/choose";
import { MunicipalityPage } from "./pages/municipality";
import { OperationsPage } from "./pages/operations/page";
import "./styles/all.css";

const LANGUAGE_KEY = "kostraflow-language";

const WORDS = {
  unknown: both("Denne siden finnes ikke", "There is no such page"),
  back: both("Velg en kommune", "Choose a municipality"),
};

function UnknownPage(): JSX.Element {
  const say = useSay();
  return (
    <div class="column">
      <h1>{say(WORDS.unknown)}</h1>
      <p>
        <Link to={{ page: "choose", code: "", group: "all", uses: [] }}>{say(WORDS.back)}</Link>
      </p>
    </div>
  );
}

function CurrentPage(): JSX.Element {
  const { address } = useNavigation();
  switch (address.page) {
    case "choose":
      return <ChoosePage />;
    case "municipality":
      return <MunicipalityPage address={address} />;
    case "operations":
      return <OperationsPage />;
    default:
      return <UnknownPage />;
  }
}

/** As the address says, else as the reader chose here before, else as the browser has it. */
function languageOf(asked: Language | undefined): Language {
  return asked ?? preferredLanguage([kept(LANGUAGE_KEY) ?? "", ...navigator.languages]);
}

/** Moves the focus to the content when the page has become another, as a loaded page would. */
function useFocusOnMove(place: string): void {
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) document.getElementById("main")?.focus({ preventScroll: true });
    first.current = false;
  }, [place]);
}

function App(): JSX.Element {
  const navigation = useBrowserAddress();
  const { address, go } = navigation;
  const language = languageOf(address.language);
  useFocusOnMove(`${address.page} ${address.code}`);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const onLanguage = (chosen: Language): void => {
    keep(LANGUAGE_KEY, chosen);
    go({ ...address, language: chosen }, true);
  };
  return (
    <LanguageContext.Provider value={language}>
      <NavigationContext.Provider value={navigation}>
        <Shell onLanguage={onLanguage}>
          <CurrentPage />
        </Shell>
      </NavigationContext.Provider>
    </LanguageContext.Provider>
  );
}

const host = document.getElementById("page");
if (host) render(<App />, host);
