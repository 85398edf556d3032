/**
 * What the reference knows of the venue's protocol, and where each piece of it is proved here. A
 * row names the tests by their path of titles, `describe > it`, or says why there is none.
 */
export interface ConformanceRow {
  /** Of venues.md. */
  readonly section: string;
  readonly kind: 'endpoint' | 'message' | 'error' | 'rule' | 'chaos';
  /** Endpoints as the route table writes them: `GET /v2/orders/{}`. */
  readonly what: string;
  readonly proof: readonly string[] | { readonly absent: string };
}

/** Rows of one section and kind, under one describe where they all stand under one. */
export function rowsOf(
  section: string,
  kind: ConformanceRow['kind'],
  rows: readonly (readonly [what: string, ...proof: readonly string[]])[],
): readonly ConformanceRow[] {
  return rows.map(([what, ...proof]) => ({ section, kind, what, proof }));
}

/** What this venue has not, and why. */
export function absentRows(
  section: string,
  kind: ConformanceRow['kind'],
  why: string,
  whats: readonly string[],
): readonly ConformanceRow[] {
  return whats.map((what) => ({ section, kind, what, proof: { absent: why } }));
}

/** A test by its block and its title, where one line would not hold both. */
export function of(block: string, title: string): string {
  return `${block} > ${title}`;
}
