/** Figures of unit costs: groups against the grant, services against their rate, a trial's parts.
 */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { FORMS, type Form } from "../../base/number";
import { Figure } from "../../components/figure";
import type { Column } from "../../components/table";
import { divergingBars } from "../charts/bars";
import type { Book } from "../text/book";
import { isKnown, type Figure as TopicFigure } from "../text/figure";
import type { Tongue } from "../text/tongue";
import { costSectors } from "../text/unit_cost";
import {
  barsOf,
  knownColumns,
  measureColumn,
  rowEmphasis,
  useSource,
  useTongue,
  type FigureOf,
  type NamedRow,
  type WantedColumn,
} from "./common";

type CostRow = NamedRow & { readonly sector: string; readonly indicator?: string };

function cost(book: Book, row: CostRow, measure: string, group?: true): TopicFigure | undefined {
  return book.figure({
    topic: "unit-cost",
    sector: row.sector,
    indicator: row.indicator,
    measure,
    ...(group === true ? { group } : {}),
  });
}

function columnsOf(
  book: Book,
  tongue: Tongue,
  rows: readonly CostRow[],
  wanted: readonly WantedColumn[],
): readonly Column<CostRow>[] {
  return knownColumns(tongue, rows, wanted, (row, measure) => cost(book, row, measure));
}

/** Cost groups with expenditure or grant, their sum last. */
function groupRows(book: Book, tongue: Tongue): readonly CostRow[] {
  const groups = costSectors(book).map((sector): CostRow => ({
    id: sector,
    sector,
    name: book.name(sector, tongue.language),
  }));
  const all: CostRow = {
    id: "services",
    sector: "services",
    name: tongue.of("Tjenestene i alt", "All services"),
    sum: true,
  };
  return [...groups, all].filter(
    (row) =>
      isKnown(cost(book, row, "net_expenditure_million_kr")) ||
      isKnown(cost(book, row, "grant_million_kr")),
  );
}

function Groups({ book }: FigureOf): JSX.Element | null {
  const tongue = useTongue();
  const source = useSource(book);
  const rows = useMemo(() => groupRows(book, tongue), [book, tongue]);
  const form = FORMS.millionKrSigned;
  const draw = useMemo(
    () =>
      divergingBars(
        barsOf(rows, (row) => cost(book, row, "gain_million_kr"), form),
        form,
      ),
    [book, rows, form],
  );
  if (rows.length === 0) return null;
  const unit = tongue.of("mill. kr", "NOK million");
  return (
    <Figure
      id="unit-cost-groups"
      title={tongue.of(
        "Gevinst og tap mot de nasjonale satsene",
        "Gain and loss against the national rates",
      )}
      source={source}
      rows={rows}
      emphasis={rowEmphasis}
      caption={tongue.of(
        "Tilskudd etter satsene minus netto utgift, millioner kroner. Til høyre: tjenesten er " +
          "billigere enn satsen.",
        "Grant by the rates less net expenditure, million kroner. To the right: the service is " +
          "cheaper than the rate.",
      )}
      chart={{
        draw,
        label: tongue.of(
          "Liggende søyler viser gevinst og tap per tjenestegruppe.",
          "Bars show gain and loss by group of services.",
        ),
      }}
      columns={[
        { head: tongue.of("Tjenester", "Services"), cell: (row) => row.name },
        ...columnsOf(book, tongue, rows, [
          [
            tongue.of("Netto utgift", "Net expenditure"),
            "net_expenditure_million_kr",
            FORMS.millionKr,
            unit,
          ],
          [tongue.of("Tilskudd", "Grant"), "grant_million_kr", FORMS.millionKr, unit],
          [tongue.of("Gevinst", "Gain"), "gain_million_kr", FORMS.millionKrSigned, unit],
          [
            tongue.of("Gevinst", "Gain"),
            "gain_percent",
            FORMS.percentSigned,
            tongue.of("% av tilskudd", "% of grant"),
          ],
          [
            tongue.of("Utgift per tilskuddskrone", "Expenditure per krone of grant"),
            "ratio",
            FORMS.ratio,
          ],
          [
            tongue.of("Uten foreløpige", "Without preliminary"),
            "gain_without_preliminary_million_kr",
            FORMS.millionKrSigned,
            unit,
          ],
          [
            tongue.of("Publisert gevinst", "Published gain"),
            "published_gain_million_kr",
            FORMS.millionKrSigned,
            unit,
          ],
        ]),
      ]}
    />
  );
}

