/**
 * A chart by Observable Plot in a place of its own: drawn to the width there is, drawn anew when
 * that changes; read by pointer and arrow keys, each tagged element in words below it.
 */
import type { JSX } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import type { Flag } from "../api";
import { shownBare, shownValue, type Form } from "../base/number";
import { both, useLanguage, useSay, type Language } from "../base/language";
import { CommonFlags } from "./flags";
import { TAGGED, tagOf, type Tag } from "./marks";

/** What a chart is drawn with. */
export interface Frame {
  /** Pixels there are. */
  readonly width: number;
  /** A phone: leave out what is not needed, write labels above bars. */
  readonly narrow: boolean;
  /** A page of paper: as wide as a screen, and its height is what is dear. */
  readonly paper: boolean;
  readonly language: Language;
  /** Marks that are said once below the figure, not at its values. */
  readonly common: readonly Flag[];
  /** A number with its unit, and without. */
  readonly show: (value: number, form: Form) => string;
  readonly showBare: (value: number, form: Form) => string;
}

/** Draws a chart: what Plot.plot() returns, without its own figure element or legends. */
export type Draw = (frame: Frame) => Element;

export interface ChartProps {
  /** What the chart shows, in one sentence, for those who do not see it. */
  readonly label: string;
  readonly draw: Draw;
}

export const NARROW_BELOW = 520;
/** The class of Plot's SVG: styles/chart.css has the rules Plot would write into it. */
export const PLOT_CLASS = "plot";
/** Pixels across an A4 page: letters of a chart come out as large as those of captions. */
const PAPER_WIDTH = 780;
const REACH = 40;

const WORDS = {
  hint: both("Bruk piltastene for å lese verdiene.", "Use the arrow keys to read the values."),
};

/** The chart's tagged elements, in the order in which they were drawn. */
function readable(host: Element): readonly SVGGraphicsElement[] {
  return Array.from(host.querySelectorAll<SVGGraphicsElement>(TAGGED));
}

/** The tagged element nearest to a point of the screen, none beyond reach. */
function nearest(host: Element, x: number, y: number): SVGGraphicsElement | undefined {
  let best: SVGGraphicsElement | undefined;
  let bestDistance = REACH;
  for (const element of readable(host)) {
    const box = element.getBoundingClientRect();
    const dx = Math.max(box.left - x, 0, x - box.right);
    const dy = Math.max(box.top - y, 0, y - box.bottom);
    const distance = Math.hypot(dx, dy);
    if (distance < bestDistance) [best, bestDistance] = [element, distance];
  }
  return best;
}

/** Plot's own style element is taken out: the page's policy
 * allows none, chart.css says the same. */
function withoutStyle(drawn: Element): Element {
  for (const style of Array.from(drawn.querySelectorAll("style"))) style.remove();
  drawn.setAttribute("aria-hidden", "true");
  drawn.removeAttribute("role");
  return drawn;
}

function useWidth(host: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    setWidth(Math.floor(element.clientWidth));
    const observer = new ResizeObserver(() => {
      const now = Math.floor(element.clientWidth);
      if (now > 0) setWidth(now);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return width;
}

function frameOf(width: number, language: Language, common: readonly Flag[], paper = false): Frame {
  return {
    width,
    language,
    common,
    paper,
    narrow: width < NARROW_BELOW,
    show: (value, form) => shownValue(value, form, language),
    showBare: (value, form) => shownBare(value, form, language),
  };
}

/** Sets off the element that is being read. */
function setOff(host: Element, element: Element | undefined): void {
  for (const old of Array.from(host.querySelectorAll(".reading"))) old.classList.remove("reading");
  element?.classList.add("reading");
}

/** The place among `count` that a key leads to from `at`, or -1 for other keys. */
export function placeByKey(key: string, at: number, count: number): number {
  if (count === 0) return -1;
  if (key === "ArrowRight" || key === "ArrowDown") return Math.min(at + 1, count - 1);
  if (key === "ArrowLeft" || key === "ArrowUp") return Math.max(at - 1, 0);
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : -1;
}

function useReading(host: { readonly current: HTMLElement | null }): {
  readonly tag: Tag | undefined;
  readonly read: (element: SVGGraphicsElement | undefined) => void;
  readonly onKey: (event: KeyboardEvent) => void;
} {
  const [tag, setTag] = useState<Tag | undefined>(undefined);
  const at = useRef(-1);
  const read = (element: SVGGraphicsElement | undefined): void => {
    if (!host.current) return;
    at.current = element ? readable(host.current).indexOf(element) : -1;
    setOff(host.current, element);
    setTag(element && tagOf(element));
  };
  const onKey = (event: KeyboardEvent): void => {
    if (!host.current) return;
    const elements = readable(host.current);
    const place = placeByKey(event.key, at.current, elements.length);
    if (event.key === "Escape") read(undefined);
    if (place < 0) return;
    event.preventDefault();
    read(elements[place]);
  };
  return { tag, read, onKey };
}

/** Draws into the host at a width. */
function drawInto(host: HTMLElement, draw: Draw, frame: Frame): void {
  if (frame.width > 0) host.replaceChildren(withoutStyle(draw(frame)));
}

/** Keeps the chart drawn to the width there is, on paper to that of the paper. */
function useDrawing(host: { readonly current: HTMLElement | null }, draw: Draw): void {
  const language = useLanguage();
  const common = useContext(CommonFlags);
  const width = useWidth(host);
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const onPaper = (): void =>
      drawInto(element, draw, frameOf(PAPER_WIDTH, language, common, true));
    const onScreen = (): void => drawInto(element, draw, frameOf(width, language, common));
    onScreen();
    addEventListener("beforeprint", onPaper);
    addEventListener("afterprint", onScreen);
    return () => {
      removeEventListener("beforeprint", onPaper);
      removeEventListener("afterprint", onScreen);
    };
  }, [draw, width, language, common]);
}

export function Chart({ label, draw }: ChartProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const language = useLanguage();
  const say = useSay();
  const { tag, read, onKey } = useReading(host);
  useDrawing(host, draw);
  const onMove = (event: PointerEvent): void => {
    if (host.current) read(nearest(host.current, event.clientX, event.clientY));
  };
  return (
    <div class="chart">
      <div
        class="chart-host"
        ref={host}
        role="img"
        aria-label={`${label} ${say(WORDS.hint)}`}
        tabIndex={0}
        onKeyDown={onKey}
        onPointerMove={onMove}
        onPointerDown={onMove}
        onPointerLeave={() => read(undefined)}
        onBlur={() => read(undefined)}
      />
      <p class="chart-reading" aria-live="polite">
        {tag ? (
          <>
            <span>{tag.label}</span>{" "}
            <strong>{shownValue(tag.quantity.value, tag.quantity.form, language)}</strong>
          </>
        ) : null}
      </p>
    </div>
  );
}
