/** A table of rows with a head that names every column, and a row head that names every row. */
import type { JSX } from "preact";
import { useSay, both } from "../base/language";
import type { Absence, Quantity } from "../base/quantity";
import { Num } from "./number";

/** What stands in a cell. */
export type Cell = string | Quantity | Absence;

export interface Column<R> {
  readonly head: string;
  /** Stands small under the head; cells then show numbers without it. */
  readonly unit?: string;
  readonly cell: (row: R) => Cell;
}

export interface TableProps<R> {
  readonly caption: string;
  /** The caption is there for screen readers alone, where a heading says the same. */
  readonly captionHidden?: boolean;
  /** The first column names the row. */
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  /** Rows to set off: the own municipality, sums. */
  readonly emphasis?: (row: R) => "own" | "sum" | undefined;
}

export function isQuantity(cell: Cell): cell is Quantity {
  return typeof cell === "object" && "value" in cell;
}

const ABSENT = both("ingen tall", "no figure");

function CellContent({ cell, bare }: { readonly cell: Cell; readonly bare: boolean }): JSX.Element {
  const say = useSay();
  if (typeof cell === "string") return <>{cell}</>;
  if (isQuantity(cell)) return <Num of={cell} bare={bare} />;
  return (
    <span class="absent" title={cell.absent}>
      <span aria-hidden="true">–</span>
      <span class="visually-hidden">{cell.absent || say(ABSENT)}</span>
    </span>
  );
}

/** True when the column holds numbers, by its first cell that is no absence. */
function isNumeric<R>(column: Column<R>, rows: readonly R[]): boolean {
  for (const row of rows) {
    const cell = column.cell(row);
    if (typeof cell === "string") return false;
    if (isQuantity(cell)) return true;
  }
  return false;
}

function Head<R>({
  columns,
  numeric,
}: {
  readonly columns: readonly Column<R>[];
  readonly numeric: readonly boolean[];
}): JSX.Element {
  return (
    <thead>
      <tr>
        {columns.map((column, at) =>
          column.head === "" ? (
            <td key={at} />
          ) : (
            <th key={at} scope="col" class={numeric[at] ? "numeric" : ""}>
              {column.head}
              {column.unit === undefined ? null : <span class="unit"> {column.unit}</span>}
            </th>
          ),
        )}
      </tr>
    </thead>
  );
}

export function Table<R>(props: TableProps<R>): JSX.Element {
  const { caption, captionHidden, columns, rows, emphasis } = props;
  const numeric = columns.map((column) => isNumeric(column, rows));
  return (
    <div class="table-scroll" role="group" aria-label={caption} tabIndex={0}>
      <table>
        <caption class={captionHidden ? "visually-hidden" : ""}>{caption}</caption>
        <Head columns={columns} numeric={numeric} />
        <tbody>
          {rows.map((row, line) => (
            <tr key={line} class={emphasis?.(row) ?? ""}>
              {columns.map((column, at) => {
                const content = (
                  <CellContent cell={column.cell(row)} bare={column.unit !== undefined} />
                );
                return at === 0 ? (
                  <th key={at} scope="row">
                    {content}
                  </th>
                ) : (
                  <td key={at} class={numeric[at] ? "numeric" : ""}>
                    {content}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
