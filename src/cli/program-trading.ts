import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDemoDate } from './demo-date.ts';
import { common, type End, type Typed, venueSpeed, verb, whole } from './program-parts.ts';
import type { StopOptions, TradeOptions, VenueOptions, Verbs } from './verbs.ts';

interface TypedTrade extends Typed {
  readonly mode: TradeOptions['mode'];
  readonly venue?: string;
  readonly crash?: true;
}

interface TypedVenue extends Typed {
  readonly port: number;
  readonly adminPort: number;
  readonly seed?: number;
  readonly symbols?: number;
  readonly speed?: number;
  readonly date?: number;
  readonly at?: string;
  readonly plan: VenueOptions['plan'];
  readonly key: string;
  readonly secret: string;
  readonly idleExit: number;
}

interface TypedStop extends Typed {
  readonly flatten?: true;
  readonly keepOrders?: true;
  readonly cancelOrders?: true;
}

const PORT_MAX = 65_535;

/** The verbs that trade in the time of the world. */
export function addTrading(program: Command, verbs: Verbs, end: End): void {
  verb(program, 'trade', 'trade a session in real time, on paper or at the embedded venue')
    .addOption(
      new Option('--mode <mode>', "sim: the embedded venue; paper: Alpaca's paper account")
        .choices(['sim', 'paper'])
        .default('sim'),
    )
    .option('--venue <url>', 'sim: the admin address of a venue that runs already')
    .option('--crash', 'plant crashes, so that healing can be watched')
    .action(async (typed: TypedTrade) => {
      const { mode, venue, crash } = typed;
      const isCrashing = crash === true;
      end(await verbs.trade({ ...common(typed), mode, venue, isCrashing }));
    });
  verb(program, 'venue', "serve the seeded market over Alpaca's protocols, for your own bots too")
    .option('--port <n>', 'of REST and sockets; 0 for a free one', whole(0, PORT_MAX), 0)
    .option('--admin-port <n>', 'of state and chaos; 0 for a free one', whole(0, PORT_MAX), 0)
    .option('--seed <n>', 'seed of the market', whole(0, Number.MAX_SAFE_INTEGER))
    .option('--symbols <n>', 'symbols in the market', whole(1, 10_000))
    .option('--speed <x>', 'market seconds in one of ours: 0.1 to 1000', venueSpeed)
    .option('--date <date>', 'the trading day, as 2013-10-07', parseDemoDate)
    .option('--at <time>', 'time in New York at which it begins, as 11:00', timeOfDay)
    .addOption(
      new Option('--plan <plan>', 'data plan: 30 symbols, or all')
        .choices(['basic', 'plus'])
        .default('basic'),
    )
    .option('--key <id>', 'the key it accepts', filled, 'strata-demo')
    .option('--secret <text>', 'and its secret', filled, 'strata-demo')
    .option('--idle-exit <s>', 'end after so long without a client; 0: never', whole(0, 86_400), 0)
    .action(async (typed: TypedVenue) => {
      const { port, adminPort, seed, symbols, speed, date, at, plan, key, secret } = typed;
      const market = { seed, symbols, speed, date, at };
      const rest = { plan, key, secret, idleExitS: typed.idleExit };
      const options = { ...common(typed), port, adminPort, ...market, ...rest };
      end(await verbs.venue(options));
    });
  verb(program, 'stop', 'end the running session in order: its report is written')
    .option('--flatten', 'close every position first')
    .option('--keep-orders', 'leave open orders working at the broker')
    .option('--cancel-orders', 'cancel open orders')
    .action(async (typed: TypedStop) => {
      const { flatten, keepOrders } = typed;
      const isKept: StopOptions['isKeepingOrders'] =
        keepOrders ?? (typed.cancelOrders === true ? false : undefined);
      const options = { isFlattening: flatten === true, isKeepingOrders: isKept };
      end(await verbs.stop({ ...common(typed), ...options }));
    });
}

/** An empty one would let nobody in: no client sends it. */
function filled(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It must not be empty.');
}

function timeOfDay(text: string): string {
  if (/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a time of day, such as 09:30.');
}
