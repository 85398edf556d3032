import { DAY, daysOfDate, HOUR, MINUTE } from '../../src/core/time.ts';
import type { MarketFact, SymbolFact } from '../../src/domain/features/facts.ts';
import type { SourceDeclaration } from '../../src/domain/features/registry.ts';
import { calendarSource } from '../../src/domain/features/sources/calendar-source.ts';
import { earningsSource } from '../../src/domain/features/sources/earnings-source.ts';
import {
  FUNDAMENTAL_FIELDS,
  fundamentalSource,
} from '../../src/domain/features/sources/fundamental-source.ts';
import { layerSource } from '../../src/domain/features/sources/layer-source.ts';
import { macroSource } from '../../src/domain/features/sources/macro-source.ts';
import { newsSource } from '../../src/domain/features/sources/news-source.ts';
import { nextTradingDay } from '../../src/domain/market/calendar.ts';
import { economy, noon, NOBODY } from '../reference/rare-facts.ts';
import { featureSourceContract } from './feature-source.ts';

function ofMarket(declaration: SourceDeclaration, facts: readonly MarketFact[]): void {
  contract(declaration, facts, (fact) => ({ kind: 'marketFact', fact }) as const);
}

function ofSymbol(declaration: SourceDeclaration, facts: readonly SymbolFact[]): void {
  contract(declaration, facts, (fact) => ({ kind: 'symbolFact', fact }) as const);
}

function contract<Fact extends MarketFact | SymbolFact, Event>(
  declaration: SourceDeclaration,
  facts: readonly Fact[],
  event: (fact: Fact) => Event & Parameters<typeof featureSourceContract>[0]['events'][number],
): void {
  featureSourceContract({
    declaration,
    symbolsMax: 1,
    spanUs: MINUTE,
    events: facts.map(event),
    nowUs: (at) => (facts[at]?.nowUs ?? 0) + HOUR,
    who: NOBODY,
  });
}

ofMarket(macroSource, economy(11).slice(0, 800));
ofMarket(calendarSource, sessions(20231115, 80));
ofSymbol(earningsSource, reports());
ofSymbol(fundamentalSource, filings());
ofSymbol(layerSource, moves());
ofSymbol(newsSource, headlines());

function sessions(after: number, count: number): readonly MarketFact[] {
  const facts: MarketFact[] = [];
  for (let date = after; facts.length < count;) {
    const day = nextTradingDay(date);
    if (day === undefined) break;
    date = day.date;
    const { openUs, closeUs } = day;
    facts.push({ kind: 'session', day: daysOfDate(date), openUs, closeUs, nowUs: openUs });
  }
  return facts;
}

function reports(): readonly SymbolFact[] {
  const first = daysOfDate(20200130);
  return Array.from({ length: 14 }, (_, at) => {
    const day = first + at * 91;
    return { kind: 'earnings', day, nowUs: (day - 14) * DAY } as const;
  });
}

function filings(): readonly SymbolFact[] {
  return Array.from({ length: 10 }, (_, quarter) =>
    FUNDAMENTAL_FIELDS.map((field, at) => ({
      kind: 'fundamental' as const,
      field,
      value: 1_000 + 37 * quarter - 100 * at,
      nowUs: noon(20200210) + quarter * 91 * DAY,
    })),
  ).flat();
}

function moves(): readonly SymbolFact[] {
  return Array.from({ length: 60 }, (_, at) => ({
    kind: 'layerMoved' as const,
    layer: (at * 7) % 4,
    isMember: at % 3 !== 2,
    nowUs: noon(20240304) + at * 5 * HOUR,
  }));
}

function headlines(): readonly SymbolFact[] {
  const subjects = ['Profit', 'Loss', 'Sales', 'Costs', 'The dividend'];
  const verbs = ['rises sharply', 'falls', 'may be uncertain', 'beats estimates'];
  return Array.from({ length: 60 }, (_, at) => ({
    kind: 'news' as const,
    headline: `${subjects[at % 5] ?? ''} ${verbs[at % 4] ?? ''} in plant ${at}`,
    sentiment: at % 7 === 0 ? 0.4 : NaN,
    nowUs: noon(20240304) + at * 3 * HOUR,
  }));
}
