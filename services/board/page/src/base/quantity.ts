/**
 * A number of the topics on its way to the reader's eye: its unrounded value, where it stands on
 * the topics, and how it is shown.
 */
import type { Flag, Topic } from "../api";
import type { Form } from "./number";

/** Where a number stands on the topics. */
export interface FigurePlace {
  readonly topic: Topic;
  readonly edition: string;
  readonly year: number;
  readonly sector: string;
  readonly indicator?: string;
  readonly measure: string;
  /** Of another member than the one the article is about. */
  readonly code?: string;
}

export interface Quantity {
  readonly value: number;
  /** What figureKey() says. */
  readonly figure: string;
  readonly form: Form;
  readonly flags?: readonly Flag[];
}

/** Stands where a number would: it is not there, and this is why. */
export interface Absence {
  readonly absent: string;
}

/** topic/edition/year/sector/indicator/measure, and /CODE of another member; no indicator is an
 * empty part. */
export function figureKey(place: FigurePlace): string {
  const parts = [
    place.topic,
    place.edition,
    String(place.year),
    place.sector,
    place.indicator ?? "",
    place.measure,
  ];
  return (place.code === undefined ? parts : [...parts, place.code]).join("/");
}

/** The attributes by which a shown number can be held against the topics. */
export function figureAttributes(quantity: Quantity): Readonly<Record<string, string>> {
  return { "data-figure": quantity.figure, "data-value": String(quantity.value) };
}
