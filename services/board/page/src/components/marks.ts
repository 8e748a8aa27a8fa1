/**
 * Marks of Observable Plot whose elements carry the number they stand for, so that charts can be
 * read by pointer and keyboard, and held against the topics.
 */
import type { RenderFunction } from "@observablehq/plot";
import { figureAttributes, type Quantity } from "../base/quantity";

/** What one element of a chart stands for. */
export interface Tag {
  /** Who or what: "Skien, barnehage". */
  readonly label: string;
  readonly quantity: Quantity;
}

/** A chart's elements that carry a tag. */
export const TAGGED = "[data-label]";

const FORMS_OF_ELEMENTS = new WeakMap<Element, Tag>();

/** The tag that tagged() gave to the element. */
export function tagOf(element: Element): Tag | undefined {
  return FORMS_OF_ELEMENTS.get(element);
}

function tagElement(element: Element, tag: Tag): void {
  FORMS_OF_ELEMENTS.set(element, tag);
  element.setAttribute("data-label", tag.label);
  for (const [name, value] of Object.entries(figureAttributes(tag.quantity))) {
    element.setAttribute(name, value);
  }
}

/**
 * Options of a mark over `data` whose elements are one a row (bars, dots, texts, rules, cells; not
 * lines and areas): Plot.barX(rows, tagged(rows, tagOfRow, { x: …, y: … })).
 */
export function tagged<T, const O extends object>(
  data: readonly T[],
  tag: (row: T) => Tag | undefined,
  options: O,
): O & { render: RenderFunction } {
  const render: RenderFunction = (index, scales, values, dimensions, context, next) => {
    const group = next?.(index, scales, values, dimensions, context) ?? null;
    Array.from(group?.children ?? []).forEach((element, at) => {
      const row = data[index[at] ?? -1];
      const found = row === undefined ? undefined : tag(row);
      if (found) tagElement(element, found);
    });
    return group;
  };
  return { ...options, render };
}
