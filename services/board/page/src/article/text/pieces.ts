/** Sentences as pieces: words, and figures that know where they come from. */
import type { Known } from "./figure";

/** A figure as it stands in a sentence or cell. */
export interface FigurePiece {
  readonly figure: Known;
  readonly text: string;
}

export type Piece = string | FigurePiece;
export type Sentence = readonly Piece[];

/** What may stand in a template of `say`. */
export type Part = Piece | Sentence;

function isSentence(part: Part): part is Sentence {
  return Array.isArray(part);
}

/** say`bruker ${piece} mer`: words and pieces in their order, empty ones left out. Where a
 * line of the source ends within the words, they have one blank. */
export function say(words: TemplateStringsArray, ...parts: readonly Part[]): Sentence {
  const said: Piece[] = [];
  words.forEach((word, at) => {
    said.push(word.replace(/ ?\n */g, " "));
    const part = parts[at];
    if (part === undefined) return;
    if (isSentence(part)) said.push(...part);
    else said.push(part);
  });
  return joined(said);
}

/** Neighbouring words become one piece. */
function joined(pieces: readonly Piece[]): Sentence {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (typeof piece === "string" && typeof last === "string") out[out.length - 1] = last + piece;
    else if (piece !== "") out.push(piece);
  }
  return out;
}

/** The sentence as a reader reads it. */
export function plain(sentence: Sentence): string {
  return sentence.map((piece) => (typeof piece === "string" ? piece : piece.text)).join("");
}

/** "a, b og c" of sentences' parts. */
export function enumerated(items: readonly Sentence[], and: string): Sentence {
  return items.reduce<Sentence>((told, item, at) => {
    if (at === 0) return item;
    return at === items.length - 1 ? say`${told} ${and} ${item}` : say`${told}, ${item}`;
  }, []);
}

/** Its first letter large: a sentence may begin with a name that is written small. */
export function capitalized(sentence: Sentence): Sentence {
  const [first, ...rest] = sentence;
  if (typeof first !== "string" || first === "") return sentence;
  return [first.charAt(0).toUpperCase() + first.slice(1), ...rest];
}

export function figuresOf(sentences: readonly Sentence[]): readonly Known[] {
  return sentences.flatMap((sentence) =>
    sentence.flatMap((piece) => (typeof piece === "string" ? [] : [piece.figure])),
  );
}
