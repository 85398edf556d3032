import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EFFECT_TRAITS, type Effect, type Requested } from '../../../src/ports/effect.ts';
import type { Answer } from '../../../src/ports/input.ts';
import type { EffectAnswer } from '../../../src/ports/service.ts';
import { cancel, enquire, replace, submit } from '../../order-effects.ts';
import { define, NEVER, POLICY, Script, scene, settle } from '../../unit/services/scene.ts';

/** Each runs the real tree on the real nact; RELIABILITY G7 asks for 10,000 of them. */
const SCHEDULES = process.env['STRATA_LONG'] === '1' ? 10_000 : 2_000;

const EFFECTS: readonly ((order: string) => Effect)[] = [
  submit,
  submit,
  cancel,
  enquire,
  (order) => replace(order, `${order}-next`, 5, 100),
  () => ({ kind: 'alert', severity: 'info', code: 'x', text: 'y' }),
];
const TOUCHES_ORDER = new Set(['submitOrder', 'cancelOrder', 'replaceOrder']);
/** What the router says of an effect that never left. */
const UNSENT = new Set(['SERVICE_DOWN', 'SERVICE_BUSY', 'WITHDRAWN', 'NO_SERVICE']);

const fate = fc.constantFrom('answers', 'answers', 'answers', 'rejects', 'hangs', 'throws');
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      effect: fc.integer({ min: 0, max: EFFECTS.length - 1 }),
      order: fc.constantFrom('one', 'two'),
      fate,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.constantFrom(1, 50, 300, 1_900, 5_000),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'kill' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'revive' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'withdraw' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'degrade' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'stop' as const }) },
);
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;
const start = fc.oneof(
  { weight: 6, arbitrary: fc.constant('works') },
  { weight: 2, arbitrary: fc.constantFrom('rejects', 'hangs', 'throws') },
);
const plan = fc.record({
  /** Is there work before the service was ever up? */
  isEarly: fc.constantFrom(false, false, true),
  actions: fc.array(action, { minLength: 1, maxLength: 12 }),
  starts: fc.array(start, { maxLength: 4 }),
  stops: fc.array(fc.constantFrom('works', 'works', 'rejects', 'hangs'), { maxLength: 4 }),
});

it(`G7 every effect has exactly one answer in ${SCHEDULES} schedules`, async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), plan, async (scheduler, one) => {
      const world = new World(scheduler, one);
      await world.run(one);
      world.check();
      for (const { outcome, code } of world.answers) {
        const key = `${outcome} ${code ?? ''}`;
        seen.set(key, (seen.get(key) ?? 0) + 1);
      }
    }),
    { numRuns: SCHEDULES },
  );
  // The schedules met all that they are meant to meet.
  expect([...seen.keys()]).toEqual(
    expect.arrayContaining([
      'done ',
      'expired DEADLINE',
      'failed NO_SERVICE',
      'failed SERVICE_CRASHED',
      'failed SERVICE_DOWN',
      'failed SERVICE_STOPPED',
      'refused DEADLINE',
      'refused SERVICE_BUSY',
      'refused SERVICE_DOWN',
      'refused WITHDRAWN',
      'unknown DEADLINE',
      'unknown SERVICE_CRASHED',
      'unknown SERVICE_STOPPED',
    ]),
  );
}, 300_000);

interface Asked {
  readonly requested: Requested;
  readonly atMs: number;
  isWithdrawn: boolean;
}

type Fate = 'answers' | 'rejects' | 'hangs' | 'throws';

interface Sent {
  readonly requested: Requested;
  readonly atMs: number;
  readonly wasAnswered: boolean;
}

/** A tree whose promises settle, and whose answers arrive, in the order of a scheduler. */
class World {
  readonly answers: Answer[] = [];
  readonly #scheduler: fc.Scheduler;
  readonly #script = new Script();
  readonly #scene;
  readonly #asked: Asked[] = [];
  readonly #sent: Sent[] = [];
  readonly #fates = new Map<number, Fate>();
  #isStopped = false;

