import type { FaultQuestion, RestFault, RestFaults } from './rest-faults.ts';

export interface FaultScript {
  /** Any method where it is left out. */
  readonly method?: string | undefined;
  /** A path, or the beginning of one followed by `*`. */
  readonly path: string;
  /** How many requests it meets; a `limit` lasts for its time instead. Default 1. */
  readonly count?: number | undefined;
  readonly fault: RestFault;
}

export interface FaultRecord {
  readonly kind: RestFault['kind'];
  readonly method: string;
  readonly path: string;
  readonly atUs: number;
}

type Entry = { readonly script: FaultScript; left: number; untilUs: number };

/** Faults in the order they were scripted; the first that fits a request meets it. */
export class ScriptedRestFaults implements RestFaults {
  readonly scriptsMax: number;
  readonly recordsMax: number;
  #entries: Entry[] = [];
  #records: FaultRecord[] = [];
  /** Faults since the beginning, recorded or not. */
  taken = 0;

  constructor(scriptsMax = 1_000, recordsMax = 10_000) {
    this.scriptsMax = scriptsMax;
    this.recordsMax = recordsMax;
  }

  /** False where no more fit. The time of a `limit` begins with the first request it meets. */
  add(script: FaultScript): boolean {
    if (this.#entries.length >= this.scriptsMax) return false;
    this.#entries.push({ script, left: script.count ?? 1, untilUs: 0 });
    return true;
  }

  clear(): void {
    this.#entries = [];
  }

  get waiting(): number {
    return this.#entries.length;
  }

  /** What was done, oldest first; past the limit the oldest are forgotten. */
  get records(): readonly FaultRecord[] {
    return this.#records;
  }

  take(question: FaultQuestion): RestFault | undefined {
    this.#entries = this.#entries.filter(
      ({ untilUs }) => untilUs === 0 || question.nowUs < untilUs,
    );
    const entry = this.#entries.find(({ script }) => fits(script, question));
    if (entry === undefined) return undefined;
    const { fault } = entry.script;
    if (fault.kind !== 'limit') {
      entry.left -= 1;
      if (entry.left <= 0) this.#entries = this.#entries.filter((other) => other !== entry);
    } else if (entry.untilUs === 0) {
      entry.untilUs = question.nowUs + fault.forUs;
    }
    const { method, path, nowUs } = question;
    this.taken += 1;
    this.#records.push({ kind: fault.kind, method, path, atUs: nowUs });
    if (this.#records.length > this.recordsMax) this.#records.shift();
    return fault;
  }
}

function fits({ method, path, fault }: FaultScript, question: FaultQuestion): boolean {
  if (method !== undefined && method !== question.method) return false;
  // The first page has no token to repeat.
  if (fault.kind === 'repeatToken' && !question.hasToken) return false;
  return path.endsWith('*') ? question.path.startsWith(path.slice(0, -1)) : question.path === path;
}
