import { symbolId } from '../../src/core/ids.ts';
import { JournalMarket } from '../../src/streams/recorded/journal-market.ts';
import { JournalScript } from '../unit/streams/recorded/journal-script.ts';
import { describeMarketSource } from './market-source.ts';

const FRAME_EVENTS_MAX = 4;

const script = new JournalScript();
for (const [place, name] of ['AAA', 'BBB'].entries()) {
  const listed = { name, assetClass: 'equity', sector: 'unknown', isTradable: true } as const;
  script.input(1_000, { kind: 'symbolNamed', symbol: symbolId(place), ...listed });
}
script.input(2_000, { kind: 'sessionChanged', phase: 'core', date: 1, openUs: 0, closeUs: 9 });
for (let us = 3_000; us < 6_000; us += 100) {
  script.market([us, 1 + (us % 3)], [us, FRAME_EVENTS_MAX], [us + 50, 2]).turn(us + 50);
}

describeMarketSource(
  JournalMarket.name,
  () => new JournalMarket({ name: 'a session', records: () => script.records }),
  FRAME_EVENTS_MAX,
);
