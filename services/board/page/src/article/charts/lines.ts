/** Indexed lines in small panels: the municipality against the other members, year by year. */
import * as Plot from "@observablehq/plot";
import type { Form } from "../../base/number";
import type { Quantity } from "../../base/quantity";
import { PLOT_CLASS, type Draw, type Frame } from "../../components/chart";
import { tagged } from "../../components/marks";
import { COLOR } from "../../components/palette";
import { axisValue, figured, legend, numberIn, tickText } from "./frame";

export interface LinePoint {
  readonly panel: string;
  readonly series: string;
  readonly own: boolean;
  readonly year: number;
  readonly quantity: Quantity;
  readonly projected: boolean;
}

export interface LinePanels {
  readonly panels: readonly string[];
  readonly points: readonly LinePoint[];
  /** Names of the series: own, others. */
  readonly names: readonly [string, string];
  readonly form: Form;
}

interface Placed extends LinePoint {
  readonly at: number;
  readonly column: number;
  readonly row: number;
}

const PANEL_HEIGHT = 170;
const PANEL_HEIGHT_PAPER = 122;
const CHARACTER = 7.4;

/** As many panels beside each other as their titles have room for; on paper four, evenly. */
function columnsOf(frame: Frame, panels: readonly string[]): number {
  if (frame.narrow) return Math.min(panels.length, 2);
  const even = Math.ceil(panels.length / Math.ceil(panels.length / 4));
  const longest = Math.max(...panels.map((panel) => panel.length)) * CHARACTER;
  const fits = longest < frame.width / even - 20;
  return frame.paper && fits ? even : Math.min(panels.length, 3);
}

export function lines({ panels, points, names, form }: LinePanels): Draw {
  return (frame) => {
    const columns = columnsOf(frame, panels);
    const placed = points.map((point): Placed => {
      const at = panels.indexOf(point.panel);
      return {
        ...point,
        at: axisValue(point.quantity.value, form),
        column: at % columns,
        row: Math.floor(at / columns),
      };
    });
    const rows = Math.ceil(panels.length / columns);
    const hasOthers = points.some((point) => !point.own);
    const keys = legend(
      frame,
      [
        { label: names[0], color: COLOR.own },
        ...(hasOthers ? [{ label: names[1], color: COLOR.others }] : []),
      ],
      44,
    );
    return Plot.plot({
      className: PLOT_CLASS,
      width: frame.width,
      height: rows * (frame.paper ? PANEL_HEIGHT_PAPER : PANEL_HEIGHT) + 42,
      marginLeft: 44,
      marginRight: 20,
      marginTop: 26 + keys.height,
      marginBottom: 26,
      fx: { axis: null, padding: 0.14 },
      fy: { axis: null, padding: 0.26 },
      x: { axis: null },
      y: { axis: null, nice: true, insetTop: 12 },
      marks: [
        ...axes(frame, placed, form),
        ...series(placed),
        ...ends(frame, placed, form),
        ...titles(panels, columns),
        ...keys.marks,
      ],
    });
  };
}

const AT = { x: "year", y: "at", fx: "column", fy: "row" } as const;

function axes(frame: Frame, points: readonly Placed[], form: Form): Plot.Markish[] {
  const years = [...new Set(points.map((point) => point.year))].sort((a, b) => a - b);
  const [first, last] = [years[0], years.at(-1)];
  return [
    Plot.gridY({ stroke: COLOR.grid, strokeOpacity: 1, ticks: 4 }),
    Plot.axisY({
      anchor: "left",
      ticks: 4,
      tickSize: 0,
      label: null,
      fill: COLOR.muted,
      tickFormat: (value: number) => tickText(frame, value, form),
    }),
    yearAxis(first, "start"),
    ...(last === first ? [] : [yearAxis(last, "end")]),
    Plot.ruleY([0], { stroke: COLOR.ink, strokeWidth: 0.8 }),
  ];
}

/** One year below its panels, written towards their middle. */
function yearAxis(year: number | undefined, textAnchor: "start" | "end"): Plot.Markish {
  return Plot.axisX({
    anchor: "bottom",
    ticks: year === undefined ? [] : [year],
    tickSize: 3,
    label: null,
    textAnchor,
    fill: COLOR.muted,
    tickFormat: (tick: number) => String(tick),
  });
}

/** Observed years solid, projected ones dashed, the others thin. */
function series(points: readonly Placed[]): Plot.Markish[] {
  const parts = ([false, true] as const).flatMap((own) =>
    ([false, true] as const).map((projected) => {
      const these = points.filter((point) => point.own === own && inPart(points, point, projected));
      return Plot.line(these, {
        ...AT,
        z: "panel",
        stroke: own ? COLOR.own : COLOR.others,
        strokeWidth: own ? 2.6 : 1.8,
        ...(projected ? { strokeDasharray: "5,4" } : {}),
      });
    }),
  );
  const own = points.filter((point) => point.own);
  const others = points.filter((point) => !point.own);
  const dots = [others, own].map((these) =>
    Plot.dot(
      these,
      tagged(
        these,
        (point) => ({
          label: `${point.series}, ${point.panel}, ${point.year}`,
          quantity: point.quantity,
        }),
        { ...AT, r: 2.4, fill: these === own ? COLOR.own : COLOR.others },
      ),
    ),
  );
  return [...parts, ...dots];
}

/** The last observed year belongs to both parts, so that the line does not break. */
function inPart(points: readonly Placed[], point: Placed, projected: boolean): boolean {
  if (point.projected || !projected) return point.projected === projected;
  const later = points.filter(
    (other) => other.panel === point.panel && other.own === point.own && other.year > point.year,
  );
  return later.length > 0 && later.every((other) => other.projected);
}

/** The value at the end of the own line that is not the base, in numbers. */
function ends(frame: Frame, points: readonly Placed[], form: Form): Plot.Markish[] {
  const years = points
    .filter((point) => point.own && point.quantity.value !== 1)
    .map((point) => point.year);
  const last = Math.max(...points.map((point) => point.year));
  const year = years.includes(last) ? last : Math.min(...years);
  const own = points.filter((point) => point.own && point.year === year);
  return [
    Plot.text(
      own,
      figured(own, (point) => point.quantity, {
        ...AT,
        dy: -11,
        dx: year === last ? -2 : 2,
        textAnchor: year === last ? ("end" as const) : ("start" as const),
        fill: COLOR.own,
        fontWeight: 700,
        fontSize: 12,
        stroke: COLOR.paper,
        strokeWidth: 4,
        text: (point: Placed) => numberIn(frame, point.quantity, form),
      }),
    ),
  ];
}

function titles(panels: readonly string[], columns: number): Plot.Markish[] {
  const places = panels.map((panel, at) => ({
    panel,
    column: at % columns,
    row: Math.floor(at / columns),
  }));
  return [
    Plot.text(places, {
      fx: "column",
      fy: "row",
      text: "panel",
      frameAnchor: "top-left",
      dy: -18,
      textAnchor: "start",
      fill: COLOR.ink,
      fontWeight: 700,
      fontSize: 13,
    }),
  ];
}
