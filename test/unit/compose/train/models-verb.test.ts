import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelsOptions } from '../../../../src/cli/train-options.ts';
import { modelsVerb } from '../../../../src/compose/train/models-verb.ts';
import { MODELS_FOLDER, saveArtefact } from '../../../../src/store/artefacts/artefact-store.ts';
import { cardOf } from '../../../model-cards.ts';
import { CollectingTerminal } from '../../cli/collecting-terminal.ts';

const MODEL = Uint8Array.of(1, 2, 3);
let dataDir = '';
let folder = '';
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'strata-models-'));
  folder = saveArtefact(join(dataDir, MODELS_FOLDER), cardOf(MODEL), MODEL);
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe('strata models', () => {
  it('shows a card with its baselines, and says where none is beaten', async () => {
    const { exitCode, out } = await models({ kind: 'show', model: 'momentum-mlp', isHtml: false });

    expect(exitCode).toBe(0);
    expect(out).toContain('base rate');
    expect(out).toMatch(/verdict +does not beat the naive baseline/);
    expect(out).toContain(folder);
  });

  it('shows the same as one JSON value, and as a page', async () => {
    const json = await models({ kind: 'show', model: 'momentum-mlp', isHtml: false }, true);
    const page = await models({ kind: 'show', model: cardOf(MODEL).version, isHtml: true });

    expect(JSON.parse(json.out)).toEqual({ card: cardOf(MODEL), folder });
    expect(page.out).toMatch(/^<!doctype html>/);
    expect(page.out).toContain('does not beat the naive baseline');
  });

  it('names the nearest where there is none of that name, with the code for it', async () => {
    const { exitCode, errors } = await models({
      kind: 'show',
      model: 'momentun-mlp',
      isHtml: false,
    });

    expect(exitCode).toBe(2);
    expect(errors).toContain('did you mean momentum-mlp?');
  });

  it('says where each lies, and which of a name a session takes: the shipped one', async () => {
    const { out } = await models({ kind: 'list' });
    const { models: told } = JSON.parse((await models({ kind: 'list' }, true)).out);

    const own = told.filter((one: { folder: string }) => one.folder === folder);
    expect(own).toMatchObject([{ kind: 'sound', isMeantByName: false }]);
    expect(out).toContain(`yours, in ${join(dataDir, MODELS_FOLDER)}\n  momentum-mlp@`);
    expect(out).toMatch(/with the program, in .*config.models\n(?:[* ] .*\n)*\* momentum-mlp@/);
  });

  it('shows with one of yours which other a session takes for its name', async () => {
    const plain = await models({ kind: 'show', model: 'momentum-mlp', isHtml: false });
    const shipped = await models({ kind: 'show', model: 'momentum-lstm', isHtml: false });

    expect(plain.out).toMatch(/a session +takes momentum-mlp@[0-9a-f]{8} for the name alone/);
    expect(shipped.out).not.toContain('a session');
  });

  it('tells of one that cannot be used, and ends with an error', async () => {
    appendFileSync(join(folder, 'model.onnx'), 'x');

    const { exitCode, out, errors } = await models({ kind: 'list' });

    expect(exitCode).toBe(1);
    expect(out).toContain('(refused)');
    expect(errors).toContain('cannot be used');
    await expect(
      models({ kind: 'show', model: 'momentum-mlp', isHtml: false }),
    ).rejects.toMatchObject({ code: 'MODEL_CHANGED' });
  });
});

async function models(action: ModelsOptions['action'], isJson = false) {
  const terminal = new CollectingTerminal();
  const exitCode = await modelsVerb({ dataDir, config: undefined, isJson, action }, terminal);
  return { exitCode, out: terminal.out, errors: terminal.errors };
}
