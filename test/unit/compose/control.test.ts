import { handleOf } from '../../../src/compose/open-session.ts';
import { expect, it } from 'vitest';
import { SessionView } from '../../../src/cli/session-view.ts';
import { answerCommand, COMMAND_TEXT_BYTES_MAX } from '../../../src/compose/control.ts';
import { MINUTE } from '../../../src/core/time.ts';
import type { Command } from '../../../src/store/journal/control-line.ts';
import { MemoryDisk } from '../../faulty-disk.ts';
import { factsOf } from '../../golden/golden-decisions.ts';
import { GOLDEN_OPEN_US } from '../../golden/golden-operator.ts';
import { goldenFile, openGolden } from '../../golden/golden-session.ts';

async function commanded(...requests: readonly { verb: string; [field: string]: unknown }[]) {
  const disk = new MemoryDisk();
  const opened = openGolden({ disk });
  await opened.session.advance(GOLDEN_OPEN_US + MINUTE);
  const engine = {
    file: goldenFile(),
    view: new SessionView(),
    engine: handleOf(opened),
    stop: () => undefined,
  };
  const answers = [];
  for (const request of requests) answers.push(await answerCommand(request, engine));
  await opened.session.advance(GOLDEN_OPEN_US + 2 * MINUTE);
  await opened.session.close();
  const halts = factsOf(disk).flatMap(({ fact }) => (fact.kind === 'tradingHalted' ? [fact] : []));
  return { answers, halts, failure: opened.session.sequencer.failure };
}

it('halts whatever the length of the reason, which it cuts between two characters', async () => {
  const { answers, halts, failure } = await commanded({ verb: 'halt', reason: '€'.repeat(70_000) });

  expect(answers).toMatchObject([{ isOk: true }]);
  expect(failure).toBeUndefined();
  expect(halts.map(({ reason }) => reason)).toEqual(['€'.repeat(333)]);
  expect(333 * 3).toBeLessThanOrEqual(COMMAND_TEXT_BYTES_MAX);
});

it('keeps a reason on one line, and well-formed', async () => {
  const { halts } = await commanded({ verb: 'halt', reason: 'a\u001b[2J\nb \ud800' });

  expect(halts.map(({ reason }) => reason)).toEqual(['a [2J b \ufffd']);
});

it('says "by hand" where the reason is no text, or an empty one', async () => {
  const { halts } = await commanded({ verb: 'halt', reason: { much: 1 } });

  expect(halts.map(({ reason }) => reason)).toEqual(['by hand']);
});

it('says that a command was not taken where too much waits', async () => {
  const opened = openGolden({ disk: new MemoryDisk() });
  const full = { ...handleOf(opened), enter: () => false };
  const engine = {
    file: goldenFile(),
    view: new SessionView(),
    engine: full,
    stop: () => undefined,
  };

  expect(await answerCommand({ verb: 'halt' }, engine)).toMatchObject({ isOk: false });
  await opened.session.close();
});

it('says why a session does not end as it was asked to', async () => {
  const opened = openGolden({ disk: new MemoryDisk() });
  const parts = { file: goldenFile(), view: new SessionView(), engine: handleOf(opened) };
  const asked: unknown[] = [];
  const stop = (request: Command) => {
    asked.push(request['isFlattening']);
    return request['isFlattening'] === true ? 'it is ending already' : undefined;
  };
  const plain = await answerCommand({ verb: 'stop' }, { ...parts, stop });
  const flattening = await answerCommand({ verb: 'stop', isFlattening: true }, { ...parts, stop });

  expect(plain).toMatchObject({ isOk: true });
  expect(flattening).toEqual({ isOk: false, reason: 'it is ending already' });
  expect(asked).toEqual([undefined, true]);
  await opened.session.close();
});

it('refuses in few words what was asked in many', async () => {
  const long = 'X'.repeat(60_000);
  const { answers } = await commanded({ verb: long }, { verb: 'ban', symbol: long });

  expect(answers).toMatchObject([{ isOk: false }, { isOk: false }]);
  for (const answer of answers) expect(JSON.stringify(answer).length).toBeLessThan(1_100);
});
