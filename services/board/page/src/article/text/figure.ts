/** One figure of the topics: what it is called there, its value, and what must be known about it.
 */
import type { Flag } from "../../api";
import type { Form } from "../../base/number";
import type { Absence, Quantity } from "../../base/quantity";
import { absenceReason, worthMarking } from "../../components/flags";
import type { Language } from "../../base/language";

export interface Figure {
  /** figureKey() of it; of the group: with the code "group". */
  readonly id: string;
  /** Unrounded; absent: see the flags. */
  readonly value?: number;
  readonly flags: readonly Flag[];
}

export interface Known extends Figure {
  readonly value: number;
}

export function isKnown(figure: Figure | undefined): figure is Known {
  return figure?.value !== undefined;
}

/** The figure as a table or chart shows it; without a value: why. */
export function quantityOf(
  figure: Figure | undefined,
  form: Form,
  language: Language,
): Quantity | Absence {
  if (figure === undefined) return { absent: "" };
  if (!isKnown(figure)) return { absent: whyAbsent(figure, language) };
  return knownQuantity(figure, form);
}

export function knownQuantity(figure: Known, form: Form): Quantity {
  return { value: figure.value, figure: figure.id, form, flags: figure.flags };
}

/** Why a figure has no value, as a part of a sentence. */
export function whyAbsent(figure: Figure, language: Language): string {
  return absenceReason(figure.flags)[language];
}

/** Flags of the figures that are worth a mark, each once. */
export function remarked(figures: readonly Figure[]): readonly Flag[] {
  return worthMarking(figures.flatMap((figure) => figure.flags));
}
