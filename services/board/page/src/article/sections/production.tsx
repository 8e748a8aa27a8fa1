/** Figures of production, expenditure and efficiency, and of how they changed. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Topic } from "../../api";
import { FORMS, type Form } from "../../base/number";
import { Figure } from "../../components/figure";
import type { Column } from "../../components/table";
import { divergingBars } from "../charts/bars";
import { dumbbells, type Dumbbell } from "../charts/dumbbells";
import { dotStrips } from "../charts/strips";
import type { Book } from "../text/book";
import { isKnown, knownQuantity, type Figure as TopicFigure } from "../text/figure";
import { CHANGES } from "../text/production";
import { inText } from "../text/section";
import type { Tongue } from "../text/tongue";
import {
  barsOf,
  indexForm,
  measureColumn,
  offForm,
  rowEmphasis,
  sectorRows,
  stripsOf,
  deviationWords,
  hasOthers,
  useSource,
  useTongue,
  type FigureOf,
  type NamedRow,
} from "./common";

const WITH_ADMINISTRATION = "total_with_administration";

function wholes(tongue: Tongue): Readonly<Record<string, string>> {
  return {
    total: tongue.of("I alt", "All"),
    [WITH_ADMINISTRATION]: tongue.of("I alt med administrasjon", "All with administration"),
  };
}

/** Production of the whole is the same with administration (METHOD E4). */
function find(book: Book, topic: Topic, measure: string) {
  return (row: NamedRow): TopicFigure | undefined =>
    book.figure({
      topic,
      measure,
      sector: topic === "index" && row.id === WITH_ADMINISTRATION ? "total" : row.id,
    });
}

/** Sectors of both topics, the wholes last. */
function producing(book: Book, tongue: Tongue): readonly NamedRow[] {
  const index = sectorRows(book, "index", tongue, wholes(tongue));
  const spent = sectorRows(book, "efficiency", tongue, wholes(tongue));
  const more = spent.filter((row) => !index.some((one) => one.id === row.id));
  return [...index, ...more].sort((a, b) => Number(a.sum === true) - Number(b.sum === true));
}

function columnsOf(
  book: Book,
  tongue: Tongue,
  rows: readonly NamedRow[],
  wanted: readonly (readonly [
    head: string,
    topic: Topic,
    measure: string,
    form: Form,
    unit?: string,
  ])[],
): readonly Column<NamedRow>[] {
  return wanted
    .filter(([, topic, measure]) =>
      rows.some((row) => find(book, topic, measure)(row) !== undefined),
    )
    .map(([head, topic, measure, form, unit]) =>
      measureColumn<NamedRow>(tongue, head, form, find(book, topic, measure), unit),
    );
}

function pairs(book: Book, rows: readonly NamedRow[], form: Form): readonly Dumbbell[] {
  return rows.flatMap((row) => {
    const made = find(book, "index", "index")(row);
    const spent = find(book, "efficiency", "expenditure_index")(row);
    return isKnown(made) && isKnown(spent)
      ? [
          {
            label: row.name,
            first: knownQuantity(made, form),
            second: knownQuantity(spent, form),
            ...(row.sum === true ? { sum: true } : {}),
          },
        ]
      : [];
  });
}

