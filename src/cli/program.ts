import { userInfo } from 'node:os';
import { Command, CommanderError, Option } from 'commander';
import type { Command as OperatorCommand } from '../ports/input.ts';
import { parseAnyDate, parseDemoDate } from './demo-date.ts';
import { EXIT_CODES, type ExitCode } from './exit-codes.ts';
import { describeFailure } from './failures.ts';
import type { Profile } from './load-config.ts';
import { LOG_LEVELS, type LogLevel } from './log-events.ts';
import { plainText } from './terminal-text.ts';
import type { Terminal } from './terminal.ts';
import {
  above,
  atLeast,
  checkVenueSpeed,
  common,
  type End,
  type Typed,
  verb,
  whole,
} from './program-parts.ts';
import { addBench } from './program-bench.ts';
import { addLibrary } from './program-library.ts';
import { addPolicies } from './program-policy.ts';
import { addQuerying } from './program-query.ts';
import { addStore } from './program-store.ts';
import { addTraining } from './program-training.ts';
import { addTrading } from './program-trading.ts';
import type { Verbs } from './verbs.ts';

const LINES_DEFAULT = 100;
const LINES_MAX = 100_000;
const HINT = '(`strata help` lists the verbs, `strata help VERB` the options of one)';

/** Runs one command line, given without the program's own name, and answers the exit code. */
export async function runProgram(
  argv: readonly string[],
  verbs: Verbs,
  terminal: Terminal,
  version = '',
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT_CODES.ok;
  const program = createProgram(verbs, terminal, (code) => {
    exitCode = code;
  });
  if (version !== '') program.version(version);
  if (argv.length === 0) {
    program.outputHelp();
    return EXIT_CODES.ok;
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Help and version end the same way as a mistake: their exit code tells them apart.
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.error;
    }
    const failure = describeFailure(error);
    terminal.writeError(`strata: ${plainText(failure.what)}\n${failure.action}\n`);
    return failure.exitCode;
  }
}

/** The verbs, their arguments and options. `end` hears the exit code of the verb that ran. */
export function createProgram(
  verbs: Verbs,
  terminal: Terminal,
  end: (code: ExitCode) => void,
): Command {
  const program = new Command('strata')
    .description(
      'An actor-based streaming engine for trading: demo, replay, and the proof of both.',
    )
    .exitOverride()
    .showHelpAfterError(HINT)
    .configureOutput({
      writeOut: (text) => terminal.write(text),
      writeErr: (text) => terminal.writeError(text),
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
    });
  addRunning(program, verbs, end);
  addTrading(program, verbs, end);
  addProving(program, verbs, end);
  addLooking(program, verbs, end);
  addLibrary(program, verbs, end);
  addTraining(program, verbs, end);
  addStore(program, verbs, end);
  addQuerying(program, verbs, end);
  addOperating(program, verbs, end);
  addPolicies(program, verbs, end, userName);
  addBench(program, verbs, end);
  return program;
}

interface TypedDemo extends Typed {
  readonly once?: true;
  readonly crash?: true;
  readonly virtual?: true;
  readonly seed?: number;
  readonly symbols?: number;
  readonly speed?: number;
  readonly date?: number;
}

interface TypedReplay extends Typed {
  readonly date?: number;
  readonly history?: string;
  readonly pace: number;
}

function addRunning(program: Command, verbs: Verbs, end: End): void {
  verb(program, 'demo', 'trade a seeded market at an embedded venue, and watch')
    .option('--once', 'one compressed session, then the summary and the report')
    .option('--crash', 'plant crashes, so that healing can be watched')
    .option('--virtual', 'in virtual time, without sockets: the same seed, the same decisions')
    .option('--seed <n>', 'seed of the market', whole(0, Number.MAX_SAFE_INTEGER))
    .option('--symbols <n>', 'symbols in the market', whole(1, 10_000))
    .option('--speed <x>', 'market seconds in one of ours; without --virtual 0.1 to 1000', above(0))
    .option('--date <date>', 'the trading day, as 2013-10-07', parseDemoDate)
    .action(async (typed: TypedDemo, command: Command) => {
      const { once, crash, virtual, seed, symbols, speed, date: day } = typed;
      const isVirtual = virtual === true;
      if (!isVirtual) checkVenueSpeed(command, speed);
      const run = { isOnce: once === true, isCrashing: crash === true, isVirtual };
      end(await verbs.demo({ ...common(typed), ...run, seed, symbols, speed, date: day }));
    });
  verb(program, 'replay', 'run a recorded market through every actor, to simulated fills')
    .argument('<path>', 'a folder or file of recordings, or a session of ours')
    .option('--date <date>', 'only this day, as 2013-10-07', parseAnyDate)
    .option('--history <path>', 'daily bars before it, for the first layer')
    .option('--pace <x>', 'market seconds in one of ours; 0 for flat out', atLeast(0), 0)
    .action(async (path: string, typed: TypedReplay) => {
      const { date: day, history, pace } = typed;
      end(await verbs.replay({ ...common(typed), path, date: day, history, pace }));
    });
}

