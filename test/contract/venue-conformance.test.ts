import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { polygonRoutes } from '../../src/venue/polygon/rest/polygon-rest.ts';
import { restRoutes } from '../../src/venue/rest/rest-server.ts';
import { ManualTime } from '../manual-time.ts';
import { rootName } from '../tidy/limits.ts';
import { parseSource, type Source } from '../tidy/source.ts';
import { archiveUntil, EchoDesk, OPEN_US } from '../unit/venue/rest/rest-harness.ts';
import { ORDER_ROWS } from './conformance/order-rows.ts';
import { REST_ROWS } from './conformance/rest-rows.ts';
import { POLYGON_ROWS } from './conformance/polygon-rows.ts';
import { SOCKET_ROWS } from './conformance/socket-rows.ts';

const ROWS = [...REST_ROWS, ...ORDER_ROWS, ...SOCKET_ROWS, ...POLYGON_ROWS];
const ROOT = join(import.meta.dirname, '..');

/** Titles of every test of the tree, with the blocks around them: `describe > it`. */
function titles(): ReadonlySet<string> {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' });
  const sources = files
    .filter((path) => path.endsWith('.ts') && !path.startsWith('tidy'))
    .map((path) => parseSource(path, readFileSync(join(ROOT, path), 'utf8')));
  return new Set(sources.flatMap((source) => titlesOf(source)));
}

function titlesOf(source: Source): readonly string[] {
  const calls = source.of('CallExpression').flatMap(({ node }) => {
    const name = rootName(node);
    const [first] = node.arguments;
    if (first?.type !== 'Literal' || typeof first.value !== 'string') return [];
    return [{ name, title: first.value, start: node.start, end: node.end }];
  });
  const blocks = calls.filter(({ name }) => name === 'describe');
  return calls
    .filter(({ name }) => name === 'it')
    .map(({ title, start, end }) =>
      [...blocks.filter((block) => block.start < start && block.end >= end), { title }]
        .map((part) => part.title)
        .join(' > '),
    );
}

describe('the conformance table', () => {
  it('names tests that exist, or says why there is none', () => {
    const known = titles();
    const named = ROWS.flatMap(({ proof }) => ('absent' in proof ? [] : proof));
    const reasons = ROWS.flatMap(({ proof }) => ('absent' in proof ? [proof.absent] : []));

    expect(named.filter((title) => !known.has(title))).toEqual([]);
    expect(ROWS.filter(({ proof }) => !('absent' in proof) && proof.length === 0)).toEqual([]);
    expect(reasons.every((reason) => reason.length > 10)).toBe(true);
  });

  it('has each thing once', () => {
    const whats = ROWS.map(({ section, kind, what }) => `${section} ${kind} ${what}`);

    expect(whats.filter((what, at) => whats.indexOf(what) !== at)).toEqual([]);
  });

  it('has every endpoint that is served, and none that is not', () => {
    const time = new ManualTime(OPEN_US);
    const archive = archiveUntil(OPEN_US, 1);
    const routes = restRoutes({ desk: new EchoDesk(), archive, clock: time, timers: time });
    const polygon = polygonRoutes(archive, time);
    const served = [...routes, ...polygon].map(({ method, path }) => `${method} ${path}`);
    const listed = ROWS.filter(({ kind, proof }) => kind === 'endpoint' && !('absent' in proof));
    const rest = listed.filter(({ what }) => /^(?:GET|POST|PATCH|PUT|DELETE) /.test(what));

    expect(rest.map(({ what }) => what).toSorted()).toEqual(served.toSorted());
  });
});
