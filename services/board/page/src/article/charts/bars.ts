/** Diverging bars: what lies above a reference points right, what lies below points left. */
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

export interface Bar {
  readonly label: string;
  readonly quantity: Quantity;
  /** The whole of the others. */
  readonly sum?: boolean;
}

interface Placed extends Bar {
  readonly from: number;
  readonly to: number;
}

/** Bars from zero. */
export function divergingBars(bars: readonly Bar[], form: Form): Draw {
  return drawing(
    bars.map((bar) => ({ ...bar, from: 0, to: axisValue(bar.quantity.value, bar.quantity.form) })),
    form,
  );
}

/** Bars that each begin where the one before ended; sums begin at zero again. */
export function waterfall(bars: readonly Bar[], form: Form): Draw {
  let at = 0;
  const placed = bars.map((bar) => {
    const size = axisValue(bar.quantity.value, bar.quantity.form);
    const from = bar.sum === true ? 0 : at;
    at = from + size;
    return { ...bar, from, to: at };
  });
  return drawing(placed, form);
}

function colorOf(bar: Placed): string {
  if (bar.sum === true) return COLOR.ink;
  return bar.to >= bar.from ? COLOR.above : COLOR.below;
}

function drawing(bars: readonly Placed[], form: Form): Draw {
  return (frame) => {
    const labels = bars.map((bar) => bar.label);
    const names = namesOf(frame, labels);
    const options = rowOptions(frame, names, labels, form);
    const inset = frame.narrow ? { insetTop: 14 } : {};
    return Plot.plot({
      ...options,
      x: { ...options.x, domain: domain(frame, bars) },
      marks: [
        gridX(frame),
        Plot.barX(
          bars,
          tagged(bars, (bar) => ({ label: bar.label, quantity: bar.quantity }), {
            y: "label",
            x1: "from",
            x2: "to",
            fill: colorOf,
            ...inset,
          }),
        ),
        zeroX(),
        ...endTexts(frame, bars),
        ...nameMarks(frame, names, labels, (label) =>
          bars.some((bar) => bar.sum && bar.label === label),
        ),
      ],
    });
  };
}

/** Room for the numbers at the bars' ends. */
function domain(frame: Frame, bars: readonly Placed[]): readonly [number, number] {
  const ends = bars.flatMap((bar) => [bar.from, bar.to]);
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const room = (high - low || 1) * (frame.narrow ? 0.2 : 0.12);
  return [low < 0 ? low - room : low, high > 0 || low === 0 ? high + room : high];
}

/** The numbers, outside the bars' ends. */
function endTexts(frame: Frame, bars: readonly Placed[]): Plot.Markish[] {
  return ([true, false] as const).map((right) => {
    const these = bars.filter((bar) => bar.to >= bar.from === right);
    return Plot.text(
      these,
      figured(these, (bar) => bar.quantity, {
        y: "label",
        x: "to",
        dx: right ? 6 : -6,
        dy: frame.narrow ? 7 : 0,
        fill: COLOR.ink,
        fontSize: 12,
        textAnchor: right ? ("start" as const) : ("end" as const),
        text: (bar: Placed) => numberIn(frame, bar.quantity, bar.quantity.form),
      }),
    );
  });
}