function Efficiency({ book }: FigureOf): JSX.Element | null {
  const tongue = useTongue();
  const source = useSource(book);
  const rows = useMemo(() => producing(book, tongue), [book, tongue]);
  const form = offForm(book.edition.scale);
  const index = indexForm(book.edition.scale);
  const both = useMemo(() => pairs(book, rows, form), [book, rows, form]);
  const draw = useMemo(
    () =>
      dumbbells(
        both,
        [tongue.of("Produksjon", "Production"), tongue.of("Utgifter", "Expenditure")],
        form,
      ),
    [both, tongue, form],
  );
  return (
    <Figure
      id="production-efficiency"
      title={tongue.of(
        `Produksjon og utgifter i ${book.municipality.name}`,
        `Production and expenditure of ${book.municipality.name}`,
      )}
      source={source}
      rows={rows}
      emphasis={rowEmphasis}
      caption={tongue.of(
        "Avvik fra gjennomsnittet i prosent. Ligger produksjonen (rund) til høyre for utgiftene " +
          "(rombe), er den høyere enn utgiftene tilsier.",
        "Deviation from the average in percent. Where production (round) lies to the right of " +
          "expenditure (diamond), production is higher than expenditure implies.",
      )}
      {...(both.length > 0
        ? {
            chart: {
              draw,
              label: tongue.of(
                "Prikker viser produksjon og utgifter per sektor, forbundet med en strek.",
                "Dots show production and expenditure by sector, joined by a line.",
              ),
            },
          }
        : {})}
      columns={[
        { head: tongue.of("Sektor", "Sector"), cell: (row) => row.name },
        ...columnsOf(book, tongue, rows, [
          [tongue.of("Produksjon", "Production"), "index", "index", index],
          [tongue.of("Uten imputerte", "Without imputed"), "index", "index_without_imputed", index],
          [tongue.of("Plass", "Rank"), "index", "rank", FORMS.whole],
          [tongue.of("Utgifter", "Expenditure"), "efficiency", "expenditure_index", index],
          [
            tongue.of("Effektivitet", "Efficiency"),
            "efficiency",
            "efficiency_percent",
            FORMS.percentSigned,
            "%",
          ],
          [
            tongue.of("Effektivitet, gruppen som målestokk", "Efficiency, by the group's mean"),
            "efficiency",
            "efficiency",
            index,
          ],
        ]),
      ]}
    />
  );
}

/** Efficiency among the members is not that of the text: both are published. */
function groupMeanWords(tongue: Tongue): string {
  return tongue.of(
    "For effektiviteten er gruppens gjennomsnitt satt til null, derfor kan tallet avvike fra " +
      "teksten.",
    "Of efficiency, the group's mean is set to zero, so the number may differ from the text.",
  );
}

/** Where the wholes and sectors lie among the members. */
function AmongMembers({ book, group }: FigureOf): JSX.Element | null {
  const tongue = useTongue();
  const source = useSource(book);
  const scale = book.edition.scale;
  const form = useMemo(() => offForm(scale), [scale]);
  const strips = useMemo(() => {
    const rows = sectorRows(book, "efficiency", tongue, wholes(tongue));
    const produced = { id: "total", name: tongue.of("Produksjon", "Production") };
    const spent = { id: "total", name: tongue.of("Utgifter", "Expenditure") };
    return [
      ...stripsOf(book, group, "index", "index", [produced], form),
      ...stripsOf(book, group, "efficiency", "expenditure_index", [spent], form),
      ...stripsOf(
        book,
        group,
        "efficiency",
        "efficiency",
        rows.map((row) => ({
          ...row,
          name: tongue.of(
            `Effektivitet, gruppen som målestokk: ${inText(row.name)}`,
            `Efficiency, by the group's mean: ${inText(row.name)}`,
          ),
        })),
        form,
      ),
    ];
  }, [book, group, tongue, form]);
  const draw = useMemo(() => dotStrips(strips, form), [strips, form]);
  if (!hasOthers(strips)) return null;
  return (
    <Figure
      id="production-members"
      title={tongue.of(
        `${book.municipality.name} mot de andre kommunene`,
        `${book.municipality.name} against the other municipalities`,
      )}
      source={source}
      rows={strips}
      caption={`${deviationWords(book, strips, tongue)} ${groupMeanWords(tongue)}`}
      chart={{
        draw,
        label: tongue.of(
          "Prikker viser produksjon, utgifter og effektivitet for alle kommunene i gruppen.",
          "Dots show production, expenditure and efficiency of all municipalities in the group.",
        ),
      }}
      columns={[
        { head: "", cell: (row) => row.label },
        {
          head: book.municipality.name,
          unit: "%",
          cell: (row) => row.own.quantity,
        },
      ]}
    />
  );
}

export function ProductionFigures(props: FigureOf): JSX.Element {
  return (
    <>
      <Efficiency {...props} />
      <AmongMembers {...props} />
    </>
  );
}

// --- Change --------------------------------------------------------------------------------------

