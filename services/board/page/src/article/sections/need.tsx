/** Figures of expenditure need: where each sector lies among the members, and what drives it. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { FORMS, type Form } from "../../base/number";
import { Figure } from "../../components/figure";
import { divergingBars, type Bar } from "../charts/bars";
import { OF } from "../charts/frame";
import { dotStrips } from "../charts/strips";
import { knownQuantity, type Known } from "../text/figure";
import { averageWords, driversOf, needHeading, reasonsOf, sectorFigures } from "../text/need";
import type { Book } from "../text/book";
import type { Tongue } from "../text/tongue";
import {
  measureColumn,
  POINTS_OF_INDEX,
  rowEmphasis,
  sectorRows,
  stripsOf,
  stripsWords,
  useSource,
  useTongue,
  type FigureOf,
  type NamedRow,
} from "./common";

function NeedBySector({ book, group }: FigureOf): JSX.Element {
  const tongue = useTongue();
  const source = useSource(book);
  const rows = useMemo(
    () => sectorRows(book, "need", tongue, { total: tongue.of("I alt", "All") }),
    [book, tongue],
  );
  const strips = useMemo(
    () => stripsOf(book, group, "need", "need_index", rows, FORMS.ratioAsPercent),
    [book, group, rows],
  );
  const draw = useMemo(() => dotStrips(strips, FORMS.ratioAsPercent), [strips]);
  const find = (measure: string) => (row: NamedRow) =>
    book.figure({ topic: "need", sector: row.id, measure });
  const column = (head: string, measure: string, form: Form, unit?: string) =>
    rows.some((row) => find(measure)(row) !== undefined)
      ? [measureColumn<NamedRow>(tongue, head, form, find(measure), unit)]
      : [];
  const name = book.municipality.name;
  const deviation = tongue.of(
    `Avvik fra ${averageWords(book, tongue)} i prosent.`,
    `Deviation from ${averageWords(book, tongue)} in percent.`,
  );
  return (
    <Figure
      id="need-sectors"
      title={tongue.of(
        `${needHeading(book, tongue)} per innbygger i ${name}, etter sektor`,
        `${needHeading(book, tongue)} per inhabitant in ${name}, by sector`,
      )}
      source={source}
      rows={rows}
      caption={`${deviation} ${stripsWords(book, strips, tongue)}`}
      chart={{
        draw,
        label: tongue.of(
          `Prikker viser ${name} mot de andre kommunene i hver sektor.`,
          `Dots show ${name} against the other municipalities in each sector.`,
        ),
      }}
      emphasis={rowEmphasis}
      columns={[
        { head: tongue.of("Sektor", "Sector"), cell: (row) => row.name },
        ...column(tongue.of("Behovsindeks", "Need index"), "need_index", FORMS.ratio),
        ...column(tongue.of("Avvik", "Deviation"), "need_index", FORMS.ratioAsPercent, "%"),
        ...column(
          tongue.of("Publisert indeks", "Published index"),
          "published_need_index",
          FORMS.ratio,
        ),
        ...column(
          tongue.of("Beregnet behov", "Calculated need"),
          "need_kr_per_capita",
          FORMS.kr,
          tongue.of("kr per innbygger", "NOK per inhabitant"),
        ),
        ...column(
          tongue.of("Korrigert folketall", "Corrected population"),
          "need_population",
          FORMS.whole,
        ),
      ]}
    />
  );
}

interface DriverRow extends NamedRow {
  readonly sector: string;
  readonly figure: Known;
}

const SECTORS_DRAWN = 3;
const DRIVERS_DRAWN = 5;

function driverRows(book: Book, tongue: Tongue): readonly DriverRow[] {
  return book.sectors("need").flatMap((sector) =>
    driversOf(book, sector).map(({ criterion, figure }) => ({
      id: criterion,
      name: book.name(criterion, tongue.language),
      sector,
      figure,
    })),
  );
}

/** The sectors that lie furthest from the average, the largest drivers of each. */
function driverBars(book: Book, rows: readonly DriverRow[], tongue: Tongue): readonly Bar[] {
  const far = [...sectorFigures(book, "need", "need_index")].sort(
    (a, b) => Math.abs(b.figure.value - 1) - Math.abs(a.figure.value - 1),
  );
  return far
    .filter(({ sector }) => reasonsOf(driversOf(book, sector)).length > 0)
    .slice(0, SECTORS_DRAWN)
    .flatMap(({ sector, figure }) => {
      const largest = rows
        .filter((row) => row.sector === sector)
        .sort((a, b) => Math.abs(b.figure.value) - Math.abs(a.figure.value))
        .slice(0, DRIVERS_DRAWN)
        .sort((a, b) => b.figure.value - a.figure.value);
      const name = book.name(sector, tongue.language);
      return [
        { label: name, sum: true, quantity: knownQuantity(figure, FORMS.ratioAsPercent) },
        ...largest.map((row) => ({
          label: `${row.name}${OF}${name}`,
          quantity: knownQuantity(row.figure, POINTS_OF_INDEX),
        })),
      ];
    });
}

function Drivers({ book }: FigureOf): JSX.Element | null {
  const tongue = useTongue();
  const source = useSource(book);
  const rows = useMemo(() => driverRows(book, tongue), [book, tongue]);
  const draw = useMemo(
    () => divergingBars(driverBars(book, rows, tongue), POINTS_OF_INDEX),
    [book, rows, tongue],
  );
  if (rows.length === 0) return null;
  return (
    <Figure
      id="need-drivers"
      title={tongue.of("Hva som trekker behovet opp og ned", "What raises and lowers need")}
      source={source}
      rows={rows}
      caption={tongue.of(
        "Prosentpoeng som hvert kriterium gir i sektorens behovsindeks. Sektorene lengst fra " +
          "gjennomsnittet, med de største bidragene; alle står i tabellen.",
        "Percentage points that each criterion gives in the sector's need index. The sectors " +
          "furthest from the average, with the largest contributions; the table has all.",
      )}
      chart={{
        draw,
        label: tongue.of(
          "Liggende søyler viser hvor mye hvert kriterium trekker behovet opp eller ned.",
          "Bars show how much each criterion raises or lowers need.",
        ),
      }}
      columns={[
        {
          head: tongue.of("Sektor", "Sector"),
          cell: (row) => book.name(row.sector, tongue.language),
        },
        { head: tongue.of("Kriterium", "Criterion"), cell: (row) => row.name },
        measureColumn<DriverRow>(
          tongue,
          tongue.of("Bidrag", "Contribution"),
          POINTS_OF_INDEX,
          (row) => row.figure,
          tongue.of("prosentpoeng", "percentage points"),
        ),
      ]}
    />
  );
}

export function NeedFigures(props: FigureOf): JSX.Element {
  return (
    <>
      <NeedBySector {...props} />
      <Drivers {...props} />
    </>
  );
}
