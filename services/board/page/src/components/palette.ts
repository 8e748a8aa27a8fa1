/**
 * Colours of charts, as custom properties that light and dark styles define (styles/palette.css).
 * All are of Okabe and Ito's palette, which people with any kind of colour vision can tell apart;
 * what matters is never told by colour alone.
 */
export const COLOR = {
  /** The municipality that the article is about. */
  own: "var(--chart-own)",
  /** Others, beside it. */
  others: "var(--chart-others)",
  /** Above and below a reference. */
  above: "var(--chart-above)",
  below: "var(--chart-below)",
  ink: "var(--ink)",
  muted: "var(--ink-muted)",
  grid: "var(--rule)",
  paper: "var(--paper)",
  /** Series side by side, in this order. */
  series: [
    "var(--chart-1)",
    "var(--chart-2)",
    "var(--chart-3)",
    "var(--chart-4)",
    "var(--chart-5)",
    "var(--chart-6)",
  ],
} as const;

/** The colour of the series at `place`; after the last the first comes again. */
export function seriesColor(place: number): string {
  return COLOR.series[place % COLOR.series.length] ?? COLOR.own;
}