/** Every service with a unit cost, by group. */
function serviceRows(book: Book, tongue: Tongue): readonly CostRow[] {
  return costSectors(book)
    .flatMap((sector) =>
      book.indicators("unit-cost", sector).map((id): CostRow => ({
        id,
        sector,
        indicator: id,
        name: book.name(id, tongue.language),
      })),
    )
    .filter((row) => isKnown(cost(book, row, "unit_cost_kr")));
}

function Services({ book }: FigureOf): JSX.Element | null {
  const tongue = useTongue();
  const source = useSource(book);
  const rows = useMemo(() => serviceRows(book, tongue), [book, tongue]);
  if (rows.length === 0) return null;
  const kr = tongue.of("kr", "NOK");
  return (
    <Figure
      id="unit-cost-services"
      title={tongue.of("Hva en time eller et døgn koster", "What an hour or a day costs")}
      source={source}
      rows={rows}
      columns={[
        { head: tongue.of("Tjeneste", "Service"), cell: (row) => row.name },
        ...columnsOf(book, tongue, rows, [
          [tongue.of("Mengde", "Quantity"), "quantity", FORMS.whole],
          [tongue.of("Enhetskostnad", "Unit cost"), "unit_cost_kr", FORMS.kr, kr],
          [tongue.of("De andre", "Others"), "unit_cost_others_kr", FORMS.kr, kr],
        ]),
        measureColumn<CostRow>(
          tongue,
          tongue.of("Nasjonal sats", "National rate"),
          FORMS.kr,
          (row) =>
            book.figure({
              topic: "unit-cost",
              sector: row.sector,
              indicator: row.indicator,
              measure: "rate_kr",
              group: true,
            }) ??
            book.figure({
              topic: "unit-cost",
              sector: "services",
              indicator: row.indicator,
              measure: "rate_kr",
              group: true,
            }),
          kr,
        ),
        ...columnsOf(book, tongue, rows, [
          [tongue.of("Sats minus kostnad", "Rate less cost"), "deviation_kr", FORMS.krSigned, kr],
        ]),
      ]}
    />
  );
}

interface FactRow extends CostRow {
  readonly measure: string;
  readonly form: Form;
}

/** The other parts of the topic, each measure a row. */
const FACTS: readonly (readonly [
  sector: string,
  measure: string,
  form: Form,
  nb: string,
  en: string,
])[] = [
  ["grants", "grant_million_kr", FORMS.millionKr, "Tilskudd i alt", "Grants in all"],
  [
    "grants",
    "deduction_million_kr",
    FORMS.millionKr,
    "Trekk i rammetilskuddet",
    "Deduction from the block grant",
  ],
  [
    "grants",
    "gain_million_kr",
    FORMS.millionKrSigned,
    "Tilskudd minus trekk",
    "Grants less deduction",
  ],
  [
    "resource_intensive",
    "users",
    FORMS.whole,
    "Ressurskrevende brukere over innslagspunktet",
    "Resource-intensive users above the threshold",
  ],
  [
    "resource_intensive",
    "net_expenditure_million_kr",
    FORMS.millionKr,
    "Netto lønnskostnad for dem",
    "Net wage cost of them",
  ],
  [
    "resource_intensive",
    "own_share_million_kr",
    FORMS.millionKr,
    "Kommunens egenandel",
    "The municipality's own share",
  ],
  [
    "resource_intensive",
    "refund_million_kr",
    FORMS.millionKr,
    "Statens refusjon",
    "The state's refund",
  ],
  [
    "resource_intensive",
    "gain_million_kr",
    FORMS.millionKrSigned,
    "Gevinst, ressurskrevende brukere",
    "Gain, resource-intensive users",
  ],
  [
    "demography",
    "gain_million_kr",
    FORMS.millionKrSigned,
    "Gevinst, demografi",
    "Gain, demography",
  ],
  ["total", "gain_million_kr", FORMS.millionKrSigned, "Samlet gevinst", "Gain in all"],
  [
    "total",
    "published_gain_million_kr",
    FORMS.millionKrSigned,
    "Samlet gevinst, som publisert",
    "Gain in all, as published",
  ],
  [
    "institution",
    "institution_share",
    FORMS.share,
    "Institusjonenes andel av omsorgsutgiftene",
    "Institutions' share of expenditure on care",
  ],
  [
    "institution",
    "institution_places",
    FORMS.one,
    "Institusjonsplasser i bruk",
    "Institution places in use",
  ],
];