  constructor(scheduler: fc.Scheduler, { starts, stops }: Plan) {
    this.#scheduler = scheduler;
    const script = this.#script;
    const life = (how: string): Promise<void> => this.#life(how);
    const policy = { ...POLICY, inFlightMax: 2, restartsMax: 2 };
    const definition = define(script, {
      policy,
      make: (context) => {
        const number = script.made;
        script.make(context);
        return {
          start() {
            const how = starts[number] ?? 'works';
            if (how === 'throws') throw new Error('planted');
            return life(how);
          },
          stop: () => life(stops[number] ?? 'works'),
          perform: (requested) => this.#perform(requested),
        };
      },
    });
    this.#scene = scene([definition], {
      defer: (run) => void scheduler.schedule(Promise.resolve(), 'deliver').then(run),
      onAnswer: (answer) => this.answers.push(answer),
    });
  }

  async run({ actions, isEarly }: Plan): Promise<void> {
    const { tree } = this.#scene;
    void tree.start();
    if (!isEarly) {
      await settle();
      await this.#drain();
    }
    for (const one of actions) {
      void this.#scheduler.schedule(Promise.resolve(), one.kind).then(() => this.#do(one));
    }
    await this.#drain();
    await this.#scene.pass(7_000); // Past every deadline and every patience.
    await this.#drain();
    this.#stop();
    for (let round = 0; !this.#isStopped && round < 100; round += 1) {
      await this.#drain();
      await this.#scene.pass(500);
    }
    await this.#drain();
  }

  check(): void {
    const { fatal, time, tree } = this.#scene;
    expect(fatal).toEqual([]);
    expect(this.#isStopped).toBe(true);
    expect(time.pending).toBe(0);
    expect(tree.outstanding).toBe(0);
    expect(this.answers.length).toBe(this.#asked.length);
    for (const { requested, atMs } of this.#asked) this.#checkOne(requested, atMs);
    this.#checkOrder();
  }

  #checkOne(requested: Requested, askedMs: number): void {
    const { input, effect } = requested;
    const answers = this.answers.filter(({ effectInput }) => effectInput === input);
    const sent = this.#sent.filter((one) => one.requested.input === input);
    expect(answers.length).toBe(1);
    expect(sent.length).toBeLessThanOrEqual(1);
    const [answer] = answers;
    const isUnsent = UNSENT.has(answer?.code ?? '') || answer?.outcome === 'refused';
    if (isUnsent) expect(sent).toEqual([]);
    for (const { wasAnswered, atMs } of sent) {
      expect(wasAnswered).toBe(false);
      expect(atMs).toBeLessThan(askedMs + EFFECT_TRAITS[effect.kind].deadlineUs / 1_000);
      // Of an order that left, only its provider may say anything but unknown.
      if (TOUCHES_ORDER.has(effect.kind)) expect(['done', 'unknown']).toContain(answer?.outcome);
    }
    if (sent.length === 0 && TOUCHES_ORDER.has(effect.kind)) {
      expect(answer?.outcome).toBe('refused');
    }
  }

  /** What was asked about an order after its submission did not leave before its answer. */
  #checkOrder(): void {
    for (const [at, { requested }] of this.#sent.entries()) {
      const { effect, input } = requested;
      if (!('clientOrderId' in effect)) continue;
      for (const { requested: other } of this.#sent.slice(at + 1)) {
        if (!('clientOrderId' in other.effect)) continue;
        const isSame = other.effect.clientOrderId === effect.clientOrderId;
        const isOrdered = [effect, other.effect].some(
          ({ kind }) => EFFECT_TRAITS[kind].makesExposure,
        );
        if (isSame && isOrdered) expect(other.input).toBeGreaterThan(input);
      }
    }
  }

  async #drain(): Promise<void> {
    await turn();
    while (this.#scheduler.count() > 0) {
      await this.#scheduler.waitOne();
      await turn();
      await turn();
    }
  }

  #do(one: Action): void {
    const { tree, time, ask } = this.#scene;
    switch (one.kind) {
      case 'ask': {
        const effect = EFFECTS[one.effect]?.(one.order) ?? submit(one.order);
        this.#fates.set(this.#asked.length + 1, one.fate);
        const atMs = time.wallMs();
        this.#asked.push({ requested: ask(effect), atMs, isWithdrawn: false });
        return;
      }
      case 'pass':
        return time.advance(one.ms);
      case 'kill':
        return void tree.kill('broker');
      case 'revive':
        return void tree.revive('broker');
      case 'withdraw':
        return this.#withdraw();
      case 'degrade':
        return this.#script.contexts.at(-1)?.health('degraded', 'planted');
      case 'stop':
        return this.#stop();
    }
  }

  /** As the sequencer does: what has no answer yet, once. */
  #withdraw(): void {
    const last = this.#asked.at(-1);
    if (last === undefined || last.isWithdrawn || this.#isAnswered(last.requested)) return;
    last.isWithdrawn = true;
    this.#scene.tree.router.withdraw?.(last.requested);
  }

  #stop(): void {
    void this.#scene.tree.stop().then(() => {
      this.#isStopped = true;
    });
  }

  #isAnswered({ input }: Requested): boolean {
    return this.answers.some(({ effectInput }) => effectInput === input);
  }

  async #life(how: string): Promise<void> {
    if (how === 'hangs') return NEVER();
    await this.#scheduler.schedule(Promise.resolve(), how);
    if (how === 'rejects') throw new Error('planted');
  }

  #perform(requested: Requested): Promise<EffectAnswer> {
    const atMs = this.#scene.time.wallMs();
    this.#sent.push({ requested, atMs, wasAnswered: this.#isAnswered(requested) });
    const fate = this.#fates.get(requested.input) ?? 'answers';
    if (fate === 'throws') throw new Error('planted');
    if (fate === 'hangs') return new Promise(() => undefined);
    return this.#scheduler.schedule(Promise.resolve(), fate).then(() => {
      if (fate === 'rejects') throw new Error('planted');
      return { outcome: 'done' };
    });
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
