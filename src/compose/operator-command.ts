import type { AccountId, SymbolId } from '../core/ids.ts';
import { textId } from '../core/ids.ts';
import type { Command } from '../ports/input.ts';

export interface OperatorWish {
  readonly verb: Command['verb'];
  /** Of the configuration. */
  readonly account: string;
  readonly reason: string;
  /** Inputs that the engine had taken when it was asked: tells one wish from the next. */
  readonly taken: number;
  readonly symbol?: SymbolId;
}

/** What a person asks for, as an input. */
export function operatorCommand({ verb, account, reason, taken, symbol }: OperatorWish): Command {
  return {
    kind: 'commanded',
    commandId: `${verb}-${taken}`,
    verb,
    account: textId<AccountId>(account),
    by: 'operator',
    reason,
    ...(symbol === undefined ? {} : { symbol }),
  };
}
