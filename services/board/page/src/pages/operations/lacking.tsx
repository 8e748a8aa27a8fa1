/** What somebody has to look at: releases that are held, and panels that are not whole. */
import type { JSX } from "preact";
import type { BoardStatus, IngestStatus, Status } from "../../api";
import { both, useLanguage, useSay } from "../../base/language";
import { FORMS, shownValue } from "../../base/number";
import { shownAge } from "../../base/time";
import { Table, type Column } from "../../components/table";
import { answers, shortId } from "./line";
import { told } from "./told";

const WORDS = {
  held: both("Holdt tilbake", "Held back"),
  heldLead: both(
    "Disse utgivelsene venter på at noen ser på dem: kf releases approve, eller reject.",
    "These releases wait for somebody to look at them: kf releases approve, or reject.",
  ),
  heldUnknown: both(
    "Om noe er holdt tilbake, er ikke kjent: ingest svarer ikke.",
    "Whether anything is held back is not known: ingest does not answer.",
  ),
  more: both("{count} til.", "{count} more."),
  incomplete: both("Ufullstendige paneler", "Incomplete panels"),
  incompleteLead: both(
    "Tavla viser de forrige tallene til alt er her og summene stemmer.",
    "The board shows the former figures until everything is here and the sums agree.",
  ),
  release: both("Utgivelse", "Release"),
  input: both("Fra", "From"),
  since: both("Venter", "Waiting"),
  reason: both("Grunn", "Reason"),
  edition: both("Utgave", "Edition"),
  year: both("År", "Year"),
};

type Held = IngestStatus["held"][number];
type Incomplete = BoardStatus["incomplete"][number];

/** That there are some more than the table lists. */
function More({ left }: { readonly left: number }): JSX.Element | null {
  const say = useSay();
  const language = useLanguage();
  if (left <= 0) return null;
  return <p>{say(WORDS.more, { count: shownValue(left, FORMS.whole, language) })}</p>;
}

function HeldTable({ status }: { readonly status: Status }): JSX.Element | null {
  const say = useSay();
  const language = useLanguage();
  if (!status.ingest) {
    return answers(status, "ingest") ? null : <p class="quiet">{say(WORDS.heldUnknown)}</p>;
  }
  const { held, heldTotal } = status.ingest;
  if (held.length === 0) return null;
  const left = heldTotal - held.length;
  const columns: readonly Column<Held>[] = [
    { head: say(WORDS.release), cell: ({ release }) => shortId(release) },
    { head: say(WORDS.input), cell: ({ input }) => input },
    { head: say(WORDS.reason), cell: ({ reason }) => told(reason, language) },
    { head: say(WORDS.since), cell: ({ sinceMs }) => shownAge(status.nowMs - sinceMs, language) },
  ];
  return (
    <section class="lacking" aria-labelledby="held">
      <h2 id="held">{say(WORDS.held)}</h2>
      <p class="quiet">{say(WORDS.heldLead)}</p>
      <Table caption={say(WORDS.held)} captionHidden columns={columns} rows={held} />
      <More left={left} />
    </section>
  );
}

function IncompleteTable({ status }: { readonly status: Status }): JSX.Element | null {
  const say = useSay();
  const language = useLanguage();
  const { incomplete } = status.board;
  if (incomplete.length === 0) return null;
  const columns: readonly Column<Incomplete>[] = [
    { head: say(WORDS.release), cell: ({ release }) => shortId(release) },
    { head: say(WORDS.edition), cell: ({ edition }) => edition },
    { head: say(WORDS.year), cell: ({ year }) => String(year) },
    { head: say(WORDS.reason), cell: ({ reason }) => told(reason, language) },
  ];
  return (
    <section class="lacking" aria-labelledby="incomplete">
      <h2 id="incomplete">{say(WORDS.incomplete)}</h2>
      <p class="quiet">{say(WORDS.incompleteLead)}</p>
      <Table caption={say(WORDS.incomplete)} captionHidden columns={columns} rows={incomplete} />
      <More left={status.board.incompleteTotal - incomplete.length} />
    </section>
  );
}

export function Lacking({ status }: { readonly status: Status }): JSX.Element {
  return (
    <>
      <HeldTable status={status} />
      <IncompleteTable status={status} />
    </>
  );
}
