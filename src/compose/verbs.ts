import type { ExitCode } from '../cli/exit-codes.ts';
import type { LookingVerbs } from '../cli/looking-verbs.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { Verbs } from '../cli/verbs.ts';

/**
 * Every verb of the command line, over the real stores, engine and clock. A verb loads what it
 * needs when it is asked for: a venue has no use for models, nor a look at a journal for brokers.
 * `stopOnRequest` is called by a verb that runs a session: from then on a signal ends the session,
 * not the process.
 */
export function createVerbs(terminal: Terminal, stopOnRequest: () => AbortSignal): Verbs {
  return {
    ...sessionVerbs(terminal, stopOnRequest),
    ...lookingVerbs(terminal),
    ...engineVerbs(terminal),
    ...keepingVerbs(terminal, stopOnRequest),
  };
}

type Some<Name extends keyof Verbs> = Pick<Verbs, Name>;

function sessionVerbs(
  terminal: Terminal,
  stopOnRequest: () => AbortSignal,
): Some<'demo' | 'trade' | 'venue' | 'replay' | 'verify'> {
  return {
    async demo(options) {
      const stop = stopOnRequest();
      return (await import('./demo-verb.ts')).demoVerb(options, terminal, stop);
    },
    async trade(options): Promise<ExitCode> {
      const stop = stopOnRequest();
      const { tradeVerb } = await import('./live/trade-verb.ts');
      const { exitOf } = await import('./session-verbs.ts');
      return exitOf(await tradeVerb(options, terminal, stop));
    },
    async venue(options) {
      const stop = stopOnRequest();
      return (await import('./live/venue-verb.ts')).runVenueVerb(options, terminal, stop);
    },
    async replay(options) {
      const stop = stopOnRequest();
      return (await import('./session-verbs.ts')).replayVerb(options, terminal, stop);
    },
    verify: async (options) => (await import('./session-verbs.ts')).verifyVerb(options, terminal),
  };
}

function lookingVerbs(terminal: Terminal): LookingVerbs & Some<'features'> {
  const looking = async () => (await import('./looking.ts')).lookingVerbs(terminal);
  return {
    explain: async (options) => (await looking()).explain(options),
    parity: async (options) => (await looking()).parity(options),
    logs: async (options) => (await looking()).logs(options),
    configShow: async (options) => (await looking()).configShow(options),
    doctor: async (options) => (await looking()).doctor(options),
    indicators: async (options) => (await looking()).indicators(options),
    features: async (options) =>
      (await import('./features/features-verb.ts')).featuresVerb(options, terminal),
  };
}

function engineVerbs(terminal: Terminal): Some<'actors' | 'status' | 'operate' | 'stop'> {
  const engine = () => import('./engine-verbs.ts');
  return {
    actors: async (options) => (await engine()).actorsVerb(options, terminal),
    status: async (options) => (await engine()).statusVerb(options, terminal),
    operate: async (options) => (await engine()).operateVerb(options, terminal),
    stop: async (options) => (await engine()).stopVerb(options, terminal),
  };
}

function keepingVerbs(
  terminal: Terminal,
  stopOnRequest: () => AbortSignal,
): Some<'store' | 'policy' | 'train' | 'models' | 'query' | 'exportRows' | 'bench'> {
  const { env } = process;
  return {
    store: async (options) => (await import('./store-verb.ts')).storeVerb(options, terminal, env),
    policy: async (options) =>
      (await import('./policy-verb.ts')).policyVerb(options, terminal, env),
    train: async (options) =>
      (await import('./train/train-verb.ts')).trainVerb(options, terminal, env, stopOnRequest),
    models: async (options) =>
      (await import('./train/models-verb.ts')).modelsVerb(options, terminal),
    query: async (options) => (await import('./query-verb.ts')).queryVerb(options, terminal, env),
    exportRows: async (options) =>
      (await import('./export-verb.ts')).exportVerb(options, terminal, env),
    async bench(options) {
      const stop = stopOnRequest();
      return (await import('./bench-verb.ts')).benchVerb(options, stop);
    },
  };
}
