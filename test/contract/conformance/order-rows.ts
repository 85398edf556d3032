import { absentRows, type ConformanceRow, of, rowsOf } from '../venue-conformance.ts';

const REFUSED = 'what the venue refuses > %j';
const TICK = 'what the venue refuses > a price below the tick: %j';
const COMPLEX_REFUSED = 'complex orders are refused > %j';
const SHAPES = 'shapes on the wire > %s has every key of the reference, and amounts as text';
const EARLY = 'a market order > is answered early, then acknowledged, then filled at the far side';
const AFTER_HOURS = of(
  'a day order',
  'that comes after the close waits as accepted for the next open, and trades there',
);

const objects = rowsOf('4.2', 'rule', [
  ['Account, Position, Order, Asset, Activity have every key, amounts as text', SHAPES],
  [
    'absent values of an order are null',
    'shapes on the wire > an order is a full one, with null for what it has not',
  ],
  [
    'amounts are normalised: 231.40 is 231.4 (12.2)',
    'shapes on the wire > an amount has no zeros at its end',
  ],
  ['a flat position disappears and is 404', 'a position > disappears when it is flat'],
  ['qty_available', 'a position > says what it is, what is free of it, and what it gained'],
  [
    'FILL activities page by the last row, newest first',
    'activities > are executions, newest first, with ids that sort',
    'activities > are paged by the last row of a page, %s',
  ],
  [
    'portfolio history in numbers and epoch seconds',
    'the portfolio history > has a row a day, in dollars and seconds',
  ],
  [
    'times mix offsets and places (3.2)',
    'times on the wire > vary in offset and places, and those that are paged by are exact',
  ],
]);

const lists = rowsOf('4.1', 'rule', [
  ['orders by status, side, symbols, asset class', 'the list of orders > with %j is %s'],
  ['limit 50 default, 500 max', 'the list of orders > stops at 50 where no limit is given'],
  [
    'after, until and before_order_id, after_order_id',
    of('the list of orders', 'is paged by the time of an order, which stands on neither page'),
    'the list of orders > is paged by the id of an order',
  ],
  [
    'nested',
    'the list of orders > puts legs under their parent where that is asked for and listed',
  ],
  ['DELETE of all orders is 207', 'a cancel > of all answers a row each'],
  [
    'DELETE of all positions is 207',
    'a position > all are closed at once, after their orders were canceled',
  ],
  ['DELETE of a position by qty or percentage', 'a position > is closed by %j'],
  ['assets by status, class, exchange, attributes', 'assets > with %j are %d'],
  ['configurations are patched', 'the configurations > are what the customer sets'],
]);

const orders = rowsOf('4.3', 'rule', [
  ['symbol, side, type, time_in_force and one of qty and notional are required', REFUSED],
  ['at most two decimals from a dollar up, four below', TICK],
  [
    'trail_price or trail_percent',
    of(
      'a trailing stop',
      'to sell follows the highest print at its distance, and sells when it is met',
    ),
    'a trailing stop > by percent keeps its share of the best price',
  ],
  [
    'extended hours: limit orders, day, or gtc by the knob',
    'an extended-hours limit order > lives across 09:30 and 16:00, and expires at 20:00',
    'an extended-hours limit order > may be gtc where the knob says so',
  ],
  [
    'client_order_id is unique for ever, or by the knob until the order has ended',
    of(
      'what the venue refuses',
      'knows a client order id for ever, or until its order has ended if the knob says so',
    ),
  ],
  ['ioc', 'ioc and fok > ioc takes what there is and cancels the rest'],
  ['fok', 'ioc and fok > fok takes all or nothing'],
  ['opg until 09:28', 'orders for the opening > are taken before 09:28 and from 19:00 on: %d'],
  [
    'cls until 15:50',
    'orders for the close > are refused in the last ten minutes and until 19:00: %d',
  ],
  ['day, and half days', 'a day order > expires at 13:00 on a half day'],
  [
    'gtc is canceled after 90 days at 16:15',
    'a gtc order > is canceled by the sweep at 16:15 on its ninetieth day',
  ],
  ['orders after hours wait as accepted', AFTER_HOURS],
  [
    'bracket: legs held, with ids of their own',
    'a bracket > is answered with its legs, held and with ids of their own',
  ],
  [
    'bracket: legs live when the entry is completely filled',
    'a bracket > activates its legs when the entry is completely filled, not before',
  ],
  [
    'bracket: cancelling a member cancels the rest',
    'a bracket > is canceled whole when its member %d is',
  ],
  [
    'bracket: a part of the take-profit shrinks the stop',
    'a bracket > shrinks the stop by what the take-profit fills in part',
  ],
  [
    'bracket: both may fill',
    'a bracket > both exits may fill where the other lives on for a moment',
  ],
  ['bracket: legs can be replaced', 'a bracket > lets a leg be replaced, held or live'],
  ['oco', 'an OCO > is two live exits under the take-profit, which reserve the shares once'],
  ['oto', 'an OTO > has one leg, which waits for the entry'],
  [
    'stop legs a cent beyond the base price',
    'complex orders are refused > with exits on the wrong side: %j',
  ],
  ['what complex orders need', COMPLEX_REFUSED],
  [
    'a buy stop is a limit 4 % or 2.5 % above',
    'a stop > to buy at %s is a limit order %d away at most',
  ],
  [
    'a sell stop becomes a market order',
    'a stop > to sell becomes a market order when a print reaches it',
  ],
]);

