import { FAULT_POINTS, type FaultPoint } from '../../actors/runtime/fault-points.ts';
import { LiveError } from './live-error.ts';

interface Step {
  readonly point: FaultPoint;
  readonly nth: number;
}

/**
 * For the crash tests: where the process ends itself, as kill -9 would, from `STRATA_DIE_AT`.
 * `blockFlushed:3` is the third time that point is passed; `blockFlushed:3,turnFinished:1` is the
 * first end of a turn after it. Undefined where nothing is set. Throws where it is misspelt.
 */
export function deadlyPoint(
  text: string | undefined,
  die: () => void = () => void process.kill(process.pid, 'SIGKILL'),
): ((point: FaultPoint) => void) | undefined {
  if (text === undefined || text === '') return undefined;
  const steps = text.split(',').map(parseStep);
  let at = 0;
  let left = steps[0]?.nth ?? 0;
  return (point) => {
    if (point !== steps[at]?.point) return;
    left -= 1;
    if (left > 0) return;
    at += 1;
    left = steps[at]?.nth ?? 0;
    if (at === steps.length) die();
  };
}

function parseStep(text: string): Step {
  const [name, times = '1'] = text.split(':');
  const point = FAULT_POINTS.find((known) => known === name);
  const nth = Number(times);
  if (point !== undefined && Number.isSafeInteger(nth) && nth > 0) return { point, nth };
  const known = FAULT_POINTS.join(', ');
  throw new LiveError('LIVE_FAULT_POINT', `STRATA_DIE_AT: ${text} is none of ${known}, with :n`);
}
