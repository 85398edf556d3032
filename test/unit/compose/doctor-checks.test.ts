import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { renderDoctor, runChecks } from '../../../src/cli/doctor.ts';
import { composedChecks } from '../../../src/compose/doctor-checks.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'strata-doctor-'));
const own = join(dataDir, 'own.yaml');
afterAll(() => rmSync(dataDir, { recursive: true }));

describe('the doctor, of models', () => {
  it('has a line for each, with its version and first the backend that scores', async () => {
    writeFileSync(own, 'predictions: { models: [momentum-mlp], shadow: [momentum-xgboost] }\n');

    const lines = await modelLines();

    expect(lines[0]).toMatch(/^✓ models +first the backend that scores/);
    expect(lines[1]).toMatch(/^ {17}momentum-mlp@[0-9a-f]{8}: plain \d/);
    expect(lines[2]).toMatch(/^ {17}momentum-xgboost@[0-9a-f]{8} \(shadow\): plain \d/);
    expect(lines.every((line) => line.length <= 140)).toBe(true);
  });

  it('looks at those of the settings that are given', async () => {
    writeFileSync(own, 'predictions: { models: [mine] }\n');

    expect((await modelLines())[0]).toMatch(
      /own\.yaml:1 predictions\.models there is no model mine/,
    );
  });

  it('leaves what cannot be read to the check of the configuration', async () => {
    writeFileSync(own, 'predictions: { modls: [] }\n');

    expect((await modelLines())[0]).toMatch(/^! models +not looked at/);
  });
});

async function modelLines(): Promise<readonly string[]> {
  const checks = composedChecks({})({ dataDir, config: own, isJson: false });
  const findings = await runChecks(checks.filter(({ name }) => name === 'models'));
  return renderDoctor(findings, { isColoured: false }).split('\n');
}