const changes = rowsOf('4.4', 'rule', [
  [
    'PATCH gives a new order, and may lose to a fill (12.3)',
    'a replacement > that wins is told as pending_replace, replaced, new',
    'a replacement > that loses to a fill leaves the old order filled and rejects the new one',
  ],
  [
    'no PATCH before the order is at the market',
    of(
      'a replacement',
      'is refused before the order is at the market, and while another is on its way',
    ),
  ],
  [
    'the larger of both is reserved',
    'a replacement > reserves the larger of the two while both stand',
  ],
  [
    'quantity after a part was filled: a knob',
    'a replacement > of a part-filled order counts its quantity as %s',
  ],
  [
    'DELETE is 204 and may lose to a fill',
    'a cancel > is 204, then pending, then canceled',
    'a cancel > loses to a fill that comes first',
  ],
  [
    'DELETE of a filled order is 422, or 204 by the knob',
    'a cancel > of a filled order is answered as the knob says: %d',
  ],
]);

const states = rowsOf('4.5', 'rule', [
  ['pending_new, new, filled', EARLY],
  [
    'partially_filled',
    'a market order > tells each part by its own quantity and the sum in the order',
  ],
  ['accepted while closed', AFTER_HOURS],
  [
    'rejected after a 200',
    'an order that is turned down after it was taken > is answered 200 and rejected later',
  ],
  [
    'gtc: done_for_day, then new',
    'a gtc order > is done for the day at the close and new again the next morning',
  ],
  ['expired', 'a day order > expires at the close of its session'],
]);

const errors = rowsOf('4.6', 'error', [
  [
    'buying_power and cost_basis beside the refusal',
    'what the venue refuses > names the amounts where buying power is missing',
  ],
  [
    '403 40310000 insufficient qty available for order',
    'what the venue refuses > names the shares that are held for orders',
  ],
  ['403 40310000 potential wash trade detected', 'wash trades > are refused: %s'],
  ['403 40310000 account is not allowed to short', 'short sales > are refused %s'],
  [
    '403 40310000 new orders are rejected by user request',
    'what the venue refuses > takes no order while the customer has suspended trading',
  ],
  ['422 40010001 qty is required, qty must be integer', REFUSED],
  ['422 42210000 fractional orders', REFUSED],
  ['422 42210000 extended hours order must be DAY limit orders', REFUSED],
  [
    '422 42210000 stop_loss.stop_price, with base_price',
    'complex orders are refused > with exits on the wrong side: %j',
  ],
  [
    '422 42210000 order is already in "filled" state',
    'a cancel > of a filled order is answered as the knob says: %d',
  ],
]);

const money = rowsOf('4.7', 'rule', [
  [
    'open opening orders reserve buying power',
    'buying power > is reserved by an opening order until it is done',
  ],
  [
    'closing orders neither reserve nor free',
    'buying power > is neither reserved nor freed by a closing order',
  ],
  ['buying power by multiplier', 'the account > may spend %d times its equity: %s'],
  ['below $2,000 no margin', 'the account > has no margin below $2,000'],
  [
    'the check price of extended hours is the middle',
    'an extended-hours limit order > is valued at the middle of the market',
  ],
  ['a short is valued 3 % above the ask', 'short sales > are valued at 3 % above the ask'],
  [
    'past 600 % of equity: closing orders alone',
    'buying power > past six times equity is for closing orders alone',
  ],
  ['wash trades by limits that do not meet', 'wash trades > are none where the limits do not meet'],
  ['bracket, OCO and trailing orders are exempt', 'wash trades > exempt complex orders: %j'],
  ['no flip in one order', 'what the venue refuses > never flips a position in one order'],
  [
    'two separate exits are refused',
    'an OCO > is what two separate sells of the same shares cannot be',
  ],
]);

const fills = rowsOf('4.8', 'rule', [
  ['fills at the opposite quote', EARLY],
  [
    'opg at the opening quote, cls at the close',
    'orders for the opening > fill at the opening quote',
    'orders for the close > fill at the last quote of the session, not before',
  ],
  [
    '$100,000 and a multiplier of 4',
    'the account > starts with its cash, four times of it to spend, and no debt',
  ],
]);

const absent: readonly ConformanceRow[] = [
  ...absentRows('4.3', 'rule', 'the books are in whole shares; refused in the venue’s words', [
    'fractional quantities and notional orders',
  ]),
  ...absentRows('4.3', 'rule', 'no options are listed', [
    'order class mleg, position_intent of options',
  ]),
  ...absentRows('4.6', 'error', 'the rule ended on 2026-06-04 (venues.md 0.11)', [
    '403 40310100 pattern day trading protection',
  ]),
  ...absentRows('4.7', 'rule', 'paper accounts are charged none', ['SEC, TAF and CAT fees']),
  ...absentRows('4.7', 'rule', 'an account flag only in the reference, and nobody reads it', [
    'intraday margin calls',
  ]),
];

/** What the desk decides: venues.md 4.1 to 4.8, but for what REST decides alone. */
export const ORDER_ROWS: readonly ConformanceRow[] = [
  ...objects,
  ...lists,
  ...orders,
  ...changes,
  ...states,
  ...errors,
  ...money,
  ...fills,
  ...absent,
];
