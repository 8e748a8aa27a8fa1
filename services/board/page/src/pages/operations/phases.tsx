/** How long a release took, phase by phase: a bar whose length is the time, and the times in
 * words. */
import type { JSX } from "preact";
import type { Name, Phases } from "../../api";
import { both, useLanguage, useSay } from "../../base/language";
import { shownDuration } from "../../base/time";

export interface Phase {
  readonly id: "recorded" | "sent" | "held" | "committed";
  readonly ms: number;
}

const NAMES: Readonly<Record<Phase["id"], Name>> = {
  recorded: both("lest og bokført", "read and recorded"),
  sent: both("ventet", "waited"),
  held: both("regnet", "computed"),
  committed: both("publisert", "published"),
};

const WORDS = {
  attempts: both("{count} forsøk", "{count} attempts"),
  open: both("ikke ferdig", "not finished"),
  unknown: both("tavla var ikke i gang da", "the board did not run then"),
};

/** The phases that are over, each as long as it took; a time that is lacking joins the next. */
export function phasesOf(phases: Phases): readonly Phase[] {
  const ends: readonly (readonly [Phase["id"], number | undefined])[] = [
    ["recorded", phases.recordedMs],
    ["sent", phases.sentMs],
    ["held", phases.heldMs],
    ["committed", phases.committedMs],
  ];
  const over: Phase[] = [];
  let before = phases.discoveredMs;
  for (const [id, end] of ends) {
    if (end === undefined) continue;
    over.push({ id, ms: Math.max(0, end - before) });
    before = Math.max(before, end);
  }
  return over;
}

/** From discovery to the last phase that is over. */
export function totalMs(phases: Phases): number {
  return phasesOf(phases).reduce((sum, { ms }) => sum + ms, 0);
}

const WIDTH = 1000;
const HEIGHT = 14;

function Bar({
  over,
  longestMs,
}: {
  readonly over: readonly Phase[];
  readonly longestMs: number;
}): JSX.Element {
  let x = 0;
  return (
    <svg
      class="phase-bar"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true">
      {over.map(({ id, ms }) => {
        const width = longestMs > 0 ? (ms / longestMs) * WIDTH : 0;
        const part = <rect key={id} class={id} x={x} width={width} y={0} height={HEIGHT} />;
        x += width;
        return part;
      })}
    </svg>
  );
}

export function PhasesChart({
  phases,
  longestMs,
}: {
  readonly phases: Phases | undefined;
  readonly longestMs: number;
}): JSX.Element {
  const say = useSay();
  const language = useLanguage();
  if (!phases) return <p class="phases quiet">{say(WORDS.unknown)}</p>;
  const over = phasesOf(phases);
  return (
    <div class="phases">
      <Bar over={over} longestMs={longestMs} />
      <p>
        <strong>
          {phases.committedMs === undefined
            ? say(WORDS.open)
            : shownDuration(totalMs(phases), language)}
        </strong>
        {phases.attempts > 1 ? ` (${say(WORDS.attempts, { count: String(phases.attempts) })})` : ""}
        {over.map(({ id, ms }) => (
          <span key={id} class="phase">
            <span class={`key ${id}`} aria-hidden="true" />
            {say(NAMES[id])} {shownDuration(ms, language)}
          </span>
        ))}
      </p>
    </div>
  );
}
