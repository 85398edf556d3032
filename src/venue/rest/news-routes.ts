import type { MarketArchive } from '../archive/market-archive.ts';
import type { Story } from '../archive/news-shelf.ts';
import { wireTime } from '../sockets/wire-event.ts';
import { type Answer, ok } from './answer.ts';
import { decodeToken, encodeToken } from './page-token.ts';
import { QueryReader } from './query-reader.ts';
import type { RestRequest, Route } from './route.ts';

/** News, newest first unless asked otherwise (venues.md 5). */
export function newsRoutes(archive: MarketArchive): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/v1beta1/news',
      side: 'data',
      handle: (request) => news(archive, request),
    },
  ];
}

function news(archive: MarketArchive, { query, nowUs }: RestRequest): Answer {
  const reader = new QueryReader(query);
  const symbols = reader.list('symbols');
  const fromUs = reader.time('start', 'begin') ?? 0;
  const toUs = Math.min(nowUs, reader.time('end', 'end') ?? nowUs);
  const isDescending = reader.choice('sort', ['asc', 'desc'], 'desc') === 'desc';
  const limit = reader.integer('limit', LIMIT_MAX, LIMIT_STANDARD);
  const hasContent = reader.truth('include_content', false);
  reader.truth('exclude_contentless', false); // Every story here has content.
  const token = reader.text('page_token');
  const after = token === undefined ? undefined : decodeToken(token);
  if (token !== undefined && after === undefined) reader.refuse('invalid page_token');
  if (reader.fault !== undefined) return reader.fault;
  const stories = archive.news
    .read(fromUs, toUs)
    .filter(
      (story) => symbols.length === 0 || story.symbols.some((name) => symbols.includes(name)),
    );
  const ordered = isDescending ? stories.toReversed() : stories;
  const isAfter = ({ id }: Story): boolean =>
    after === undefined ||
    after.number < 0 ||
    (isDescending ? id < after.number : id > after.number);
  const left = ordered.filter((story) => isAfter(story));
  const page = left.slice(0, limit);
  const last = page.at(-1);
  const isMore = left.length > page.length && last !== undefined;
  return ok({
    news: page.map((story) => newsRow(story, hasContent)),
    next_page_token: isMore ? encodeToken({ symbol: '', us: last.atUs, number: last.id }) : null,
  });
}

const LIMIT_STANDARD = 10;
const LIMIT_MAX = 50;

/** The stream says the same with `T: "n"` before it, without images. */
export function newsRow(story: Story, hasContent: boolean) {
  const time = wireTime(story.atUs).toJSON();
  return {
    id: story.id,
    headline: story.headline,
    author: 'Desk',
    created_at: time,
    updated_at: time,
    summary: '',
    content: hasContent ? `<p>${story.headline}</p>` : '',
    url: `https://example.invalid/news/${story.id}`,
    images: [],
    symbols: story.symbols,
    source: 'seeded',
  };
}
