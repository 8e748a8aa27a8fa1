/** The first page: a reader chooses a municipality, and sees what there is. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Catalogue, Municipality } from "../api";
import type { Address } from "../base/address";
import { countyOf } from "../base/comparison";
import { countyName, isFormerCounty } from "../base/county";
import { both, useLanguage, useSay } from "../base/language";
import { useLoaded } from "../base/load";
import { useNavigation } from "../base/navigation";
import { FORMS, shownValue } from "../base/number";
import { shownMoment } from "../base/time";
import { Choices } from "../components/choices";
import { Awaited } from "../components/failure";
import { Link } from "../components/link";
import { MunicipalitySearch } from "../components/municipality_search";
import { Table, type Column } from "../components/table";

const WORDS = {
  page: both("Velg kommune", "Choose a municipality"),
  kicker: both("Norske kommuner i tall", "Norwegian municipalities in figures"),
  title: both(
    "Hva sier tallene om kommunen din?",
    "What do the figures say about your municipality?",
  ),
  lead: both(
    "Utgiftsbehov, befolkning, ressursbruk, produksjon og effektivitet i figurer og korte tekster, regnet ut på nytt hver gang Statistisk sentralbyrå publiserer.",
    "Expenditure need, population, resource use, production and efficiency in charts and short texts, computed anew whenever Statistics Norway publishes.",
  ),
  municipality: both("Kommune", "Municipality"),
  browse: both("Bla etter fylke", "Browse by county"),
  former: both("Kommuner i tidligere fylker", "Municipalities of former counties"),
  here: both("Tall på tavla", "Figures on the board"),
  edition: both("Utgave", "Edition"),
  years: both("År", "Years"),
  members: both("Kommuner", "Municipalities"),
  published: both("Sist publisert", "Last published"),
  source: both("Kilde", "Source"),
  empty: both(
    "Tavla har ingen tall ennå. De kommer når den første utgivelsen er publisert.",
    "The board has no figures yet. They come with the first release.",
  ),
};

interface County {
  readonly number: string;
  readonly municipalities: readonly Municipality[];
}

/** Municipalities by county, counties by name, municipalities by name. */
function countiesOf(municipalities: readonly Municipality[]): readonly County[] {
  const byNumber = new Map<string, Municipality[]>();
  for (const municipality of municipalities) {
    const number = countyOf(municipality.code);
    byNumber.set(number, [...(byNumber.get(number) ?? []), municipality]);
  }
  const inOrder = (a: string, b: string): number => a.localeCompare(b, "nb");
  return [...byNumber]
    .map(([number, members]) => ({
      number,
      municipalities: members.sort((a, b) => inOrder(a.name, b.name)),
    }))
    .sort((a, b) => inOrder(countyName(a.number), countyName(b.number)));
}

function CountyList({
  county,
  address,
}: {
  readonly county: County;
  readonly address: Address;
}): JSX.Element {
  return (
    <details class="county">
      <summary>
        {countyName(county.number)} <span class="quiet">{county.municipalities.length}</span>
      </summary>
      <ul>
        {county.municipalities.map(({ code, name }) => (
          <li key={code}>
            <Link to={{ ...address, page: "municipality", code }}>{name}</Link>{" "}
            <span class="quiet">{code}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Browse({
  catalogue,
  address,
}: {
  readonly catalogue: Catalogue;
  readonly address: Address;
}): JSX.Element {
  const say = useSay();
  const counties = countiesOf(catalogue.municipalities);
  const former = counties.filter((county) => isFormerCounty(county.number));
  const today = counties.filter((county) => !isFormerCounty(county.number));
  const list = (some: readonly County[]): JSX.Element[] =>
    some.map((county) => <CountyList key={county.number} county={county} address={address} />);
  return (
    <section aria-labelledby="browse">
      <h2 id="browse">{say(WORDS.browse)}</h2>
      <div class="counties">{list(today)}</div>
      {former.length === 0 ? null : (
        <>
          <h3>{say(WORDS.former)}</h3>
          <div class="counties">{list(former)}</div>
        </>
      )}
    </section>
  );
}

/** "2020–2032", or the years one by one where some between them are missing. */
export function shownYears(years: readonly number[]): string {
  const first = years[0] ?? 0;
  const last = years[years.length - 1] ?? 0;
  const whole = years.length > 1 && last - first === years.length - 1;
  return whole ? `${first}–${last}` : years.join(", ");
}

function Editions({ catalogue }: { readonly catalogue: Catalogue }): JSX.Element {
  const say = useSay();
  const language = useLanguage();
  type Edition = Catalogue["editions"][number];
  const columns: readonly Column<Edition>[] = [
    { head: say(WORDS.edition), cell: (edition) => say(edition.title) },
    { head: say(WORDS.years), cell: ({ years }) => shownYears(years.map(({ year }) => year)) },
    {
      head: say(WORDS.members),
      cell: ({ years }) =>
        shownValue(
          Math.max(0, ...years.map(({ municipalities }) => municipalities)),
          FORMS.whole,
          language,
        ),
    },
    {
      head: say(WORDS.published),
      cell: ({ years }) =>
        shownMoment(Math.max(0, ...years.map(({ publishedMs }) => publishedMs)), language),
    },
    { head: say(WORDS.source), cell: ({ source }) => source },
  ];
  return (
    <section aria-labelledby="here">
      <h2 id="here">{say(WORDS.here)}</h2>
      <Table caption={say(WORDS.here)} captionHidden columns={columns} rows={catalogue.editions} />
    </section>
  );
}

function Content({ catalogue }: { readonly catalogue: Catalogue }): JSX.Element {
  const say = useSay();
  const { address: here, go } = useNavigation();
  const [address, setAddress] = useState<Address>(here);
  const asked = here.language === undefined ? address : { ...address, language: here.language };
  if (catalogue.municipalities.length === 0) return <p class="no-figures">{say(WORDS.empty)}</p>;
  return (
    <div data-ready>
      <div class="choosing">
        <MunicipalitySearch
          large
          label={say(WORDS.municipality)}
          municipalities={catalogue.municipalities}
          onChoose={({ code }) => go({ ...asked, page: "municipality", code })}
        />
        <Choices address={address} catalogue={catalogue} onChange={setAddress} />
      </div>
      <Browse catalogue={catalogue} address={asked} />
      <Editions catalogue={catalogue} />
    </div>
  );
}

export function ChoosePage(): JSX.Element {
  const say = useSay();
  const loaded = useLoaded<Catalogue>("/api/catalogue");
  const title = `${say(WORDS.page)} – kostraflow`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <>
      <div class="column hero">
        <p class="kicker">{say(WORDS.kicker)}</p>
        <h1>{say(WORDS.title)}</h1>
        <p class="lead">{say(WORDS.lead)}</p>
      </div>
      {loaded.state === "here" ? <Content catalogue={loaded.value} /> : <Awaited of={loaded} />}
    </>
  );
}
