import { applyToBook, RISK_APPLIES, type RiskKind } from '../actors/kernel/risk-facts.ts';
import type { RiskFold } from '../cli/parity-state.ts';
import { emptyBook } from '../domain/risk/book.ts';
import type { Fact } from '../ports/fact.ts';
import type { Input } from '../ports/input.ts';

/** Risk's book as its actor keeps it, for whoever reads a journal. */
export function riskFold(): RiskFold {
  const book = emptyBook();
  return {
    book,
    apply(applied) {
      if (isRisks(applied)) applyToBook(book, applied);
    },
  };
}

type Risks = Extract<Fact | Input, { kind: RiskKind }>;

const kinds: ReadonlySet<string> = new Set(RISK_APPLIES);

function isRisks(applied: Fact | Input): applied is Risks {
  return kinds.has(applied.kind);
}
