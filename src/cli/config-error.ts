export interface ConfigFault {
  /** The file as it was named; for a value nobody wrote, the last file read. */
  readonly file: string;
  readonly line: number;
  /** With dots: `risk.dailyLossMax`. Empty for the whole file. */
  readonly key: string;
  readonly what: string;
}

/** What the user wrote cannot be run. All faults at once, each with its file and line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code: 'CONFIG_UNREADABLE' | 'CONFIG_UNKNOWN_KEY' | 'CONFIG_INVALID';
  readonly exitCode = 4;
  readonly faults: readonly ConfigFault[];

  constructor(code: ConfigError['code'], faults: readonly ConfigFault[], options?: ErrorOptions) {
    super(faults.map(describeFault).join('\n'), options);
    this.code = code;
    this.faults = faults;
  }
}

function describeFault({ file, line, key, what }: ConfigFault): string {
  return `${file}:${line} ${key === '' ? what : `${key} ${what}`}`;
}
