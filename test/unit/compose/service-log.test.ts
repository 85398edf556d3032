import { expect, it } from 'vitest';
import { serviceLog } from '../../../src/compose/live/service-log.ts';

function told(...said: Parameters<ReturnType<typeof serviceLog>>) {
  const rows: unknown[] = [];
  serviceLog({ event: (name, fields) => void rows.push({ name, ...fields }) })(...said);
  return rows;
}

it('gives what services go through rows of their own', () => {
  expect(told('error', 'serviceGivenUp', { service: 'broker', restarts: 5 })).toEqual([
    { name: 'serviceGivenUp', service: 'broker', restarts: 5 },
  ]);
  expect(told('warn', 'brokerUpdatesDown', { service: 'broker', reason: 'no pong' })).toEqual([
    { name: 'brokerUpdatesDown', service: 'broker', reason: 'no pong' },
  ]);
});

it('tells trouble that has no row of its own from what is none', () => {
  const detail = '{"count":4}';
  expect(told('warn', 'brokerUnreadable', { count: 4 })).toEqual([
    { name: 'serviceTroubled', what: 'brokerUnreadable', detail },
  ]);
  expect(told('info', 'inferenceLoaded', { count: 4 })).toEqual([
    { name: 'serviceSaid', what: 'inferenceLoaded', detail },
  ]);
});

it('notes an alarm of the market for the account, once, and not without end', () => {
  const notes: string[] = [];
  const rows: string[] = [];
  const tell = serviceLog({ event: (name) => void rows.push(name) }, notes);
  const alarm = (reason: string) => tell('warn', 'marketAlarm', { service: 'market-data', reason });

  alarm('not in the plan: quotes (not authorized)');
  alarm('not in the plan: quotes (not authorized)');
  for (let at = 0; at < 9; at += 1) alarm(`a gap stays: ${at}`);

  expect(notes[0]).toBe('market-data: not in the plan: quotes (not authorized)');
  expect(notes).toHaveLength(5);
  expect(rows).toHaveLength(11);
});
