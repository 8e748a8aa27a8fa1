/** The stages in the order in which a panel walks, each worker with its state in words. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Name, Stage, Status } from "../../api";
import { both, useLanguage, useSay, type Language } from "../../base/language";
import { FORMS, shownValue } from "../../base/number";
import { shownAge } from "../../base/time";
import { Sparkline } from "./sparkline";
import { told } from "./told";

const WORDS = {
  line: both("Linja", "The line"),
  inProgress: both("i arbeid", "in progress"),
  rate: both("paneler/s", "panels/s"),
  inOut: both("inn og ut", "in and out"),
  rejected: both("avvist", "rejected"),
  refused: both("uleselige", "unreadable"),
  release: both("nyeste", "newest"),
  since: both("i {duration}", "for {duration}"),
};

const STATES: Readonly<Record<Stage["state"], Name>> = {
  starting: both("starter", "starting"),
  ready: both("klar", "ready"),
  waiting: both("venter", "waiting"),
  draining: both("tømmes", "draining"),
  gone: both("borte", "gone"),
  silent: both("taus", "silent"),
  unknown: both("ukjent", "unknown"),
};

const DUTIES: Readonly<Record<string, Name>> = {
  ingest: both("henter og bokfører", "fetches and records"),
  need: both("behov og demografi", "need and demography"),
  normalize: both("indikatorer på skala", "indicators to scale"),
  aggregate: both("indekser", "indices"),
  efficiency: both("utgifter og effektivitet", "expenditure and efficiency"),
  publish: both("én transaksjon til Kafka", "one transaction to Kafka"),
};

/** How bad a state is: what the mark's colour and shape follow. */
export function gravity(state: Stage["state"]): "good" | "warn" | "bad" {
  if (state === "ready") return "good";
  return state === "gone" || state === "silent" ? "bad" : "warn";
}

/** Whether a worker of the service is alive: what is not told of it is not known otherwise. */
export function answers(status: Pick<Status, "stages">, service: string): boolean {
  const alive: readonly Stage["state"][] = ["starting", "ready", "waiting", "draining"];
  return status.stages.some((stage) => stage.service === service && alive.includes(stage.state));
}

/** The first letters of a release's id: enough to tell one from another. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}

function whole(value: number | undefined, language: Language): string {
  return value === undefined ? "–" : shownValue(value, FORMS.whole, language);
}

const RATES_MAX = 60;

/** The last rates of a worker, one for every status. */
function useRates(stage: Stage, nowMs: number): readonly number[] {
  const rates = useRef<number[]>([]);
  const last = useRef(0);
  useEffect(() => {
    if (nowMs - last.current < 900) return;
    last.current = nowMs;
    rates.current = [...rates.current, stage.rate ?? 0].slice(-RATES_MAX);
  }, [nowMs]);
  return rates.current;
}

function Counts({ stage }: { readonly stage: Stage }): JSX.Element {
  const say = useSay();
  const language = useLanguage();
  const facts: readonly (readonly [string, string, boolean])[] = [
    [say(WORDS.inProgress), whole(stage.inProgress, language), true],
    [
      say(WORDS.inOut),
      `${whole(stage.panelsIn, language)} → ${whole(stage.panelsOut, language)}`,
      true,
    ],
    [say(WORDS.rejected), whole(stage.panelsRejected, language), (stage.panelsRejected ?? 0) > 0],
    [say(WORDS.refused), whole(stage.framesRefused, language), (stage.framesRefused ?? 0) > 0],
    [say(WORDS.release), stage.release ? shortId(stage.release) : "–", true],
  ];
  return (
    <dl>
      {facts
        .filter(([, , shown]) => shown)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Worker({
  stage,
  nowMs,
  alone,
}: {
  readonly stage: Stage;
  readonly nowMs: number;
  readonly alone: boolean;
}): JSX.Element {
  const say = useSay();
  const language = useLanguage();
  const rates = useRates(stage, nowMs);
  const since = shownAge(nowMs - stage.sinceMs, language);
  const heard = stage.state !== "gone" && stage.state !== "unknown";
  return (
    <div
      class={`worker ${gravity(stage.state)}`}
      data-stage={stage.service}
      data-instance={String(stage.instance)}
      data-state={stage.state}>
      <p class="worker-state">
        <span class="dot" aria-hidden="true" /> <strong>{say(STATES[stage.state])}</strong>{" "}
        <span class="quiet">{say(WORDS.since, { duration: since })}</span>
        {alone ? null : <span class="quiet worker-number"> #{stage.instance}</span>}
      </p>
      {stage.detail === "" ? null : <p class="worker-detail">{told(stage.detail, language)}</p>}
      <p class="rate">
        <span class="rate-number">
          {heard && stage.rate !== undefined ? shownValue(stage.rate, FORMS.one, language) : "–"}
        </span>{" "}
        <span class="quiet">{say(WORDS.rate)}</span>
      </p>
      <Sparkline values={rates} />
      <Counts stage={stage} />
    </div>
  );
}

/** Workers of one service after another, in the order of the line. */
export function byService(
  stages: readonly Stage[],
): readonly (readonly [string, readonly Stage[]])[] {
  const services = [...new Set(stages.map(({ service }) => service))];
  return services.map((service) => [service, stages.filter((one) => one.service === service)]);
}

export function LineOfStages({ status }: { readonly status: Status }): JSX.Element {
  const say = useSay();
  return (
    <section aria-labelledby="line">
      <h2 id="line" class="visually-hidden">
        {say(WORDS.line)}
      </h2>
      <ol class="line">
        {byService(status.stages).map(([service, workers]) => (
          <li key={service} class="stage">
            <h3>{service}</h3>
            <p class="duty">{DUTIES[service] ? say(DUTIES[service]) : ""}</p>
            {workers.map((stage) => (
              <Worker
                key={stage.instance}
                stage={stage}
                nowMs={status.nowMs}
                alone={workers.length === 1}
              />
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}
