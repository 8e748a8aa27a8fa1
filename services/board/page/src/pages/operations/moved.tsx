/** What a revision moved: how many figures, and the largest changes. */
import type { JSX } from "preact";
import type { Moved } from "../../api";
import { both, useLanguage, useSay } from "../../base/language";
import { FORMS, shownValue, type Form } from "../../base/number";
import { Table, type Column } from "../../components/table";
import { shortId } from "./line";

const WORDS = {
  moved: both(
    "{changed} av {figures} tall endret seg mot {before}",
    "{changed} of {figures} figures changed against {before}",
  ),
  added: both("{count} kom til", "{count} were added"),
  oneAdded: both("1 kom til", "1 was added"),
  removed: both("{count} falt bort", "{count} were removed"),
  oneRemoved: both("1 falt bort", "1 was removed"),
  nothing: both(
    "ingen av {figures} tall endret seg mot {before}",
    "none of {figures} figures changed against {before}",
  ),
  largest: both("Største endringer", "Largest changes"),
  municipality: both("Kommune", "Municipality"),
  what: both("Tall", "Figure"),
  before: both("Før", "Before"),
  after: both("Etter", "After"),
};

type Change = Moved["largest"][number];

/** Ratios keep four decimals, kroner none, the rest one. */
function formOf(measure: string): Form {
  if (measure.endsWith("_kr_per_capita")) return FORMS.whole;
  return measure === "need_index" ? { decimals: 4 } : FORMS.one;
}

function useSummary(moved: Moved): string {
  const say = useSay();
  const language = useLanguage();
  const whole = (value: number): string => shownValue(value, FORMS.whole, language);
  const before = shortId(moved.before);
  const figures = whole(moved.figures);
  const first =
    moved.changed === 0
      ? say(WORDS.nothing, { figures, before })
      : say(WORDS.moved, { changed: whole(moved.changed), figures, before });
  const more = [
    ...(moved.added > 0
      ? [say(moved.added === 1 ? WORDS.oneAdded : WORDS.added, { count: whole(moved.added) })]
      : []),
    ...(moved.removed > 0
      ? [
          say(moved.removed === 1 ? WORDS.oneRemoved : WORDS.removed, {
            count: whole(moved.removed),
          }),
        ]
      : []),
  ];
  return [first, ...more].join(", ");
}

export interface MovedViewProps {
  readonly moved: Moved;
  readonly nameOf: (code: string) => string;
}

export function MovedView({ moved, nameOf }: MovedViewProps): JSX.Element {
  const say = useSay();
  const language = useLanguage();
  const summary = useSummary(moved);
  if (moved.largest.length === 0) return <p class="moved">{summary}</p>;
  const columns: readonly Column<Change>[] = [
    { head: say(WORDS.municipality), cell: ({ municipality }) => nameOf(municipality) },
    { head: say(WORDS.what), cell: ({ sector, measure }) => `${sector} ${measure}` },
    {
      head: say(WORDS.before),
      cell: ({ measure, before }) => shownValue(before, formOf(measure), language),
    },
    {
      head: say(WORDS.after),
      cell: ({ measure, after }) => shownValue(after, formOf(measure), language),
    },
  ];
  return (
    <details class="moved">
      <summary>{summary}</summary>
      <Table caption={say(WORDS.largest)} columns={columns} rows={moved.largest} />
    </details>
  );
}
