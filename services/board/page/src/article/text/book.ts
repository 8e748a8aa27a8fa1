/** The figures of one section of an article: its edition, its year, and the years around it. */
import type { Article, Edition, Flag, Part, Row, Section, Spread, Topic } from "../../api";
import type { Language } from "../../base/language";
import { figureKey } from "../../base/quantity";
import { isKnown, type Figure, type Known } from "./figure";

/** Which figure of the municipality. */
export interface Wanted {
  readonly topic: Topic;
  readonly sector: string;
  readonly measure: string;
  readonly indicator?: string | undefined;
  /** Of the group, not of the municipality. */
  readonly group?: true;
  /** Left out: the section's. */
  readonly year?: number;
}

/** A measure of one member in a spread. */
export interface Member {
  readonly code: string;
  readonly name: string;
  readonly figure: Known;
}

const NO_EDITION = { scale: 1, reference: "group", sectors: [], names: {}, years: [] } as const;

function rowKey(
  topic: string,
  sector: string,
  indicator: string | undefined,
  group: boolean,
): string {
  return [topic, sector, indicator ?? "", group ? "group" : ""].join("\n");
}

function indexed(rows: readonly Row[]): Map<string, Row> {
  return new Map(
    rows.map((row) => [rowKey(row.topic, row.sector, row.indicator, row.group === true), row]),
  );
}

export class Book {
  readonly edition: Edition;
  readonly parts: readonly Part[];
  readonly part: Part | undefined;
  readonly municipality: Article["municipality"];
  private readonly names: ReadonlyMap<string, string>;
  private readonly rows: ReadonlyMap<number, ReadonlyMap<string, Row>>;

  /** Undefined when no edition on the topics has figures of the section. */
  static open(article: Article, section: Section): Book | undefined {
    const choice = article.sections[section];
    return choice === undefined ? undefined : new Book(article, choice.edition, choice.year);
  }

  constructor(
    article: Article,
    edition: string,
    readonly year: number,
  ) {
    this.municipality = article.municipality;
    this.edition = article.catalogue.editions.find((one) => one.id === edition) ?? {
      id: edition,
      known: false,
      title: { nb: edition, en: edition },
      source: "",
      ...NO_EDITION,
    };
    this.parts = article.parts.filter((part) => part.edition === edition);
    this.part = this.parts.find((part) => part.year === year);
    this.rows = new Map(this.parts.map((part) => [part.year, indexed(part.rows)]));
    this.names = new Map(article.catalogue.municipalities.map((one) => [one.code, one.name]));
  }

  /** Undefined when there is no such row, or the row neither has it nor says why. */
  figure(wanted: Wanted): Figure | undefined {
    const year = wanted.year ?? this.year;
    const { topic, sector, indicator, group } = wanted;
    const row = this.rows.get(year)?.get(rowKey(topic, sector, indicator, group === true));
    if (row === undefined) return undefined;
    const id = figureKey({
      topic,
      sector,
      measure: wanted.measure,
      edition: this.edition.id,
      year,
      ...(indicator === undefined ? {} : { indicator }),
      ...(group === true ? { code: "group" } : {}),
    });
    const value = row.measures[wanted.measure];
    const flags = row.flags ?? [];
    if (value !== undefined) return { id, value, flags };
    return flags.some(isAbsent) ? { id, flags } : undefined;
  }

  known(wanted: Wanted): Known | undefined {
    const figure = this.figure(wanted);
    return isKnown(figure) ? figure : undefined;
  }

  /** True when any row of the year and topic has the measure. */
  has(topic: Topic, measure: string): boolean {
    return this.rowsOf(topic).some((row) => row.measures[measure] !== undefined);
  }

  /** Rows of the section's year about the municipality. */
  rowsOf(topic: Topic): readonly Row[] {
    return (this.part?.rows ?? []).filter((row) => row.topic === topic && row.group !== true);
  }

  /** Years that have the figure, ascending. */
  series(wanted: Wanted): readonly { readonly year: number; readonly figure: Known }[] {
    return this.parts.flatMap(({ year }) => {
      const figure = this.known({ ...wanted, year });
      return figure === undefined ? [] : [{ year, figure }];
    });
  }

  /** Sectors of a topic's rows, sums left out: those of the edition in its order, then the others.
   */
  sectors(topic: Topic): readonly string[] {
    const there = new Set(this.rowsOf(topic).map((row) => row.sector));
    const ordered = this.edition.sectors.map((sector) => sector.id).filter((id) => there.has(id));
    const others = [...there].filter((id) => !ordered.includes(id) && !SUMS.has(id));
    return [...ordered, ...others];
  }

  /** Indicators of a sector's rows, in the edition's order where it has them, else as they come. */
  indicators(topic: Topic, sector: string, year = this.year): readonly string[] {
    const rows = this.parts.find((part) => part.year === year)?.rows ?? [];
    const there = rows.flatMap((row) =>
      row.topic === topic &&
      row.sector === sector &&
      row.group !== true &&
      row.indicator !== undefined
        ? [row.indicator]
        : [],
    );
    const ordered = this.edition.sectors.find((one) => one.id === sector)?.indicators ?? [];
    const first = ordered.map((one) => one.id).filter((id) => there.includes(id));
    return [...first, ...there.filter((id) => !first.includes(id))];
  }

  isOutside(sector: string): boolean {
    return this.edition.sectors.some((one) => one.id === sector && one.outside === true);
  }

  /** All members that have the measure, as the spread has them. */
  members(topic: Topic, sector: string, measure: string): readonly Member[] {
    const spread = this.spread(topic, sector, measure);
    return (spread?.codes ?? []).flatMap((code, at) => {
      const value = spread?.values[at];
      return value === undefined
        ? []
        : [
            {
              code,
              name: this.names.get(code) ?? code,
              figure: this.memberFigure({ topic, sector, measure }, code, value),
            },
          ];
    });
  }

  name(id: string, language: Language): string {
    const sector = this.edition.sectors.find((one) => one.id === id);
    return (sector?.name ?? this.edition.names[id])?.[language] ?? id;
  }

  indicatorName(sector: string, id: string, language: Language): string {
    const known = this.edition.sectors
      .find((one) => one.id === sector)
      ?.indicators.find((one) => one.id === id);
    return known?.name[language] ?? this.name(id, language);
  }

  private spread(topic: Topic, sector: string, measure: string): Spread | undefined {
    return this.part?.spreads.find(
      (one) => one.topic === topic && one.sector === sector && one.measure === measure,
    );
  }

  /** The municipality's own figure has its flags; spreads have none. */
  private memberFigure(
    { topic, sector, measure }: Pick<Wanted, "topic" | "sector" | "measure">,
    code: string,
    value: number,
  ): Known {
    const own =
      code === this.municipality.code ? this.known({ topic, sector, measure }) : undefined;
    return own ?? { id: this.spreadId(topic, sector, measure, code), value, flags: [] };
  }

  private spreadId(topic: Topic, sector: string, measure: string, code: string): string {
    const own = code === this.municipality.code;
    return figureKey({
      topic,
      edition: this.edition.id,
      year: this.year,
      sector,
      measure,
      ...(own ? {} : { code }),
    });
  }
}

/** Ids of rows that are sums or totals and no sector. */
const SUMS = new Set([
  "total",
  "total_with_administration",
  "inside",
  "outside",
  "disposable_income",
  "residual",
]);

function isAbsent(flag: Flag): boolean {
  return flag === "missing" || flag === "not_applicable" || flag === "suppressed";
}