const CHANGE_NAMES: Readonly<Record<(typeof CHANGES)[number], readonly [nb: string, en: string]>> =
  {
    production_change_percent: ["Produksjon per målgruppe", "Production per target group"],
    production_per_capita_change_percent: ["Produksjon per innbygger", "Production per inhabitant"],
    need_change_percent: ["Utgiftsbehov", "Expenditure need"],
    production_beyond_need_percent: ["Produksjon ut over behovet", "Production beyond need"],
    expenditure_change_percent: ["Utgifter i faste priser", "Expenditure at fixed prices"],
    efficiency_change_percent: ["Effektivitet", "Efficiency"],
  };

type ChangeRow = NamedRow & { readonly measure: (typeof CHANGES)[number] };

function changeForm(measure: string): Form {
  return measure === "production_beyond_need_percent" ? FORMS.points : FORMS.percentSigned;
}

function wholeChange(book: Book, row: ChangeRow): TopicFigure | undefined {
  return book.figure({ topic: "efficiency", sector: "total", measure: row.measure });
}

function ChangeOfWhole({ book }: FigureOf): JSX.Element {
  const tongue = useTongue();
  const source = useSource(book);
  const rows = useMemo(
    () =>
      CHANGES.filter(
        (measure) => book.figure({ topic: "efficiency", sector: "total", measure }) !== undefined,
      ).map((measure): ChangeRow => ({
        id: measure,
        measure,
        name: tongue.of(...CHANGE_NAMES[measure]),
      })),
    [book, tongue],
  );
  const draw = useMemo(
    () =>
      divergingBars(
        rows.flatMap((row) => barsOf([row], () => wholeChange(book, row), changeForm(row.measure))),
        FORMS.percentSigned,
      ),
    [book, rows],
  );
  return (
    <Figure
      id="change-whole"
      title={tongue.of(
        `Endring i ${book.municipality.name} fra ${book.year - 1} til ${book.year}`,
        `Change in ${book.municipality.name} from ${book.year - 1} to ${book.year}`,
      )}
      source={source}
      rows={rows}
      caption={tongue.of(
        "Prosent siden året før; produksjon ut over behovet i prosentpoeng.",
        "Percent since the year before; production beyond need in percentage points.",
      )}
      chart={{
        draw,
        label: tongue.of(
          "Liggende søyler viser endringen siden året før.",
          "Bars show the change since the year before.",
        ),
      }}
      columns={[
        { head: "", cell: (row) => row.name },
        {
          head: tongue.of("Endring", "Change"),
          cell: (row) => {
            const figure = wholeChange(book, row);
            return isKnown(figure)
              ? knownQuantity(figure, changeForm(row.measure))
              : { absent: "" };
          },
        },
      ]}
    />
  );
}

function ChangeBySector({ book }: FigureOf): JSX.Element | null {
  const tongue = useTongue();
  const source = useSource(book);
  const rows = useMemo(
    () =>
      sectorRows(book, "efficiency", tongue, wholes(tongue)).filter((row) =>
        CHANGES.some((measure) => isKnown(find(book, "efficiency", measure)(row))),
      ),
    [book, tongue],
  );
  if (rows.length < 2) return null;
  return (
    <Figure
      id="change-sectors"
      title={tongue.of(
        "Endring siden året før, etter sektor",
        "Change since the year before, by sector",
      )}
      source={source}
      rows={rows}
      emphasis={rowEmphasis}
      columns={[
        { head: tongue.of("Sektor", "Sector"), cell: (row) => row.name },
        ...columnsOf(
          book,
          tongue,
          rows,
          CHANGES.map(
            (measure) =>
              [
                tongue.of(...CHANGE_NAMES[measure]),
                "efficiency",
                measure,
                changeForm(measure),
                measure === "production_beyond_need_percent"
                  ? tongue.of("prosentpoeng", "percentage points")
                  : "%",
              ] as const,
          ),
        ),
      ]}
    />
  );
}

export function ChangeFigures(props: FigureOf): JSX.Element {
  return (
    <>
      <ChangeOfWhole {...props} />
      <ChangeBySector {...props} />
    </>
  );
}
