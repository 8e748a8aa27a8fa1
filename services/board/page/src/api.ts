/**
 * What the board answers: the one contract between its server (services/board/api) and its pages.
 *
 * Times are milliseconds since 1970 (UTC). Numbers are those of the topics, unrounded. What is
 * absent has no value; `null` stands only inside lists, for a member without a value. Ids are those
 * of editions and topics; names come from the editions folder, and where that has none the id
 * stands.
 */

/** A name in both languages. */
export interface Name {
  readonly nb: string;
  readonly en: string;
}

/** Topics of results, without prefix and version. */
export type Topic =
  | "need"
  | "resource-use"
  | "demography"
  | "indicator"
  | "index"
  | "efficiency"
  | "unit-cost"
  | "statistics";

/** docs/RESULTS.md says what each means. */
export type Flag =
  | "missing"
  | "not_applicable"
  | "suppressed"
  | "projected"
  | "published"
  | "imputed"
  | "preliminary"
  | "inferred"
  | "incomplete";

// --- GET /api/catalogue --------------------------------------------------------------------------

export interface Catalogue {
  readonly program: string;
  /** Those with rows, ascending by code; some of them have no value anywhere. */
  readonly municipalities: readonly Municipality[];
  /** Those with figures, ascending by id. */
  readonly editions: readonly Edition[];
}

export interface Municipality {
  readonly code: string;
  readonly name: string;
  /** KOSTRA group, two digits, where it is known. The county is
   * the first two digits of the code. */
  readonly kostraGroup?: string;
}

export interface Edition {
  readonly id: string;
  /** False: the editions folder has none of this id, or not the one it was computed by. */
  readonly known: boolean;
  readonly title: Name;
  readonly source: string;
  /** What stands for the reference: 1 or 100. */
  readonly scale: number;
  /** Of what "production" is. Need is relative to the country also with `group`, when the figures
   * have rows for it: no topic tells. */
  readonly reference: "group" | "country";
  readonly sectors: readonly Sector[];
  /** Every other id that rows have as sector or indicator: uses,
   * services, age groups, criteria … */
  readonly names: Readonly<Record<string, Name>>;
  /** Shown, ascending. */
  readonly years: readonly EditionYear[];
}

export interface Sector {
  readonly id: string;
  readonly name: Name;
  /** Outside the income system. */
  readonly outside?: true;
  /** Counted in `total_with_administration` only. */
  readonly administration?: true;
  readonly indicators: readonly Indicator[];
}

export interface Indicator {
  readonly id: string;
  readonly name: Name;
  readonly unit: string;
  readonly aspect?: "quantity" | "quality";
}

export interface EditionYear {
  readonly year: number;
  /** Id of the release that is shown. */
  readonly release: string;
  readonly vintage: "unrevised" | "revised" | "correction" | "unspecified";
  readonly publishedMs: number;
  /** How many have rows. */
  readonly municipalities: number;
  /** Rows by topic. */
  readonly rows: Readonly<Partial<Record<Topic, number>>>;
}

// --- GET /api/article?municipality=CODE[&edition=ID][&year=Y][&use=SECTION:EDITION/YEAR]… --------

/** The parts of an article that each take their figures from one edition and year. */
export type Section = "need" | "resource-use" | "demography" | "production" | "unit-cost";

export interface Article {
  readonly municipality: Municipality;
  /**
   * What the address asked for, completed where it left something out: the year by the newest with
   * figures about the municipality that is not after the year in which the newest release was
   * published, else the nearest after it; the edition by the one with most figures about it in that
   * year, or in the year nearest to the asked one, then the first id.
   */
  readonly asked: { readonly edition: string; readonly year: number };
  /**
   * Where each section's figures come from: the asked edition if it has figures about the
   * municipality in the section's topics, else the edition with the nearest year, then with the
   * most figures about it, then the first id. No entry: no edition on the topics has any.
   */
  readonly sections: Readonly<Partial<Record<Section, Choice>>>;
  /** What the asked edition and all that a section may choose are called, be they in the catalogue
   * or not. */
  readonly titles: Readonly<Record<string, Name>>;
  /** Rows of the editions and years that the sections name: the year itself, and of the same
   * edition all years from six before to six after, ascending. */
  readonly parts: readonly Part[];
  /** The editions named, and every municipality that is a member of a part. */
  readonly catalogue: Catalogue;
}

export interface Choice {
  readonly edition: string;
  readonly year: number;
  /** What else could be chosen, the chosen one included, best first; at most 30. */
  readonly others: readonly { readonly edition: string; readonly year: number }[];
}

export interface Part {
  readonly edition: string;
  readonly year: number;
  readonly release: string;
  readonly vintage: EditionYear["vintage"];
  readonly publishedMs: number;
  readonly sources: readonly { readonly name: string; readonly updated?: string }[];
  /** About the municipality, and about the group (`group: true`), as on the topics. */
  readonly rows: readonly Row[];
  /** All members side by side, in the year of the section only: see SPREADS. */
  readonly spreads: readonly Spread[];
}

export interface Row {
  readonly topic: Topic;
  readonly group?: true;
  readonly sector: string;
  readonly indicator?: string;
  readonly flags?: readonly Flag[];
  /** By the measure's name in docs/RESULTS.md: need_index, not needIndex. */
  readonly measures: Readonly<Record<string, number>>;
}

