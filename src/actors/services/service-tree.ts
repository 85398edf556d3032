import { assert } from '../../core/assert.ts';
import type { Random } from '../../core/random.ts';
import type { Clock, Timers } from '../../ports/clock.ts';
import type { Answer, Input } from '../../ports/input.ts';
import type { LogFields, ServiceDefinition } from '../../ports/service.ts';
import type { EffectRouter } from '../runtime/sequencer.ts';
import { EngineLife, type KernelLife } from './engine-life.ts';
import { type ActorPlan, createActorSystem } from './nact-system.ts';
import { ServiceActor } from './service-actor.ts';
import { HealthReport } from './service-health.ts';
import type { LogLevel, ServiceHost } from './service-life.ts';
import { ServiceRouter } from './service-router.ts';
import { type ActorNode, serviceNode, supervisorNode } from './tree-view.ts';

/** In the order in which they stop: first what brings in new things, last what keeps them. */
export const SERVICE_GROUPS = ['market', 'inference', 'broker', 'stores'] as const;
export type ServiceGroup = (typeof SERVICE_GROUPS)[number];

export interface GroupedDefinition {
  readonly group: ServiceGroup;
  readonly definition: ServiceDefinition;
}

export interface ServiceTreeOptions {
  readonly definitions: readonly GroupedDefinition[];
  readonly clock: Clock;
  readonly timers: Timers;
  /** For jitter, so that a test knows it. */
  readonly random: Random;
  /** What services say, and what became of them: into the queue in front of the sequencer. */
  enter(input: Input): void;
  /** In a turn of the event loop of its own, never inside `dispatch`. */
  onAnswer(answer: Answer): void;
  log(level: LogLevel, event: string, fields: LogFields): void;
  /** Our own code is wrong, or the kernel stopped itself: the process has to end. */
  onFatal(error: unknown): void;
  readonly kernel?: KernelLife;
  /** Runs in a later turn of the event loop; `setImmediate` if nothing else is said. */
  readonly defer?: (run: () => void) => void;
}

export interface ServiceTree {
  /** Settles when every service is up, or has failed once and is being tried again. */
  start(): Promise<void>;
  /** Settles when every service has let go and every effect has its answer. Any number of times. */
  stop(): Promise<void>;
  readonly router: EffectRouter;
  readonly engine: EngineLife;
  /** Effects without an answer, and answers not delivered yet. */
  readonly outstanding: number;
  /** For `strata actors` and the screen. */
  describe(): ActorNode;
  /** How full its queues have been, and what they refused. */
  load(): TreeLoad;
  /** Crashes a service, as it might crash by itself. False if none of that name lives. */
  kill(name: string): boolean;
  /** Brings back one whose budget is spent. */
  revive(name: string): boolean;
}

export interface TreeLoad {
  /** Effects under way and waiting, of each service: the most at a time, and how many may be. */
  readonly services: readonly {
    readonly name: string;
    readonly now: number;
    readonly most: number;
    readonly max: number;
  }[];
  /** Answers on their way to the kernel, and the most at a time. */
  readonly answers: number;
  readonly answersMost: number;
  /** Effects refused because too many were under way. */
  readonly refused: number;
}

/**
 * The one supervision tree: root, groups, services, and the engine. Supervisors get no messages
 * and services have no children; what a service receives from the world goes straight to its sink.
 */
export function createServiceTree(options: ServiceTreeOptions): ServiceTree {
  const { definitions, clock, timers } = options;
  const defer = options.defer ?? ((run) => void setImmediate(run));
  // What the kernel's side throws is no fault of the service that spoke.
  const services = createServices(options, (input) => {
    engine.accept(() => options.enter(input));
  });
  const router = new ServiceRouter({
    services,
    clock,
    timers,
    defer,
    onAnswer: (answer) => void engine.accept(() => options.onAnswer(answer)),
  });
  const system = createActorSystem();
  const root = system.spawn(supervisor('strata', options));
  const groups = SERVICE_GROUPS.map((group) => ({
    group,
    parent: root.spawn(supervisor(group, options)),
    desks: router.desks.filter((_, at) => definitions[at]?.group === group),
  }));
  const engine: EngineLife = new EngineLife(root, options);
  const beganUs = clock.nowUs();
  const called = (name: string): ServiceActor | undefined =>
    services.find(({ definition }) => definition.name === name);
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    router.close();
    for (const { desks } of groups) {
      await Promise.all(desks.map(({ service }) => service.stop()));
    }
    while (router.undelivered > 0) await new Promise<void>(defer);
    await engine.stop();
    await system.stop();
  };

  return {
    router,
    engine,
    get outstanding() {
      return router.open + router.undelivered;
    },
    async start() {
      await engine.start();
      if (stopped !== undefined) return; // Stopped before it began.
      await Promise.all(
        groups.flatMap(({ parent, desks }) =>
          desks.map((desk) => desk.service.begin(parent, desk)),
        ),
      );
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
    describe() {
      const nodes = groups.map(({ group, desks }) =>
        supervisorNode(group, beganUs, desks.map(serviceNode)),
      );
      return supervisorNode('strata', beganUs, [...nodes, engine.describe()]);
    },
    load: () => loadOf(router),
    kill: (name) => called(name)?.kill() ?? false,
    revive: (name) => called(name)?.revive() ?? false,
  };
}

function loadOf({ desks, undelivered, undeliveredMost, busy }: ServiceRouter): TreeLoad {
  return {
    services: desks.map((desk) => ({
      name: desk.service.definition.name,
      now: desk.inFlight + desk.waiting,
      most: desk.takenMost,
      max: desk.takenMax,
    })),
    answers: undelivered,
    answersMost: undeliveredMost,
    refused: busy,
  };
}

function createServices(
  options: ServiceTreeOptions,
  enter: (input: Input) => void,
): readonly ServiceActor[] {
  const health = new HealthReport(enter);
  const host: ServiceHost = {
    clock: options.clock,
    timers: options.timers,
    random: options.random,
    enter,
    log: (level, event, fields) => options.log(level, event, fields),
    changed: () => health.changed(services),
    fatal: (error) => options.onFatal(error),
  };
  const services = options.definitions.map(({ definition }) => new ServiceActor(definition, host));
  const names = new Set(services.map(({ definition }) => definition.name));
  assert(names.size === services.length, 'every service of the tree has a name of its own');
  return services;
}

/** It has no messages, so the only fault it can have is one of ours. */
function supervisor(
  name: string,
  { onFatal }: Pick<ServiceTreeOptions, 'onFatal'>,
): ActorPlan<undefined, never> {
  return {
    name,
    mailboxMax: 0,
    initial: () => undefined,
    receive: () => undefined,
    crashed(error) {
      onFatal(error);
      return 'stop';
    },
  };
}
