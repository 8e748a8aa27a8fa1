/** Dumbbells: production and expenditure of a sector on one line, and how far they lie apart. */
import * as Plot from "@observablehq/plot";
import type { Form } from "../../base/number";
import type { Quantity } from "../../base/quantity";
import type { Draw } from "../../components/chart";
import { tagged } from "../../components/marks";
import { COLOR } from "../../components/palette";
import {
  axisValue,
  figured,
  gridX,
  legend,
  nameMarks,
  namesOf,
  numberIn,
  rowOptions,
  zeroX,
} from "./frame";

export interface Dumbbell {
  readonly label: string;
  readonly sum?: boolean;
  readonly first: Quantity;
  readonly second: Quantity;
}

/** `names`: what the first and the second end are. */
export function dumbbells(
  rows: readonly Dumbbell[],
  names: readonly [string, string],
  form: Form,
): Draw {
  return (frame) => {
    const labels = rows.map((row) => row.label);
    const room = namesOf(frame, labels, 36);
    const options = rowOptions(frame, room, labels, form);
    const keys = legend(
      frame,
      [
        { label: names[0], color: COLOR.own },
        { label: names[1], color: COLOR.above },
      ],
      room.marginLeft,
    );
    const at = (quantity: Quantity): number => axisValue(quantity.value, form);
    const dy = frame.narrow ? 7 : 0;
    const end = (which: "first" | "second") =>
      Plot.dot(
        rows,
        tagged(
          rows,
          (row) => ({
            label: `${row.label}, ${which === "first" ? names[0] : names[1]}`,
            quantity: row[which],
          }),
          {
            y: "label",
            x: (row: Dumbbell) => at(row[which]),
            dy,
            r: 6.5,
            stroke: COLOR.paper,
            strokeWidth: 1.2,
            fill: which === "first" ? COLOR.own : COLOR.above,
            symbol: which === "first" ? ("circle" as const) : ("diamond" as const),
          },
        ),
      );
    const text = (which: "first" | "second") =>
      ([true, false] as const).map((right) => {
        const these = rows.filter(
          (row) => at(row[which]) >= at(row[which === "first" ? "second" : "first"]) === right,
        );
        return Plot.text(
          these,
          figured(these, (row) => row[which], {
            y: "label",
            x: (row: Dumbbell) => at(row[which]),
            dy,
            dx: right ? 11 : -11,
            textAnchor: right ? ("start" as const) : ("end" as const),
            fontSize: 12,
            fill: COLOR.ink,
            stroke: COLOR.paper,
            strokeWidth: 4,
            text: (row: Dumbbell) => numberIn(frame, row[which], form),
          }),
        );
      });
    return Plot.plot({
      ...options,
      height: (options.height ?? 0) + keys.height,
      marginTop: (options.marginTop ?? 0) + keys.height,
      x: { ...options.x, domain: range(rows.flatMap((row) => [at(row.first), at(row.second)])) },
      marks: [
        gridX(frame),
        zeroX(),
        Plot.link(rows, {
          y: "label",
          x1: (row: Dumbbell) => at(row.first),
          x2: (row: Dumbbell) => at(row.second),
          dy,
          stroke: COLOR.others,
          strokeWidth: 3,
        }),
        end("second"),
        end("first"),
        ...text("first"),
        ...text("second"),
        ...nameMarks(frame, room, labels, (label) =>
          rows.some((row) => row.sum && row.label === label),
        ),
        ...keys.marks,
      ],
    });
  };
}

function range(values: readonly number[]): readonly [number, number] {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const room = (high - low || 1) * 0.16;
  return [low - room, high + room];
}
