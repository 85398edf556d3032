import type { Timers } from '../../../ports/clock.ts';
import type { MarketArchive } from '../../archive/market-archive.ts';
import type { RestClock } from '../../rest/rest-clock.ts';
import type { RestFaults } from '../../rest/rest-faults.ts';
import { RateWindow } from '../../rest/rate-window.ts';
import type { Credentials } from '../../sockets/credentials.ts';
import { aggregateRoutes } from './aggregate-routes.ts';
import { codeRoutes } from './code-routes.ts';
import { companyRoutes } from './company-routes.ts';
import { marketStatusRoutes } from './market-status-routes.ts';
import { PolygonDoor } from './polygon-door.ts';
import type { PolygonRoute } from './polygon-route.ts';
import { snapshotRoutes } from './snapshot-routes.ts';
import { tickRoutes } from './tick-routes.ts';
import { tickerRoutes } from './ticker-routes.ts';
import { universalSnapshotRoutes } from './universal-snapshot.ts';

export interface PolygonRestOptions {
  readonly archive: MarketArchive;
  readonly clock: RestClock;
  /** Wall time, for answers that are made to come late. */
  readonly timers: Timers;
  readonly credentials: Credentials | undefined;
  readonly requestsPerMinute: number;
  readonly faults: RestFaults;
}

/** Everything of Polygon's REST that is served. */
export function polygonRoutes(archive: MarketArchive, clock: RestClock): readonly PolygonRoute[] {
  return [
    ...aggregateRoutes(archive),
    ...snapshotRoutes(archive),
    ...universalSnapshotRoutes(archive),
    ...tickRoutes(archive),
    ...tickerRoutes(archive),
    ...companyRoutes(archive),
    ...codeRoutes(),
    ...marketStatusRoutes(() => clock.toldUs?.() ?? clock.nowUs()),
  ];
}

export function createPolygonDoor(options: PolygonRestOptions): PolygonDoor {
  const { archive, clock, timers, credentials, faults } = options;
  const window = new RateWindow(options.requestsPerMinute);
  const routes = polygonRoutes(archive, clock);
  return new PolygonDoor({ routes, clock, timers, credentials, window, faults });
}
