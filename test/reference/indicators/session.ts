import { pick, type Columns, type Judged, type Series } from './series.ts';

/** By the indicator's name. */
export const SESSION_JUDGED: Readonly<Record<string, Judged>> = {
  vwap: { reference: vwap, scale: 'none', isEndless: true },
};

function vwap({ high, low, close, volume, session }: Series): Columns {
  const values = close.map((_, at) => {
    const from = session.indexOf(pick(session, at));
    let turnover = 0;
    let shares = 0;
    for (let bar = from; bar <= at; bar += 1) {
      const typical = (pick(high, bar) + pick(low, bar) + pick(close, bar)) / 3;
      turnover += typical * pick(volume, bar);
      shares += pick(volume, bar);
    }
    return shares > 0 ? turnover / shares : Number.NaN;
  });
  return [values];
}
