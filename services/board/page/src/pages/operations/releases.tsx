/** The history of releases, newest first: when, what, how long each phase took, what it moved. */
import type { ComponentChildren, JSX } from "preact";
import type { Catalogue, Name, Release, ReleasePanel } from "../../api";
import { both, useLanguage, useSay } from "../../base/language";
import type { Live } from "../../base/live";
import { useLoaded, type Loaded } from "../../base/load";
import { FORMS, shownValue } from "../../base/number";
import { shownMoment } from "../../base/time";
import { Awaited } from "../../components/failure";
import { shortId } from "./line";
import { MovedView } from "./moved";
import { PhasesChart, totalMs } from "./phases";

const SHOWN_MAX = 30;
const PANELS_MAX = 12;
const SOURCES_MAX = 3;

const WORDS = {
  title: both("Utgivelser", "Releases"),
  none: both("Ingen utgivelser ennå.", "No releases yet."),
  rows: both("{count} rader", "{count} rows"),
  oneRow: both("1 rad", "1 row"),
  withdrawn: both("{count} trukket tilbake", "{count} withdrawn"),
  panels: both("{count} paneler", "{count} panels"),
  more: both("… og {count} til", "… and {count} more"),
  rejected: both("avvist", "rejected"),
};

const VINTAGES: Readonly<Record<Release["vintage"], Name | undefined>> = {
  unrevised: undefined,
  unspecified: undefined,
  revised: both("reviderte tall", "revised figures"),
  correction: both("rettelse", "correction"),
};

const STATES: Readonly<Record<ReleasePanel["state"], Name>> = {
  shown: both("vises", "shown"),
  arriving: both("på vei", "arriving"),
  superseded: both("avløst", "superseded"),
  rejected: both("avvist", "rejected"),
};

/** Those that were asked for and those that came as events, each once, newest first. An answer is
 * asked for anew with every event, so of two it is the newer. */
export function mergedReleases(
  arrived: readonly Release[],
  asked: readonly Release[],
): readonly Release[] {
  const known = new Set(asked.map(({ id }) => id));
  return [...asked, ...arrived.filter(({ id }) => !known.has(id))]
    .sort((a, b) => b.publishedMs - a.publishedMs)
    .slice(0, SHOWN_MAX);
}

/** What is beyond the first few, to be opened. */
function More({
  count,
  children,
}: {
  readonly count: number;
  readonly children: ComponentChildren;
}): JSX.Element | null {
  const say = useSay();
  if (count <= 0) return null;
  return (
    <details class="more quiet">
      <summary>{say(WORDS.more, { count: String(count) })}</summary>
      {children}
    </details>
  );
}

function Panels({ panels }: { readonly panels: readonly ReleasePanel[] }): JSX.Element {
  const more = panels.slice(PANELS_MAX);
  return (
    <>
      <PanelList panels={panels.slice(0, PANELS_MAX)} />
      <More count={more.length}>
        <PanelList panels={more} />
      </More>
    </>
  );
}

function PanelList({ panels }: { readonly panels: readonly ReleasePanel[] }): JSX.Element {
  const say = useSay();
  return (
    <ul class="panels">
      {panels.map((panel) => (
        <li key={`${panel.edition} ${panel.year}`} class={panel.state}>
          <span class="panel-name">
            {panel.edition} {panel.year}
          </span>{" "}
          <span class="panel-state">{say(STATES[panel.state])}</span>
          {panel.reason === undefined ? null : <span class="panel-reason">{panel.reason}</span>}
        </li>
      ))}
    </ul>
  );
}

function Facts({ release }: { readonly release: Release }): JSX.Element {
  const say = useSay();
  const language = useLanguage();
  const whole = (value: number): string => shownValue(value, FORMS.whole, language);
  const vintage = VINTAGES[release.vintage];
  const facts = [
    ...(vintage ? [say(vintage)] : []),
    ...(release.state === "rejected"
      ? [say(WORDS.rejected)]
      : [say(release.rows === 1 ? WORDS.oneRow : WORDS.rows, { count: whole(release.rows) })]),
    ...(release.withdrawn > 0 ? [say(WORDS.withdrawn, { count: whole(release.withdrawn) })] : []),
    ...release.sources.slice(0, SOURCES_MAX).map(({ name }) => name),
  ];
  const more = release.sources.slice(SOURCES_MAX);
  return (
    <>
      <p class="release-facts quiet">{facts.join(" · ")}</p>
      <More count={more.length}>
        <p class="release-facts quiet">{more.map(({ name }) => name).join(" · ")}</p>
      </More>
    </>
  );
}

function ReleaseItem({
  release,
  longestMs,
  nameOf,
}: {
  readonly release: Release;
  readonly longestMs: number;
  readonly nameOf: (code: string) => string;
}): JSX.Element {
  const language = useLanguage();
  const revisions = release.panels.flatMap(({ moved, edition, year }) =>
    moved ? [{ moved, key: `${edition} ${year}` }] : [],
  );
  return (
    <li class={`release ${release.state}`} data-release={release.id}>
      <div class="release-head">
        <h3>{shownMoment(release.publishedMs, language)}</h3>
        <p>
          <code>{shortId(release.id)}</code>
        </p>
        <Facts release={release} />
      </div>
      <div class="release-body">
        <Panels panels={release.panels} />
        <PhasesChart phases={release.phases} longestMs={longestMs} />
        {revisions.map(({ moved, key }) => (
          <MovedView key={key} moved={moved} nameOf={nameOf} />
        ))}
      </div>
    </li>
  );
}

function useNames(): (code: string) => string {
  const loaded = useLoaded<Catalogue>("/api/catalogue");
  const municipalities = loaded.state === "here" ? loaded.value.municipalities : [];
  const names = new Map(municipalities.map(({ code, name }) => [code, name]));
  return (code) => (names.has(code) ? `${names.get(code)} ${code}` : code);
}

/** The list is fetched anew when the board is heard again after a loss, and when what it shows has
 * changed: a release's panels change their state without a new release. */
function occasionOf({ connection, status, events }: Live): string {
  const heard = connection === "lost" ? "lost" : "heard";
  const incomplete = status?.board.incomplete.length ?? 0;
  return [heard, status?.board.release ?? "", incomplete, events].join(" ");
}

function answered(loaded: Loaded<readonly Release[]>): readonly Release[] {
  if (loaded.state === "here") return loaded.value;
  return loaded.state === "loading" ? (loaded.before ?? []) : [];
}

export function Releases({ live }: { readonly live: Live }): JSX.Element {
  const say = useSay();
  const loaded = useLoaded<readonly Release[]>(
    `/api/releases?limit=${SHOWN_MAX}`,
    occasionOf(live),
  );
  const nameOf = useNames();
  const asked = answered(loaded);
  const releases = mergedReleases(live.arrived, asked);
  const longestMs = Math.max(0, ...releases.map(({ phases }) => (phases ? totalMs(phases) : 0)));
  return (
    <section aria-labelledby="releases">
      <h2 id="releases">{say(WORDS.title)}</h2>
      {asked.length === 0 ? <Awaited of={loaded} /> : null}
      {loaded.state === "here" && releases.length === 0 ? <p>{say(WORDS.none)}</p> : null}
      <ol class="releases">
        {releases.map((release) => (
          <ReleaseItem key={release.id} release={release} longestMs={longestMs} nameOf={nameOf} />
        ))}
      </ol>
    </section>
  );
}
