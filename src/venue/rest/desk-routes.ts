import type { OrderDesk } from './order-desk.ts';
import type { RestRequest, Route } from './route.ts';
import { badParameter } from './answer.ts';

/** Everything that the desk answers, by path (venues.md 4.1). */
export function deskRoutes(desk: OrderDesk): readonly Route[] {
  return [...accountRoutes(desk), ...orderRoutes(desk), ...positionRoutes(desk)];
}

function accountRoutes(desk: OrderDesk): readonly Route[] {
  const path = '/v2/account';
  return [
    route('GET', path, ({ nowUs }) => desk.account(nowUs)),
    route('GET', `${path}/configurations`, () => desk.configurations()),
    route('PATCH', `${path}/configurations`, ({ body }) => desk.patchConfigurations(body)),
    route('GET', `${path}/activities`, (request) => desk.activities(queryOf(request))),
    route('GET', `${path}/activities/{}`, (request, [type = '']) =>
      desk.activities({ ...queryOf(request), activity_types: type }),
    ),
    route('GET', `${path}/portfolio/history`, (request) =>
      desk.portfolioHistory(queryOf(request), request.nowUs),
    ),
  ];
}

function orderRoutes(desk: OrderDesk): readonly Route[] {
  return [
    route('GET', '/v2/orders', (request) => desk.orders(queryOf(request))),
    route('POST', '/v2/orders', ({ body, nowUs }) => desk.submit(body, nowUs)),
    route('DELETE', '/v2/orders', ({ nowUs }) => desk.cancelAll(nowUs)),
    // The colon is literal.
    route('GET', '/v2/orders:by_client_order_id', ({ query }) => {
      const id = query.get('client_order_id') ?? '';
      return id === '' ? badParameter('client_order_id is required') : desk.orderByClientId(id);
    }),
    route('GET', '/v2/orders/{}', (request, [id = '']) => desk.order(id, queryOf(request))),
    route('PATCH', '/v2/orders/{}', ({ body, nowUs }, [id = '']) => desk.replace(id, body, nowUs)),
    route('DELETE', '/v2/orders/{}', ({ nowUs }, [id = '']) => desk.cancel(id, nowUs)),
  ];
}

function positionRoutes(desk: OrderDesk): readonly Route[] {
  return [
    route('GET', '/v2/positions', () => desk.positions()),
    route('DELETE', '/v2/positions', (request) =>
      desk.closeAllPositions(queryOf(request), request.nowUs),
    ),
    route('GET', '/v2/positions/{}', (_, [symbol = '']) => desk.position(symbol)),
    route('DELETE', '/v2/positions/{}', (request, [symbol = '']) =>
      desk.closePosition(symbol, queryOf(request), request.nowUs),
    ),
    route('GET', '/v2/assets', (request) => desk.assets.list(queryOf(request))),
    route('GET', '/v2/assets/{}', (_, [symbol = '']) => desk.assets.one(symbol)),
  ];
}

function route(method: Route['method'], path: string, handle: Route['handle']): Route {
  return { method, path, side: 'trading', handle };
}

/** Where a name comes twice, the last counts. */
function queryOf({ query }: RestRequest): Readonly<Record<string, string>> {
  return Object.fromEntries(query);
}
