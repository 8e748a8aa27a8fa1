/** Figures of what a changing population costs: by service and year, as an index, next year's
 * table. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { FORMS, type Form } from "../../base/number";
import { Figure } from "../../components/figure";
import type { Column } from "../../components/table";
import { lines, type LinePoint } from "../charts/lines";
import { stackedBars, type StackPart } from "../charts/stacks";
import type { Book } from "../text/book";
import { costAges, nextYear, services } from "../text/demography_cost";
import { isKnown, knownQuantity, quantityOf, type Figure as TopicFigure } from "../text/figure";
import { ageName, spanOf } from "../text/population";
import { capital } from "../text/section";
import type { Tongue } from "../text/tongue";
import {
  dashedWords,
  measureColumn,
  rowEmphasis,
  useSource,
  useTongue,
  type FigureOf,
  type NamedRow,
} from "./common";

const MILLION: Form = { decimals: 1, signed: true, unit: "million_kr" };

function cost(
  book: Book,
  sector: string,
  measure: string,
  year: number,
  age?: string,
): TopicFigure | undefined {
  return book.figure({ topic: "demography", sector, measure, year, indicator: age });
}

interface YearRow extends NamedRow {
  readonly year: number;
}

function costYears(book: Book): readonly YearRow[] {
  return book
    .series({ topic: "demography", sector: "total", measure: "cost_million_kr" })
    .map(({ year }) => ({ id: String(year), name: String(year), year }));
}

function stackParts(
  book: Book,
  rows: readonly YearRow[],
  sectors: readonly string[],
  tongue: Tongue,
): readonly StackPart[] {
  return rows.flatMap(({ year }) =>
    sectors.flatMap((sector) => {
      const figure = cost(book, sector, "cost_million_kr", year);
      return isKnown(figure)
        ? [{ year, series: nameOf(book, sector, tongue), quantity: knownQuantity(figure, MILLION) }]
        : [];
    }),
  );
}

function nameOf(book: Book, sector: string, tongue: Tongue): string {
  return sector === "total" ? tongue.of("I alt", "All") : book.name(sector, tongue.language);
}

/** The years between the first and the last that are not there. */
export function yearsBetween(years: readonly number[]): readonly number[] {
  const [first, last] = [Math.min(...years), Math.max(...years)];
  const there = new Set(years);
  return Array.from({ length: Math.max(0, last - first) }, (_, at) => first + at).filter(
    (year) => !there.has(year),
  );
}

function lackingWords(years: readonly number[], tongue: Tongue): string {
  if (years.length === 0) return "";
  const list = tongue.list(years.map(String));
  return tongue.of(` Uten tall: ${list}.`, ` Without figures: ${list}.`);
}

function CostByYear({ book }: FigureOf): JSX.Element | null {
  const tongue = useTongue();
  const source = useSource(book);
  const rows = useMemo(() => costYears(book), [book]);
  const sectors = useMemo(() => services(book), [book]);
  const draw = useMemo(
    () =>
      stackedBars({
        series: sectors.map((id) => nameOf(book, id, tongue)),
        parts: stackParts(book, rows, sectors, tongue),
        totals: stackParts(book, rows, ["total"], tongue),
        whole: tongue.of("I alt", "All"),
        form: MILLION,
      }),
    [book, rows, sectors, tongue],
  );
  const find = (sector: string, measure: string) => (row: YearRow) =>
    cost(book, sector, measure, row.year);
  const unit = tongue.of("mill. kr", "NOK million");
  const lacking = yearsBetween(rows.map((row) => row.year));
  return (
    <Figure
      id="demography-cost-years"
      title={tongue.of(
        `Hva endret befolkning koster eller frigjør, ${lacking.length > 0 ? "per år" : "år for år"}`,
        "What a changed population costs or releases, " +
          (lacking.length > 0 ? "in single years" : "year by year"),
      )}
      source={source}
      rows={rows}
      caption={`${tongue.of(
        "Millioner kroner mot året før, ved landets standard og i satsenes priser. Over null: " +
          "behovet øker. Under null: penger frigjøres. Prikken og tallet over søylen er summen.",
        "Million kroner against the year before, at the country's standard and in the prices of " +
          "the rates. Above zero: need grows. Below zero: money is released. The dot and " +
          "the number above the bar are the sum.",
      )}${lackingWords(lacking, tongue)}`}
      chart={{
        draw,
        label: tongue.of(
          "Stablede søyler viser kostnaden per tjeneste og år.",
          "Stacked bars show the cost by service and year.",
        ),
      }}
      columns={[
        { head: tongue.of("År", "Year"), cell: (row) => row.name },
        ...sectors.map((id) =>
          measureColumn<YearRow>(
            tongue,
            nameOf(book, id, tongue),
            MILLION,
            find(id, "cost_million_kr"),
            unit,
          ),
        ),
        measureColumn<YearRow>(
          tongue,
          tongue.of("I alt", "All"),
          MILLION,
          find("total", "cost_million_kr"),
          unit,
        ),
        measureColumn<YearRow>(
          tongue,
          tongue.of("Per innbygger", "Per inhabitant"),
          FORMS.krSigned,
          find("total", "cost_kr_per_capita"),
          tongue.of("kr", "NOK"),
        ),
      ]}
    />
  );
}

