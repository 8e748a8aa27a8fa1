/** A number of the topics inside a text or a table cell, with
 * marks for what must be known of it. */
import type { JSX } from "preact";
import { useContext } from "preact/hooks";
import { shownBare, shownValue } from "../base/number";
import { useLanguage, useSay } from "../base/language";
import { figureAttributes, type Quantity } from "../base/quantity";
import { CommonFlags, differing, flagMark, flagWords } from "./flags";

export interface NumberProps {
  readonly of: Quantity;
  /** Without its unit, where a column or sentence names it. */
  readonly bare?: boolean;
}

/** Shows a Quantity: <data data-figure data-value>1 364 kr</data>, then marks of its flags. */
export function Num({ of: quantity, bare }: NumberProps): JSX.Element {
  const language = useLanguage();
  const say = useSay();
  const show = bare ? shownBare : shownValue;
  const marked = differing(quantity.flags, useContext(CommonFlags));
  return (
    <>
      <data class="num" value={String(quantity.value)} {...figureAttributes(quantity)}>
        {show(quantity.value, quantity.form, language)}
      </data>
      {marked.map((flag) => (
        <sup key={flag} class="mark" title={say(flagWords(flag))}>
          {say(flagMark(flag))}
        </sup>
      ))}
    </>
  );
}
