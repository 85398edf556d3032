import type { Answer } from './answer.ts';

export interface RestRequest {
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined where there was no body. */
  readonly body: unknown;
  /** The venue's time. */
  readonly nowUs: number;
}

/** The two hosts of the real venue; each counts its requests on its own. */
export type HostSide = 'trading' | 'data';

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** `{}` stands for one part of the path. */
  readonly path: string;
  readonly side: HostSide;
  handle(request: RestRequest, parts: readonly string[]): Answer;
}

export type Found<One extends RoutePlace = Route> =
  | { readonly kind: 'route'; readonly route: One; readonly parts: readonly string[] }
  | { readonly kind: 'wrongMethod' }
  | { readonly kind: 'unknown' };

/** What a route is found by. */
export type RoutePlace = Pick<Route, 'method' | 'path'>;

/** Routes by their paths: exact ones first, then those with parts. */
export class RouteTable<One extends RoutePlace = Route> {
  readonly #exact = new Map<string, One[]>();
  readonly #patterns: { readonly segments: readonly string[]; readonly route: One }[] = [];

  constructor(routes: readonly One[]) {
    for (const route of routes) {
      if (route.path.includes('{}')) {
        this.#patterns.push({ segments: route.path.split('/'), route });
        continue;
      }
      const known = this.#exact.get(route.path);
      if (known === undefined) this.#exact.set(route.path, [route]);
      else known.push(route);
    }
  }

  find(method: string, path: string): Found<One> {
    const exact = this.#exact.get(path);
    if (exact !== undefined) {
      const route = exact.find((candidate) => candidate.method === method);
      return route === undefined ? { kind: 'wrongMethod' } : { kind: 'route', route, parts: [] };
    }
    const segments = path.split('/');
    let isKnown = false;
    for (const pattern of this.#patterns) {
      const parts = matchParts(pattern.segments, segments);
      if (parts === undefined) continue;
      isKnown = true;
      if (pattern.route.method === method) return { kind: 'route', route: pattern.route, parts };
    }
    return { kind: isKnown ? 'wrongMethod' : 'unknown' };
  }
}

function matchParts(
  pattern: readonly string[],
  segments: readonly string[],
): readonly string[] | undefined {
  if (pattern.length !== segments.length) return undefined;
  const parts: string[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const segment = segments[at] ?? '';
    if (pattern[at] === '{}') {
      const part = decodePart(segment);
      if (part === undefined || part === '') return undefined;
      parts.push(part);
    } else if (pattern[at] !== segment) {
      return undefined;
    }
  }
  return parts;
}

function decodePart(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined; // `%zz` is no part of any path we have.
  }
}
