/** Sentences on the page: words, and numbers that can be held against the topics. */
import type { JSX } from "preact";
import { both, useSay } from "../base/language";
import { flagMark, flagWords, worthMarking } from "../components/flags";
import { remarked, type Known } from "./text/figure";
import { figuresOf, type FigurePiece, type Sentence } from "./text/pieces";

function Marks({ of: figure }: { readonly of: Known }): JSX.Element {
  const say = useSay();
  return (
    <>
      {worthMarking(figure.flags).map((flag) => (
        <sup key={flag} class="mark" title={say(flagWords(flag))}>
          {say(flagMark(flag))}
        </sup>
      ))}
    </>
  );
}

export function PieceNumber({
  of: piece,
  marked = true,
}: {
  readonly of: FigurePiece;
  readonly marked?: boolean;
}): JSX.Element {
  const { figure, text } = piece;
  return (
    <>
      <data
        class="num"
        value={String(figure.value)}
        data-figure={figure.id}
        data-value={String(figure.value)}>
        {text}
      </data>
      {marked ? <Marks of={figure} /> : null}
    </>
  );
}

export function Words({
  of: sentence,
  marked = true,
}: {
  readonly of: Sentence;
  readonly marked?: boolean;
}): JSX.Element {
  return (
    <>
      {sentence.map((piece, at) =>
        typeof piece === "string" ? piece : <PieceNumber key={at} of={piece} marked={marked} />,
      )}
    </>
  );
}

/** Sentences as one paragraph; none: no paragraph. */
export function Paragraph({
  of: sentences,
  class: name,
  marked = true,
}: {
  readonly of: readonly Sentence[];
  readonly class?: string;
  readonly marked?: boolean;
}): JSX.Element | null {
  if (sentences.length === 0) return null;
  return (
    <p {...(name === undefined ? {} : { class: name })}>
      {sentences.map((sentence, at) => (
        <span key={at}>
          {at > 0 ? " " : ""}
          <Words of={sentence} marked={marked} />
        </span>
      ))}
    </p>
  );
}

/** True when the same must be known of every number: then it is said once for all of them. */
export function alike(sentences: readonly Sentence[]): boolean {
  const figures = figuresOf(sentences);
  const kinds = new Set(figures.map((figure) => worthMarking(figure.flags).join()));
  return figures.length > 1 && kinds.size === 1;
}

const ALL = both("Gjelder alle tallene i teksten:", "All numbers in the text:");

/** What the marks in the sentences mean; of numbers that are all alike, without marks. */
export function Legend({
  of: sentences,
  all = false,
}: {
  readonly of: readonly Sentence[];
  readonly all?: boolean;
}): JSX.Element | null {
  const say = useSay();
  const flags = remarked(figuresOf(sentences));
  if (flags.length === 0) return null;
  return (
    <p class="marks">
      {all ? <span>{say(ALL)}</span> : null}
      {flags.map((flag) => (
        <span key={flag}>
          <sup class="mark">{say(flagMark(flag))}</sup> {say(flagWords(flag))}
        </span>
      ))}
    </p>
  );
}
