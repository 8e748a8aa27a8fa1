/** The page of a municipality: what is chosen, and its article. */
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { Article, Catalogue } from "../api";
import { ArticleView } from "../article/view";
import { articleUrl, type Address } from "../base/address";
import { groupMembers } from "../base/comparison";
import { both, useSay } from "../base/language";
import { useLoaded, type Loaded } from "../base/load";
import { useNavigation } from "../base/navigation";
import { Choices } from "../components/choices";
import { Awaited } from "../components/failure";
import { MunicipalitySearch } from "../components/municipality_search";

const WORDS = {
  nobody: both(
    "Det finnes ingen kommune med dette nummeret.",
    "There is no municipality with this number.",
  ),
  another: both("Bytt kommune", "Another municipality"),
  choices: both("Valg for artikkelen", "Choices for the article"),
  print: both("Skriv ut", "Print"),
  copy: both(
    "Adressen i nettleseren kan deles: den viser det samme hos andre.",
    "The address in the browser can be shared: it shows others the same.",
  ),
};

/** The choices above the article, with what it shows filled in where the address is silent. */
function Bar({
  address,
  article,
  catalogue,
}: {
  readonly address: Address;
  readonly article: Article;
  readonly catalogue: Catalogue;
}): JSX.Element {
  const say = useSay();
  const { go } = useNavigation();
  const shown: Address = {
    ...address,
    edition: address.edition ?? article.asked.edition,
    year: address.year ?? article.asked.year,
  };
  return (
    <section class="bar screen-only" aria-label={say(WORDS.choices)}>
      <MunicipalitySearch
        label={say(WORDS.another)}
        municipalities={catalogue.municipalities}
        onChoose={({ code }) => go({ ...address, code, uses: [] })}
      />
      <Choices
        address={shown}
        catalogue={catalogue}
        municipality={article.municipality}
        onChange={(changed) => go(changed, true)}
      />
      <p class="bar-foot">
        <span>{say(WORDS.copy)}</span>
        <button type="button" onClick={() => print()}>
          {say(WORDS.print)}
        </button>
      </p>
    </section>
  );
}

function Shown({
  address,
  article,
}: {
  readonly address: Address;
  readonly article: Article;
}): JSX.Element {
  const catalogue = useLoaded<Catalogue>("/api/catalogue");
  const members = useMemo(
    () => groupMembers(address.group, article.municipality, article.catalogue.municipalities),
    [address.group, article],
  );
  return (
    <div data-ready>
      {catalogue.state === "here" ? (
        <Bar address={address} article={article} catalogue={catalogue.value} />
      ) : (
        <div class="bar bar-awaited" />
      )}
      <ArticleView article={article} group={members} />
    </div>
  );
}

/** The article, or while another of the municipality is fetched, the one before. */
function articleOf(loaded: Loaded<Article>, code: string): Article | undefined {
  if (loaded.state === "here") return loaded.value;
  const before = loaded.state === "loading" ? loaded.before : undefined;
  return before?.municipality.code === code ? before : undefined;
}

export function MunicipalityPage({ address }: { readonly address: Address }): JSX.Element {
  const loaded = useLoaded<Article>(articleUrl(address));
  const article = articleOf(loaded, address.code);
  const name = article?.municipality.name ?? address.code;
  useEffect(() => {
    document.title = `${name} – kostraflow`;
  }, [name]);
  return (
    <div aria-busy={loaded.state === "loading"}>
      {article ? (
        <Shown address={address} article={article} />
      ) : (
        <Awaited of={loaded} missing={WORDS.nobody} />
      )}
    </div>
  );
}
