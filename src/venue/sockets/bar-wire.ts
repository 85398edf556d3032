import { PRICE_SCALE } from '../../core/money.ts';
import type { BarRow } from '../archive/bar-row.ts';
import type { Story } from '../archive/news-shelf.ts';
import { dollars } from './market-wire.ts';
import { WireEvent, WireTime, wireTime } from './wire-event.ts';

type BarChannel = 'bars' | 'updatedBars' | 'dailyBars';

const LETTERS: Readonly<Record<BarChannel, string>> = {
  bars: 'b',
  updatedBars: 'u',
  dailyBars: 'd',
};

/** `time` is where the bar begins: ten thousand of them share it. */
export function barEvent(
  channel: BarChannel,
  name: string,
  row: BarRow,
  time: WireTime,
): WireEvent {
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
    vw: Math.round(row.vwap * 100) / (PRICE_SCALE * 100),
    t: time,
  });
}

/** What REST says of the same story, without its images. */
export function newsEvent(story: Story, skewUs = 0): WireEvent {
  const { id, headline, symbols } = story;
  const time = wireTime(story.atUs + skewUs);
  return new WireEvent({
    T: 'n',
    id,
    headline,
    summary: '',
    author: 'Desk',
    created_at: time,
    updated_at: time,
    url: `https://example.invalid/news/${id}`,
    content: `<p>${headline}</p>`,
    symbols,
    source: 'seeded',
  });
}
