/**
 * Everything that is ever logged. An event is a name and typed fields, not a sentence with holes,
 * so that it can be filtered, counted and alarmed on. What happens per market event is counted and
 * the count is logged; it never has a row here.
 *
 * Levels: `fatal` stops the engine, `error` wakes somebody, `warn` waits for the morning.
 */
export const LOG_EVENTS = {
  sessionStarted: {
    level: 'info',
    fields: { profile: 'text', configHash: 'text', version: 'text' },
    meaning: 'The engine has its configuration and begins; recovery and reconciliation follow.',
  },
  marketHeard: {
    level: 'info',
    fields: { startMs: 'number' },
    meaning: 'The first trade, quote or bar was taken, so long after the process began.',
  },
  sessionEnded: {
    level: 'info',
    fields: { reason: 'text', inputs: 'number', exitCode: 'number' },
    meaning: 'The engine has written its last record and closes.',
  },
  recovered: {
    level: 'info',
    fields: { life: 'number', records: 'number', droppedBytes: 'number', enquiries: 'number' },
    meaning: 'State was rebuilt from the journal; no decision was taken again.',
  },
  inputSkipped: {
    level: 'error',
    fields: { life: 'number' },
    meaning: 'Two lives ended in one input, so it was not tried a third time: find out why.',
  },
  crashHealed: {
    level: 'warn',
    fields: { actor: 'text', row: 'number', error: 'text' },
    meaning: 'An actor threw, its state was put back, and it goes on.',
  },
  halted: {
    level: 'error',
    fields: { account: 'text', step: 'text', reason: 'text' },
    meaning: 'No new exposure until an operator releases the halt; cancels and exits go on.',
  },
  resumed: {
    level: 'warn',
    fields: { account: 'text', by: 'text', reason: 'text' },
    meaning: 'An operator released the halt: entries are taken again.',
  },
  restricted: {
    level: 'warn',
    fields: { symbol: 'text', what: 'text', by: 'text', reason: 'text' },
    meaning: 'An operator changed what may be done with a symbol: banned, handsOff, or the end.',
  },
  policyTaken: {
    level: 'warn',
    fields: {
      name: 'text',
      version: 'number',
      value: 'text',
      by: 'text',
      reason: 'text',
      unheeded: 'text',
    },
    meaning: 'A person changed a policy; it holds from here on, or `unheeded` says why not.',
  },
  alerted: {
    level: 'warn',
    fields: { severity: 'text', code: 'text', text: 'text' },
    meaning: 'The kernel asked that somebody be told: a service, the disk, an order.',
  },
  serviceCrashed: {
    level: 'error',
    fields: { service: 'text', error: 'text' },
    meaning: 'A service died; what it was asked for is answered, and it is made anew.',
  },
  serviceHung: {
    level: 'warn',
    fields: { service: 'text', what: 'text' },
    meaning: 'A service has not answered a start, a stop or a request in time.',
  },
  serviceRestarts: {
    level: 'warn',
    fields: { service: 'text', backoffMs: 'number' },
    meaning: 'A service that died is started again after that wait.',
  },
  serviceGivenUp: {
    level: 'error',
    fields: { service: 'text', restarts: 'number' },
    meaning: 'A service died too often or for good: it stays down, and no new risk is taken.',
  },
  brokerUpdatesDown: {
    level: 'warn',
    fields: { service: 'text', reason: 'text' },
    meaning: 'Order updates do not reach us: only exits are sent until they do.',
  },
  brokerUpdatesUp: {
    level: 'info',
    fields: { service: 'text' },
    meaning: 'Order updates reach us again, and what was missed has been asked for.',
  },
  inferenceFellBack: {
    level: 'warn',
    fields: { service: 'text', reason: 'text' },
    meaning: 'The configured backend cannot run the model: plain JavaScript does.',
  },
  marketAlarm: {
    level: 'warn',
    fields: { service: 'text', reason: 'text' },
    meaning: 'A market stream found something that a person should look at.',
  },
  serviceSaid: {
    level: 'info',
    fields: { what: 'text', detail: 'text' },
    meaning: 'A service of the outside world tells of its life, rarer than what has its own row.',
  },
  serviceTroubled: {
    level: 'warn',
    fields: { what: 'text', detail: 'text' },
    meaning: 'A service found what it cannot read or use, rarer than what has its own row.',
  },
  faultInData: {
    level: 'warn',
    fields: { count: 'number', first: 'text' },
    meaning: 'Rows of outside data were dropped in this session; the first is named.',
  },
} as const satisfies Readonly<Record<string, LogEventRow>>;

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

interface LogEventRow {
  readonly level: LogLevel;
  readonly fields: Readonly<Record<string, keyof FieldKinds>>;
  readonly meaning: string;
}

interface FieldKinds {
  readonly text: string;
  readonly number: number;
  readonly boolean: boolean;
}

export type LogEventName = keyof typeof LOG_EVENTS;

/** The fields that an event must be logged with: all of them, and no others. */
export type LogFields<Name extends LogEventName> = {
  readonly [Field in keyof (typeof LOG_EVENTS)[Name]['fields']]: FieldKinds[Extract<
    (typeof LOG_EVENTS)[Name]['fields'][Field],
    keyof FieldKinds
  >];
};

/** On every line, so no event may use these for its own. */
export const LINE_FIELDS: readonly string[] = ['time', 'level', 'session', 'input', 'event'];