interface IndexRow extends YearRow {
  readonly sector: string;
}

function indexPoints(book: Book, rows: readonly IndexRow[]): readonly LinePoint[] {
  return rows.flatMap(({ sector, year, name }) => {
    const figure = cost(book, sector, "need_index", year);
    return isKnown(figure)
      ? [
          {
            panel: name,
            series: book.municipality.name,
            own: true,
            year,
            quantity: knownQuantity(figure, FORMS.ratioAsPercent),
            projected: figure.flags.includes("projected"),
          },
        ]
      : [];
  });
}

function CostIndex({ book }: FigureOf): JSX.Element | null {
  const tongue = useTongue();
  const source = useSource(book);
  const rows = useMemo(
    () =>
      ["total", ...services(book)].flatMap((sector) =>
        book
          .series({ topic: "demography", sector, measure: "need_index" })
          .map(({ year }): IndexRow => ({
            id: sector,
            name: nameOf(book, sector, tongue),
            sector,
            year,
          })),
      ),
    [book, tongue],
  );
  const draw = useMemo(
    () =>
      lines({
        panels: [...new Set(rows.map((row) => row.name))],
        points: indexPoints(book, rows),
        names: [book.municipality.name, ""],
        form: FORMS.ratioAsPercent,
      }),
    [book, rows],
  );
  const dashed = useMemo(() => dashedWords(indexPoints(book, rows), tongue), [book, rows, tongue]);
  const base = spanOf(book)?.base;
  if (new Set(rows.map((row) => row.year)).size < 2) return null;
  const care = rows.some((row) => isKnown(cost(book, row.sector, "care_need_index", row.year)));
  return (
    <Figure
      id="demography-cost-index"
      title={tongue.of(
        "Utgiftsbehov etter alder som indeks",
        "Expenditure need by age as an index",
      )}
      source={source}
      rows={rows}
      caption={tongue.of(
        `Hvor mye mer eller mindre befolkningen krever enn i ${base ?? "basisåret"}, i prosent.${dashed}`,
        `How much more or less the population requires than in ${base ?? "the base year"}, in ` +
          `percent.${dashed}`,
      )}
      chart={{
        draw,
        label: tongue.of(
          "Linjer viser behovet etter alder år for år, i alt og per tjeneste.",
          "Lines show need by age year by year, in all and by service.",
        ),
      }}
      columns={[
        { head: tongue.of("Tjeneste", "Service"), cell: (row) => row.name },
        { head: tongue.of("År", "Year"), cell: (row) => String(row.year) },
        measureColumn<IndexRow>(tongue, tongue.of("Indeks", "Index"), FORMS.ratio, (row) =>
          cost(book, row.sector, "need_index", row.year),
        ),
        measureColumn<IndexRow>(
          tongue,
          tongue.of("Siden basisåret", "Since the base year"),
          MILLION,
          (row) => cost(book, row.sector, "cost_since_base_million_kr", row.year),
          tongue.of("mill. kr", "NOK million"),
        ),
        ...(care
          ? [
              measureColumn<IndexRow>(
                tongue,
                tongue.of("Omsorgsbehov", "Care need"),
                FORMS.index,
                (row) => cost(book, row.sector, "care_need_index", row.year),
              ),
            ]
          : []),
      ]}
    />
  );
}

interface AgeRow extends NamedRow {
  readonly age: string | undefined;
}

/** METHOD D6: service by age group, million kr. */
function NextYear({ book }: FigureOf): JSX.Element | null {
  const tongue = useTongue();
  const source = useSource(book);
  const year = nextYear(book) ?? book.year;
  const rows = useMemo(
    (): readonly AgeRow[] => [
      ...costAges(book, year).map((age) => ({
        id: age,
        name: capital(ageName(book, age, tongue)),
        age,
      })),
      { id: "total", name: tongue.of("I alt", "All"), age: undefined, sum: true },
    ],
    [book, year, tongue],
  );
  const columns: readonly Column<AgeRow>[] = [...services(book, year), "total"].map((sector) => ({
    head: nameOf(book, sector, tongue),
    cell: (row) =>
      quantityOf(
        cost(book, sector, "cost_million_kr", year, row.age),
        { decimals: 1, signed: true },
        tongue.language,
      ),
  }));
  return (
    <Figure
      id="demography-cost-next"
      title={tongue.of(
        `Befolkningsendringen fra ${year - 1} til ${year}, millioner kroner`,
        `The change in population from ${year - 1} to ${year}, million kroner`,
      )}
      source={source}
      rows={rows}
      caption={tongue.of(
        "Per aldersgruppe og tjeneste. Tallene er avrundet hver for seg og summerer derfor ikke " +
          "alltid i siste siffer.",
        "By age group and service. Numbers are rounded one by one, so the last digit does not " +
          "always add up.",
      )}
      emphasis={rowEmphasis}
      columns={[{ head: tongue.of("Alder", "Age"), cell: (row) => row.name }, ...columns]}
    />
  );
}

export function DemographyCostFigures(props: FigureOf): JSX.Element {
  return (
    <>
      <CostByYear {...props} />
      <CostIndex {...props} />
      <NextYear {...props} />
    </>
  );
}
