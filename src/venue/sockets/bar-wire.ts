import { PRICE_SCALE } from '../../core/money.ts';
import type { BarRow } from '../archive/bar-row.ts';
import type { Story } from '../archive/news-shelf.ts';
import { dollars } from './market-wire.ts';
import { WireEvent, WireTime } from './wire-event.ts';

type BarChannel = 'bars' | 'updatedBars' | 'dailyBars';

const LETTERS: Readonly<Record<BarChannel, string>> = {
  bars: 'b',
  updatedBars: 'u',
  dailyBars: 'd',
};

export function barEvent(channel: BarChannel, name: string, row: BarRow): WireEvent {
  return new WireEvent({
    T: LETTERS[channel],
    S: name,
    o: dollars(row.open),
    h: dollars(row.high),
    l: dollars(row.low),
    c: dollars(row.close),
    v: row.volume,
    n: row.trades,
    // Six places, as the venue prints it.
    vw: Math.round((row.vwap / PRICE_SCALE) * 1_000_000) / 1_000_000,
    t: new WireTime(row.startUs),
  });
}

/** Stories of the seeded market have a headline and a place; the rest is as short as it can be. */
export function newsEvent(story: Story, skewUs = 0): WireEvent {
  const { id, headline, symbols } = story;
  const time = new WireTime(story.atUs + skewUs);
  return new WireEvent({
    T: 'n',
    id,
    headline,
    summary: '',
    author: 'Seeded Wire',
    created_at: time,
    updated_at: time,
    url: `https://news.invalid/${id}`,
    content: '',
    symbols,
    source: 'seeded',
  });
}
