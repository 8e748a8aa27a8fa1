/** Whether what the page shows is what is now. */
import type { JSX } from "preact";
import type { Name } from "../../api";
import { both, useLanguage, useSay } from "../../base/language";
import type { Connection, Live } from "../../base/live";
import { shownClock } from "../../base/time";

const WORDS: Readonly<Record<Connection, Name>> = {
  opening: both("Kobler til tavla …", "Connecting to the board …"),
  live: both("Direkte", "Live"),
  asking: both("Spør tavla hvert andre sekund", "Asking the board every two seconds"),
  lost: both("Forbindelsen til tavla er brutt", "The connection to the board is lost"),
};

const MORE = {
  at: both("sist hørt kl. {clock}", "last heard at {clock}"),
  never: both("har ikke svart", "has not answered"),
  stale: both("Det som vises, er det siste som ble hørt.", "What is shown is what was last heard."),
};

/** A mark with words: live, asking, or lost. A loss is announced, the beat is not. */
export function ConnectionMark({ live }: { readonly live: Live }): JSX.Element {
  const say = useSay();
  const language = useLanguage();
  const { connection, heardMs } = live;
  const at =
    heardMs === 0
      ? connection === "lost"
        ? say(MORE.never)
        : ""
      : say(MORE.at, { clock: shownClock(heardMs, language, true) });
  return (
    <div class={`connection ${connection}`} data-connection={connection}>
      <p>
        <span class="dot" aria-hidden="true" />
        <span role="status">
          <strong>{say(WORDS[connection])}</strong>
          {connection === "lost" && live.status ? ` ${say(MORE.stale)}` : ""}
        </span>
      </p>
      <p class="quiet">{at}</p>
    </div>
  );
}