const KINDS: readonly (readonly [
  sector: string,
  measure: string,
  form: Form,
  nb: string,
  en: string,
])[] = [
  [
    "user_time",
    "user_time_share",
    FORMS.share,
    "andel tid med brukerne",
    "share of time with users",
  ],
  ["user_time", "user_time_beyond_norm_percent", FORMS.points, "ut over normen", "beyond the norm"],
  [
    "growth",
    "gross_growth_percent",
    FORMS.percentSigned,
    "vekst i faste priser",
    "growth at fixed prices",
  ],
  [
    "growth",
    "demographic_growth_percent",
    FORMS.percentSigned,
    "vekst i behovet",
    "growth of need",
  ],
  ["growth", "real_growth_percent", FORMS.points, "reell vekst", "real growth"],
];

function factRows(book: Book, tongue: Tongue): readonly FactRow[] {
  const facts = FACTS.map(([sector, measure, form, nb, en]): FactRow => ({
    id: `${sector}-${measure}`,
    sector,
    measure,
    form,
    name: tongue.of(nb, en),
  }));
  const kinds = KINDS.flatMap(([sector, measure, form, nb, en]) =>
    book.indicators("unit-cost", sector).map((indicator): FactRow => ({
      id: `${sector}-${indicator}-${measure}`,
      sector,
      indicator,
      measure,
      form,
      name: `${book.name(indicator, tongue.language)}: ${tongue.of(nb, en)}`,
    })),
  );
  return [...facts, ...kinds].filter((row) => isKnown(cost(book, row, row.measure)));
}

function Facts({ book }: FigureOf): JSX.Element | null {
  const tongue = useTongue();
  const source = useSource(book);
  const rows = useMemo(() => factRows(book, tongue), [book, tongue]);
  if (rows.length === 0) return null;
  return (
    <Figure
      id="unit-cost-facts"
      title={tongue.of(
        "Institusjon, brukere, vekst og tilskudd",
        "Institutions, users, growth and grants",
      )}
      source={source}
      rows={rows}
      columns={[
        { head: "", cell: (row) => row.name },
        {
          head: tongue.of("Tall", "Figure"),
          cell: (row) => {
            const figure = cost(book, row, row.measure);
            return isKnown(figure)
              ? { value: figure.value, figure: figure.id, form: row.form, flags: figure.flags }
              : { absent: "" };
          },
        },
      ]}
    />
  );
}

/** The section's heading where it tells of institutions and users, but of no unit cost. */
export function headingWithoutCosts(book: Book | undefined, tongue: Tongue): string | undefined {
  const measures = book?.rowsOf("unit-cost").flatMap((row) => Object.keys(row.measures)) ?? [];
  if (measures.length === 0 || measures.some((measure) => /_kr(_|$)/.test(measure)))
    return undefined;
  return tongue.of("Institusjoner og brukere", "Institutions and users");
}

export function UnitCostFigures(props: FigureOf): JSX.Element {
  return (
    <>
      <Groups {...props} />
      <Services {...props} />
      <Facts {...props} />
    </>
  );
}
