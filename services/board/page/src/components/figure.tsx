/**
 * A figure of an article: a headline that says what is seen, a chart, the table behind it, marks
 * explained, the source, and downloads. Without a chart the table is the figure; without figures it
 * says why there are none.
 */
import type { ComponentChildren, JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import type { Flag } from "../api";
import { csvText, type CsvCell } from "../base/csv";
import { both, useLanguage, useSay, type Language } from "../base/language";
import { Chart, type Draw } from "./chart";
import { pictureSvg, pngOf, saveFile, svgText } from "./download";
import { CommonFlags, commonFlags, differing, flagMark, flagWords, worthMarking } from "./flags";
import { isQuantity, Table, type Column, type TableProps } from "./table";

export interface FigureProps<R> {
  /** Names the place in the page and the downloaded files: lower case, no blanks. */
  readonly id: string;
  /** What the figure shows, as a headline. */
  readonly title: string;
  /** A sentence under it: how to read it, what the reference is. */
  readonly caption?: ComponentChildren;
  /** Where the numbers come from, as plain text: it goes into downloads, too. */
  readonly source: string;
  readonly rows: readonly R[];
  readonly columns: readonly Column<R>[];
  readonly emphasis?: TableProps<R>["emphasis"];
  /** One sentence for those who do not see the chart, and what draws it. Keep `draw` the same
   * function while the rows are the same (useCallback): a new one draws anew. */
  readonly chart?: { readonly label: string; readonly draw: Draw };
  /** Why there is nothing to show, when rows are empty. */
  readonly absent?: string;
}

const WORDS = {
  table: both("Vis tallene i tabell", "Show the numbers as a table"),
  downloads: both("Last ned", "Download"),
  source: both("Kilde", "Source"),
  ratio: both("forholdstall", "ratio"),
  all: both("Alle tall i figuren:", "All numbers in the figure:"),
  noFigures: both("Ingen tall.", "No figures."),
};

/** The flags of every number in a table. */
function flagsIn<R>(
  rows: readonly R[],
  columns: readonly Column<R>[],
): readonly (readonly Flag[])[] {
  return rows.flatMap((row) =>
    columns.flatMap((column) => {
      const cell = column.cell(row);
      return isQuantity(cell) ? [cell.flags ?? []] : [];
    }),
  );
}

/** The marks of all numbers of the figure; the same list while they are the same, for charts are
 * drawn anew when it changes. */
function useCommon(flags: readonly (readonly Flag[])[]): readonly Flag[] {
  const common = commonFlags(flags);
  const key = common.join();
  return useMemo(() => common, [key]);
}

/** The unit of a column in a file, where values stand as on the topics: what is shown as percent of
 * a reference is a ratio there. */
function fileUnit<R>(column: Column<R>, rows: readonly R[], ratio: string): string | undefined {
  const shown = rows.map((row) => column.cell(row)).find(isQuantity)?.form;
  const turned = shown?.less !== undefined || shown?.times !== undefined;
  return turned ? ratio : column.unit;
}

/** The table as rows of a file, values unrounded as on the topics. */
function csvRows<R>(
  rows: readonly R[],
  columns: readonly Column<R>[],
  ratio: string,
): readonly CsvCell[][] {
  const head = columns.map((column) => {
    const unit = fileUnit(column, rows, ratio);
    return unit === undefined ? column.head : `${column.head} (${unit})`;
  });
  const lines = rows.map((row) =>
    columns.map((column) => {
      const cell = column.cell(row);
      if (typeof cell === "string") return cell;
      return isQuantity(cell) ? cell.value : undefined;
    }),
  );
  return [head, ...lines];
}

function Downloads<R>({
  figure,
  host,
}: {
  readonly figure: FigureProps<R>;
  readonly host: { readonly current: HTMLElement | null };
}): JSX.Element {
  const say = useSay();
  const language: Language = useLanguage();
  const picture = (): SVGSVGElement | undefined => {
    const chart = host.current?.querySelector<SVGSVGElement>(".chart-host svg");
    return chart
      ? pictureSvg({ title: figure.title, chart, source: `${say(WORDS.source)}: ${figure.source}` })
      : undefined;
  };
  const saveCsv = (): void =>
    saveFile(
      `${figure.id}.csv`,
      new Blob([csvText(csvRows(figure.rows, figure.columns, say(WORDS.ratio)), language)], {
        type: "text/csv;charset=utf-8",
      }),
    );
  const saveSvg = (): void => {
    const svg = picture();
    if (svg) saveFile(`${figure.id}.svg`, new Blob([svgText(svg)], { type: "image/svg+xml" }));
  };
  const savePng = async (): Promise<void> => {
    const svg = picture();
    if (svg) saveFile(`${figure.id}.png`, await pngOf(svg));
  };
  const named = (kind: string): string => `${say(WORDS.downloads)} ${kind}: ${figure.title}`;
  return (
    <p class="downloads">
      <span aria-hidden="true">{say(WORDS.downloads)}</span>
      <button type="button" aria-label={named("CSV")} onClick={saveCsv}>
        CSV
      </button>
      {figure.chart ? (
        <>
          <button type="button" aria-label={named("SVG")} onClick={saveSvg}>
            SVG
          </button>
          <button type="button" aria-label={named("PNG")} onClick={() => void savePng()}>
            PNG
          </button>
        </>
      ) : null}
    </p>
  );
}

function Mark({ of: flag }: { readonly of: Flag }): JSX.Element {
  const say = useSay();
  return (
    <span>
      <sup class="mark">{say(flagMark(flag))}</sup> {say(flagWords(flag))}
    </span>
  );
}

function Marks({
  flags,
  common,
}: {
  readonly flags: readonly Flag[];
  readonly common: readonly Flag[];
}): JSX.Element | null {
  const say = useSay();
  if (flags.length === 0) return null;
  return (
    <p class="marks">
      {common.length > 0 ? <span>{say(WORDS.all)}</span> : null}
      {[...common, ...differing(flags, common)].map((flag) => (
        <Mark key={flag} of={flag} />
      ))}
    </p>
  );
}

function Content<R>({ figure }: { readonly figure: FigureProps<R> }): JSX.Element {
  const say = useSay();
  const { title, columns, rows, emphasis, chart } = figure;
  const table = (
    <Table
      caption={title}
      captionHidden
      columns={columns}
      rows={rows}
      {...(emphasis ? { emphasis } : {})}
    />
  );
  if (!chart) return table;
  return (
    <>
      <Chart label={chart.label} draw={chart.draw} />
      <details class="behind">
        <summary>{say(WORDS.table)}</summary>
        {table}
      </details>
    </>
  );
}

export function Figure<R>(figure: FigureProps<R>): JSX.Element {
  const host = useRef<HTMLElement>(null);
  const say = useSay();
  const empty = figure.rows.length === 0;
  const flags = flagsIn(figure.rows, figure.columns);
  const common = useCommon(flags);
  return (
    <figure class="figure" id={figure.id} ref={host} aria-labelledby={`${figure.id}-title`}>
      <h3 class="figure-title" id={`${figure.id}-title`}>
        {figure.title}
      </h3>
      {figure.caption === undefined ? null : <p class="figure-caption">{figure.caption}</p>}
      {empty ? (
        <p class="no-figures">{figure.absent ?? say(WORDS.noFigures)}</p>
      ) : (
        <CommonFlags.Provider value={common}>
          <Content figure={figure} />
        </CommonFlags.Provider>
      )}
      {empty ? null : <Marks flags={worthMarking(flags.flat())} common={common} />}
      <figcaption class="figure-foot">
        <span class="source">
          {say(WORDS.source)}: {figure.source}
        </span>
        {empty ? null : <Downloads figure={figure} host={host} />}
      </figcaption>
    </figure>
  );
}
