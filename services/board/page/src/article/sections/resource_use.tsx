/** Figures of resource use: income and its uses, inside and outside the income system, allocation.
 */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { FORMS } from "../../base/number";
import { Figure } from "../../components/figure";
import type { Column } from "../../components/table";
import { divergingBars, waterfall } from "../charts/bars";
import { dotStrips } from "../charts/strips";
import type { Book } from "../text/book";
import type { Figure as TopicFigure } from "../text/figure";
import { allocations, useName, usesOf } from "../text/resource_use";
import { capital } from "../text/section";
import type { Tongue } from "../text/tongue";
import {
  barsOf,
  hasOthers,
  knownColumns,
  measureColumn,
  rowEmphasis,
  sectorRows,
  stripsOf,
  stripsWords,
  useSource,
  useTongue,
  type FigureOf,
  type NamedRow,
  type WantedColumn,
} from "./common";

const KR = FORMS.krSigned;

function use(book: Book, sector: string, measure: string): TopicFigure | undefined {
  return book.figure({ topic: "resource-use", sector, measure });
}

function columns(
  book: Book,
  tongue: Tongue,
  rows: readonly NamedRow[],
  wanted: readonly WantedColumn[],
): readonly Column<NamedRow>[] {
  return knownColumns(tongue, rows, wanted, (row, measure) => use(book, row.id, measure));
}

function deviations(
  book: Book,
  tongue: Tongue,
  rows: readonly NamedRow[],
): readonly Column<NamedRow>[] {
  const kr = tongue.of("kr per innbygger", "NOK per inhabitant");
  const need: Column<NamedRow> = measureColumn<NamedRow>(
    tongue,
    tongue.of("Behov", "Need"),
    FORMS.kr,
    (row) =>
      book.figure({
        topic: "need",
        sector: row.id === "inside" ? "total" : row.id,
        measure: "need_kr_per_capita",
      }),
    kr,
  );
  const hasNeed = rows.some((row) =>
    book.known({ topic: "need", sector: row.id, measure: "need_kr_per_capita" }),
  );
  return [
    ...columns(book, tongue, rows, [
      [tongue.of("Netto utgift", "Net expenditure"), "net_expenditure_kr_per_capita", FORMS.kr, kr],
      [
        tongue.of("Korrigert utgift", "Adjusted expenditure"),
        "adjusted_expenditure_kr_per_capita",
        FORMS.kr,
        kr,
      ],
    ]),
    ...(hasNeed ? [need] : []),
    ...columns(book, tongue, rows, [
      [tongue.of("Avvik", "Deviation"), "deviation_kr_per_capita", KR, kr],
      [
        tongue.of("Avvik", "Deviation"),
        "deviation_million_kr",
        FORMS.millionKrSigned,
        tongue.of("mill. kr", "NOK million"),
      ],
      [tongue.of("Avvik", "Deviation"), "deviation_percent", FORMS.percentSigned, "%"],
      [
        tongue.of("Endring fra året før", "Change since the year before"),
        "deviation_change_kr_per_capita",
        KR,
        kr,
      ],
    ]),
  ];
}

/** Sectors inside or outside, with their sum. */
function placeRows(book: Book, place: "inside" | "outside", tongue: Tongue): readonly NamedRow[] {
  const sectors = new Set(book.edition.sectors.map((sector) => sector.id));
  return sectorRows(book, "resource-use", tongue, { [place]: tongue.of("I alt", "All") }).filter(
    (row) =>
      row.sum === true || (sectors.has(row.id) && book.isOutside(row.id) === (place === "outside")),
  );
}

