import { type AccountId, textId } from '../../core/ids.ts';
import { isRecord } from '../../core/json.ts';
import { MS } from '../../core/time.ts';
import type { Probe } from '../../actors/runtime/handling.ts';
import { startTurnWatchdog } from '../../actors/services/turn-watchdog.ts';
import { feedLabel } from '../../cli/config-polygon.ts';
import type { Config } from '../../cli/config-schema.ts';
import { describeConfig, type ResolvedConfig } from '../../cli/load-config.ts';
import type { Terminal } from '../../cli/terminal.ts';
import { newYorkDate, nextTradingDay, tradingDay } from '../../domain/market/calendar.ts';
import type { DateNumber } from '../../core/time.ts';
import type { ListedSymbol } from '../../ports/market-source.ts';
import { listAssets } from '../../brokers/alpaca/listed-assets.ts';
import { nodeDisk } from '../../store/journal/node-disk.ts';
import { claimDataDirectory } from '../../store/journal/session-lock.ts';
import { buildId, nodeMajor } from '../build-id.ts';
import { askPolicies } from '../registry-feed/policies-at-start.ts';
import { SessionError } from '../session-error.ts';
import { type SessionFile, sessionReader } from '../session-files.ts';
import { newSessionId, unfinishedSessions } from '../session-names.ts';
import { brokerAt } from './live-services.ts';
import { type AccountLease, leaseAccount } from './account-lease.ts';
import { demandJournal } from './demand-journal.ts';
import { LiveError } from './live-error.ts';
import type { LivePlace } from './live-place.ts';
import { fetchHistory } from './live-history.ts';
import { namedSymbols } from './named-symbols.ts';
import { type LiveResult, RunningLive, type Sabotage } from './run-live.ts';

export interface TradeRequest {
  readonly kind: 'demo' | 'trade';
  readonly dataDir: string;
  /** Called once the data directory is ours; closed when the session is over. */
  readonly openPlace: () => Promise<LivePlace>;
  readonly resolved: ResolvedConfig;
  readonly terminal: Terminal;
  readonly isJson: boolean;
  readonly probe?: Probe | undefined;
  readonly sabotage?: Sabotage;
  readonly stop: AbortSignal;
}

/** A list of assets is megabytes. */
const ASSETS_MS_MAX = 60_000;

/**
 * One live session: recover, reconcile, trade, end in order. A session of the same day, account and
 * place that was killed is gone on with; there is no other way to start one anew than to end it.
 */
export async function trade(request: TradeRequest): Promise<LiveResult> {
  const { dataDir, resolved, terminal, stop, isJson, probe, sabotage } = request;
  const holder: { file?: SessionFile; running?: RunningLive } = {};
  const describe = () => ({
    sessionId: holder.file?.sessionId ?? 'starting',
    sinceUs: holder.file?.startedUs ?? Date.now() * MS,
  });
  let lease: AccountLease | undefined;
  let place: LivePlace | undefined;
  const claim = await claimDataDirectory(dataDir, {
    describe,
    answer: async (command) =>
      holder.running?.answer(command) ?? { isOk: false, reason: 'the session is still starting' },
    fault: (error) => terminal.writeError(`control channel: ${String(error)}\n`),
  });
  try {
    const policies = askPolicies({ config: resolved.config, dataDir, environment: process.env });
    // A venue that another engine trades at is not ours to touch before the directory is.
    place = await request.openPlace();
    const progress = (text: string): void => terminal.writeError(`strata: ${text}\n`);
    progress(`asking ${place.name} who we are and what is listed`);
    const { config } = resolved;
    const fingerprint = await identify(place, config);
    lease = await leaseAccount(fingerprint, describe);
    const begun = beginning(request, place, fingerprint);
    const named = namedSymbols(sessionReader(nodeDisk(dataDir)), begun.sessionId);
    const symbols = named.length > 0 ? named : await listed(place);
    const file = { ...begun, symbolsMax: Math.max(begun.symbolsMax, symbols.length) };
    holder.file = file;
    const history = await fetchHistory({ place, config, symbols, date: dateOf(file), progress });
    const watchdog = startTurnWatchdog({
      turnMsMax: config.runtime.turnMsMax,
      failed: (error) => terminal.writeError(`strata: nobody watches turns: ${String(error)}\n`),
    });
    holder.running = new RunningLive({
      dataDir,
      file,
      configText: describeConfig(resolved, { redact: true }),
      place,
      symbols,
      history,
      policies: await policies.settle(),
      terminal,
      isJson,
      probe,
      watchdog,
      stop,
      ...(sabotage === undefined ? {} : { sabotage }),
    });
    try {
      return await holder.running.run(claim);
    } finally {
      await watchdog.stop();
    }
  } finally {
    try {
      await place?.close();
      await lease?.release();
    } finally {
      await claim.release();
    }
  }
}

