/** What a reader sees while something is awaited, and when it does not come. */
import type { JSX } from "preact";
import type { Failure, Loaded } from "../base/load";
import { both, useSay } from "../base/language";
import { Link } from "./link";
import type { Name } from "../api";

const WORDS = {
  loading: both("Henter tall …", "Fetching figures …"),
  again: both("Prøv igjen", "Try again"),
  network: both(
    "Tavla svarer ikke. Den kan være stoppet, eller forbindelsen er brutt.",
    "The board does not answer. It may have been stopped, or the connection is broken.",
  ),
  missing: both("Dette finnes ikke på tavla.", "The board does not have this."),
  choose: both("Velg en kommune", "Choose a municipality"),
  busy: both(
    "Tavla har for mye å gjøre eller leser seg opp. Prøv igjen om litt.",
    "The board is busy or catching up. Try again in a moment.",
  ),
  refused: both("Tavla kunne ikke svare.", "The board could not answer."),
  unreadable: both(
    "Svaret kunne ikke leses. Siden og tavla kan være av ulike versjoner; last siden på nytt.",
    "The answer could not be read. The page and the board may be of different versions; reload.",
  ),
  boardSays: both("Tavla sier: {detail}", "The board says: {detail}"),
};

/** What went wrong, in the reader's words. */
export function failureWords(failure: Failure): Name {
  if (failure.kind === "network") return WORDS.network;
  if (failure.kind === "unreadable") return WORDS.unreadable;
  if (failure.status === 404) return WORDS.missing;
  return failure.status === 429 || failure.status === 503 ? WORDS.busy : WORDS.refused;
}

/** What the board does not have, it will not have when it is asked again. */
function Missing({ missing }: { readonly missing: Name }): JSX.Element {
  const say = useSay();
  return (
    <div class="failure" role="alert">
      <p>
        <strong>{say(missing)}</strong>
      </p>
      <p>
        <Link to={{ page: "choose", code: "", group: "all", uses: [] }}>{say(WORDS.choose)}</Link>
      </p>
    </div>
  );
}

/** Shows what is awaited or why it did not come; nothing once it is here. */
export function Awaited<T>({
  of: loaded,
  missing = WORDS.missing,
}: {
  readonly of: Loaded<T>;
  /** What to say of that which does not exist. */
  readonly missing?: Name;
}): JSX.Element | null {
  const say = useSay();
  if (loaded.state === "here") return null;
  if (loaded.state === "loading") {
    return (
      <p class="loading" role="status">
        {say(WORDS.loading)}
      </p>
    );
  }
  const { failure, again } = loaded;
  if (failure.status === 404) return <Missing missing={missing} />;
  return (
    <div class="failure" role="alert">
      <p>
        <strong>{say(failureWords(failure))}</strong>
      </p>
      {failure.detail === "" ? null : <p>{say(WORDS.boardSays, { detail: failure.detail })}</p>}
      <button type="button" onClick={again}>
        {say(WORDS.again)}
      </button>
    </div>
  );
}