function addProving(program: Command, verbs: Verbs, end: End): void {
  verb(program, 'verify', 'feed a session its inputs again: every decision must be the same')
    .argument('[session]', 'an id or its beginning; the last one if left out')
    .action(async (session: string | undefined, typed: Typed) => {
      end(await verbs.verify({ ...common(typed), session }));
    });
  verb(program, 'parity', 'compare what two sessions decided; 7 where they differ')
    .argument('<a>', 'a session')
    .argument('<b>', 'another')
    .option('--strict', 'count every difference, also what is explained')
    .action(async (left: string, right: string, typed: Typed & { readonly strict?: true }) => {
      end(await verbs.parity({ ...common(typed), left, right, isStrict: typed.strict === true }));
    });
}

interface TypedSession extends Typed {
  readonly session?: string;
}

interface TypedLogs extends TypedSession {
  readonly level?: LogLevel;
  readonly event?: string;
  readonly lines: number;
}

interface TypedConfig extends Typed {
  readonly profile: Profile;
  readonly resolved?: true;
  readonly redact?: true;
}

const SESSION = ['--session <id>', 'an id or its beginning; the last one if left out'] as const;

function addLooking(program: Command, verbs: Verbs, end: End): void {
  verb(program, 'explain', 'why an order, a signal or a symbol did, or did not, trade')
    .argument('<target>', 'a client order id, a signal id or a symbol')
    .option(...SESSION)
    .action(async (target: string, typed: TypedSession) => {
      end(await verbs.explain({ ...common(typed), target, session: typed.session }));
    });
  verb(program, 'actors', 'the supervision tree: states, crashes, rows that are out')
    .option(...SESSION)
    .action(async (typed: TypedSession) => {
      end(await verbs.actors({ ...common(typed), session: typed.session }));
    });
  verb(
    program,
    'status',
    'what the running engine does; 3 where none runs, 6 where it is halted',
  ).action(async (typed: Typed) => end(await verbs.status(common(typed))));
  verb(
    program,
    'doctor',
    'whether all is well here: versions, disk, settings, the last journal',
  ).action(async (typed: Typed) => end(await verbs.doctor(common(typed))));
  verb(program, 'logs', 'what a session logged')
    .option(...SESSION)
    .addOption(new Option('--level <level>', 'at least this level').choices(LOG_LEVELS))
    .option('--event <name>', 'only this event')
    .option('--lines <n>', 'the last so many', whole(1, LINES_MAX), LINES_DEFAULT)
    .action(async (typed: TypedLogs) => {
      const { session, level, event: eventName, lines: linesMax } = typed;
      end(await verbs.logs({ ...common(typed), session, level, eventName, linesMax }));
    });
  const config = program.command('config').description('the settings');
  const profiles: readonly Profile[] = ['demo', 'paper', 'live', 'backtest'];
  verb(config, 'show', 'what the profile and you set, and in which line')
    .addOption(new Option('--profile <name>', 'whose settings').choices(profiles).default('demo'))
    .option('--resolved', 'every setting, defaults too')
    .option('--redact', 'hide what is private')
    .action(async (typed: TypedConfig) => {
      const { profile, resolved, redact } = typed;
      const shown = { profile, isResolved: resolved === true, isRedacted: redact === true };
      end(await verbs.configShow({ ...common(typed), ...shown }));
    });
}

interface OperatorRow {
  readonly name: string;
  readonly verb: OperatorCommand['verb'];
  readonly isOfSymbol: boolean;
  readonly description: string;
}

/** Commands of a person to the running engine: each becomes a journaled input. */
const OPERATOR_VERBS: readonly OperatorRow[] = [
  { name: 'halt', verb: 'halt', isOfSymbol: false, description: 'no new positions until `resume`' },
  { name: 'resume', verb: 'resume', isOfSymbol: false, description: 'lift the halt' },
  {
    name: 'flatten',
    verb: 'flatten',
    isOfSymbol: false,
    description: 'close every position, and enter no new one until `resume`',
  },
  {
    name: 'cancel-all',
    verb: 'cancelAll',
    isOfSymbol: false,
    description: 'cancel open orders, and enter no new position until `resume`',
  },
  { name: 'ban', verb: 'ban', isOfSymbol: true, description: 'never enter this symbol' },
  { name: 'unban', verb: 'unban', isOfSymbol: true, description: 'let it be entered again' },
  {
    name: 'hands-off',
    verb: 'handsOff',
    isOfSymbol: true,
    description: 'leave position and orders of this symbol to the operator',
  },
  { name: 'hands-on', verb: 'handsOn', isOfSymbol: true, description: 'take them back' },
];

interface TypedOperator extends Typed {
  readonly reason: string;
}

function addOperating(program: Command, verbs: Verbs, end: End): void {
  for (const { name, verb: kind, isOfSymbol, description } of OPERATOR_VERBS) {
    const command = verb(program, name, description);
    command.option('--reason <text>', 'kept in the journal', 'by hand');
    if (isOfSymbol) command.argument('<symbol>', 'as the feed writes it');
    command.action(async (...given: readonly unknown[]) => {
      const [symbol] = given;
      const typed = command.opts<TypedOperator>();
      const options = {
        verb: kind,
        symbol: isOfSymbol && typeof symbol === 'string' ? symbol : undefined,
        reason: typed.reason,
        by: userName(),
      };
      end(await verbs.operate({ ...common(typed), ...options }));
    });
  }
}

/** A process may run under a number that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'operator';
  }
}
