import { describe, expect, it } from 'vitest';
import { spreadChart } from '../../../bench/harness/charts.ts';
import { compare } from '../../../bench/harness/comparison.ts';
import { reportPage } from '../../../bench/harness/page.ts';
import { reportOf, spread } from './bench-reports.ts';

describe('the page of a bench', () => {
  const report = reportOf({
    failures: [
      { suite: 'decode', side: 'this tree', variant: 'x', what: '<img src="http://e.x">' },
    ],
  });
  const page = reportPage(report, compare(report.suites, report.suites));

  it('is one file that refers to nothing outside it', () => {
    expect(page.startsWith('<!doctype html>')).toBe(true);
    // What is escaped is text; attributes and elements that could fetch are not there.
    expect(page).not.toMatch(/<(?:script|link|img|iframe|object|embed|image|use|base|form)\b/i);
    expect(page).not.toMatch(/<[^>]*\s(?:src|href|srcset|action|xlink:href|on\w+)\s*=/i);
    expect(page).not.toMatch(/url\(|@import/i);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('closes every element that it opens', () => {
    const open: string[] = [];
    for (const [, slash, name = '', rest] of page.matchAll(/<(\/?)([a-z][\w-]*)([^>]*)>/g)) {
      if (['meta', 'rect', 'line'].includes(name) || rest?.endsWith('/') === true) continue;
      if (slash === '') open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  it('has a picture of each figure that several variants have, with what they say', () => {
    expect(page).toContain('<figcaption>nsPerEvent</figcaption>');
    expect(page).toContain('133 [130..137]');
    expect(page.match(/<svg /g)?.length).toBe(1);
  });

  it('tells texts as texts, and what stands between backticks as code', () => {
    expect(page).toContain('bytes to <code>columns</code>');
    expect(page).toContain('seeded &lt;market&gt;');
    expect(page).toContain('a &lt;copy&gt; of each text');
    expect(page).toContain('&lt;img src=&quot;http://e.x&quot;&gt;');
  });

  it('has the goals, what two reports say together, and what failed', () => {
    expect(page).toContain('Goals: 1 of 2 met');
    expect(page).toContain('Before and now');
    expect(page).toContain('<h2>Failed</h2>');
  });
});

describe('a chart', () => {
  const bar = (median: number, floor?: number) => ({
    name: 'ours',
    spread: spread(median * 0.9, median, median * 1.1),
    tone: 'own' as const,
    ...(floor === undefined ? {} : { floor }),
  });
  const widths = (svg: string) =>
    [...svg.matchAll(/<rect[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));

  it('has bars in proportion, from zero', () => {
    const [one = 0, two = 0] = widths(spreadChart('ns', [bar(100), bar(200)]));

    expect(one / two).toBeCloseTo(0.5, 2);
  });

  it('turns to the logarithm where a bar would be a dot, and says so', () => {
    const svg = spreadChart('ns', [bar(1), bar(10), bar(1_000)]);
    const [one = 0, ten = 0, thousand = 0] = widths(svg);

    expect(svg).toContain('ns, logarithmic');
    expect(ten - one).toBeCloseTo((thousand - ten) / 2, 0);
  });

  it('marks the range and the floor within its frame', () => {
    const svg = spreadChart('us', [bar(100, 40)]);
    const at = (cls: string) => Number(new RegExp(`class="${cls}" x1="([\\d.]+)"`).exec(svg)?.[1]);

    expect(at('whisker')).toBeGreaterThan(at('floor'));
    expect(Number(/x2="([\d.]+)"/.exec(svg)?.[1])).toBeLessThanOrEqual(960);
  });

  it('is not there where there is nothing to draw', () => {
    expect(spreadChart('ns', [])).toBe('');
    expect(spreadChart('ns', [{ name: 'a', spread: spread(0), tone: 'own' }])).toBe('');
  });
});
