/** What `--json` prints when a session ends, as far as tests read it. */
export interface Summary {
  readonly counts: Readonly<Record<string, number>>;
  readonly money: Readonly<Record<string, number>>;
  readonly reason: string;
  readonly notes: readonly string[];
  readonly reportPath: string;
}

export function summaryOf(text: string): Summary {
  const summary: unknown = JSON.parse(text);
  if (!isSummary(summary)) throw new Error(`this is no summary: ${text.slice(0, 200)}`);
  return summary;
}

function isSummary(value: unknown): value is Summary {
  const keys = ['counts', 'money', 'reason', 'notes', 'reportPath'];
  return typeof value === 'object' && value !== null && keys.every((key) => key in value);
}