/** One measure of all members that have it. */
export interface Spread {
  readonly topic: Topic;
  readonly sector: string;
  readonly measure: string;
  readonly codes: readonly string[];
  readonly values: readonly number[];
}

/** The measures that have spreads, for every sector and without indicator. */
export const SPREADS: readonly (readonly [Topic, string])[] = [
  ["need", "need_index"],
  ["resource-use", "deviation_kr_per_capita"],
  ["resource-use", "deviation_percent"],
  ["demography", "need_index"],
  ["demography", "care_need_index"],
  ["index", "index"],
  ["efficiency", "expenditure_index"],
  ["efficiency", "efficiency"],
  ["unit-cost", "ratio"],
];

// --- GET /api/status, and event `status` of GET /api/events --------------------------------------

export interface Status {
  readonly nowMs: number;
  readonly program: string;
  readonly board: BoardStatus;
  /** Every worker of every stage, in the order in which a panel walks. */
  readonly stages: readonly Stage[];
  /** Left out while no ingest that told it is alive: what the dead said may be so no more. */
  readonly ingest?: IngestStatus;
  /** Likewise. Of several publishers the gravest; one that was replaced only when it is alone. */
  readonly publish?: PublishStatus;
}

export interface BoardStatus {
  /** reading: catching up; following: all that is committed is here; waiting: see detail. */
  readonly state: "reading" | "following" | "waiting";
  readonly detail: string;
  /** Records on the topics that it has not read. */
  readonly behind: number;
  readonly rows: number;
  /** Newest release whose figures are shown, or "". */
  readonly release: string;
  /** Editions and years whose newest release is not whole here, and why; at most 100. */
  readonly incomplete: readonly {
    readonly release: string;
    readonly edition: string;
    readonly year: number;
    readonly reason: string;
  }[];
  /** How many there are, listed or not. */
  readonly incompleteTotal: number;
}

export interface Stage {
  readonly service: string;
  readonly instance: number;
  readonly endpoint: string;
  /**
   * gone: the connection has ended, nobody listens there; silent: no beat for two intervals;
   * unknown: never heard of.
   */
  readonly state: "starting" | "ready" | "waiting" | "draining" | "gone" | "silent" | "unknown";
  readonly detail: string;
  /** Since when in this state. */
  readonly sinceMs: number;
  readonly pid?: number;
  readonly beatMs?: number;
  readonly panelsIn?: number;
  readonly panelsOut?: number;
  readonly panelsRejected?: number;
  readonly framesRefused?: number;
  readonly inProgress?: number;
  /** Panels out a second, over the last ten seconds. */
  readonly rate?: number;
  /** Newest release seen, or "". */
  readonly release?: string;
}

export interface IngestStatus {
  readonly window: number;
  readonly inFlight: number;
  readonly waiting: number;
  readonly heldByPublish: number;
  readonly releasesOpen: number;
  /** When the oldest release without a receipt was discovered. */
  readonly oldestUnreceiptedMs?: number;
  readonly held: readonly {
    readonly release: string;
    readonly input: string;
    readonly sinceMs: number;
    readonly reason: string;
  }[];
  readonly heldTotal: number;
  readonly nextPublication?: { readonly atMs: number; readonly title: string };
}

export interface PublishStatus {
  readonly kafka: "connected" | "connecting" | "publishing" | "lost" | "replaced";
  readonly detail: string;
  readonly lastCommitMs?: number;
  readonly releases: number;
  readonly rows: number;
}

// --- GET /api/releases[?limit=N], newest first; event `release` has one of them ------------------

export interface Release {
  readonly id: string;
  readonly state: "committed" | "rejected";
  readonly vintage: EditionYear["vintage"];
  readonly program: string;
  /** Kafka's time of the manifest. */
  readonly publishedMs: number;
  readonly previous?: string;
  readonly sources: readonly { readonly name: string; readonly updated?: string }[];
  readonly rows: number;
  readonly withdrawn: number;
  readonly panels: readonly ReleasePanel[];
  /** From ingest's beats: absent when the board did not run then. */
  readonly phases?: Phases;
}

export interface ReleasePanel {
  readonly edition: string;
  readonly year: number;
  readonly municipalities: number;
  /**
   * shown: its rows are here, counts and hashes agree, and no newer release has the edition and
   * year; arriving: not all of its rows are here; superseded: a newer release has taken its place.
   */
  readonly state: "shown" | "arriving" | "superseded" | "rejected";
  /** Why it was rejected, from its dead letter. */
  readonly reason?: string;
  readonly moved?: Moved;
}

export interface Phases {
  readonly discoveredMs: number;
  /** Read, checked and written to the ledger. */
  readonly recordedMs?: number;
  readonly sentMs?: number;
  /** All panels computed and held by publish. */
  readonly heldMs?: number;
  readonly committedMs?: number;
  readonly attempts: number;
}

/** What a revision moved, against the release that was shown before. */
export interface Moved {
  readonly before: string;
  readonly figures: number;
  readonly changed: number;
  readonly added: number;
  readonly removed: number;
  /** The largest relative changes of `index`, `need_index`, `efficiency` and deviations. */
  readonly largest: readonly {
    readonly topic: Topic;
    readonly municipality: string;
    readonly sector: string;
    readonly measure: string;
    readonly before: number;
    readonly after: number;
  }[];
}
