import { MINUTE } from '../../src/core/time.ts';
import { barSource } from '../../src/domain/features/sources/bar-source.ts';
import { flowSource } from '../../src/domain/features/sources/flow-source.ts';
import { illiquiditySource } from '../../src/domain/features/sources/illiquidity-source.ts';
import { indicatorSource } from '../../src/domain/features/sources/indicator-source.ts';
import { quoteSource } from '../../src/domain/features/sources/quote-source.ts';
import { configure } from '../../src/domain/indicators/declaration.ts';
import { bollinger } from '../../src/domain/indicators/overlap/bollinger.ts';
import { BarSource } from '../reference/bars.ts';
import { quotedMarket, tickOf } from '../reference/quoted-market.ts';
import { featureSourceContract } from './feature-source.ts';

const who = { symbol: 0, sector: 2, benchmark: -1 };
const events = new BarSource(41, 130).take(400).map((bar) => ({ kind: 'bar', bar, who }) as const);
const ofBars = { symbolsMax: 4, spanUs: MINUTE, events, nowUs: () => 0, who };

featureSourceContract({ declaration: barSource, ...ofBars });
featureSourceContract({ declaration: indicatorSource(configure(bollinger, [20, 2])), ...ofBars });

const heard = quotedMarket(5, { bars: 100, sessionBars: 60, eventsPerBar: 15 });
const quoted = {
  ...ofBars,
  events: heard.map((event) => {
    if (event.kind === 'bar') return { kind: 'bar', bar: event.bar, who } as const;
    return { kind: event.kind, tick: tickOf(event) } as const;
  }),
  nowUs: () => 0,
};

featureSourceContract({ declaration: quoteSource, ...quoted });
featureSourceContract({ declaration: flowSource, ...quoted });
featureSourceContract({ declaration: illiquiditySource, ...quoted });
