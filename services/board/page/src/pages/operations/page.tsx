/** The operators' page: the line of stages as it is now, what waits, and what was published. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { both, useSay } from "../../base/language";
import { useLive } from "../../base/live";
import { ConnectionMark } from "./connection";
import { Facts } from "./facts";
import { Lacking } from "./lacking";
import { LineOfStages } from "./line";
import { Releases } from "./releases";

const WORDS = {
  title: both("Drift", "Operations"),
  lead: both(
    "Linja fra Statistisk sentralbyrå til Kafka, slik den er nå.",
    "The line from Statistics Norway to Kafka, as it is now.",
  ),
  awaited: both("Venter på tavla …", "Waiting for the board …"),
};

export function OperationsPage(): JSX.Element {
  const say = useSay();
  const live = useLive();
  const { status } = live;
  const title = `${say(WORDS.title)} – kostraflow`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <div class="operations">
      <div class="operations-head">
        <div>
          <h1>{say(WORDS.title)}</h1>
          <p class="quiet">{say(WORDS.lead)}</p>
        </div>
        <ConnectionMark live={live} />
      </div>
      {status ? (
        <div data-ready class={live.connection === "lost" ? "stale" : ""}>
          <LineOfStages status={status} />
          <Facts status={status} />
          <Lacking status={status} />
        </div>
      ) : live.connection === "lost" ? null : (
        <p class="loading">{say(WORDS.awaited)}</p>
      )}
      <Releases live={live} />
    </div>
  );
}
