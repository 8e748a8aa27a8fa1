/** What the figures of all sections share. */
import { useMemo } from "preact/hooks";
import type { Topic } from "../../api";
import { useLanguage } from "../../base/language";
import { FORMS, type Form } from "../../base/number";
import type { LinePoint } from "../charts/lines";
import { isCrowded, type Strip, type StripDot } from "../charts/strips";
import type { Book, Member } from "../text/book";
import { isKnown, knownQuantity, quantityOf, type Figure } from "../text/figure";
import { sourceText } from "../text/source";
import { Tongue } from "../text/tongue";
import type { Column } from "../../components/table";
import type { Bar } from "../charts/bars";

export interface FigureOf {
  readonly book: Book;
  /** Codes of the comparison group, the municipality included. */
  readonly group: readonly string[];
}

export function useTongue(): Tongue {
  const language = useLanguage();
  return useMemo(() => new Tongue(language), [language]);
}

export function useSource(book: Book): string {
  const tongue = useTongue();
  return useMemo(() => sourceText(book, tongue), [book, tongue]);
}

/** An index as its distance from the reference, in percent. */
export function offForm(scale: number): Form {
  return scale === 1
    ? FORMS.ratioAsPercent
    : { decimals: 1, less: scale, times: 100 / scale, signed: true, unit: "percent" };
}

export function indexForm(scale: number): Form {
  return scale === 1 ? FORMS.ratio : FORMS.index;
}

/** A part of an index around 1, in percentage points. */
export const POINTS_OF_INDEX: Form = { decimals: 1, times: 100, signed: true, unit: "points" };

/** A row of a table: somebody or something with a name, and the figures of its cells. */
export interface NamedRow {
  readonly id: string;
  readonly name: string;
  readonly sum?: boolean;
}

export function rowEmphasis(row: NamedRow): "sum" | undefined {
  return row.sum === true ? "sum" : undefined;
}

export type WantedColumn = readonly [head: string, measure: string, form: Form, unit?: string];

/** A column of one measure. */
export function measureColumn<R extends NamedRow>(
  tongue: Tongue,
  head: string,
  form: Form,
  find: (row: R) => Figure | undefined,
  unit?: string,
): Column<R> {
  return {
    head,
    ...(unit === undefined ? {} : { unit }),
    cell: (row) => quantityOf(find(row), form, tongue.language),
  };
}

/** Columns of the measures that any of the rows has. */
export function knownColumns<R extends NamedRow>(
  tongue: Tongue,
  rows: readonly R[],
  wanted: readonly WantedColumn[],
  find: (row: R, measure: string) => Figure | undefined,
): readonly Column<R>[] {
  return wanted
    .filter(([, measure]) => rows.some((row) => isKnown(find(row, measure))))
    .map(([head, measure, form, unit]) =>
      measureColumn<R>(tongue, head, form, (row) => find(row, measure), unit),
    );
}

/** Bars of the rows that have the figure. */
export function barsOf<R extends NamedRow>(
  rows: readonly R[],
  find: (row: R) => Figure | undefined,
  form: Form,
): readonly Bar[] {
  return rows.flatMap((row) => {
    const figure = find(row);
    return isKnown(figure)
      ? [
          {
            label: row.name,
            quantity: knownQuantity(figure, form),
            ...(row.sum === true ? { sum: true } : {}),
          },
        ]
      : [];
  });
}

/** Who is who in strips. */
export function stripsWords(book: Book, strips: readonly Strip[], tongue: Tongue): string {
  const name = book.municipality.name;
  const words = tongue.of(
    `Blå prikk: ${name}. Grått: de andre i sammenligningsgruppen`,
    `Blue dot: ${name}. Grey: the others in the comparison group`,
  );
  const alone = aloneWords(strips, tongue);
  if (!isCrowded(strips)) return `${words}.${alone}`;
  return tongue.of(
    `${words}; den ytterste prosenten står i kanten.${alone}`,
    `${words}; the outermost percent stands at the edge.${alone}`,
  );
}

/** Which rows have the municipality alone. */
function aloneWords(strips: readonly Strip[], tongue: Tongue): string {
  const alone = strips.filter((strip) => strip.others.length === 0);
  if (alone.length === 0) return "";
  const names = tongue.list(alone.map((strip) => strip.label));
  return tongue.of(` Uten tall for andre: ${names}.`, ` No figures of others: ${names}.`);
}

/** True when strips show more than the municipality by itself: most rows have others. */
export function hasOthers(strips: readonly Strip[]): boolean {
  const alone = strips.filter((strip) => strip.others.length === 0);
  return strips.length > 0 && alone.length * 2 <= strips.length;
}

/** What dashes are, where a line has any. */
export function dashedWords(points: readonly LinePoint[], tongue: Tongue): string {
  return points.some((point) => point.projected)
    ? tongue.of(" Stiplet: framskrevet.", " Dashed: projected.")
    : "";
}

/** The same of indices, shown as their distance from the average. */
export function deviationWords(book: Book, strips: readonly Strip[], tongue: Tongue): string {
  const words = tongue.of(
    "Avvik fra gjennomsnittet i prosent.",
    "Deviation from the average in percent.",
  );
  return `${words} ${stripsWords(book, strips, tongue)}`;
}

/** One strip a row in which the municipality itself has the measure: the members of the group. */
export function stripsOf(
  book: Book,
  group: readonly string[],
  topic: Topic,
  measure: string,
  rows: readonly NamedRow[],
  form: Form,
): readonly Strip[] {
  const inGroup = new Set(group);
  const own = book.municipality.code;
  const dot = (member: Member): StripDot => ({
    member: member.name,
    quantity: knownQuantity(member.figure, form),
  });
  return rows.flatMap((row) => {
    const members = book
      .members(topic, row.id, measure)
      .filter((member) => inGroup.has(member.code));
    const mine = members.find((member) => member.code === own);
    if (mine === undefined) return [];
    return [
      {
        label: row.name,
        own: dot(mine),
        others: members.filter((member) => member.code !== own).map(dot),
        ...(row.sum === true ? { sum: true } : {}),
      },
    ];
  });
}

/** Sectors of a topic as rows, the whole last; where there is one sector, it is the whole. */
export function sectorRows(
  book: Book,
  topic: Topic,
  tongue: Tongue,
  sums: Readonly<Record<string, string>> = {},
): readonly NamedRow[] {
  const rows = book.sectors(topic).map((id) => ({ id, name: book.name(id, tongue.language) }));
  const wholes = Object.entries(sums).flatMap(([id, name]) =>
    book.rowsOf(topic).some((row) => row.sector === id) ? [{ id, name, sum: true }] : [],
  );
  return rows.length === 1 ? rows : [...rows, ...wholes];
}
