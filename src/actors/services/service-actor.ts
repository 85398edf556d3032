import { assert } from '../../core/assert.ts';
import type { Timer } from '../../ports/clock.ts';
import type { Requested } from '../../ports/effect.ts';
import {
  isFinal,
  type EffectAnswer,
  type ServiceContext,
  type ServiceDefinition,
} from '../../ports/service.ts';
import type { Actor, AfterCrash } from './nact-system.ts';
import { RestartBudget } from './restart-policy.ts';
import { describeError, ServiceFault } from './service-fault.ts';
import type { Desk, Instance, LifeState, ServiceHost, Watch } from './service-life.ts';

type LifeMessage =
  | { readonly kind: 'start' | 'wake' }
  | { readonly kind: 'started'; readonly instance: Instance }
  | { readonly kind: 'crashed'; readonly error: unknown }
  | { readonly kind: 'last'; readonly done: () => void };

/** Start, started, crashed, wake and last: each is told once at a time. */
const MAILBOX_MAX = 16;

/** RELIABILITY G8: what hangs has a name by then, whatever the policy says. */
const NAMED_MS = 2_000;

/** One coarse actor: it owns the life of a provider, and none of its data. */
export class ServiceActor {
  readonly definition: ServiceDefinition;
  state: LifeState = 'waiting';
  reason = '';
  sinceUs: number;
  restarts = 0;
  lastError: string | undefined;
  /** Calls and answers of instances that were over, and answers that came past their deadline. */
  deadLetters = 0;
  /** What has not settled for too long. */
  readonly hanging = new Set<string>();
  readonly #host: ServiceHost;
  readonly #budget: RestartBudget;
  #parent: Actor<never> | undefined;
  #actor: Actor<LifeMessage> | undefined;
  #desk: Desk | undefined;
  #instance: Instance | undefined;
  #instances = 0;
  #backoff: Timer | undefined;
  /** Settles when the last instance has let go, or is given up. */
  #gone: Promise<void> = Promise.resolve();
  #isWoken = false;
  #isStopping = false;
  #stopped: Promise<void> | undefined;
  #tried: () => void = () => undefined;

  constructor(definition: ServiceDefinition, host: ServiceHost) {
    assert(/^[A-Za-z0-9-]+$/.test(definition.name), 'a service is named by letters and hyphens');
    this.definition = definition;
    this.#host = host;
    this.#budget = new RestartBudget(definition.policy, host.random);
    this.sinceUs = host.clock.nowUs();
  }

