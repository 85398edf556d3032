import { Random } from '../../../src/core/random.ts';
import type { GroupedDefinition, ServiceTree } from '../../../src/actors/services/service-tree.ts';
import { createServiceTree } from '../../../src/actors/services/service-tree.ts';
import type { ActorNode } from '../../../src/actors/services/tree-view.ts';
import type { KernelLife } from '../../../src/actors/services/engine-life.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Effect, EffectKind, Requested } from '../../../src/ports/effect.ts';
import type { Answer, Input } from '../../../src/ports/input.ts';
import type {
  EffectAnswer,
  Provider,
  ServiceContext,
  ServiceDefinition,
  ServicePolicy,
} from '../../../src/ports/service.ts';
import { ManualTime } from '../../manual-time.ts';

export const POLICY: ServicePolicy = {
  backoffMinMs: 100,
  backoffMaxMs: 1_000,
  restartsMax: 3,
  withinMs: 60_000,
  inFlightMax: 4,
  hungMs: 2_000,
};

interface Asked {
  readonly requested: Requested;
  readonly instance: number;
  answer(answer: EffectAnswer): void;
  reject(error: Error): void;
}

/** A provider whose every answer the test gives. */
export class Script {
  readonly asked: Asked[] = [];
  readonly contexts: ServiceContext[] = [];
  made = 0;
  stops = 0;
  /** How instances begin and end; a promise that never settles hangs. */
  onStart: (instance: number) => Promise<void> = () => Promise.resolve();
  onStop: (instance: number) => Promise<void> = () => Promise.resolve();
  onMake: (instance: number) => void = () => undefined;
  onPerform: (requested: Requested) => void = () => undefined;

  make(context: ServiceContext): Provider {
    this.made += 1;
    const instance = this.made;
    this.contexts.push(context);
    this.onMake(instance);
    return {
      start: () => this.onStart(instance),
      perform: (requested) => {
        this.onPerform(requested);
        return new Promise((resolve, reject) => {
          this.asked.push({ requested, instance, answer: resolve, reject });
        });
      },
      stop: () => {
        this.stops += 1;
        return this.onStop(instance);
      },
    };
  }

  get context(): ServiceContext {
    const context = this.contexts.at(-1);
    if (context === undefined) throw new Error('no instance was made yet');
    return context;
  }

  /** The last effect that it was asked for. */
  get last(): Asked {
    const asked = this.asked.at(-1);
    if (asked === undefined) throw new Error('nothing was asked yet');
    return asked;
  }

  get kinds(): readonly EffectKind[] {
    return this.asked.map(({ requested }) => requested.effect.kind);
  }
}

export const BROKER_KINDS: readonly EffectKind[] = [
  'submitOrder',
  'cancelOrder',
  'replaceOrder',
  'enquireOrder',
  'reconcile',
];

export const NEVER = (): Promise<void> => new Promise(() => undefined);

export function define(
  script: Script,
  change: Partial<ServiceDefinition> = {},
  group: GroupedDefinition['group'] = 'broker',
): GroupedDefinition {
  const definition: ServiceDefinition = {
    name: 'broker',
    service: 'broker',
    policy: POLICY,
    handles: (kind) => BROKER_KINDS.includes(kind),
    make: (context) => script.make(context),
    ...change,
  };
  return { group, definition };
}

export interface Scene {
  readonly tree: ServiceTree;
  readonly time: ManualTime;
  readonly inputs: Input[];
  readonly answers: Answer[];
  readonly log: string[];
  readonly fatal: unknown[];
  /** Asks, and answers with the request. */
  ask(effect: Effect): Requested;
  /** The answers to it: one, if all is well. */
  answersTo(requested: Requested): readonly Answer[];
  node(name: string): ActorNode;
  pass(ms: number): Promise<void>;
  /** Lets turns of the event loop go by, and no time. */
  settle(): Promise<void>;
}

export interface SceneOptions {
  /** Market seconds in one of ours. */
  readonly speed?: number;
  /** Wall time that has passed without its timers: the loop was busy. */
  lateMs?(): number;
  readonly kernel?: KernelLife;
  readonly defer?: (run: () => void) => void;
  onAnswer?(answer: Answer): void;
  onInput?(input: Input): void;
}

export function scene(
  definitions: readonly GroupedDefinition[],
  options: SceneOptions = {},
): Scene {
  const time = new ManualTime(1_000_000, options.speed);
  const inputs: Input[] = [];
  const answers: Answer[] = [];
  const log: string[] = [];
  const fatal: unknown[] = [];
  const { onAnswer, onInput, lateMs, speed: _, ...rest } = options;
  const clock: Clock = {
    nowUs: () => time.nowUs(),
    wallMs: () => time.wallMs() + (lateMs?.() ?? 0),
    speed: time.speed,
  };
  const tree = createServiceTree({
    definitions,
    clock,
    timers: time,
    random: new Random(7),
    enter(input) {
      inputs.push(input);
      onInput?.(input);
    },
    onAnswer(answer) {
      answers.push(answer);
      onAnswer?.(answer);
    },
    log: (_level, event, fields) => log.push(`${event} ${Object.values(fields).join(' ')}`),
    onFatal: (error) => fatal.push(error),
    ...rest,
  });
  let number = 0;
  return {
    tree,
    time,
    inputs,
    answers,
    log,
    fatal,
    ask(effect) {
      number += 1;
      const requested = { input: number, index: 0, requestedUs: time.nowUs(), effect };
      tree.router.dispatch(requested);
      return requested;
    },
    answersTo: ({ input, index }) =>
      answers.filter(
        ({ effectInput, effectIndex }) => effectInput === input && effectIndex === index,
      ),
    node(name) {
      const found = find(tree.describe(), name);
      if (found === undefined) throw new Error(`no ${name} in the tree`);
      return found;
    },
    pass: (ms) => time.pass(ms),
    settle,
  };
}

/** Enough turns for a message through nact, a promise or two and an answer. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A group may have the name of its only service. */
function find(node: ActorNode, name: string): ActorNode | undefined {
  if (node.name === name && node.role !== 'supervisor') return node;
  for (const child of node.children) {
    const found = find(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