/** The number of the account that our keys open: another one's positions are not ours to trade. */
async function identify(place: LivePlace, config: Config): Promise<string> {
  const number = await brokerAt(place, config, []).identify();
  return `${number}${place.instance === '' ? '' : `@${place.instance}`}`;
}

async function listed({ urls, credentials }: LivePlace): Promise<readonly ListedSymbol[]> {
  const symbols = await listAssets({ url: urls.trading, ...credentials, msMax: ASSETS_MS_MAX });
  if (symbols.length === 0) throw new LiveError('LIVE_NO_SYMBOLS', 'the broker lists no equity');
  return symbols;
}

/** A new session's description, or that of the one that is gone on with. */
function beginning(request: TradeRequest, place: LivePlace, fingerprint: string): SessionFile {
  const { kind, dataDir, resolved, terminal } = request;
  const date = tradedDate(place.clock.nowUs());
  const unfinished = unfinishedSessions(dataDir, kind).filter(
    ({ market }) => market.kind === 'live',
  );
  const killed = unfinished.findLast(
    ({ market }) =>
      market.kind === 'live' && market.date === date && market.fingerprint === fingerprint,
  );
  if (killed === undefined) demandOwnKeys(unfinished, { kind, place }, date, fingerprint);
  const others = unfinished.filter((one) => one !== killed).map(({ sessionId }) => sessionId);
  if (others.length > 0) {
    terminal.writeError(`strata: killed too, and left for later: ${others.join(', ')}\n`);
  }
  if (killed === undefined) return fresh(request, place, date, fingerprint);
  demandSameAccount(killed, textId<AccountId>(resolved.config.account.id));
  demandJournal(dataDir, killed.sessionId);
  const { configHash, config } = resolved;
  const told = `strata: going on with ${killed.sessionId}, which was killed`;
  terminal.writeError(`${told}${otherFeed(killed, config)}\n`);
  return { ...killed, configHash, config, buildId: buildId(), nodeMajor: nodeMajor() };
}

/** Bars of two feeds are not the same bars: whoever looks at the session has to know. */
function otherFeed({ market }: SessionFile, config: Config): string {
  const [before, now] = [market.kind === 'live' ? market.feed : '', feedLabel(config.market)];
  return before === now ? '' : `; it was on ${before}, and goes on on ${now}`;
}

/**
 * H6: a session of today that was killed in another account has orders and positions there, and
 * nobody would look after them. A demo's venues come and go with their accounts.
 */
function demandOwnKeys(
  unfinished: readonly SessionFile[],
  { kind, place }: { readonly kind: TradeRequest['kind']; readonly place: LivePlace },
  date: DateNumber,
  fingerprint: string,
): void {
  if (kind === 'demo') return;
  for (const { sessionId, market } of unfinished) {
    if (market.kind !== 'live' || market.place !== place.kind || market.date !== date) continue;
    const [theirs, ours] = [numberOf(market.fingerprint), numberOf(fingerprint)];
    if (theirs === ours) continue;
    const message = `${sessionId} was killed while it traded ${theirs}, and the keys open ${ours}`;
    throw new LiveError('LIVE_ACCOUNT_OTHER', message);
  }
}

/** Of the account; the rest tells venues apart. */
function numberOf(fingerprint: string): string {
  return fingerprint.split('@')[0] ?? fingerprint;
}

function fresh(
  { kind, dataDir, resolved }: TradeRequest,
  place: LivePlace,
  date: DateNumber,
  fingerprint: string,
): SessionFile {
  const startedMs = Date.now();
  return {
    sessionId: newSessionId(dataDir, `${kind}-${date}`),
    kind,
    source: place.name,
    startedUs: startedMs * MS,
    configHash: resolved.configHash,
    buildId: buildId(),
    nodeMajor: nodeMajor(),
    isHistoryGiven: true,
    market: {
      kind: 'live',
      place: place.kind,
      feed: feedLabel(resolved.config.market),
      date,
      fingerprint,
    },
    config: resolved.config,
    // Order ids are never free again at the venue, so two sessions of one day must differ in them.
    orderSession: `${date % 1_000_000}${Math.floor(startedMs / 1_000).toString(36)}`,
    symbolsMax: 1,
  };
}

/** The day whose session runs or comes next. */
function tradedDate(nowUs: number): DateNumber {
  const date = newYorkDate(nowUs);
  const today = tradingDay(date);
  if (today !== undefined && nowUs < today.postUs) return date;
  return nextTradingDay(date)?.date ?? date;
}

function dateOf({ market }: SessionFile): DateNumber {
  return market.kind === 'live' ? market.date : 0;
}

/** H6: order ids and the ledger carry the account's name. */
function demandSameAccount({ sessionId, config }: SessionFile, account: AccountId): void {
  const named = isRecord(config) ? config['account'] : undefined;
  const before = isRecord(named) ? named['id'] : undefined;
  if (before === account) return;
  const message = `${sessionId} was killed while it traded account ${String(before)}`;
  throw new SessionError('SESSION_OTHER_ACCOUNT', `${message}, and now it is ${account}`);
}
