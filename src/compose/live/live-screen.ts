import type { ActorNode } from '../../actors/services/tree-view.ts';
import type { ServiceStatus } from '../../cli/live-screen.ts';
import type { ScreenWriter } from '../../cli/screen-writer.ts';
import type { SessionView } from '../../cli/session-view.ts';
import { MS } from '../../core/time.ts';
import type { StreamHealth } from '../../ports/live-market.ts';
import type { SessionFile } from '../session-files.ts';
import { inferenceNote } from './inference-load.ts';
import type { LivePlace } from './live-place.ts';
import type { LiveServices } from './live-services.ts';
import type { LiveSession } from './live-session.ts';

export interface LiveScreenSetting {
  readonly file: SessionFile;
  readonly place: LivePlace;
  readonly isJson: boolean;
}

/** What a person sees of a live session: the read model, and how the outside world is doing. */
export class LiveScreen {
  readonly #screen: ScreenWriter;
  readonly #setting: LiveScreenSetting;
  readonly #beganMs = performance.now();

  constructor(screen: ScreenWriter, setting: LiveScreenSetting) {
    this.#screen = screen;
    this.#setting = setting;
  }

  show(
    view: SessionView,
    session: LiveSession,
    tree: ActorNode | undefined,
    { health, inference }: LiveServices,
  ): void {
    const { file, place, isJson } = this.#setting;
    if (isJson) return;
    const told = inference === undefined ? {} : { inference: inferenceNote(inference) };
    const nowMs = performance.now();
    const seconds = Math.max(0.001, (nowMs - this.#beganMs) / 1_000);
    this.#screen.show(view, nowMs, {
      kind: file.kind,
      source: file.source,
      nowUs: place.clock.nowUs(),
      speed: place.clock.speed,
      eventsPerSecond: session.driver.events / seconds,
      journalBytes: session.writer.totalBytes,
      hint: 'Ctrl-C ends the session in order and writes its report',
      services: tree === undefined ? [] : servicesOf(tree, health(), told),
    });
  }

  close(): void {
    this.#screen.close();
  }
}

/** The leaves that stand for the outside world, by name. */
export function servicesOf(
  tree: ActorNode,
  streams: readonly StreamHealth[],
  /** By the service's name. */
  told: Readonly<Record<string, string>> = {},
): readonly ServiceStatus[] {
  const found = leavesOf(tree).filter(({ role }) => role === 'service');
  return found.map(({ name, state, restarts, reason }) => {
    const stream = streams.find((one) => one.name === name);
    const notes = [
      ...(stream === undefined ? [] : [streamNote(stream)]),
      ...(told[name] === undefined || told[name] === '' ? [] : [told[name]]),
      ...(reason === undefined || state === 'up' ? [] : [reason]),
    ];
    return { name, state: shown(state), restarts, note: notes.join(', ') };
  });
}

function streamNote({ lagUs, connections, gaps }: StreamHealth): string {
  const lag = Number.isNaN(lagUs) ? 'no data yet' : `lag ${Math.round(lagUs / MS)} ms`;
  const again = connections > 1 ? `, connection ${connections}` : '';
  return `${lag}${again}${gaps > 0 ? `, gaps ${gaps}` : ''}`;
}

function leavesOf(node: ActorNode): readonly ActorNode[] {
  return node.children.length === 0 ? [node] : node.children.flatMap(leavesOf);
}

function shown(state: string): ServiceStatus['state'] {
  if (state === 'up' || state === 'degraded') return state;
  return state === 'starting' || state === 'waiting' ? 'starting' : 'down';
}
