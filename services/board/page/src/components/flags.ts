/** Flags of results as marks beside numbers, and the words that explain them under a figure. */
import { createContext } from "preact";
import type { Flag, Name } from "../api";
import { both } from "../base/language";

interface FlagText {
  readonly mark: Name;
  readonly words: Name;
}

const same = (mark: string): Name => both(mark, mark);

/** The flags that a value carries, with the marks that `kf compute` and `kf show` have, too; the
 * first three of the topics stand where there is no value. */
const TEXTS: Readonly<Partial<Record<Flag, FlagText>>> = {
  imputed: {
    mark: same("i"),
    words: both(
      "fylt inn etter utgavens regel, kommunen har ikke rapportert",
      "filled in by the edition's rule, the municipality has not reported it",
    ),
  },
  // Statistics Norway's sign, and the input's.
  preliminary: {
    mark: same("*"),
    words: both("bygger på foreløpige tall", "rests on preliminary figures"),
  },
  projected: {
    mark: same("f"),
    words: both("bygger på befolkningsframskriving", "rests on a projection of the population"),
  },
  incomplete: {
    mark: same("u"),
    words: both(
      "ufullstendig: noe av grunnlaget mangler",
      "incomplete: some of what it rests on is missing",
    ),
  },
  published: {
    mark: same("†"),
    words: both(
      "bygger på et publisert tall, ikke beregnet her",
      "rests on a published figure, not computed here",
    ),
  },
  inferred: {
    mark: same("‡"),
    words: both(
      "bygger på en regel som kilden ikke oppgir",
      "rests on a rule that the source does not print",
    ),
  },
};

const REASONS: Readonly<Partial<Record<Flag, Name>>> = {
  missing: both("mangler i kilden", "missing in the source"),
  not_applicable: both("ikke aktuelt", "not applicable"),
  suppressed: both("skjermet av hensyn til personvern", "suppressed to protect privacy"),
};

/** Those of the flags that are shown as a mark, in a fixed order. */
export function worthMarking(flags: readonly Flag[] | undefined): readonly Flag[] {
  const order = Object.keys(TEXTS) as Flag[];
  return flags === undefined ? [] : order.filter((flag) => flags.includes(flag));
}

/** The marks that all of several values carry: they are said once, not at every value. */
export function commonFlags(values: readonly (readonly Flag[] | undefined)[]): readonly Flag[] {
  if (values.length < 2) return [];
  return worthMarking(values[0]).filter((flag) => values.every((flags) => flags?.includes(flag)));
}

/** The marks of a value beyond those that are said once for all. */
export function differing(
  flags: readonly Flag[] | undefined,
  common: readonly Flag[],
): readonly Flag[] {
  return worthMarking(flags).filter((flag) => !common.includes(flag));
}

/** The marks that the figure around says once for all its values. */
export const CommonFlags = createContext<readonly Flag[]>([]);

export function flagMark(flag: Flag): Name {
  return TEXTS[flag]?.mark ?? same("");
}

export function flagWords(flag: Flag): Name {
  return TEXTS[flag]?.words ?? REASONS[flag] ?? same(flag);
}

/** Why a row has no value, by its flags. */
export function absenceReason(flags: readonly Flag[] | undefined): Name {
  const found = flags?.find((flag) => REASONS[flag] !== undefined);
  return (found && REASONS[found]) ?? both("ingen tall", "no figures");
}