  /** Settles when it is up, or has failed once. */
  begin(parent: Actor<never>, desk: Desk): Promise<void> {
    assert(this.#parent === undefined, 'a service begins once');
    this.#parent = parent;
    this.#desk = desk;
    const tried = new Promise<void>((resolve) => {
      this.#tried = resolve;
    });
    this.#spawn(parent);
    return tried;
  }

  get isUsable(): boolean {
    return this.state === 'up' || this.state === 'degraded';
  }

  /** Messages that nact would have lost in silence belong to the count. */
  get lostLetters(): number {
    return this.deadLetters + (this.#actor?.deadLetters ?? 0);
  }

  /** Have `drain` called soon, in a turn of its own. */
  wake(): void {
    if (this.#isWoken || !this.isUsable) return;
    this.#isWoken = this.#actor?.tell({ kind: 'wake' }) ?? false;
  }

  /** The instance that works now; undefined where none does. */
  get instance(): Instance | undefined {
    return this.isUsable ? this.#instance : undefined;
  }

  async perform(requested: Requested): Promise<EffectAnswer> {
    const provider = this.instance?.provider;
    assert(provider !== undefined, 'a service performs while it is up');
    return provider.perform(requested);
  }

  /** Ends an instance: at once for everybody who counts on it, then by the policy. */
  fail(instance: Instance, error: unknown): void {
    if (instance.isOver) {
      this.deadLetters += 1;
      return;
    }
    this.lastError = describeError(error);
    if (this.#isStopping) return; // It is on its way out; stop answers for it.
    instance.isOver = true;
    instance.startWatch?.end();
    const service = this.definition.name;
    this.#host.log('error', 'serviceCrashed', { service, error: this.lastError });
    this.#setState('waiting', this.lastError);
    this.#desk?.lost('SERVICE_CRASHED', this.lastError);
    this.#actor?.tell({ kind: 'crashed', error });
  }

  /** For `--crash` and the tests: as if it had crashed by itself. */
  kill(): boolean {
    const instance = this.#instance;
    if (instance === undefined || instance.isOver || this.#isStopping) return false;
    if (this.state === 'waiting') return false; // Nothing lives to be killed.
    this.fail(instance, new ServiceFault('SERVICE_KILLED', 'killed on request'));
    return true;
  }

  /** A person wants it back after its budget was spent. */
  revive(): boolean {
    if (this.state !== 'down' || this.#isStopping) return false;
    this.#budget.forgive();
    this.#setState('waiting', 'revived');
    const ended = this.#actor?.stop() ?? Promise.resolve();
    void Promise.all([ended, this.#gone]).then(() => {
      if (this.#parent !== undefined && !this.#isStopping) this.#spawn(this.#parent);
    });
    return true;
  }

  stop(): Promise<void> {
    this.#isStopping = true;
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** Says by a name what takes too long; the answer ends the watch. */
  watch(what: string, hungMs: number, hung: () => void): Watch {
    const namedMs = Math.min(NAMED_MS, hungMs);
    let timer = this.#host.timers.after(namedMs, () => {
      this.hanging.add(what);
      this.#host.log('warn', 'serviceHung', { service: this.definition.name, what });
      if (hungMs <= namedMs) hung();
      else timer = this.#host.timers.after(hungMs - namedMs, hung);
    });
    return {
      end: () => {
        timer.cancel();
        this.hanging.delete(what);
      },
    };
  }

  #spawn(parent: Actor<never>): void {
    this.#isWoken = false;
    this.deadLetters += this.#actor?.deadLetters ?? 0;
    this.#actor = parent.spawn<Instance, LifeMessage>({
      name: this.definition.name,
      mailboxMax: MAILBOX_MAX,
      initial: () => this.#newInstance(),
      receive: (instance, message) => this.#receive(instance, message),
      crashed: (error) => this.#crashed(error),
    });
    this.#actor.tell({ kind: 'start' });
  }

  #newInstance(): Instance {
    this.#instances += 1;
    this.#instance = {
      number: this.#instances,
      provider: undefined,
      startWatch: undefined,
      isStarted: false,
      isOver: false,
      health: 'up',
      reason: 'started',
    };
    return this.#instance;
  }

  #receive(instance: Instance, message: LifeMessage): void {
    switch (message.kind) {
      case 'start':
        return this.#start(instance);
      case 'started':
        return this.#started(message.instance);
      case 'wake':
        this.#isWoken = false;
        return this.#desk?.drain();
      case 'crashed':
        throw new ServiceFault('SERVICE_CRASHED', this.definition.name, { cause: message.error });
      case 'last':
        return message.done();
    }
  }

  #start(instance: Instance): void {
    if (this.#isStopping || instance.isOver || instance.provider !== undefined) return;
    if (instance.number > 1) this.restarts += 1;
    this.#setState('starting', '');
    const { hungMs } = this.definition.policy;
    try {
      instance.provider = this.definition.make(this.#context(instance));
    } catch (error) {
      return this.fail(instance, error);
    }
    if (instance.isOver) return; // It failed while it was made.
    instance.startWatch = this.watch('start', hungMs, () => {
      const error = new ServiceFault('SERVICE_HUNG', `did not start within ${hungMs} ms`);
      if (!instance.isOver) this.fail(instance, error);
    });
    settle(
      () => instance.provider?.start(),
      () => {
        instance.startWatch?.end();
        if (!instance.isOver) this.#actor?.tell({ kind: 'started', instance });
      },
      (error) => {
        if (!instance.isOver) this.fail(instance, error);
      },
    );
  }

  #started(instance: Instance): void {
    if (instance.isOver || this.#isStopping) return;
    instance.isStarted = true;
    this.hanging.clear();
    this.#setState(instance.health, instance.reason);
    this.#tried();
    this.#desk?.drain();
  }

  #context(instance: Instance): ServiceContext {
    const host = this.#host;
    const { name } = this.definition;
    const whileAlive = (call: () => void): void => {
      if (instance.isOver) this.deadLetters += 1;
      else call();
    };
    return {
      enter: (input) => whileAlive(() => host.enter(input)),
      health: (state, reason) =>
        whileAlive(() => {
          instance.health = state;
          instance.reason = reason;
          if (instance.isStarted && this.isUsable) this.#setState(state, reason);
        }),
      failed: (error) => this.fail(instance, error),
      log: (level, event, fields) =>
        whileAlive(() => host.log(level, event, { ...fields, service: name })),
    };
  }

