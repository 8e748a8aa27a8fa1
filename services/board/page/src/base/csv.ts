/**
 * Tables as files for a reader's spreadsheet: in Norwegian with semicolons and decimal commas, in
 * English with commas and points, as spreadsheets of these languages open them. Values unrounded.
 */
import type { Language } from "./language";

/** What stands in a cell of the file; nothing where there is no value. */
export type CsvCell = string | number | undefined;

const BYTE_ORDER_MARK = "\ufeff";

/** A number as text without exponent or thousands. */
function numberText(value: number, language: Language): string {
  const text = String(value);
  return language === "nb" ? text.replace(".", ",") : text;
}

/** A text that a spreadsheet would take for a formula gets an apostrophe before it. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quoted(text: string, separator: string): string {
  return text.includes(separator) || /["\n\r]/.test(text)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}

/** The rows, each a list of cells, as the text of a CSV file. */
export function csvText(rows: readonly (readonly CsvCell[])[], language: Language): string {
  const separator = language === "nb" ? ";" : ",";
  const shown = (cell: CsvCell): string => {
    if (cell === undefined) return "";
    return quoted(
      typeof cell === "number" ? numberText(cell, language) : harmless(cell),
      separator,
    );
  };
  const lines = rows.map((row) => row.map(shown).join(separator));
  return `${BYTE_ORDER_MARK}${lines.join("\r\n")}\r\n`;
}
