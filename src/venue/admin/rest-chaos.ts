import { DAY, MINUTE } from '../../core/time.ts';
import type { RestFault } from '../rest/rest-faults.ts';
import type { ScriptedRestFaults } from '../rest/scripted-faults.ts';
import type { ChaosActions } from './chaos.ts';
import { COUNT_RANGE, MS_RANGE, type Parameters, type Range } from './parameters.ts';

/** Whose requests a script meets: `host` of an action, Alpaca's where it says nothing. */
export type RestHosts = Readonly<Record<'alpaca' | 'polygon', ScriptedRestFaults>>;

/** Answers that come late, wrong or never; the request took effect where nothing else is said. */
export function restChaos(faults: RestHosts): ChaosActions {
  return {
    /** The order is executed and its fill told before the client has its answer. */
    fillBeforeAnswer: (parameters) =>
      script(faults, parameters, { kind: 'delay', ms: parameters.number('ms', MS_RANGE, 250) }),
    /** Longer than the client waits. */
    delayAnswer: (parameters) =>
      script(faults, parameters, { kind: 'delay', ms: parameters.number('ms', MS_RANGE, 35_000) }),
    loseAnswer: (parameters) => script(faults, parameters, { kind: 'drop' }),
    failAfter: (parameters) =>
      script(faults, parameters, {
        kind: 'fail',
        status: parameters.whole('status', STATUS_RANGE, 504),
      }),
    failBefore: (parameters) =>
      script(faults, parameters, {
        kind: 'refuse',
        status: parameters.whole('status', STATUS_RANGE, 503),
      }),
    garbageAnswer: (parameters) =>
      script(faults, parameters, { kind: 'garbage', text: parameters.text('text', '<html>') }),
    /** 429 for a while, exits and all. */
    rateLimit: (parameters) => {
      const forUs = parameters.number('forUs', [0, DAY], MINUTE);
      const hasHeaders = parameters.flag('hasHeaders', true);
      const host = hostOf(parameters);
      const path = parameters.text('path', host === 'alpaca' ? '/v2/*' : '/*');
      parameters.end();
      return Number(faults[host].add({ path, fault: { kind: 'limit', forUs, hasHeaders } }));
    },
    emptyPage: (parameters) => script(faults, parameters, { kind: 'emptyPage' }, 'GET'),
    repeatToken: (parameters) => script(faults, parameters, { kind: 'repeatToken' }, 'GET'),
    clearRestFaults: (parameters) => {
      parameters.end();
      const waiting = faults.alpaca.waiting + faults.polygon.waiting;
      faults.alpaca.clear();
      faults.polygon.clear();
      return waiting;
    },
  };
}

/** Whatever says that a request failed; a success is no fault. */
const STATUS_RANGE: Range = [400, 599];

/** Orders are what matters most, so a script that names nothing meets the next new one. */
function script(
  faults: RestHosts,
  parameters: Parameters,
  fault: RestFault,
  usual = 'POST',
): number {
  const host = hostOf(parameters);
  const isPolygon = host === 'polygon';
  const method = parameters.text('method', isPolygon ? 'GET' : usual);
  const usualPath = usual === 'POST' ? '/v2/orders' : '/v2/*';
  const path = parameters.text('path', isPolygon ? '/*' : usualPath);
  const count = parameters.whole('count', COUNT_RANGE, 1);
  parameters.end();
  return Number(faults[host].add({ method, path, count, fault }));
}

function hostOf(parameters: Parameters): keyof RestHosts {
  return parameters.oneOf('host', ['alpaca', 'polygon'], 'alpaca');
}
