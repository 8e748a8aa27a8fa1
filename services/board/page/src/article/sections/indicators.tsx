/** Sub-indices among the members, then each sector's indicators with contributions and flags. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { FORMS, type Form } from "../../base/number";
import { Figure } from "../../components/figure";
import { dotStrips } from "../charts/strips";
import { Words } from "../prose";
import type { Book } from "../text/book";
import { quantityOf, type Figure as TopicFigure } from "../text/figure";
import { sectorSentence } from "../text/indicators";
import type { Tongue } from "../text/tongue";
import {
  indexForm,
  measureColumn,
  offForm,
  rowEmphasis,
  sectorRows,
  stripsOf,
  deviationWords,
  useSource,
  useTongue,
  type FigureOf,
  type NamedRow,
} from "./common";

function SubIndices({ book, group }: FigureOf): JSX.Element {
  const tongue = useTongue();
  const source = useSource(book);
  const scale = book.edition.scale;
  const form = useMemo(() => offForm(scale), [scale]);
  const rows = useMemo(
    () => sectorRows(book, "index", tongue, { total: tongue.of("I alt", "All") }),
    [book, tongue],
  );
  const strips = useMemo(
    () => stripsOf(book, group, "index", "index", rows, form),
    [book, group, rows, form],
  );
  const draw = useMemo(() => dotStrips(strips, form), [strips, form]);
  const find =
    (measure: string) =>
    (row: NamedRow): TopicFigure | undefined =>
      book.figure({ topic: "index", sector: row.id, measure });
  const weight = (row: NamedRow): TopicFigure | undefined =>
    book.figure({ topic: "statistics", sector: row.id, measure: "weight", group: true });
  const index = indexForm(scale);
  const name = book.municipality.name;
  return (
    <Figure
      id="indicators-sectors"
      title={tongue.of(`Delindeksene for ${name}`, `Sub-indices of ${name}`)}
      source={source}
      rows={rows}
      emphasis={rowEmphasis}
      caption={deviationWords(book, strips, tongue)}
      chart={{
        draw,
        label: tongue.of(
          "Prikker viser delindeksene for alle kommunene i gruppen.",
          "Dots show the sub-indices of all municipalities in the group.",
        ),
      }}
      columns={[
        { head: tongue.of("Sektor", "Sector"), cell: (row) => row.name },
        measureColumn<NamedRow>(tongue, tongue.of("Indeks", "Index"), index, find("index")),
        measureColumn<NamedRow>(
          tongue,
          tongue.of("Uten imputerte", "Without imputed"),
          index,
          find("index_without_imputed"),
        ),
        measureColumn<NamedRow>(tongue, tongue.of("Plass", "Rank"), FORMS.whole, find("rank")),
        measureColumn<NamedRow>(tongue, tongue.of("Vekt", "Weight"), FORMS.share, weight, "%"),
        measureColumn<NamedRow>(
          tongue,
          tongue.of("Bidrag til totalen", "Contribution to the total"),
          index,
          find("contribution"),
        ),
      ]}
    />
  );
}

/** Raw figures have many units: as many decimals as their size needs. */
function rawForm(figure: TopicFigure | undefined): Form {
  const size = Math.abs(figure?.value ?? 0);
  return { decimals: size >= 100 ? 1 : size >= 1 ? 2 : 4 };
}

function SectorIndicators({
  book,
  sector,
}: {
  readonly book: Book;
  readonly sector: string;
}): JSX.Element {
  const tongue = useTongue();
  const source = useSource(book);
  const rows = useMemo(
    () =>
      book
        .indicators("indicator", sector)
        .map((id) => ({ id, name: book.indicatorName(sector, id, tongue.language) })),
    [book, sector, tongue],
  );
  const find =
    (measure: string) =>
    (row: NamedRow): TopicFigure | undefined =>
      book.figure({ topic: "indicator", sector, indicator: row.id, measure });
  const has = (measure: string): boolean =>
    rows.some((row) => find(measure)(row)?.value !== undefined);
  const index = indexForm(book.edition.scale);
  const part: Form = book.edition.scale === 1 ? { decimals: 4 } : { decimals: 2 };
  const raw = (head: string, measure: string) => ({
    head,
    cell: (row: NamedRow) =>
      quantityOf(find(measure)(row), rawForm(find(measure)(row)), tongue.language),
  });
  return (
    <Figure
      id={`indicators-${sector}`}
      title={book.name(sector, tongue.language)}
      source={source}
      rows={rows}
      caption={<SectorWords book={book} sector={sector} tongue={tongue} />}
      columns={[
        { head: tongue.of("Indikator", "Indicator"), cell: (row) => row.name },
        raw(tongue.of("Rapportert", "Reported"), "raw"),
        ...(has("corrected") ? [raw(tongue.of("Korrigert", "Corrected"), "corrected")] : []),
        measureColumn<NamedRow>(
          tongue,
          tongue.of("Normalisert", "Normalised"),
          index,
          find("normalized"),
        ),
        measureColumn<NamedRow>(
          tongue,
          tongue.of("Avvik", "Deviation"),
          offForm(book.edition.scale),
          find("normalized"),
          "%",
        ),
        measureColumn<NamedRow>(
          tongue,
          tongue.of("Vekt", "Weight"),
          FORMS.share,
          (row) =>
            book.figure({
              topic: "statistics",
              sector,
              indicator: row.id,
              measure: "weight",
              group: true,
            }),
          "%",
        ),
        measureColumn<NamedRow>(
          tongue,
          tongue.of("Bidrag til delindeksen", "Contribution to the sub-index"),
          part,
          find("contribution"),
        ),
        ...(has("contribution_to_total")
          ? [
              measureColumn<NamedRow>(
                tongue,
                tongue.of("Bidrag til totalen", "Contribution to the total"),
                part,
                find("contribution_to_total"),
              ),
            ]
          : []),
      ]}
    />
  );
}

function SectorWords({
  book,
  sector,
  tongue,
}: {
  readonly book: Book;
  readonly sector: string;
  readonly tongue: Tongue;
}): JSX.Element | null {
  const index = book.known({ topic: "index", sector, measure: "index" });
  return index === undefined ? null : <Words of={sectorSentence(book, sector, index, tongue)} />;
}

export function IndicatorFigures(props: FigureOf): JSX.Element {
  const sectors = props.book.sectors("indicator");
  return (
    <>
      <SubIndices {...props} />
      {sectors.map((sector) => (
        <SectorIndicators key={sector} book={props.book} sector={sector} />
      ))}
    </>
  );
}
