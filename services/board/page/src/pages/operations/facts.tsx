/** The line in a few numbers: what is under way, what waits longest, Kafka, the calendar, the
 * board. */
import type { JSX } from "preact";
import type { BoardStatus, Name, PublishStatus, Status } from "../../api";
import { both, useLanguage, useSay, type Language } from "../../base/language";
import { FORMS, shownValue } from "../../base/number";
import { shownAge, shownDuration, shownMoment } from "../../base/time";
import { answers, shortId } from "./line";
import { told } from "./told";

const WORDS = {
  now: both("Nå", "Now"),
  window: both("Paneler under arbeid", "Panels under way"),
  windowDetail: both(
    "{waiting} venter på plass, {held} ligger ferdig hos publish",
    "{waiting} wait for room, {held} are done and lie with publish",
  ),
  ofWindow: both("{inFlight} av {window}", "{inFlight} of {window}"),
  oldest: both("Eldste uten kvittering", "Oldest without receipt"),
  none: both("ingen", "none"),
  open: both("{count} utgivelser er åpne", "{count} releases are open"),
  oneOpen: both("1 utgivelse er åpen", "1 release is open"),
  rejections: both("Avviste paneler", "Rejected panels"),
  rejectionsDetail: both("siden stegene startet", "since the stages were started"),
  kafka: both("Kafka", "Kafka"),
  lastCommit: both("siste transaksjon for {duration} siden", "last transaction {duration} ago"),
  next: both("Neste publisering", "Next publication"),
  inTime: both("om {duration}", "in {duration}"),
  overdue: both("ventet i {duration}", "due for {duration}"),
  noNext: both("ingen i kalenderen", "none in the calendar"),
  board: both("Tavla", "The board"),
  boardRows: both(
    "{rows} rader, nyeste utgivelse {release}",
    "{rows} rows, newest release {release}",
  ),
  boardNone: both("ingen utgivelse ennå", "no release yet"),
  unheard: both("ikke hørt", "not heard"),
  silent: both("ikke kjent: {service} svarer ikke", "not known: {service} does not answer"),
};

const KAFKA: Readonly<Record<PublishStatus["kafka"], Name>> = {
  connected: both("tilkoblet", "connected"),
  connecting: both("kobler til", "connecting"),
  publishing: both("publiserer", "publishing"),
  lost: both("borte", "lost"),
  replaced: both("avløst av en annen", "replaced by another"),
};

const BOARD: Readonly<Record<BoardStatus["state"], Name>> = {
  reading: both("leser seg opp", "catching up"),
  following: both("følger med", "following"),
  waiting: both("venter", "waiting"),
};

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly detail: string;
  readonly gravity?: "warn" | "bad";
}

type Say = ReturnType<typeof useSay>;

const count = (value: number, language: Language): string =>
  shownValue(value, FORMS.whole, language);

/** Why nothing is known of what a service would tell. */
const unknownOf = (status: Status, service: string, say: Say): string =>
  answers(status, service) ? say(WORDS.unheard) : say(WORDS.silent, { service });

function ingestFacts(status: Status, say: Say, language: Language): readonly Fact[] {
  const { ingest, nowMs } = status;
  if (!ingest) {
    const detail = unknownOf(status, "ingest", say);
    return [WORDS.window, WORDS.oldest].map((name) => ({ name: say(name), value: "–", detail }));
  }
  const oldest = ingest.oldestUnreceiptedMs;
  return [
    {
      name: say(WORDS.window),
      value: say(WORDS.ofWindow, {
        inFlight: count(ingest.inFlight, language),
        window: count(ingest.window, language),
      }),
      detail: say(WORDS.windowDetail, {
        waiting: count(ingest.waiting, language),
        held: count(ingest.heldByPublish, language),
      }),
    },
    {
      name: say(WORDS.oldest),
      value: oldest === undefined ? say(WORDS.none) : shownAge(nowMs - oldest, language),
      detail:
        ingest.releasesOpen === 1
          ? say(WORDS.oneOpen)
          : say(WORDS.open, { count: count(ingest.releasesOpen, language) }),
    },
  ];
}

function rejectionFact(status: Status, say: Say, language: Language): Fact {
  const rejected = status.stages.reduce((sum, stage) => sum + (stage.panelsRejected ?? 0), 0);
  return {
    name: say(WORDS.rejections),
    value: count(rejected, language),
    detail: say(WORDS.rejectionsDetail),
    ...(rejected > 0 ? { gravity: "warn" as const } : {}),
  };
}

function kafkaFact(status: Status, say: Say, language: Language): Fact {
  const { publish, nowMs } = status;
  if (!publish) {
    return { name: say(WORDS.kafka), value: "–", detail: unknownOf(status, "publish", say) };
  }
  const last =
    publish.lastCommitMs === undefined
      ? ""
      : say(WORDS.lastCommit, { duration: shownAge(nowMs - publish.lastCommitMs, language) });
  const bad = publish.kafka === "lost" || publish.kafka === "replaced";
  return {
    name: say(WORDS.kafka),
    value: say(KAFKA[publish.kafka]),
    detail: told(publish.detail, language) || last,
    ...(bad ? { gravity: "bad" as const } : {}),
  };
}

function nextFact(status: Status, say: Say, language: Language): Fact {
  if (!status.ingest) {
    return { name: say(WORDS.next), value: "–", detail: unknownOf(status, "ingest", say) };
  }
  const next = status.ingest.nextPublication;
  if (!next) return { name: say(WORDS.next), value: "–", detail: say(WORDS.noNext) };
  const left = next.atMs - status.nowMs;
  const duration = shownDuration(Math.round(Math.abs(left) / 60_000) * 60_000, language);
  return {
    name: say(WORDS.next),
    value: say(left < 0 ? WORDS.overdue : WORDS.inTime, { duration }),
    detail: `${shownMoment(next.atMs, language)}: ${told(next.title, language)}`,
  };
}

function boardFact(status: Status, say: Say, language: Language): Fact {
  const { board } = status;
  const shown =
    board.release === ""
      ? say(WORDS.boardNone)
      : say(WORDS.boardRows, {
          rows: count(board.rows, language),
          release: shortId(board.release),
        });
  return {
    name: say(WORDS.board),
    value: say(BOARD[board.state]),
    detail: told(board.detail, language) || shown,
    ...(board.state === "waiting" ? { gravity: "warn" as const } : {}),
  };
}

/** All of them; `say` speaks the language. */
export function factsOf(status: Status, say: Say, language: Language): readonly Fact[] {
  return [
    ...ingestFacts(status, say, language),
    rejectionFact(status, say, language),
    kafkaFact(status, say, language),
    nextFact(status, say, language),
    boardFact(status, say, language),
  ];
}

export function Facts({ status }: { readonly status: Status }): JSX.Element {
  const say = useSay();
  const language = useLanguage();
  const facts = factsOf(status, say, language);
  return (
    <section aria-labelledby="now">
      <h2 id="now" class="visually-hidden">
        {say(WORDS.now)}
      </h2>
      <dl class="facts">
        {facts.map((fact) => (
          <div key={fact.name} class={fact.gravity ?? ""}>
            <dt>{fact.name}</dt>
            <dd class="fact-value">{fact.value}</dd>
            <dd class="fact-detail">{fact.detail}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
