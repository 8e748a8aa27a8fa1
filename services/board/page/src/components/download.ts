/**
 * A chart as a file: an SVG that stands by itself (colours and fonts written into it, title above,
 * source below, always on white), and a PNG of it at twice the size.
 */

export interface Picture {
  readonly title: string;
  readonly source: string;
  readonly chart: SVGSVGElement;
}

const SVG = "http://www.w3.org/2000/svg";
const FONT = '"Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif';
const MARGIN = 24;
const TITLE_SIZE = 18;
const SOURCE_SIZE = 11;
const LINE = 1.35;
const PNG_SCALE = 2;
/** Width of a mean character, as a share of the font's size. */
const CHARACTER = 0.54;
/** What a chart's elements take from style sheets. */
const TAKEN = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-opacity",
  "stroke-width",
  "stroke-dasharray",
  "opacity",
  "font-size",
  "font-weight",
  "font-style",
  "font-variant-numeric",
  "text-anchor",
  "paint-order",
  "visibility",
];

/** `text` in lines of at most `width` pixels, by the mean width of characters. */
export function wrapped(text: string, size: number, width: number): readonly string[] {
  const most = Math.max(8, Math.floor(width / (size * CHARACTER)));
  const lines: string[] = [];
  for (const word of text.split(/[ \n]+/).filter(Boolean)) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= most) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

function textLines(
  lines: readonly string[],
  size: number,
  top: number,
  attributes: Readonly<Record<string, string>>,
): SVGTextElement {
  const text = document.createElementNS(SVG, "text");
  text.setAttribute("font-size", String(size));
  for (const [name, value] of Object.entries(attributes)) text.setAttribute(name, value);
  lines.forEach((line, at) => {
    const part = document.createElementNS(SVG, "tspan");
    part.setAttribute("x", String(MARGIN));
    part.setAttribute("y", String(Math.round(top + size + at * size * LINE)));
    part.textContent = line;
    text.append(part);
  });
  return text;
}

/** Writes what style sheets say into the attributes of every element. */
function settle(element: Element): void {
  const style = getComputedStyle(element);
  for (const name of TAKEN) {
    const value = style.getPropertyValue(name);
    if ((value && value !== "none") || name === "fill" || name === "stroke") {
      element.setAttribute(name, value || "none");
    }
  }
  for (const name of ["class", "style", "data-label", "data-figure", "data-value"]) {
    element.removeAttribute(name);
  }
  for (const child of Array.from(element.children)) settle(child);
}

/** A copy of the chart that needs no style sheet, in the light palette whatever the reader's is. */
function settledCopy(chart: SVGSVGElement): SVGSVGElement {
  const stage = document.createElement("div");
  stage.className = "export-stage";
  stage.dataset["theme"] = "light";
  const copy = chart.cloneNode(true) as SVGSVGElement;
  stage.append(copy);
  document.body.append(stage);
  for (const read of Array.from(copy.querySelectorAll(".reading")))
    read.classList.remove("reading");
  settle(copy);
  stage.remove();
  for (const name of ["aria-hidden", "font-family"]) copy.removeAttribute(name);
  copy.setAttribute("overflow", "visible");
  return copy;
}

/** The picture as an SVG that stands by itself. */
export function pictureSvg(picture: Picture): SVGSVGElement {
  const width = Number(picture.chart.getAttribute("width")) + 2 * MARGIN;
  const chartHeight = Number(picture.chart.getAttribute("height"));
  const title = wrapped(picture.title, TITLE_SIZE, width - 2 * MARGIN);
  const source = wrapped(picture.source, SOURCE_SIZE, width - 2 * MARGIN);
  const chartTop = MARGIN + title.length * TITLE_SIZE * LINE + 8;
  const sourceTop = chartTop + chartHeight + 12;
  const height = Math.ceil(sourceTop + source.length * SOURCE_SIZE * LINE + MARGIN);
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({
    width,
    height,
    "font-family": FONT,
    viewBox: `0 0 ${width} ${height}`,
  }))
    svg.setAttribute(name, String(value));
  const ground = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ width, height, fill: "#fff" })) {
    ground.setAttribute(name, String(value));
  }
  const copy = settledCopy(picture.chart);
  copy.setAttribute("x", String(MARGIN));
  copy.setAttribute("y", String(chartTop));
  svg.append(
    ground,
    textLines(title, TITLE_SIZE, MARGIN, { fill: "#1a1a1a", "font-weight": "600" }),
    copy,
    textLines(source, SOURCE_SIZE, sourceTop, { fill: "#555" }),
  );
  return svg;
}

export function svgText(svg: SVGSVGElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}\n`;
}

/** The SVG painted on a canvas, as a PNG. */
export async function pngOf(svg: SVGSVGElement): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(svg))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Number(svg.getAttribute("width")) * PNG_SCALE;
  canvas.height = Number(svg.getAttribute("height")) * PNG_SCALE;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return await new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("the browser made no picture"))),
      "image/png",
    ),
  );
}

/** Hands a file to the reader. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement("a");
  const url = URL.createObjectURL(content);
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