function BySector({
  book,
  place,
}: FigureOf & { readonly place: "inside" | "outside" }): JSX.Element {
  const tongue = useTongue();
  const source = useSource(book);
  const rows = useMemo(() => placeRows(book, place, tongue), [book, place, tongue]);
  const draw = useMemo(
    () =>
      divergingBars(
        barsOf(rows, (row) => use(book, row.id, "deviation_kr_per_capita"), KR),
        KR,
      ),
    [book, rows],
  );
  const name = book.municipality.name;
  const title =
    place === "inside"
      ? tongue.of(
          `Hva ${name} bruker mot beregnet behov`,
          `What ${name} spends against calculated need`,
        )
      : tongue.of(
          `Hva ${name} bruker mot landet utenfor inntektssystemet`,
          `What ${name} spends against the country outside the income system`,
        );
  return (
    <Figure
      id={`use-${place}`}
      title={title}
      source={source}
      rows={rows}
      emphasis={rowEmphasis}
      caption={
        place === "inside"
          ? tongue.of(
              "Kroner per innbygger. Til høyre: bruker mer enn behovet. Til venstre: mindre.",
              "Kroner per inhabitant. To the right: more is spent than need. To the left: less.",
            )
          : tongue.of(
              "Kroner per innbygger. Til høyre: bruker mer enn landet. Til venstre: mindre.",
              "Kroner per inhabitant. To the right: more is spent than in the country. To the " +
                "left: less.",
            )
      }
      chart={{
        draw,
        label: tongue.of(
          "Liggende søyler viser avviket per sektor i kroner per innbygger.",
          "Bars show the deviation of each sector in kroner per inhabitant.",
        ),
      }}
      columns={[
        { head: tongue.of("Sektor", "Sector"), cell: (row) => row.name },
        ...deviations(book, tongue, rows),
      ]}
    />
  );
}

function AgainstOthers({ book, group }: FigureOf): JSX.Element | null {
  const tongue = useTongue();
  const source = useSource(book);
  const rows = useMemo(() => placeRows(book, "inside", tongue), [book, tongue]);
  const strips = useMemo(
    () => stripsOf(book, group, "resource-use", "deviation_percent", rows, FORMS.percentSigned),
    [book, group, rows],
  );
  const draw = useMemo(() => dotStrips(strips, FORMS.percentSigned), [strips]);
  if (!hasOthers(strips)) return null;
  const name = book.municipality.name;
  return (
    <Figure
      id="use-inside-members"
      title={tongue.of(
        `${name} mot de andre kommunene: avvik fra behovet i prosent`,
        `${name} against the other municipalities: deviation from need in percent`,
      )}
      source={source}
      rows={strips}
      caption={stripsWords(book, strips, tongue)}
      chart={{
        draw,
        label: tongue.of(
          "Prikker viser avviket fra behovet for alle kommunene i gruppen.",
          "Dots show the deviation from need of all municipalities in the group.",
        ),
      }}
      columns={[
        { head: tongue.of("Sektor", "Sector"), cell: (row) => row.label },
        { head: name, unit: "%", cell: (row) => row.own.quantity },
        ...(strips.some((row) => row.others.length > MEMBERS_IN_TABLE)
          ? []
          : memberColumns(strips)),
      ]}
    />
  );
}

const MEMBERS_IN_TABLE = 12;

/** A column for each of the others. */
function memberColumns(
  strips: readonly ReturnType<typeof stripsOf>[number][],
): readonly Column<ReturnType<typeof stripsOf>[number]>[] {
  const names = [...new Set(strips.flatMap((strip) => strip.others.map((dot) => dot.member)))];
  return names.map((member) => ({
    head: member,
    unit: "%",
    cell: (row) => row.others.find((dot) => dot.member === member)?.quantity ?? { absent: "" },
  }));
}

export function InsideFigures(props: FigureOf): JSX.Element {
  return (
    <>
      <BySector {...props} place="inside" />
      <AgainstOthers {...props} />
    </>
  );
}

export function OutsideFigures(props: FigureOf): JSX.Element {
  return <BySector {...props} place="outside" />;
}