  /** nact asks what to do. Whatever is no crash of the provider is a fault of ours. */
  #crashed(error: unknown): AfterCrash {
    const { timers, clock, log } = this.#host;
    if (!(error instanceof ServiceFault)) {
      this.#setState('down', describeError(error));
      this.#host.fatal(error);
      return 'stop';
    }
    const service = this.definition.name;
    const old = this.#instance;
    if (old !== undefined) this.#gone = this.#letGo(old);
    this.#tried();
    if (this.#isStopping) return 'reset'; // Its mailbox has a last message to come.
    const backoffMs = isFinal(error) ? undefined : this.#budget.spend(clock.wallMs());
    if (backoffMs === undefined) {
      log('error', 'serviceGivenUp', { service, restarts: this.restarts });
      this.#setState('down', 'budget');
      return 'stop';
    }
    log('info', 'serviceRestarts', { service, backoffMs: Math.round(backoffMs) });
    const gone = this.#gone;
    this.#backoff = timers.after(backoffMs, () => {
      // One connection an endpoint: the old one must be gone before the new one comes.
      void gone.then(() => {
        if (!this.#isStopping) this.#actor?.tell({ kind: 'start' });
      });
    });
    return 'reset';
  }

  /** Never rejects; a stop that hangs is given up. */
  #letGo(instance: Instance): Promise<void> {
    const { provider } = instance;
    if (provider === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const watch = this.watch('stop', this.definition.policy.hungMs, resolve);
      settle(
        () => provider.stop(),
        () => {
          watch.end();
          resolve();
        },
        (error) => {
          watch.end();
          this.lastError = describeError(error);
          const fields = { service: this.definition.name, error: this.lastError };
          this.#host.log('warn', 'serviceStopFailed', fields);
          resolve();
        },
      );
    });
  }

  async #stop(): Promise<void> {
    this.#backoff?.cancel();
    this.#setState('stopping', '');
    const instance = this.#instance;
    if (instance !== undefined && !instance.isOver) await this.#letGo(instance);
    await this.#gone;
    if (instance !== undefined) {
      instance.isOver = true;
      instance.startWatch?.end();
    }
    this.#desk?.lost('SERVICE_STOPPED', 'the service was stopped');
    const actor = this.#actor;
    if (actor !== undefined && !actor.isStopped) {
      // Behind all that was told before, so that nothing of it is a dead letter.
      await new Promise<void>((resolve) => {
        if (!actor.tell({ kind: 'last', done: resolve })) resolve();
      });
      await actor.stop();
      await this.#gone; // Of what had crashed just before.
    }
    this.#setState('stopped', '');
    this.#tried();
  }

  #setState(state: LifeState, reason: string): void {
    if (this.#isStopping && state !== 'stopping' && state !== 'stopped') return;
    if (state === this.state && reason === this.reason) return;
    if (state !== this.state) this.sinceUs = this.#host.clock.nowUs();
    this.state = state;
    this.reason = reason;
    this.#host.changed();
  }
}

/** As `then`, for a call that may also throw at once. */
function settle(
  call: () => Promise<void> | undefined,
  done: () => void,
  failed: (error: unknown) => void,
): void {
  let promise: Promise<void> | undefined;
  try {
    promise = call();
  } catch (error) {
    return failed(error);
  }
  if (promise === undefined) return done();
  promise.then(done, failed);
}
