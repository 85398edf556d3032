import type { Log } from '../../cli/log.ts';
import type { LogFields } from '../../ports/service.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

/** An account of a session is read by people: more alarms than this are the log's. */
const ALARMS_NOTED_MAX = 5;

/**
 * What services tell of their lives, as rows of the log that can be filtered and alarmed on. What a
 * person should look at is noted for the session's account too, each once.
 */
export function serviceLog(
  log: Pick<Log, 'event'>,
  notes: string[] = [],
): (level: Level, event: string, fields: LogFields) => void {
  const noted = new Set<string>();
  return (level, event, fields) => {
    const text = (name: string): string => String(fields[name] ?? '');
    const service = text('service');
    const reason = text('reason');
    switch (event) {
      case 'serviceCrashed':
        return log.event('serviceCrashed', { service, error: text('error') });
      case 'serviceHung':
        return log.event('serviceHung', { service, what: text('what') });
      case 'serviceRestarts':
        return log.event('serviceRestarts', { service, backoffMs: Number(fields['backoffMs']) });
      case 'serviceGivenUp':
        return log.event('serviceGivenUp', { service, restarts: Number(fields['restarts']) });
      case 'brokerUpdatesDown':
        return log.event('brokerUpdatesDown', { service, reason });
      case 'brokerUpdatesUp':
        return log.event('brokerUpdatesUp', { service });
      case 'inferenceFellBack':
        return log.event('inferenceFellBack', { service, reason });
      case 'marketAlarm':
        if (noted.size < ALARMS_NOTED_MAX && !noted.has(reason)) {
          noted.add(reason);
          notes.push(`${service}: ${reason}`);
        }
        return log.event('marketAlarm', { service, reason });
      default:
        return said(log, level, event, fields);
    }
  };
}

/** Rarer words: one row for what troubles, one for what does not. */
function said(log: Pick<Log, 'event'>, level: Level, what: string, fields: LogFields): void {
  const detail = JSON.stringify(fields);
  if (level === 'warn' || level === 'error') log.event('serviceTroubled', { what, detail });
  else log.event('serviceSaid', { what, detail });
}
