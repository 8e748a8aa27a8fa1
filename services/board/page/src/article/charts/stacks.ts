/** Stacked bars by year: what adds stands above zero, what takes away below, the whole as a dot
 * and in numbers above. */
import * as Plot from "@observablehq/plot";
import type { Form } from "../../base/number";
import type { Quantity } from "../../base/quantity";
import { PLOT_CLASS, type Draw, type Frame } from "../../components/chart";
import { tagged } from "../../components/marks";
import { COLOR, seriesColor } from "../../components/palette";
import { figured, isLow, legend, numberIn, tickText } from "./frame";

export interface StackPart {
  readonly year: number;
  readonly series: string;
  readonly quantity: Quantity;
}

export interface Stacks {
  readonly series: readonly string[];
  readonly parts: readonly StackPart[];
  readonly totals: readonly StackPart[];
  /** Name of the whole. */
  readonly whole: string;
  readonly form: Form;
}

export function stackedBars({ series, parts, totals, whole, form }: Stacks): Draw {
  return (frame) => {
    const marginLeft = 52;
    const keys = legend(
      frame,
      [
        ...series.map((label, at) => ({ label, color: seriesColor(at) })),
        { label: whole, color: COLOR.ink },
      ],
      marginLeft,
    );
    const years = [...new Set(totals.map((total) => total.year))];
    return Plot.plot({
      className: PLOT_CLASS,
      width: frame.width,
      height: (frame.paper ? 230 : isLow(frame) ? 260 : 330) + keys.height,
      marginLeft,
      marginRight: 10,
      marginTop: 24 + keys.height,
      marginBottom: 28,
      x: {
        domain: years,
        axis: "bottom",
        label: null,
        tickSize: 0,
        padding: 0.25,
        tickFormat: (year: number) => yearText(year, frame),
      },
      y: {
        axis: "left",
        label: null,
        ticks: 6,
        tickSize: 0,
        nice: true,
        tickFormat: (value: number) => tickText(frame, value, form),
      },
      marks: [
        Plot.gridY({ stroke: COLOR.grid, strokeOpacity: 1 }),
        stackMark(series, parts),
        Plot.ruleY([0], { stroke: COLOR.ink }),
        totalDots(totals),
        totalTexts(frame, totals, topsOf(parts), form),
        ...keys.marks,
      ],
    });
  };
}

function yearText(year: number, frame: Frame): string {
  return frame.narrow ? `’${String(year).slice(2)}` : String(year);
}

function stackMark(series: readonly string[], parts: readonly StackPart[]): Plot.Markish {
  const value = (part: StackPart): number => part.quantity.value;
  return Plot.barY(
    parts,
    tagged(
      parts,
      (part) => ({ label: `${part.series}, ${part.year}`, quantity: part.quantity }),
      Plot.stackY(
        { order: [...series] },
        {
          x: "year",
          y: value,
          z: "series",
          fill: (part: StackPart) => seriesColor(series.indexOf(part.series)),
          stroke: COLOR.paper,
          strokeWidth: 0.75,
        },
      ),
    ),
  );
}

function totalDots(totals: readonly StackPart[]): Plot.Markish {
  const value = (part: StackPart): number => part.quantity.value;
  return Plot.dot(
    totals,
    tagged(totals, (part) => ({ label: `${part.series}, ${part.year}`, quantity: part.quantity }), {
      x: "year",
      y: value,
      r: 5,
      fill: COLOR.ink,
      stroke: COLOR.paper,
      strokeWidth: 1.5,
    }),
  );
}

/** Where the bar of each year ends above zero. */
function topsOf(parts: readonly StackPart[]): ReadonlyMap<number, number> {
  const tops = new Map<number, number>();
  for (const { year, quantity } of parts) {
    tops.set(year, (tops.get(year) ?? 0) + Math.max(0, quantity.value));
  }
  return tops;
}

/** Above the bar, where nothing lies behind the numbers. */
function totalTexts(
  frame: Frame,
  totals: readonly StackPart[],
  tops: ReadonlyMap<number, number>,
  form: Form,
): Plot.Markish {
  return Plot.text(
    totals,
    figured(totals, (part) => part.quantity, {
      x: "year",
      y: ({ year, quantity }: StackPart) => Math.max(tops.get(year) ?? 0, quantity.value),
      dy: -12,
      text: (part: StackPart) => numberIn(frame, part.quantity, { ...form, decimals: 0 }),
      fill: COLOR.ink,
      fontWeight: 700,
      fontSize: 12.5,
      stroke: COLOR.paper,
      strokeWidth: 4,
    }),
  );
}
