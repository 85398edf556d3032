/** One row of outside data that could not be used. */
export interface DataFault {
  readonly file: string;
  /** Counted from 1; 0 where the whole file is meant. */
  readonly line: number;
  readonly field: string;
  /** What was expected, and what was there. */
  readonly detail: string;
}

export const FAULTS_NAMED_MAX = 10;

/** Keeps the first ten faults by name and counts the rest: a bad file cannot flood a log. */
export class FaultList {
  count = 0;
  readonly first: DataFault[] = [];

  add(fault: DataFault): void {
    this.count += 1;
    if (this.first.length < FAULTS_NAMED_MAX) this.first.push(fault);
  }
}

export function describeFault(fault: DataFault): string {
  const place = fault.line > 0 ? `${fault.file}:${fault.line}` : fault.file;
  return `${place} ${fault.field}: ${fault.detail}`;
}
