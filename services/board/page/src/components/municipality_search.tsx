/** A field that finds a municipality by name or number: typed, chosen by arrow keys or pointer. */
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { Municipality } from "../api";
import { countyOf } from "../base/comparison";
import { countyName, isFormerCounty } from "../base/county";
import { both, useSay } from "../base/language";
import { searchMunicipalities } from "../base/search";

export interface MunicipalitySearchProps {
  readonly label: string;
  readonly municipalities: readonly Municipality[];
  readonly onChoose: (municipality: Municipality) => void;
  /** The field of the first page is large. */
  readonly large?: boolean;
  /** Left empty after a choice, for those who choose several. */
  readonly several?: boolean;
}

const SHOWN_MAX = 12;

const WORDS = {
  placeholder: both("Navn eller kommunenummer", "Name or number"),
  none: both(
    "Ingen kommune heter eller har nummer «{text}».",
    "No municipality has the name or number “{text}”.",
  ),
  found: both("{count} treff", "{count} found"),
  former: both("tidligere kommune", "former municipality"),
};

/** "Telemark", or "Telemark, tidligere kommune". */
function usePlace(): (municipality: Municipality) => string {
  const say = useSay();
  return ({ code }) => {
    const county = countyOf(code);
    return isFormerCounty(county)
      ? `${countyName(county)}, ${say(WORDS.former)}`
      : countyName(county);
  };
}

interface OptionsProps {
  readonly id: string;
  readonly label: string;
  readonly found: readonly Municipality[];
  readonly active: number;
  readonly onChoose: (municipality: Municipality) => void;
}

function Options({ id, label, found, active, onChoose }: OptionsProps): JSX.Element {
  const place = usePlace();
  return (
    <ul class="options" role="listbox" id={id} aria-label={label}>
      {found.map((municipality, at) => (
        <li
          key={municipality.code}
          id={`${id}-${at}`}
          role="option"
          aria-selected={at === active}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(municipality)}>
          <span class="option-name">{municipality.name}</span>
          <span class="option-place">{place(municipality)}</span>
          <span class="option-code">{municipality.code}</span>
        </li>
      ))}
    </ul>
  );
}

/** Which option is active after a key, or undefined for keys that choose none. */
export function activeAfter(key: string, active: number, count: number): number | undefined {
  if (key === "ArrowDown") return count === 0 ? -1 : (active + 1) % count;
  if (key === "ArrowUp") return count === 0 ? -1 : (active <= 0 ? count : active) - 1;
  return undefined;
}

interface Search {
  readonly text: string;
  readonly open: boolean;
  readonly active: number;
  readonly found: readonly Municipality[];
  readonly set: (text: string) => void;
  readonly close: () => void;
  readonly onKey: (event: KeyboardEvent) => void;
  readonly choose: (municipality: Municipality) => void;
}

function useSearch(props: MunicipalitySearchProps): Search {
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const found =
    text.trim() === "" ? [] : searchMunicipalities(props.municipalities, text, SHOWN_MAX);
  const set = (typed: string): void => {
    setText(typed);
    setOpen(typed.trim() !== "");
    setActive(-1);
  };
  const choose = (municipality: Municipality): void => {
    setText(props.several ? "" : municipality.name);
    setOpen(false);
    props.onChoose(municipality);
  };
  const onKey = (event: KeyboardEvent): void => {
    const next = activeAfter(event.key, active, found.length);
    if (next !== undefined) {
      event.preventDefault();
      setOpen(found.length > 0);
      setActive(next);
    } else if (event.key === "Enter") {
      const chosen = found[Math.max(active, 0)];
      event.preventDefault();
      if (chosen) choose(chosen);
    } else if (event.key === "Escape") {
      set("");
    }
  };
  return { text, open, active, found, set, close: () => setOpen(false), onKey, choose };
}

export function MunicipalitySearch(props: MunicipalitySearchProps): JSX.Element {
  const say = useSay();
  const id = useId();
  const search = useSearch(props);
  const { text, open, active, found } = search;
  const shown = open && found.length > 0;
  return (
    <div class={props.large ? "search large" : "search"}>
      <label for={`${id}-field`}>{props.label}</label>
      <input
        id={`${id}-field`}
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        placeholder={say(WORDS.placeholder)}
        value={text}
        aria-expanded={shown}
        aria-autocomplete="list"
        {...(shown ? { "aria-controls": `${id}-list` } : {})}
        {...(shown && active >= 0 ? { "aria-activedescendant": `${id}-list-${active}` } : {})}
        onInput={(event) => search.set(event.currentTarget.value)}
        onKeyDown={search.onKey}
        onBlur={search.close}
      />
      {shown ? (
        <Options
          id={`${id}-list`}
          label={props.label}
          found={found}
          active={active}
          onChoose={search.choose}
        />
      ) : null}
      <p class={open && found.length === 0 ? "search-none" : "visually-hidden"} role="status">
        {!open
          ? ""
          : found.length === 0
            ? say(WORDS.none, { text })
            : say(WORDS.found, { count: String(found.length) })}
      </p>
    </div>
  );
}
