/** Whom the figures are owed to, at the foot of every page and report. */
import type { JSX } from "preact";
import { both, useSay } from "../base/language";

const WORDS = {
  credit: both(
    "Tallene bygger på statistikk fra Statistisk sentralbyrå (SSB), CC BY 4.0. Beregningene er gjort av kostraflow og er ikke SSBs.",
    "Figures rest on statistics of Statistics Norway (SSB), CC BY 4.0. The computations are those of kostraflow, not of Statistics Norway.",
  ),
};

export function Credit(): JSX.Element {
  const say = useSay();
  return (
    <footer class="bottom">
      <p>{say(WORDS.credit)}</p>
    </footer>
  );
}
