/** A language's way to write figures in sentences and to choose between directions. */
import type { Language } from "../../base/language";
import { HARD_SPACE, shownBare } from "../../base/number";
import type { Known } from "./figure";
import { enumerated, type FigurePiece, type Sentence } from "./pieces";
import { wayOf, type Way } from "./rounding";

/** What is said when a figure lies above, below or level. */
export interface Forms<T> {
  readonly above: T;
  readonly below: T;
  readonly level: T;
}

/** Decimals of million kr: one below ten, none above. */
export function millionDecimals(value: number): number {
  return Math.abs(value) < 9.95 ? 1 : 0;
}

/** How far an index lies from its reference, in percent. */
export function percentOff(value: number, reference: number): number {
  return (value / reference - 1) * 100;
}

/** Decimals of an index whose reference is 1 or 100. */
export function indexDecimals(scale: number): number {
  return scale === 1 ? 3 : 1;
}

export const PERCENT_DECIMALS = 1;

/** Where an index lies from its reference, as it is shown in percent. */
export function wayOff(value: number, reference: number): Way {
  return wayOf(percentOff(value, reference), PERCENT_DECIMALS);
}

export class Tongue {
  constructor(readonly language: Language) {}

  /** The text of this language. */
  of<T>(nb: T, en: T): T {
    return this.language === "nb" ? nb : en;
  }

  /** Of a value at its decimals. */
  by<T>(value: number, decimals: number, forms: Forms<T>): T {
    return forms[wayOf(value, decimals)];
  }

  /** "a, b og c". */
  list(items: readonly string[]): string {
    return enumerated(
      items.map((item) => [item]),
      this.and(),
    ).join("");
  }

  each(items: readonly Sentence[]): Sentence {
    return enumerated(items, this.and());
  }

  // Sizes: no sign, the words around them tell the direction.

  kr(figure: Known, decimals = 0): FigurePiece {
    const size = this.size(figure.value, decimals);
    return { figure, text: this.of(`${size}${HARD_SPACE}kr`, `NOK${HARD_SPACE}${size}`) };
  }

  million(figure: Known, decimals = millionDecimals(figure.value)): FigurePiece {
    const size = this.size(figure.value, decimals);
    return {
      figure,
      text: this.of(
        `${size}${HARD_SPACE}mill.${HARD_SPACE}kr`,
        `NOK${HARD_SPACE}${size}${HARD_SPACE}million`,
      ),
    };
  }

  percent(figure: Known, decimals = PERCENT_DECIMALS): FigurePiece {
    return this.percentOf(figure, figure.value, decimals);
  }

  /** Percentage points, never percent: differences between two percentages. */
  points(figure: Known, decimals = PERCENT_DECIMALS): FigurePiece {
    return this.pointsOf(figure, figure.value, decimals);
  }

  /** How far an index lies from its reference. */
  off(figure: Known, reference: number): FigurePiece {
    return this.percentOf(figure, percentOff(figure.value, reference), PERCENT_DECIMALS);
  }

  /** A part of an index around 1, in percentage points. */
  indexPoints(figure: Known): FigurePiece {
    return this.pointsOf(figure, figure.value * 100, PERCENT_DECIMALS);
  }

  /** The same where the unit stands elsewhere in the sentence. */
  indexPointsBare(figure: Known): FigurePiece {
    return { figure, text: this.size(figure.value * 100, PERCENT_DECIMALS) };
  }

  /** Share of a whole, in percent. */
  share(figure: Known): FigurePiece {
    return this.percentOf(figure, figure.value * 100, PERCENT_DECIMALS);
  }

  // As they are, sign included.

  index(figure: Known, scale: number): FigurePiece {
    return this.number(figure, indexDecimals(scale));
  }

  whole(figure: Known): FigurePiece {
    return this.number(figure, 0);
  }

  number(figure: Known, decimals: number): FigurePiece {
    return { figure, text: shownBare(figure.value, { decimals }, this.language) };
  }

  private percentOf(figure: Known, percent: number, decimals: number): FigurePiece {
    const size = this.size(percent, decimals);
    return { figure, text: `${size}${HARD_SPACE}${this.of("prosent", "percent")}` };
  }

  private pointsOf(figure: Known, points: number, decimals: number): FigurePiece {
    const size = this.size(points, decimals);
    return { figure, text: `${size}${HARD_SPACE}${this.of("prosentpoeng", "percentage points")}` };
  }

  private size(value: number, decimals: number): string {
    return shownBare(Math.abs(value), { decimals }, this.language);
  }

  private and(): string {
    return this.of("og", "and");
  }
}
