/** The article of a municipality: its summary, its contents, and its sections one after the other.
 */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Article, Section } from "../api";
import { useLanguage } from "../base/language";
import { SectionChoice } from "../components/section_choice";
import { alike, Legend, Paragraph, PieceNumber, Words } from "./prose";
import type { FigureOf } from "./sections/common";
import { DemographyCostFigures } from "./sections/demography_cost";
import { IndicatorFigures } from "./sections/indicators";
import { NeedFigures } from "./sections/need";
import { PopulationFigures } from "./sections/population";
import { ChangeFigures, ProductionFigures } from "./sections/production";
import {
  AllocationFigures,
  IncomeFigures,
  InsideFigures,
  OutsideFigures,
} from "./sections/resource_use";
import { headingWithoutCosts, UnitCostFigures } from "./sections/unit_cost";
import { articleText, bookOf, booksOf } from "./text/article";
import type { Book } from "./text/book";
import type { SectionId, SectionText } from "./text/section";
import { otherChoice } from "./text/source";
import { summaryOf, type KeyFigure } from "./text/summary";
import { Tongue } from "./text/tongue";

export interface ArticleViewProps {
  readonly article: Article;
  /** Codes of the municipalities it is held against, itself included, ascending. */
  readonly group: readonly string[];
}

const FIGURES: Readonly<Record<SectionId, (props: FigureOf) => JSX.Element>> = {
  need: NeedFigures,
  population: PopulationFigures,
  "demography-cost": DemographyCostFigures,
  income: IncomeFigures,
  inside: InsideFigures,
  outside: OutsideFigures,
  allocation: AllocationFigures,
  production: ProductionFigures,
  change: ChangeFigures,
  indicators: IndicatorFigures,
  "unit-cost": UnitCostFigures,
};

/** The part of the article that a section's figures are chosen with. */
const PARTS: Readonly<Record<SectionId, Section>> = {
  need: "need",
  population: "demography",
  "demography-cost": "demography",
  income: "resource-use",
  inside: "resource-use",
  outside: "resource-use",
  allocation: "resource-use",
  production: "production",
  change: "production",
  indicators: "production",
  "unit-cost": "unit-cost",
};

/** Of the sections that are chosen together, the first that has figures offers the choice. */
function choosing(sections: readonly SectionText[]): ReadonlySet<SectionId> {
  const first = new Map<Section, SectionId>();
  for (const text of sections) {
    const part = PARTS[text.id];
    if (hasFigures(text) && !first.has(part)) first.set(part, text.id);
  }
  return new Set(first.values());
}

function hasFigures(text: SectionText): boolean {
  return text.lead.length + text.more.length > 0;
}

/** The section under the heading that its figures bear out. */
function titled(text: SectionText, books: ReturnType<typeof booksOf>, tongue: Tongue): SectionText {
  if (text.id !== "unit-cost" || !hasFigures(text)) return text;
  return { ...text, heading: headingWithoutCosts(books.unitCost, tongue) ?? text.heading };
}

function Key({ of: key }: { readonly of: KeyFigure }): JSX.Element {
  return (
    <li class="key-fact">
      <a class="key-fact-title" href={`#${key.section}`}>
        {key.title}
      </a>
      <span class="key-fact-number">
        <PieceNumber of={key.number} />
      </span>
      <span class="key-fact-words">
        <Words of={key.words} marked={false} />
      </span>
    </li>
  );
}

function Summary({
  keys,
  tongue,
}: {
  readonly keys: readonly KeyFigure[];
  readonly tongue: Tongue;
}): JSX.Element | null {
  if (keys.length === 0) return null;
  return (
    <section class="summary" aria-labelledby="summary-title">
      <h2 id="summary-title">{tongue.of("Kort fortalt", "In short")}</h2>
      <ul class="key-facts">
        {keys.map((key) => (
          <Key key={key.title} of={key} />
        ))}
      </ul>
      <Legend of={keys.map((key) => [key.number])} />
    </section>
  );
}

