/** The course of a number over the last minute, small, without axes: the number itself stands
 * above. */
import type { JSX } from "preact";

const WIDTH = 120;
const HEIGHT = 24;
const POINTS_MAX = 60;

/** The points of the line, the newest at the right edge. */
export function sparkPoints(values: readonly number[], most: number): string {
  const step = WIDTH / (POINTS_MAX - 1);
  return values
    .map((value, at) => {
      const x = WIDTH - (values.length - 1 - at) * step;
      const y = HEIGHT - 1 - (most > 0 ? value / most : 0) * (HEIGHT - 3);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}

export function Sparkline({ values }: { readonly values: readonly number[] }): JSX.Element {
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true">
      <line x1="0" x2={WIDTH} y1={HEIGHT - 1} y2={HEIGHT - 1} />
      <polyline points={sparkPoints(values, Math.max(1, ...values))} />
    </svg>
  );
}
