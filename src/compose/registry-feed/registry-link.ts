import { plural } from '../../cli/figures.ts';
import type { Log } from '../../cli/log.ts';
import type { SessionEnding } from '../../cli/summary.ts';
import type { Terminal } from '../../cli/terminal.ts';
import type { Input } from '../../ports/input.ts';
import type { SessionEnd } from '../../ports/session-reader.ts';
import { type RegistrySetting, sessionRegistry } from './open-registry.ts';
import type { PoliciesAtStart } from './policies-at-start.ts';
import type { RegistryNotes } from './registry-notes.ts';
import type { SessionRegistry } from './session-registry.ts';

export interface RegistryLinkSetting extends Omit<RegistrySetting, 'away'> {
  readonly log: Pick<Log, 'event'> | undefined;
  readonly terminal: Terminal;
}

/** As the registry of sessions keeps it. */
export function endOf({ reason, inputs: records, decisionHash }: SessionEnding): SessionEnd {
  return { reason, records, decisionHash };
}

/** What a running session and the registries tell one another. */
export class RegistryLink {
  readonly #setting: RegistryLinkSetting;
  readonly #registry: SessionRegistry | undefined;

  constructor(setting: RegistryLinkSetting) {
    this.#setting = setting;
    const away = (detail: string): void => this.#say('registry', detail, true);
    this.#registry = sessionRegistry({ ...setting, away });
  }

  /** Undefined where no registry is told of the session. */
  get notes(): RegistryNotes | undefined {
    return this.#registry?.notes;
  }

  look(write: () => boolean): void {
    this.#registry?.look(write);
  }

  /** Those that came too late for the start hold from when they come. Answers what to note. */
  hearPolicies(
    policies: PoliciesAtStart | undefined,
    enter: (input: Input) => boolean,
  ): string | undefined {
    if (policies === undefined) return undefined;
    const { told, isTrouble, late } = policies;
    this.#say('policies', told, isTrouble);
    void late?.then((inputs) => {
      const taken = inputs.filter((input) => enter(input)).length;
      const detail = `${plural(taken, 'policy', 'policies')} of ${inputs.length}, late`;
      this.#say('policies', detail, taken < inputs.length);
    });
    return isTrouble ? told : undefined;
  }

  /** After the account of the session: nobody waits for this to read what became of the day. */
  async close(ended: SessionEnd | undefined): Promise<void> {
    if (this.#registry === undefined) return;
    const { terminal, file } = this.#setting;
    if (ended !== undefined)
      terminal.writeError(`strata: telling the registries of ${file.sessionId}\n`);
    const { trouble } = await this.#registry.close(ended);
    if (trouble === undefined) return;
    terminal.writeError(`strata: registry: not all of ${file.sessionId} is in it: ${trouble}\n`);
  }

  #say(what: string, detail: string, isTrouble: boolean): void {
    this.#setting.log?.event(isTrouble ? 'serviceTroubled' : 'serviceSaid', { what, detail });
  }
}
