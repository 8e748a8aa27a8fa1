/** What a reader may choose beside the municipality: edition, year, and whom it is held against. */
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { Catalogue, Edition, Municipality } from "../api";
import type { Address, Group } from "../base/address";
import { countyOf } from "../base/comparison";
import { countyName } from "../base/county";
import { both, useSay } from "../base/language";
import { MunicipalitySearch } from "./municipality_search";

export interface ChoicesProps {
  readonly address: Address;
  readonly catalogue: Catalogue;
  /** The municipality, once it is chosen. */
  readonly municipality?: Municipality;
  readonly onChange: (address: Address) => void;
}

const WORDS = {
  edition: both("Utgave", "Edition"),
  newest: both("Den som passer best", "The one that fits best"),
  year: both("År", "Year"),
  newestYear: both("Nyeste", "Newest"),
  group: both("Sammenlign med", "Compare with"),
  all: both("Alle i utgaven", "All in the edition"),
  county: both("Samme fylke", "Same county"),
  countyNamed: both("Kommunene i {county}", "Municipalities in {county}"),
  kostra: both("Samme KOSTRA-gruppe", "Same KOSTRA group"),
  kostraNamed: both("KOSTRA-gruppe {number}", "KOSTRA group {number}"),
  own: both("Egen liste", "A list of your own"),
  add: both("Legg til kommune", "Add a municipality"),
  remove: both("Ta bort {name}", "Remove {name}"),
  listed: both("Egen liste", "Your list"),
};

/** The address with another edition; the year stays when the edition has it. */
function withEdition(address: Address, edition: Edition | undefined): Address {
  const { edition: _, year, ...rest } = address;
  if (!edition) return { ...rest, uses: [] };
  const keeps = year !== undefined && edition.years.some((known) => known.year === year);
  return { ...rest, uses: [], edition: edition.id, ...(keeps ? { year } : {}) };
}

function withYear(address: Address, year: number | undefined): Address {
  const { year: _, ...rest } = address;
  return year === undefined ? rest : { ...rest, year };
}

function EditionChoice({ address, catalogue, onChange }: ChoicesProps): JSX.Element {
  const say = useSay();
  const id = useId();
  return (
    <p class="choice wide">
      <label for={id}>{say(WORDS.edition)}</label>
      <select
        id={id}
        value={address.edition ?? ""}
        onChange={({ currentTarget }) =>
          onChange(
            withEdition(
              address,
              catalogue.editions.find((edition) => edition.id === currentTarget.value),
            ),
          )
        }>
        <option value="">{say(WORDS.newest)}</option>
        {catalogue.editions.map((edition) => (
          <option key={edition.id} value={edition.id}>
            {say(edition.title)}
          </option>
        ))}
      </select>
    </p>
  );
}

function YearChoice({ address, catalogue, onChange }: ChoicesProps): JSX.Element | null {
  const say = useSay();
  const id = useId();
  const edition = catalogue.editions.find((known) => known.id === address.edition);
  if (!edition) return null;
  return (
    <p class="choice">
      <label for={id}>{say(WORDS.year)}</label>
      <select
        id={id}
        value={String(address.year ?? "")}
        onChange={(event) =>
          onChange(withYear(address, Number(event.currentTarget.value) || undefined))
        }>
        <option value="">{say(WORDS.newestYear)}</option>
        {[...edition.years].reverse().map(({ year }) => (
          <option key={year} value={String(year)}>
            {year}
          </option>
        ))}
      </select>
    </p>
  );
}

/** Which of the select's values stands for the group. */
function groupKind(group: Group): string {
  return typeof group === "string" ? group : "own";
}

function groupOf(kind: string, municipality: Municipality | undefined): Group {
  if (kind === "county" || kind === "kostra") return kind;
  return kind === "own" && municipality ? [municipality.code] : "all";
}

function GroupChoice({ address, municipality, onChange }: ChoicesProps): JSX.Element {
  const say = useSay();
  const id = useId();
  const county = municipality
    ? say(WORDS.countyNamed, { county: countyName(countyOf(municipality.code)) })
    : say(WORDS.county);
  const kostra = municipality?.kostraGroup;
  return (
    <p class="choice">
      <label for={id}>{say(WORDS.group)}</label>
      <select
        id={id}
        value={groupKind(address.group)}
        onChange={(event) =>
          onChange({ ...address, group: groupOf(event.currentTarget.value, municipality) })
        }>
        <option value="all">{say(WORDS.all)}</option>
        <option value="county">{county}</option>
        {municipality && kostra === undefined ? null : (
          <option value="kostra">
            {kostra === undefined ? say(WORDS.kostra) : say(WORDS.kostraNamed, { number: kostra })}
          </option>
        )}
        {municipality ? <option value="own">{say(WORDS.own)}</option> : null}
      </select>
    </p>
  );
}

/** The own list, and the field that adds to it. */
function OwnList({ address, catalogue, municipality, onChange }: ChoicesProps): JSX.Element | null {
  const say = useSay();
  if (typeof address.group === "string") return null;
  const codes = address.group;
  const others = codes.filter((code) => code !== municipality?.code);
  const nameOf = (code: string): string =>
    catalogue.municipalities.find((known) => known.code === code)?.name ?? code;
  return (
    <div class="own-list">
      <MunicipalitySearch
        label={say(WORDS.add)}
        several
        municipalities={catalogue.municipalities}
        onChoose={({ code }) => onChange({ ...address, group: [...new Set([...codes, code])] })}
      />
      <ul aria-label={say(WORDS.listed)}>
        {others.map((code) => (
          <li key={code}>
            <button
              type="button"
              aria-label={say(WORDS.remove, { name: nameOf(code) })}
              onClick={() => onChange({ ...address, group: codes.filter((one) => one !== code) })}>
              {nameOf(code)} <span aria-hidden="true">×</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Choices(props: ChoicesProps): JSX.Element {
  return (
    <div class="choices">
      <EditionChoice {...props} />
      <YearChoice {...props} />
      <GroupChoice {...props} />
      <OwnList {...props} />
    </div>
  );
}
