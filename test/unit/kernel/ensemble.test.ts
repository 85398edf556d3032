import { describe, expect, it } from 'vitest';
import { ENSEMBLE, MOMENTUM } from '../../../src/actors/kernel/actor-table.ts';
import { ensemble } from '../../../src/actors/kernel/ensemble.ts';
import type { Scored } from '../../../src/actors/kernel/messages.ts';
import { symbolId } from '../../../src/core/ids.ts';
import type { MarketView } from '../../../src/domain/risk/market-view.ts';
import type { EnsembleRules } from '../../../src/domain/signals/ensemble.ts';
import { MEMBER_RULES } from '../../../src/domain/signals/member-accuracy.ts';
import { KernelHarness } from '../../kernel-harness.ts';

const VIEW: MarketView = {
  bid: 99,
  ask: 101,
  quoteUs: 1,
  isBarOnly: false,
  last: 100,
  barUs: 1,
  isHalted: false,
  bandLow: Number.NaN,
  bandHigh: Number.NaN,
  averageRange: 1,
};

const THREE: EnsembleRules = {
  models: ['lstm', 'transformer', 'mlp', 'trees'],
  vote: {
    members: [
      { name: 'lstm', threshold: 0.4, weight: 1 },
      { name: 'transformer', threshold: 0.5, weight: 1 },
      { name: 'mlp', threshold: 0.4, weight: 1 },
    ],
    votesLeast: 2,
    boosts: [1.1, 1.2],
  },
  accuracy: MEMBER_RULES,
};
const VERSIONS = ['lstm@1', 'transformer@1', 'mlp@1', 'trees@1'];

describe('the ensemble', () => {
  it('lets the score of a single model pass as it is', () => {
    const one = { name: 'mlp', threshold: 0.5, weight: 1 };
    const vote = { members: [one], votesLeast: 1, boosts: [1] };
    const scene = new Scene({ models: ['mlp'], vote, accuracy: MEMBER_RULES });
    expect(scene.say([0.3], ['mlp@1'])).toMatchObject([
      { score: 0.3, isAgreed: true, modelVersion: 'mlp@1', reason: 'score' },
    ]);
  });

  it('makes one score of those that agree, and says who they are', () => {
    const [said, ...more] = new Scene(THREE).say([0.6, 0.7, 0.2, 0.99]);
    expect(more).toEqual([]);
    expect(said).toMatchObject({ isAgreed: true, modelVersion: 'lstm@1+transformer@1' });
    expect(said?.score).toBeCloseTo(0.65 * 1.1, 12);
    expect(said?.reason).toContain('mlp 0.2 not above 0.4');
  });

  it('begins nothing without agreement, and may end something', () => {
    const [said] = new Scene(THREE).say([0.9, 0.3, 0.3, 0.9]);
    expect(said).toMatchObject({ isAgreed: false, score: 0.5 });
    expect(said?.modelVersion).toBe('lstm@1+transformer@1+mlp@1');
  });

  it('says nothing where only one of its members does', () => {
    const silent = Number.NaN;
    expect(new Scene(THREE).say([0.9, silent, silent, 0.9])).toEqual([]);
  });

  it('does not hear a member that was wrong too often, until it did better in the shadow', () => {
    const scene = new Scene(THREE);
    scene.judge(0, 300, 60);
    const [said] = scene.say([0.9, 0.6, 0.6, 0.9]);
    expect(said).toMatchObject({ modelVersion: 'transformer@1+mlp@1' });
    expect(said?.reason).toContain('lstm dropped');
    expect(said?.score).toBeCloseTo(0.6 * 1.1, 12);
    // A trial may have been under way.
    scene.judge(0, 2 * MEMBER_RULES.shadowOutcomes, 2 * MEMBER_RULES.shadowOutcomes);
    expect(scene.say([0.6, 0.6, 0.2, 0.9])[0]?.modelVersion).toBe('lstm@1+transformer@1');
  });

  it('does not hear a member that has long been silent', () => {
    const scene = new Scene(THREE);
    for (let at = 0; at < MEMBER_RULES.silentMax; at += 1) scene.answered([true, true, false]);
    expect(scene.say([0.6, 0.6, 0.6, 0])[0]?.reason).toContain('mlp dropped');
  });

  it('comes back from a snapshot knowing what it knew', () => {
    const scene = new Scene(THREE);
    scene.judge(0, 300, 60);
    scene.judge(1, 7, 3);
    expect(scene.harness.reloadedSnapshot()).toEqual(scene.harness.snapshot());
  });
});

function isScored(message: unknown): message is Scored {
  return typeof message === 'object' && message !== null && 'isAgreed' in message;
}

class Scene {
  readonly harness: KernelHarness;

  constructor(rules: EnsembleRules) {
    this.harness = new KernelHarness({ actors: [[ENSEMBLE, ensemble(rules)]] });
  }

  say(scores: readonly number[], versions: readonly string[] = VERSIONS): readonly Scored[] {
    const before = this.harness.heard(MOMENTUM).length;
    const what = { scores: Float64Array.from(scores), versions, layer: 2, view: VIEW };
    this.harness.tell(ENSEMBLE, { kind: 'membersScored', symbol: symbolId(0), ...what });
    return this.harness.heard(MOMENTUM).slice(before).filter(isScored);
  }

  judge(place: number, judged: number, right: number): void {
    const models = [THREE.models[place] ?? ''];
    this.harness.record({ kind: 'modelsJudged', models, judged: [judged], right: [right] });
  }

  answered(hasAnswered: readonly boolean[]): void {
    const models = THREE.models.slice(0, hasAnswered.length);
    this.harness.record({ kind: 'modelsAnswered', models, hasAnswered });
  }
}
