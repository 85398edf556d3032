import { join, resolve } from 'node:path';
import { EXIT_CODES, type ExitCode } from '../../cli/exit-codes.ts';
import { CONFIG_FOLDER, loadConfig } from '../../cli/load-config.ts';
import { renderCard, renderEnsemble } from '../../cli/model-card-text.ts';
import { plainText } from '../../cli/terminal-text.ts';
import type { Terminal } from '../../cli/terminal.ts';
import type { TrainOptions } from '../../cli/train-options.ts';
import { TrainingScreen } from '../../cli/training-screen.ts';
import { type EnsembleCard, parseEnsemble } from '../../models/artefact/ensemble-card.ts';
import { type ModelCard, parseCard } from '../../models/artefact/card.ts';
import { MODELS_FOLDER } from '../../store/artefacts/artefact-store.ts';
import { holderText } from '../store-claim.ts';
import type { Environment } from '../store-feed/open-store.ts';
import type { FailedFamily } from './judge-families.ts';
import { registerModels } from './register-models.ts';
import type { TrainingWord } from './run-training.ts';
import { TrainError } from './train-error.ts';
import { planOf, STORE, type TrainPlan } from './train-plan.ts';
import { trainInThread } from './training-link.ts';

/** `strata train`: shows how far it is, then the cards. Its progress never goes to stdout. */
export async function trainVerb(
  options: TrainOptions,
  terminal: Terminal,
  environment: Environment,
  stopOnRequest: () => AbortSignal,
): Promise<ExitCode> {
  const { dataDir, isJson } = options;
  const { config } = loadConfig('demo', options.config, CONFIG_FOLDER);
  refuseIdle(options);
  const plan = planOf(pathsResolved(options), config);
  await demandFree(plan, dataDir, config.store.series.kind);
  const screen = new TrainingScreen(terminal, () => performance.now());
  const out = resolve(options.out ?? join(dataDir, MODELS_FOLDER));
  const settings = {
    plan,
    dataDir: resolve(dataDir),
    config: options.config,
    isResumed: options.isResumed,
    isCheckingLeaks: options.isCheckingLeaks,
    out,
  };
  const stop = stopOnRequest();
  const done = await trainInThread(settings, (word) => show(word, screen), stop).finally(() =>
    screen.close(),
  );
  const cards = done.cards.map(({ text, folder }) => ({ card: parseCard(text), folder }));
  const vote = done.vote === undefined ? undefined : parseEnsemble(done.vote);
  if (options.out === undefined) {
    const notes = await registerModels({ config, dataDir, environment }, cards);
    for (const note of notes) screen.say(note);
  }
  const { failed, isStopped } = done;
  tell({ cards, vote, failed, isStopped }, isJson, terminal);
  for (const { family, code, reason } of failed) {
    terminal.writeError(`strata: ${family} was not trained: ${plainText(reason)} (${code})\n`);
  }
  if (!isStopped) return failed.length === 0 ? EXIT_CODES.ok : EXIT_CODES.error;
  const left = plan.families.length - cards.length;
  terminal.writeError(
    `strata: stopped before ${left} of ${plan.families.length} models; the same command with ` +
      '--resume goes on\n',
  );
  return EXIT_CODES.stopped;
}

/** What was typed and would change nothing was meant otherwise. */
function refuseIdle({ source = 'seeded', market, actions }: TrainOptions): void {
  const isSeeded = source === 'seeded';
  const typed = [
    ...(market?.symbols === undefined || isSeeded ? [] : ['--market-symbols']),
    ...(market?.days === undefined || isSeeded ? [] : ['--market-days']),
  ];
  if (typed.length > 0) {
    const what = `${typed.join(' and ')}: of the seeded market alone, and --source is ${source}`;
    throw new TrainError('TRAIN_SOURCE', what);
  }
  if (actions === undefined || (!isSeeded && !STORE.test(source))) return;
  throw new TrainError('TRAIN_SOURCE', `--actions: of a folder of days, and --source is ${source}`);
}

function pathsResolved(options: TrainOptions): TrainOptions {
  const { source, sectors, actions } = options;
  const isPath = source !== undefined && !STORE.test(source) && source !== 'seeded';
  return {
    ...options,
    source: isPath ? resolve(source) : source,
    sectors: sectors === undefined ? undefined : resolve(sectors),
    actions: actions === undefined ? undefined : resolve(actions),
  };
}

/** The embedded store is one process's at a time. */
async function demandFree({ source }: TrainPlan, dataDir: string, kind: string): Promise<void> {
  if (source.kind !== 'store' || kind !== 'duckdb') return;
  const holder = await holderText(dataDir);
  if (holder === undefined) return;
  throw new TrainError('TRAIN_SOURCE', `the store in ${dataDir} is held by ${holder}`);
}

function show(word: TrainingWord, screen: TrainingScreen): void {
  switch (word.kind) {
    case 'gathering':
      return screen.gathering(word.what, word.rows);
    case 'gathered':
    case 'checked':
    case 'resumed':
      return screen.say(word.text);
    case 'fitting':
      return screen.step(word);
    case 'fitted':
      return screen.say(`${word.family}: ${word.text}`);
    case 'judging':
      return screen.say(`judging ${word.family}, ${word.at} of ${word.of}`);
  }
}

interface Told {
  readonly cards: readonly { readonly card: ModelCard; readonly folder: string }[];
  readonly vote: EnsembleCard | undefined;
  readonly failed: readonly FailedFamily[];
  readonly isStopped: boolean;
}

function tell(told: Told, isJson: boolean, terminal: Terminal): void {
  if (isJson) {
    terminal.write(`${JSON.stringify(told)}\n`);
    return;
  }
  for (const { card, folder } of told.cards) {
    terminal.write(`${renderCard(card)}\nkept in      ${folder}\n\n`);
  }
  if (told.vote !== undefined) terminal.write(`${renderEnsemble(told.vote)}\n`);
}
