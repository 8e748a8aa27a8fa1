/** Dot strips: every member of the comparison group on a line, the own municipality set off. */
import * as Plot from "@observablehq/plot";
import type { Form } from "../../base/number";
import type { Quantity } from "../../base/quantity";
import type { Draw, Frame } from "../../components/chart";
import { tagged } from "../../components/marks";
import { COLOR } from "../../components/palette";
import {
  axisValue,
  figured,
  gridX,
  nameMarks,
  namesOf,
  numberIn,
  rowOptions,
  zeroX,
} from "./frame";

export interface StripDot {
  readonly member: string;
  readonly quantity: Quantity;
}

export interface Strip {
  readonly label: string;
  readonly sum?: boolean;
  readonly own: StripDot;
  readonly others: readonly StripDot[];
}

interface Placed extends StripDot {
  readonly label: string;
  readonly at: number;
}

/** Of the right margin, what a value beside a name may use. */
const PAST_FRAME = 20;
/** Pixels of a name's line that its value takes. */
const VALUE_ROOM = 76;
/** From so many others on they are ticks that nobody reads one by one. */
const CROWD = 40;

export function dotStrips(strips: readonly Strip[], form: Form): Draw {
  const place = (label: string, dot: StripDot): Placed => ({
    ...dot,
    label,
    at: axisValue(dot.quantity.value, form),
  });
  const others = strips.flatMap((strip) => strip.others.map((dot) => place(strip.label, dot)));
  const own = strips.map((strip) => place(strip.label, strip.own));
  const crowded = isCrowded(strips);
  return (frame) => {
    const labels = strips.map((strip) => strip.label);
    const names = namesOf(frame, labels, 34);
    const options = rowOptions(frame, names, labels, form);
    const dy = frame.narrow ? 7 : 0;
    return Plot.plot({
      ...options,
      y: { ...options.y, insetTop: 8 },
      x: { ...options.x, domain: domain(others, own, crowded), clamp: true },
      marks: [
        gridX(frame),
        zeroX(),
        Plot.ruleY(labels, { dy, stroke: COLOR.grid }),
        crowd(others, crowded, dy),
        Plot.dot(
          own,
          tagged(own, (dot) => ({ label: `${dot.member}, ${dot.label}`, quantity: dot.quantity }), {
            y: "label",
            x: "at",
            dy,
            r: 7,
            fill: COLOR.own,
            stroke: COLOR.paper,
            strokeWidth: 1.5,
          }),
        ),
        ownTexts(frame, own, form, names.lift),
        ...nameMarks(
          frame,
          names,
          labels,
          (label) => strips.some((one) => one.sum && one.label === label),
          frame.narrow ? VALUE_ROOM : 0,
        ),
      ],
    });
  };
}

/** True when the few that lie furthest out stand at the edge of the chart. */
export function isCrowded(strips: readonly Strip[]): boolean {
  return strips.some((strip) => strip.others.length > CROWD);
}

/** Of a crowd, the share on either side that may lie beyond the edge. */
const BEYOND = 0.01;

/** The range shown: all of it; of a crowd, all but the few furthest out. */
function domain(
  others: readonly Placed[],
  own: readonly Placed[],
  crowded: boolean,
): readonly [number, number] {
  const values = others.map((dot) => dot.at).sort((a, b) => a - b);
  const cut = crowded ? Math.ceil(values.length * BEYOND) : 0;
  const mine = own.map((dot) => dot.at);
  const low = Math.min(0, values[cut] ?? 0, ...mine);
  const high = Math.max(0, values[values.length - 1 - cut] ?? 0, ...mine);
  const room = (high - low || 1) * 0.04;
  return [low - room, high + room];
}

function crowd(others: readonly Placed[], crowded: boolean, dy: number): Plot.Markish {
  if (crowded) {
    return Plot.tickX(others, {
      y: "label",
      x: "at",
      dy,
      stroke: COLOR.others,
      strokeOpacity: 0.35,
      insetTop: 5,
      insetBottom: 5,
    });
  }
  return Plot.dot(
    others,
    tagged(others, (dot) => ({ label: `${dot.member}, ${dot.label}`, quantity: dot.quantity }), {
      y: "label",
      x: "at",
      dy,
      r: 4.5,
      fill: COLOR.others,
      fillOpacity: 0.55,
    }),
  );
}

/** The own values: above their dots; where names stand above, at the right end of their line. */
function ownTexts(frame: Frame, own: readonly Placed[], form: Form, lift: number): Plot.Markish {
  const place = frame.narrow
    ? { frameAnchor: "right" as const, textAnchor: "end" as const, dx: PAST_FRAME, dy: -lift }
    : { x: "at", dy: -15 };
  return Plot.text(
    own,
    figured(own, (dot) => dot.quantity, {
      y: "label",
      ...place,
      text: (dot: Placed) => numberIn(frame, dot.quantity, form),
      fill: COLOR.own,
      fontWeight: 700,
      fontSize: 12,
      stroke: COLOR.paper,
      strokeWidth: 4,
      paintOrder: "stroke",
    }),
  );
}
