/** What all charts of the article share: where a value lies on its axis, and room for names. */
import type { Markish, PlotOptions, RenderFunction } from "@observablehq/plot";
import * as Plot from "@observablehq/plot";
import type { Form } from "../../base/number";
import { figureAttributes, type Quantity } from "../../base/quantity";
import { PLOT_CLASS, type Frame } from "../../components/chart";
import { differing, flagMark } from "../../components/flags";
import { COLOR } from "../../components/palette";

/** Where a value lies on an axis of its form: what a reader sees, unrounded. */
export function axisValue(value: number, form: Form): number {
  return (value - (form.less ?? 0)) * (form.times ?? 1);
}

/** A number written in a chart: it carries its figure, and is not read a second time beside its
 * bar. */
export function figured<T, O extends object>(
  data: readonly T[],
  quantityOf: (row: T) => Quantity,
  options: O,
): O & { render: RenderFunction } {
  const render: RenderFunction = (index, scales, values, dimensions, context, next) => {
    const group = next?.(index, scales, values, dimensions, context) ?? null;
    Array.from(group?.children ?? []).forEach((element, at) => {
      const row = data[index[at] ?? -1];
      if (row === undefined) return;
      for (const [name, value] of Object.entries(figureAttributes(quantityOf(row)))) {
        element.setAttribute(name, value);
      }
    });
    return group;
  };
  return { ...options, render };
}

/** Marks as characters: what stands in a chart has no superscript of its own. */
const RAISED: Readonly<Record<string, string>> = { i: "ⁱ", f: "ᶠ", u: "ᵘ" };

/** A number in a chart, with the marks of what must be known about it. */
export function numberIn(frame: Frame, quantity: Quantity, form: Form): string {
  const marks = differing(quantity.flags, frame.common).map((flag) => {
    const mark = flagMark(flag)[frame.language];
    return RAISED[mark] ?? mark;
  });
  return frame.showBare(quantity.value, form) + marks.join("");
}

/** Room for the names of rows: beside them, or above them on a phone. */
export interface Names {
  readonly marginLeft: number;
  readonly rowHeight: number;
  /** Above the middle of the row, where names stand above. */
  readonly lift: number;
}

const CHARACTER = 6.7;
const LEFT_MAX = 0.4;
const LOW_BELOW = 720;

/** Lower rows, more of them at a glance: where there is little width, and on paper. */
export function isLow(frame: Frame): boolean {
  return frame.paper || frame.width < LOW_BELOW;
}

export function namesOf(frame: Frame, labels: readonly string[], rowHeight = 30): Names {
  if (frame.narrow) return { marginLeft: 6, rowHeight: rowHeight + 16, lift: 15 };
  const height = isLow(frame) ? rowHeight - 5 : rowHeight;
  const longest = Math.max(4, ...labels.map((label) => shownName(label).length));
  const most = Math.floor(frame.width * LEFT_MAX);
  return {
    marginLeft: Math.min(Math.ceil(longest * CHARACTER) + 14, most),
    rowHeight: height,
    lift: 0,
  };
}

/** `label` cut to what fits. */
function cut(label: string, pixels: number): string {
  const most = Math.max(8, Math.floor(pixels / CHARACTER));
  return label.length <= most ? label : `${label.slice(0, most - 1)}…`;
}

/** Parts a row's name from what tells it from others of the same name: that is not shown. */
export const OF = " · ";

function shownName(label: string): string {
  return label.split(OF)[0] ?? label;
}

/** The names of the rows, as marks; `taken`: pixels of the line above a row that are not theirs. */
export function nameMarks(
  frame: Frame,
  names: Names,
  labels: readonly string[],
  strong: (label: string) => boolean,
  taken = 0,
): Markish[] {
  const rows = labels.map((label) => ({ label, name: shownName(label), bold: strong(label) }));
  const room = frame.narrow ? frame.width - 12 - taken : names.marginLeft - 14;
  return [false, true].map((bold) =>
    Plot.text(
      rows.filter((row) => row.bold === bold),
      {
        y: "label",
        text: (row: { name: string }) => cut(row.name, room),
        fill: COLOR.ink,
        fontWeight: bold ? 700 : 400,
        frameAnchor: "left",
        fontSize: 12.5,
        ...(frame.narrow
          ? { textAnchor: "start", dx: 0, dy: -names.lift }
          : { textAnchor: "end", dx: -10 }),
      },
    ),
  );
}

/** Options of charts whose rows have names. */
export function rowOptions(
  frame: Frame,
  names: Names,
  labels: readonly string[],
  form: Form,
): PlotOptions {
  return {
    className: PLOT_CLASS,
    width: frame.width,
    marginLeft: names.marginLeft,
    marginRight: 26,
    marginTop: 26,
    marginBottom: 10,
    height: labels.length * names.rowHeight + 40,
    y: { domain: [...labels], axis: null, padding: 0.3 },
    x: {
      axis: "top",
      label: null,
      ticks: ticksOf(frame),
      tickSize: 0,
      nice: true,
      tickFormat: (value: number) => tickText(frame, value, form),
    },
  };
}

/** A tick is an axis value already: it is shown without another shift. */
export function tickText(frame: Frame, value: number, form: Form): string {
  const whole = Number.isInteger(Math.round(value * 1e6) / 1e6);
  const decimals = whole ? 0 : Math.abs(value) < 0.1 ? 2 : 1;
  return frame.show(value, {
    decimals,
    ...(form.signed === true ? { signed: true } : {}),
    ...(form.unit === "percent" ? { unit: "percent" as const } : {}),
  });
}

function ticksOf(frame: Frame): number {
  return frame.narrow ? 4 : 6;
}

export function gridX(frame: Frame): Markish {
  return Plot.gridX({ stroke: COLOR.grid, strokeOpacity: 1, ticks: ticksOf(frame) });
}

/** The reference: where a deviation is zero. */
export function zeroX(): Markish {
  return Plot.ruleX([0], { stroke: COLOR.ink, strokeWidth: 1 });
}

// --- Legends -------------------------------------------------------------------------------------

export interface Key {
  readonly label: string;
  readonly color: string;
}

export interface Legend {
  readonly marks: Markish[];
  readonly height: number;
}

/** Keys in rows above the chart; it must have `height` more margin on top. */
export function legend(frame: Frame, keys: readonly Key[], marginLeft: number): Legend {
  let [left, line] = [0, 0];
  const room = frame.width - 20;
  const places = keys.map((key) => {
    const width = key.label.length * CHARACTER + 34;
    if (left > 0 && left + width > room) [left, line] = [0, line + 1];
    const place = { key, dx: left - marginLeft + 8, line };
    left += width;
    return place;
  });
  const height = (line + 1) * 20;
  const marks = places.flatMap(({ key, dx, line: at }) => {
    const dy = -height + at * 20 - 14;
    return [
      Plot.dot([0], {
        facet: "super",
        frameAnchor: "top-left",
        dx,
        dy,
        r: 5,
        fill: key.color,
        symbol: "square",
      }),
      Plot.text([key.label], {
        facet: "super",
        frameAnchor: "top-left",
        dx: dx + 12,
        dy: dy - 6,
        textAnchor: "start",
        fill: COLOR.ink,
        fontSize: 12.5,
      }),
    ];
  });
  return { marks, height };
}
