/**
 * Where a section's figures come from; in the board's pages a reader may choose another edition and
 * year for the section, in a report it is plain text.
 */
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { Article, Choice, Section } from "../api";
import type { Address } from "../base/address";
import { both, useSay } from "../base/language";
import { useNavigation } from "../base/navigation";

export interface SectionChoiceProps {
  readonly section: Section;
  readonly choice: Choice;
  readonly titles: Article["titles"];
}

const WORDS = { from: both("Tall fra", "Figures from") };

function withUse(address: Address, section: Section, value: string): Address {
  const [edition = "", year = ""] = value.split("/");
  const others = address.uses.filter((use) => use.section !== section);
  return { ...address, uses: [...others, { section, edition, year: Number(year) }] };
}

export function SectionChoice({ section, choice, titles }: SectionChoiceProps): JSX.Element {
  const say = useSay();
  const id = useId();
  const { address, go, live } = useNavigation();
  const titleOf = (id: string): string => (titles[id] ? say(titles[id]) : id);
  const written = `${titleOf(choice.edition)}, ${choice.year}`;
  if (!live || choice.others.length < 2) {
    return (
      <p class="section-choice">
        {say(WORDS.from)} <span>{written}</span>
      </p>
    );
  }
  return (
    <>
      <p class="section-choice screen-only">
        <label for={id}>{say(WORDS.from)} </label>
        <select
          id={id}
          value={`${choice.edition}/${choice.year}`}
          onChange={(event) => go(withUse(address, section, event.currentTarget.value), true)}>
          {choice.others.map((other) => (
            <option key={`${other.edition}/${other.year}`} value={`${other.edition}/${other.year}`}>
              {titleOf(other.edition)}, {other.year}
            </option>
          ))}
        </select>
      </p>
      <p class="section-choice print-only">
        {say(WORDS.from)} {written}
      </p>
    </>
  );
}
