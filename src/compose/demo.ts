import { describeConfig, type ResolvedConfig } from '../cli/load-config.ts';
import type { Config } from '../cli/config-schema.ts';
import type { Terminal } from '../cli/terminal.ts';
import { MS } from '../core/time.ts';
import type { DateNumber } from '../core/time.ts';
import { nextTradingDay } from '../domain/market/calendar.ts';
import { buildId, nodeMajor } from './build-id.ts';
import { plantedCrashes } from './planted-crashes.ts';
import { type RunResult, runSession } from './run-session.ts';
import type { SessionFile } from './session-files.ts';
import { SessionError } from './session-error.ts';
import { newSessionId, unfinishedSessions } from './session-names.ts';

export interface DemoRequest {
  readonly dataDir: string;
  /** One session and no more, compressed to about a minute. */
  readonly isOnce: boolean;
  /** Makes rows and a strategy throw now and then, so that healing can be watched. */
  readonly isCrashing: boolean;
  readonly date: DateNumber;
  /** Market seconds in one of ours; undefined for the configured or compressed one. */
  readonly speed: number | undefined;
  readonly resolved: ResolvedConfig;
  readonly terminal: Terminal;
  readonly isJson: boolean;
  readonly stop: AbortSignal;
}

/** Six and a half hours in one minute. */
const COMPRESSED_SPEED = 390;

/**
 * The seeded market, traded on a simulated broker. A demo that was killed goes on where its journal
 * ends; without `isOnce` one trading day follows the other until a person has seen enough.
 */
export async function demo(request: DemoRequest): Promise<RunResult> {
  const unfinished = unfinishedSessions(request.dataDir, 'demo').filter(
    ({ market }) => market.kind === 'seeded',
  );
  const killed = unfinished.at(-1);
  let file = killed === undefined ? newDemo(request, request.date) : resumed(request, killed);
  const others = unfinished.slice(0, -1).map(({ sessionId }) => sessionId);
  if (others.length > 0) {
    request.terminal.writeError(`strata: killed too, and left for later: ${others.join(', ')}\n`);
  }
  for (;;) {
    const result = await run(request, file);
    if (request.isOnce || request.stop.aborted || result.isFailed) return result;
    if (result.ending.reason !== 'the market closed') return result;
    const next = file.market.kind === 'seeded' ? nextTradingDay(file.market.date) : undefined;
    if (next === undefined) return result;
    file = newDemo(request, next.date);
  }
}

function run(request: DemoRequest, file: SessionFile): Promise<RunResult> {
  const { dataDir, isOnce, isCrashing, resolved, terminal, isJson, stop } = request;
  const config: Config = resolved.config;
  const speed = request.speed ?? (isOnce ? COMPRESSED_SPEED : config.demo.speed);
  return runSession({
    dataDir,
    file,
    configText: describeConfig(resolved, { redact: true }),
    speed,
    terminal,
    isJson,
    probe: isCrashing ? plantedCrashes() : undefined,
    stop,
  });
}

function newDemo({ dataDir, resolved }: DemoRequest, date: DateNumber): SessionFile {
  const { seed, symbols } = resolved.config.demo;
  return {
    sessionId: newSessionId(dataDir, `demo-${date}`),
    kind: 'demo',
    source: `seed ${seed}, ${symbols} symbols, ${date}`,
    startedUs: Date.now() * MS,
    configHash: resolved.configHash,
    buildId: buildId(),
    nodeMajor: nodeMajor(),
    isHistoryGiven: true,
    market: { kind: 'seeded', seed, symbols, date },
    config: resolved.config,
    orderSession: `d${date}`,
    symbolsMax: symbols,
  };
}

/**
 * The market is the killed session's; build and configuration are today's, and said where they
 * differ from what is gone on with. Throws a `SessionError` where the account is another: its
 * positions would be nobody's.
 */
function resumed({ resolved, terminal }: DemoRequest, file: SessionFile): SessionFile {
  const { configHash, config } = resolved;
  const { sessionId, source, market } = file;
  const account = accountIn(file.config);
  if (account !== config.account.id) {
    const accounts = `account ${account ?? '(none)'}, and the configuration says`;
    const message = `${sessionId} was killed while it traded ${accounts} ${config.account.id}`;
    throw new SessionError('SESSION_OTHER_ACCOUNT', message);
  }
  const { seed, symbols } = config.demo;
  const isOther = market.kind !== 'seeded' || market.seed !== seed || market.symbols !== symbols;
  const ignored = isOther ? ` (seed ${seed} and ${symbols} symbols are ignored)` : '';
  terminal.writeError(
    `strata: going on with ${sessionId}, which was killed: ${source}${ignored}; ` +
      'another --seed, --symbols or --date counts once it has ended\n',
  );
  return { ...file, configHash, config, buildId: buildId(), nodeMajor: nodeMajor() };
}

/** By hand: a setting of another build is no reason to strand a session. */
function accountIn(config: unknown): string | undefined {
  if (typeof config !== 'object' || config === null || !('account' in config)) return undefined;
  const { account } = config;
  if (typeof account !== 'object' || account === null || !('id' in account)) return undefined;
  return typeof account.id === 'string' ? account.id : undefined;
}