export function IncomeFigures({ book }: FigureOf): JSX.Element {
  const tongue = useTongue();
  const source = useSource(book);
  const rows = useMemo(
    (): readonly NamedRow[] => [
      ...usesOf(book).map(({ sector }) => ({
        id: sector,
        name: capital(useName(book, sector, tongue)),
      })),
      {
        id: "disposable_income",
        name: capital(useName(book, "disposable_income", tongue)),
        sum: true,
      },
    ],
    [book, tongue],
  );
  const draw = useMemo(
    () =>
      waterfall(
        barsOf(rows, (row) => use(book, row.id, "deviation_kr_per_capita"), KR),
        KR,
      ),
    [book, rows],
  );
  const name = book.municipality.name;
  return (
    <Figure
      id="income-uses"
      title={tongue.of(
        `Hva ${name} bruker inntekten til, mot landet`,
        `What ${name} uses its income for, against the country`,
      )}
      source={source}
      rows={rows}
      emphasis={rowEmphasis}
      caption={tongue.of(
        "Kroner per innbygger mer eller mindre enn landet, korrigert for utgiftsbehov. Hver " +
          "søyle begynner der den forrige slutter; summen er avviket i disponibel inntekt.",
        "Kroner per inhabitant more or less than the country, adjusted for need. Each bar " +
          "begins where the one before ended; the sum is the deviation in disposable income.",
      )}
      chart={{
        draw,
        label: tongue.of(
          "Søyler viser hva avviket i disponibel inntekt brukes til.",
          "Bars show what the deviation in disposable income is used for.",
        ),
      }}
      columns={[
        { head: tongue.of("Anvendelse", "Use"), cell: (row) => row.name },
        ...columns(book, tongue, rows, [
          [
            tongue.of("Avvik", "Deviation"),
            "deviation_kr_per_capita",
            KR,
            tongue.of("kr per innbygger", "NOK per inhabitant"),
          ],
          [
            tongue.of("Avvik", "Deviation"),
            "deviation_million_kr",
            FORMS.millionKrSigned,
            tongue.of("mill. kr", "NOK million"),
          ],
        ]),
        measureColumn<NamedRow>(
          tongue,
          tongue.of("Landets andel", "The country's share"),
          FORMS.share,
          (row) =>
            book.figure({
              topic: "resource-use",
              sector: row.id,
              measure: "income_share",
              group: true,
            }),
          "%",
        ),
      ]}
    />
  );
}

export function AllocationFigures({ book }: FigureOf): JSX.Element {
  const tongue = useTongue();
  const source = useSource(book);
  const rows = useMemo(
    () =>
      [...allocations(book)]
        .sort((a, b) => b.figure.value - a.figure.value)
        .map(({ sector }) => ({ id: sector, name: capital(useName(book, sector, tongue)) })),
    [book, tongue],
  );
  const draw = useMemo(
    () =>
      divergingBars(
        barsOf(rows, (row) => use(book, row.id, "income_adjusted_kr_per_capita"), KR),
        KR,
      ),
    [book, rows],
  );
  const name = book.municipality.name;
  return (
    <Figure
      id="allocation-sectors"
      title={tongue.of(
        `Hva ${name} prioriterer, gitt inntekten`,
        `What ${name} gives priority, given its income`,
      )}
      source={source}
      rows={rows}
      caption={tongue.of(
        "Kroner per innbygger mer eller mindre enn om inntekten ble fordelt som i landet. " +
          "Summen er null.",
        "Kroner per inhabitant more or less than if income were spread as in the country. They " +
          "add up to zero.",
      )}
      chart={{
        draw,
        label: tongue.of(
          "Liggende søyler viser inntektsjustert fordeling.",
          "Bars show the income-adjusted allocation.",
        ),
      }}
      columns={[
        { head: tongue.of("Formål", "Purpose"), cell: (row) => row.name },
        ...columns(book, tongue, rows, [
          [
            tongue.of("Avvik", "Deviation"),
            "deviation_kr_per_capita",
            KR,
            tongue.of("kr per innbygger", "NOK per inhabitant"),
          ],
          [
            tongue.of("Inntektsjustert", "Income-adjusted"),
            "income_adjusted_kr_per_capita",
            KR,
            tongue.of("kr per innbygger", "NOK per inhabitant"),
          ],
        ]),
      ]}
    />
  );
}
