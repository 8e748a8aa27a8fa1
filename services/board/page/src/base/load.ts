/** Asking the board, and telling a reader well what went wrong. */
import { useEffect, useState } from "preact/hooks";

/** Why an answer did not come. */
export interface Failure {
  /** network: nobody answered; refused: the board said no, `detail` says why; unreadable: what came
   * is no answer of a board. */
  readonly kind: "network" | "refused" | "unreadable";
  readonly status: number;
  readonly detail: string;
}

export type Loaded<T> =
  | { readonly state: "loading"; readonly before?: T }
  | { readonly state: "failed"; readonly failure: Failure; readonly again: () => void }
  | { readonly state: "here"; readonly value: T };

const DETAIL_CHARACTERS_MAX = 300;

/** The board's own words from an answer that is an error: its `error`, or its text. */
export function refusalDetail(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === "object" && parsed !== null && "error" in parsed) {
      return String(parsed.error).slice(0, DETAIL_CHARACTERS_MAX);
    }
  } catch {
    // Not JSON: the text itself.
  }
  return body.trim().startsWith("<") ? "" : body.trim().slice(0, DETAIL_CHARACTERS_MAX);
}

class LoadError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.detail);
  }
}

async function answerOf(url: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { signal, headers: { accept: "application/json" } });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new LoadError({ kind: "network", status: 0, detail: "" });
  }
}

/** Asks for `url`; what is no good answer is thrown as a Failure inside an error. */
export async function load<T>(url: string, signal: AbortSignal): Promise<T> {
  const answer = await answerOf(url, signal);
  if (!answer.ok) {
    const detail = refusalDetail(await answer.text());
    throw new LoadError({ kind: "refused", status: answer.status, detail });
  }
  try {
    return (await answer.json()) as T;
  } catch (error) {
    if (signal.aborted) throw error;
    throw new LoadError({ kind: "unreadable", status: answer.status, detail: "" });
  }
}

/** The failure inside what load() threw. */
export function failureOf(error: unknown): Failure {
  return error instanceof LoadError
    ? error.failure
    : { kind: "unreadable", status: 0, detail: error instanceof Error ? error.message : "" };
}

function awaiting<T>(old: Loaded<T>): Loaded<T> {
  if (old.state === "here") return { state: "loading", before: old.value };
  return old.state === "loading" ? old : { state: "loading" };
}

/** What `url` answers, asked for anew when it changes, or the occasion does; what it answered
 * before stays at hand, so that a page need not go blank in between. */
export function useLoaded<T>(url: string, occasion = ""): Loaded<T> {
  const [attempt, setAttempt] = useState(0);
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading" });
  useEffect(() => {
    const control = new AbortController();
    setLoaded((old) => awaiting(old));
    load<T>(url, control.signal).then(
      (value) => setLoaded({ state: "here", value }),
      (error: unknown) => {
        if (control.signal.aborted) return;
        const again = (): void => setAttempt((count) => count + 1);
        setLoaded({ state: "failed", failure: failureOf(error), again });
      },
    );
    return () => control.abort();
  }, [url, occasion, attempt]);
  return loaded;
}
