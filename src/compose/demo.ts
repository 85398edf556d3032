import { describeConfig, type ResolvedConfig } from '../cli/load-config.ts';
import type { Config } from '../cli/config-schema.ts';
import type { Terminal } from '../cli/terminal.ts';
import { MS } from '../core/time.ts';
import type { DateNumber } from '../core/time.ts';
import type { Probe } from '../actors/runtime/handling.ts';
import { nextTradingDay } from '../domain/market/calendar.ts';
import { buildId, nodeMajor } from './build-id.ts';
import { type RunResult, runSession } from './run-session.ts';
import type { SessionFile } from './session-files.ts';
import { newSessionId, unfinishedDemo } from './session-names.ts';

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
  const unfinished = unfinishedDemo(request.dataDir);
  let file =
    unfinished === undefined ? newDemo(request, request.date) : resumed(request, unfinished);
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

/** The market is the killed session's; build and configuration are today's. */
function resumed({ resolved }: DemoRequest, file: SessionFile): SessionFile {
  const { configHash, config } = resolved;
  return { ...file, configHash, config, buildId: buildId(), nodeMajor: nodeMajor() };
}

/** Handlings between two planted crashes: a few a minute of a compressed session. */
const SYMBOL_HANDLINGS = 700_000;
const STRATEGY_HANDLINGS = 30_000;

class PlantedCrash extends Error {
  override readonly name = 'PlantedCrash';
  readonly code = 'PLANTED_CRASH';
}

function plantedCrashes(): Probe {
  let symbols = 0;
  let strategies = 0;
  return (site, actor) => {
    if (site !== 'entry') return;
    if (actor === 'symbols') {
      symbols += 1;
      if (symbols % SYMBOL_HANDLINGS === 0) throw new PlantedCrash('planted by --crash');
    } else if (actor === 'strategy/momentum') {
      strategies += 1;
      if (strategies % STRATEGY_HANDLINGS === 0) throw new PlantedCrash('planted by --crash');
    }
  };
}
