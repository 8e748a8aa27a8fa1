/** Sub-indices: sector by sector what the index is made of. */
import type { Language } from "../../base/language";
import type { Book } from "./book";
import type { Known } from "./figure";
import { lackingOf } from "./lacking";
import { sectorFigures, type SectorFigure } from "./need";
import { say, type Sentence } from "./pieces";
import { averageInShort, rankText } from "./production";
import { inText, nameInText, type SectionText } from "./section";
import { percentOff, Tongue, wayOff } from "./tongue";

interface Normalized {
  readonly id: string;
  readonly figure: Known;
}

export function indicatorsText(book: Book | undefined, language: Language): SectionText {
  const tongue = new Tongue(language);
  const heading = tongue.of("Delindekser og indikatorer", "Sub-indices and indicators");
  const sectors = book === undefined ? [] : sectorFigures(book, "index", "index");
  if (book === undefined || sectors.length === 0) {
    return {
      id: "indicators",
      heading,
      lead: [],
      more: [],
      lacking: [lackingOf("indicators", tongue)],
    };
  }
  return {
    id: "indicators",
    heading,
    lead: rangeSentences(book, sectors, tongue),
    more: [],
    lacking: imputed(book, tongue),
  };
}

/** Sectors with the best and the worst rank. */
function rangeSentences(
  book: Book,
  sectors: readonly SectorFigure[],
  tongue: Tongue,
): readonly Sentence[] {
  const ranks = sectors
    .flatMap(({ sector }) => {
      const figure = book.known({ topic: "index", sector, measure: "rank" });
      return figure === undefined ? [] : [{ sector, figure }];
    })
    .sort((a, b) => a.figure.value - b.figure.value);
  const [best, worst] = [ranks[0], ranks.at(-1)];
  const [first] = sectors;
  if (best === undefined || worst === undefined || first === undefined) return [];
  if (ranks.length === 1) return [sectorSentence(book, first.sector, first.figure, tongue)];
  if (best.figure.value === worst.figure.value) return [];
  const all = (one: SectorFigure) => sharing(book, ranks, one.figure.value, tongue);
  return [
    tongue.of(
      say`Sammenlignet med de andre kommunene ligger ${book.municipality.name} høyest i
          ${all(best)} og lavest i ${all(worst)}. Plassene går fra den høyeste delindeksen til den
          laveste og sier ikke hva produksjonen koster.`,
      say`Compared with the other municipalities, ${book.municipality.name} ranks highest
          in ${all(best)} and lowest in ${all(worst)}. Ranks go from the highest sub-index to the
          lowest and do not tell what production costs.`,
    ),
  ];
}

/** All sectors that share a rank, each with it. */
function sharing(
  book: Book,
  ranks: readonly SectorFigure[],
  rank: number,
  tongue: Tongue,
): Sentence {
  const shared = ranks.filter(({ figure }) => figure.value === rank);
  return tongue.each(
    shared.map(({ sector, figure }) => {
      const members = String(book.members("index", sector, "index").length);
      return tongue.of(
        say`${nameInText(book, sector, tongue)} (nummer ${tongue.whole(figure)} av ${members})`,
        say`${nameInText(book, sector, tongue)} (number ${tongue.whole(figure)} of ${members})`,
      );
    }),
  );
}

/** Indicators that were reported, by what they are at the edition's scale. */
function normalized(book: Book, sector: string): readonly Normalized[] {
  return book.indicators("indicator", sector).flatMap((id) => {
    const figure = book.known({ topic: "indicator", sector, indicator: id, measure: "normalized" });
    return figure === undefined || figure.flags.includes("imputed") ? [] : [{ id, figure }];
  });
}

/** Where a sector lies, and which indicator lies furthest from the average. */
export function sectorSentence(book: Book, sector: string, index: Known, tongue: Tongue): Sentence {
  const scale = book.edition.scale;
  const name = book.name(sector, tongue.language);
  const off = tongue.off(index, scale);
  const rank = rankText(book, sector, tongue);
  const average = averageInShort(book, tongue);
  const told = tongue.of(
    {
      above: say`${name} ligger ${off} over ${average}${rank}`,
      below: say`${name} ligger ${off} under ${average}${rank}`,
      level: say`${name} ligger om lag på ${average}${rank}`,
    },
    {
      above: say`${name} is ${off} above ${average}${rank}`,
      below: say`${name} is ${off} below ${average}${rank}`,
      level: say`${name} is close to ${average}${rank}`,
    },
  )[wayOff(index.value, scale)];
  return say`${told}${outstanding(book, sector, tongue)}.`;
}

/** The indicator that lies furthest from the average. */
function outstanding(book: Book, sector: string, tongue: Tongue): Sentence {
  const scale = book.edition.scale;
  const all = normalized(book, sector);
  if (all.length < 2) return [];
  const [most] = [...all].sort(
    (a, b) =>
      Math.abs(percentOff(b.figure.value, scale)) - Math.abs(percentOff(a.figure.value, scale)),
  );
  if (most === undefined || wayOff(most.figure.value, scale) === "level") return [];
  const name = inText(book.indicatorName(sector, most.id, tongue.language));
  const off = tongue.off(most.figure, scale);
  const above = most.figure.value > scale;
  const average = averageInShort(book, tongue);
  return tongue.of(
    say`. Lengst fra ${average} er «${name}», ${off} ${above ? "over" : "under"}`,
    say`. Furthest from ${average} is “${name}”, ${off} ${above ? "above" : "below"}`,
  );
}

/** What was filled in, by name. */
function imputed(book: Book, tongue: Tongue): readonly Sentence[] {
  const names = book.sectors("indicator").flatMap((sector) =>
    book.indicators("indicator", sector).flatMap((id) => {
      const figure = book.figure({
        topic: "indicator",
        sector,
        indicator: id,
        measure: "normalized",
      });
      return figure?.flags.includes("imputed") === true
        ? [inText(book.indicatorName(sector, id, tongue.language))]
        : [];
    }),
  );
  if (names.length === 0) return [];
  const one = names.length === 1;
  const list = tongue.list(names.map((name) => tongue.of(`«${name}»`, `“${name}”`)));
  return [
    tongue.of(
      say`Kommunen har ikke rapportert ${list}. ${one ? "Verdien" : "Verdiene"} er fylt inn etter
          utgavens regel og merket; indeksen uten ${one ? "den" : "dem"} står ved siden av.`,
      say`The municipality did not report ${list}. The ${one ? "value is" : "values are"} filled in
          by the edition's rule and marked; the index without ${one ? "it" : "them"} stands
          beside.`,
    ),
  ];
}