function Contents({
  sections,
  tongue,
}: {
  readonly sections: readonly SectionText[];
  readonly tongue: Tongue;
}): JSX.Element {
  return (
    <nav class="contents" aria-labelledby="contents-title">
      <h2 id="contents-title">{tongue.of("Innhold", "Contents")}</h2>
      <ol>
        {sections.map((section) => (
          <li key={section.id} class={hasFigures(section) ? "" : "screen-only"}>
            <a href={`#${section.id}`}>{section.heading}</a>
            {hasFigures(section) ? null : (
              <span class="quiet"> {tongue.of("(uten tall)", "(no figures)")}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** On paper the sections without figures stand together at the end, small. */
function LackingOnPaper({
  sections,
  tongue,
}: {
  readonly sections: readonly SectionText[];
  readonly tongue: Tongue;
}): JSX.Element | null {
  const lacking = sections.filter((section) => !hasFigures(section));
  if (lacking.length === 0) return null;
  return (
    <section class="section lacking-list print-only">
      <h2>
        {tongue.of("Dette har artikkelen ikke tall om", "What the article has no figures of")}
      </h2>
      <dl>
        {lacking.map((section) => (
          <div key={section.id}>
            <dt>{section.heading}</dt>
            <dd>
              {section.lacking.map((sentence, at) => (
                <Words key={at} of={sentence} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

interface SectionProps {
  readonly text: SectionText;
  readonly book: Book | undefined;
  readonly article: Article;
  readonly group: readonly string[];
  readonly tongue: Tongue;
  /** The reader may choose other figures here. */
  readonly chooses: boolean;
}

function Origin({ text, book, article, tongue, chooses }: SectionProps): JSX.Element | null {
  const part = PARTS[text.id];
  const choice = article.sections[part];
  if (chooses && choice) {
    return <SectionChoice section={part} choice={choice} titles={article.titles} />;
  }
  const other = book && otherChoice(book, article.asked, tongue);
  return other === undefined ? null : <p class="kicker">{other}</p>;
}

function SectionView(props: SectionProps): JSX.Element {
  const { text, book, group } = props;
  const Figures = FIGURES[text.id];
  const [first, then] = text.lead.length > 0 ? [text.lead, text.more] : [text.more, []];
  const said = [...text.lead, ...text.more];
  const same = alike(said);
  const there = hasFigures(text) && book !== undefined;
  return (
    <section class={there ? "section" : "section without"} aria-labelledby={text.id}>
      <h2 id={text.id}>{text.heading}</h2>
      {there ? <Origin {...props} /> : null}
      <Paragraph of={first} class="lead" marked={!same} />
      <Paragraph of={then} marked={!same} />
      <Paragraph of={text.lacking} class={there ? "quiet" : "no-figures"} />
      <Legend of={said} all={same} />
      {there ? <Figures book={book} group={group} /> : null}
    </section>
  );
}

function Heading({
  article,
  tongue,
}: {
  readonly article: Article;
  readonly tongue: Tongue;
}): JSX.Element {
  const { name, kostraGroup } = article.municipality;
  const { edition } = article.asked;
  const title = article.titles[edition]?.[tongue.language] ?? edition;
  const group =
    kostraGroup === undefined
      ? ""
      : tongue.of(` · KOSTRA-gruppe ${kostraGroup}`, ` · KOSTRA group ${kostraGroup}`);
  return (
    <header class="article-head">
      <p class="kicker">
        {tongue.of("Kommune", "Municipality")} {article.municipality.code}
        {group}
      </p>
      <h1>{name}</h1>
      <p class="lead">
        {tongue.of(
          `Hva tallene sier om utgiftsbehov, befolkning, ressursbruk og tjenester i ${name}.`,
          `What the figures say about need, population, resource use and services of ${name}.`,
        )}
      </p>
      <p class="quiet asked">
        {title}, {String(article.asked.year)}
      </p>
    </header>
  );
}

export function ArticleView({ article, group }: ArticleViewProps): JSX.Element {
  const language = useLanguage();
  const tongue = useMemo(() => new Tongue(language), [language]);
  const books = useMemo(() => booksOf(article), [article]);
  const sections = useMemo(
    () => articleText(books, language).map((text) => titled(text, books, tongue)),
    [books, language, tongue],
  );
  const chooses = useMemo(() => choosing(sections), [sections]);
  const keys = useMemo(() => summaryOf(books, language), [books, language]);
  return (
    <article class="municipality">
      <Heading article={article} tongue={tongue} />
      <Summary keys={keys} tongue={tongue} />
      <Contents sections={sections} tongue={tongue} />
      {sections.map((text) => (
        <SectionView
          key={text.id}
          text={text}
          book={bookOf(text.id, books)}
          article={article}
          group={group}
          tongue={tongue}
          chooses={chooses.has(text.id)}
        />
      ))}
      <LackingOnPaper sections={sections} tongue={tongue} />
    </article>
  );
}
