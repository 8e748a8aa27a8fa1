/** Figures of population: index of all and of age groups, against the other members. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { FORMS, type Form } from "../../base/number";
import { Figure } from "../../components/figure";
import { lines, type LinePoint } from "../charts/lines";
import type { Book } from "../text/book";
import { isKnown, knownQuantity } from "../text/figure";
import { ageName, agesOf, spanOf } from "../text/population";
import { capital } from "../text/section";
import type { Tongue } from "../text/tongue";
import {
  dashedWords,
  measureColumn,
  useSource,
  useTongue,
  type FigureOf,
  type NamedRow,
} from "./common";

interface YearRow extends NamedRow {
  readonly age: string | undefined;
  readonly year: number;
}

function panelName(book: Book, age: string | undefined, tongue: Tongue): string {
  if (age === undefined) return tongue.of("Alle aldre", "All ages");
  return capital(ageName(book, age, tongue));
}

/** Every age group and year with a number of people. */
function yearRows(book: Book, tongue: Tongue): readonly YearRow[] {
  return [undefined, ...agesOf(book)].flatMap((age) =>
    book
      .series({ topic: "demography", sector: "total", indicator: age, measure: "population" })
      .map(({ year }) => ({ id: age ?? "", name: panelName(book, age, tongue), age, year })),
  );
}

function points(
  book: Book,
  rows: readonly YearRow[],
  names: readonly [string, string],
): readonly LinePoint[] {
  return rows.flatMap(({ age, year, name }) =>
    [true, false].flatMap((own) => {
      const figure = book.figure({
        topic: "demography",
        sector: "total",
        indicator: age,
        year,
        measure: own ? "population_index" : "population_index_others",
      });
      return isKnown(figure)
        ? [
            {
              panel: name,
              series: own ? names[0] : names[1],
              own,
              year,
              quantity: knownQuantity(figure, FORMS.ratioAsPercent),
              projected: figure.flags.includes("projected"),
            },
          ]
        : [];
    }),
  );
}

export function PopulationFigures({ book }: FigureOf): JSX.Element {
  const tongue = useTongue();
  const source = useSource(book);
  const rows = useMemo(() => yearRows(book, tongue), [book, tongue]);
  const name = book.municipality.name;
  const names = useMemo(
    () => [name, tongue.of("De andre kommunene", "The other municipalities")] as const,
    [name, tongue],
  );
  const draw = useMemo(
    () =>
      lines({
        panels: [...new Set(rows.map((row) => row.name))],
        points: points(book, rows, names),
        names,
        form: FORMS.ratioAsPercent,
      }),
    [book, rows, names],
  );
  const dashed = useMemo(
    () => dashedWords(points(book, rows, names), tongue),
    [book, rows, names, tongue],
  );
  const span = spanOf(book);
  const several = span !== undefined && span.first !== span.last;
  const base = span?.base;
  const find = (measure: string) => (row: YearRow) =>
    book.figure({
      topic: "demography",
      sector: "total",
      indicator: row.age,
      year: row.year,
      measure,
    });
  const column = (head: string, measure: string, form: Form, unit?: string) =>
    measureColumn<YearRow>(tongue, head, form, find(measure), unit);
  return (
    <Figure
      id="population-ages"
      title={tongue.of(`Folketallet i ${name} etter alder`, `Population of ${name} by age`)}
      source={source}
      rows={rows}
      caption={tongue.of(
        `Endring i prosent fra ${base ?? "basisåret"}.${dashed}`,
        `Change in percent from ${base ?? "the base year"}.${dashed}`,
      )}
      {...(several
        ? {
            chart: {
              draw,
              label: tongue.of(
                "Linjer viser folketallet i aldersgrupper mot de andre kommunene samlet.",
                "Lines show people of age groups against the other municipalities together.",
              ),
            },
          }
        : {})}
      columns={[
        { head: tongue.of("Alder", "Age"), cell: (row) => row.name },
        { head: tongue.of("År", "Year"), cell: (row) => String(row.year) },
        column(tongue.of("Innbyggere", "Inhabitants"), "population", FORMS.whole),
        column(tongue.of("Indeks", "Index"), "population_index", FORMS.ratio),
        column(tongue.of("De andre", "Others"), "population_index_others", FORMS.ratio),
        column(
          tongue.of("Vekst i året", "Growth a year"),
          "population_growth_percent",
          FORMS.percentSigned,
          "%",
        ),
        column(
          tongue.of("Vekst i året", "Growth a year"),
          "population_growth_persons",
          { decimals: 0, signed: true },
          tongue.of("personer", "persons"),
        ),
      ]}
    />
  );
}
