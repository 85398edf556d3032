import { RunMeter } from './meter.ts';
import type { RunAnswer } from './run-answer.ts';
import type { Scale } from './suite.ts';
import { SUITES, SUITES_ASKED_FOR } from './suites.ts';

/**
 * `node --expose-gc run.js SUITE VARIANT SCALE`: one run in this process. It loads the suite and
 * what measures, and nothing of the report: so it also runs over the engine of another revision.
 */
const [suiteName = '', variantName = '', scaleName] = process.argv.slice(2);
const scale: Scale = scaleName === 'quick' ? 'quick' : 'full';
const entry = [...SUITES, ...SUITES_ASKED_FOR].find(({ name }) => name === suiteName);
if (entry === undefined) throw new Error(`there is no suite ${suiteName}`);
const suite = await entry.load();
const variant = suite.variants.find(({ name }) => name === variantName);
if (variant === undefined) throw new Error(`${suiteName} has no variant ${variantName}`);
const meter = new RunMeter();
const { figures, note } = await variant.run(scale, meter);
const cost = await meter.figures();
const answer: RunAnswer = { figures, cost, ...(note === undefined ? {} : { note }) };
process.stdout.write(`\n${JSON.stringify(answer)}\n`);
