import { expect, it } from 'vitest';
import { explain, renderStory } from '../../../src/cli/explain.ts';
import { SessionView } from '../../../src/cli/session-view.ts';
import { answerCommand } from '../../../src/compose/control.ts';
import { handleOf } from '../../../src/compose/open-session.ts';
import { policyOf } from '../../../src/compose/policy-change.ts';
import { sessionReader, writeSessionFile } from '../../../src/compose/session-files.ts';
import { verifySession } from '../../../src/compose/verify-session.ts';
import { HOUR, MINUTE } from '../../../src/core/time.ts';
import { MemoryDisk } from '../../faulty-disk.ts';
import { factsOf } from '../../golden/golden-decisions.ts';
import { GOLDEN_OPEN_US } from '../../golden/golden-operator.ts';
import {
  GOLDEN_END_US,
  goldenFile,
  openGolden,
  runGolden,
  SESSION_ID,
} from '../../golden/golden-session.ts';

const CHANGE = {
  verb: 'policy',
  changeId: 'c-1',
  name: 'risk.entries',
  version: 1,
  value: '"stopped"',
  by: 'anna',
  reason: 'a storm',
};

async function stoppedAt(atUs: number) {
  const disk = new MemoryDisk();
  const opened = openGolden({ disk });
  const { session } = opened;
  await session.advance(atUs);
  const engine = { file: goldenFile(), view: new SessionView(), stop: () => undefined };
  const answer = await answerCommand(CHANGE, { ...engine, engine: handleOf(opened) });
  await session.advance(GOLDEN_END_US);
  const hash = session.sequencer.hash.hex();
  await session.close();
  return { disk, answer, hash };
}

it('reaches a running session, which opens nothing from then on', async () => {
  const atUs = GOLDEN_OPEN_US + 2 * HOUR;
  const [{ disk, answer, hash }, plain] = [await stoppedAt(atUs), await runGolden()];
  const entriesAfter = (of: MemoryDisk): number =>
    factsOf(of).filter(
      ({ nowUs, fact }) =>
        nowUs > atUs + MINUTE && fact.kind === 'reserved' && fact.purpose === 'entry',
    ).length;

  expect(answer).toEqual({ isOk: true, verb: 'policy', sessionId: SESSION_ID });
  expect(entriesAfter(plain.disk)).toBeGreaterThan(0);
  expect(entriesAfter(disk)).toBe(0);
  expect(hash).not.toBe(plain.hash);
  const refusals = factsOf(disk).flatMap(({ fact }) => (fact.kind === 'refused' ? [fact] : []));
  expect(refusals.map(({ code }) => code)).toContain('POLICY');
});

it('is in the journal: the session verifies, and explain names who and why', async () => {
  const { disk, hash } = await stoppedAt(GOLDEN_OPEN_US + HOUR);
  const verification = verifySession(disk, goldenFile());

  expect(verification).toMatchObject({
    kind: 'verified',
    result: { decisionHash: hash, divergence: undefined },
  });
  writeSessionFile(disk, goldenFile());
  const symbol = factsOf(disk).flatMap(({ fact }) =>
    fact.kind === 'refused' && fact.code === 'POLICY' ? [fact.signalId] : [],
  );
  const found = explain(sessionReader(disk), SESSION_ID, nameOf(symbol[0] ?? ''));
  if (!found.isFound) throw new Error('the symbol was not found');
  const story = renderStory(found.story).replaceAll(/\s+/g, ' ');
  expect(story).toContain('the policy risk.entries is "stopped", version 1 by anna: a storm');
});

it('is not heard where too much waits, and is none where a field is missing', async () => {
  const opened = openGolden({ disk: new MemoryDisk() });
  const parts = { file: goldenFile(), view: new SessionView(), stop: () => undefined };
  const full = { ...handleOf(opened), enter: () => false };

  expect(await answerCommand(CHANGE, { ...parts, engine: full })).toEqual({
    isOk: false,
    reason: 'too much waits: the next session begins with it',
  });
  for (const key of ['changeId', 'name', 'version', 'value', 'by', 'reason']) {
    expect(policyOf({ ...CHANGE, [key]: undefined }), key).toBeUndefined();
  }
  for (const version of [0, 1.5, 2 ** 31, '1']) {
    expect(policyOf({ ...CHANGE, version }), String(version)).toBeUndefined();
  }
  expect(policyOf({ ...CHANGE, value: 'no JSON' })).toBeUndefined();
  await opened.session.close();
});

/** `mr-ABCD-12` */
function nameOf(signalId: string): string {
  return signalId.split('-').slice(1, -1).join('-');
}
