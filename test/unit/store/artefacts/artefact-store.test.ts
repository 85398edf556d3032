import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArtefactError } from '../../../../src/models/artefact/artefact-error.ts';
import {
  findArtefact,
  listArtefacts,
  readArtefact,
  saveArtefact,
} from '../../../../src/store/artefacts/artefact-store.ts';
import { cardOf } from '../../../model-cards.ts';

const MODEL = Uint8Array.of(8, 6, 7, 5, 3, 0, 9);
let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'strata-artefacts-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the store of artefacts', () => {
  it('gives back what it was given, from a folder named by the contents', () => {
    const card = cardOf(MODEL);

    const folder = saveArtefact(root, card, MODEL);

    expect(folder).toBe(join(root, card.name, card.contentHash));
    expect(readArtefact(folder)).toMatchObject({ card, model: MODEL });
    expect(readdirSync(dirname(folder))).toEqual([card.contentHash]);
    expect(lstatSync(join(folder, 'model.onnx')).mode & 0o111).toBe(0);
  });

  it('keeps one folder where the same model is saved again, with the newer figures', () => {
    saveArtefact(root, cardOf(MODEL), MODEL);
    const folder = saveArtefact(root, { ...cardOf(MODEL), wallSeconds: 9 }, MODEL);

    expect(listArtefacts(root)).toHaveLength(1);
    expect(readArtefact(folder).card.wallSeconds).toBe(9);
  });

  it('finds a version by its eight digits, and without one what was made last', () => {
    const [old, young] = [cardOf(MODEL, { madeUs: 1 }), cardOf(Uint8Array.of(1), { madeUs: 2 })];
    saveArtefact(root, young, Uint8Array.of(1));
    saveArtefact(root, old, MODEL);

    expect(findArtefact([join(root, 'none'), root], 'momentum-mlp').card).toEqual(young);
    expect(findArtefact([root], old.version).card).toEqual(old);
    expect(codeOf(() => findArtefact([root], 'momentum-mlp@ffffffff'))).toBe('MODEL_MISSING');
    expect(codeOf(() => findArtefact([root], '../momentum-mlp'))).toBe('MODEL_MISSING');
  });

  it.each([
    ['a byte more in the model', 'MODEL_CHANGED', (at: string) => append(at, 'model.onnx')],
    ['a model cut short', 'MODEL_CHANGED', (at: string) => truncateSync(join(at, 'model.onnx'), 3)],
    ['no model', 'MODEL_MISSING', (at: string) => rmSync(join(at, 'model.onnx'))],
    ['no card', 'MODEL_MISSING', (at: string) => rmSync(join(at, 'card.json'))],
    ['a torn card', 'MODEL_UNREADABLE', (at: string) => truncateSync(join(at, 'card.json'), 40)],
    ['a card that is no text', 'MODEL_UNREADABLE', (at: string) => bytes(at, 'card.json')],
    ['a foreign card', 'MODEL_FOREIGN', (at: string) => put(at, 'card.json', '{"format":"x"}')],
    ['a stray file', 'MODEL_FOREIGN', (at: string) => put(at, 'run.js', 'process.exit(1)')],
    ['a folder for a model', 'MODEL_FOREIGN', (at: string) => swap(at, 'folder')],
    ['a link for a model', 'MODEL_FOREIGN', (at: string) => swap(at, 'link')],
    ['a huge model', 'MODEL_OVERSIZED', (at: string) => truncateSync(join(at, 'model.onnx'), 1e9)],
    ['a huge card', 'MODEL_OVERSIZED', (at: string) => truncateSync(join(at, 'card.json'), 1e7)],
  ])('refuses %s: %s', (_, code, damage) => {
    const folder = saveArtefact(root, cardOf(MODEL), MODEL);
    damage(folder);

    expect(codeOf(() => readArtefact(folder))).toBe(code);
    expect(listArtefacts(root)).toMatchObject([{ kind: 'refused', code }]);
  });

  it('refuses a sound model in a folder of another name, and a folder that is a link', () => {
    const folder = saveArtefact(root, cardOf(MODEL), MODEL);
    const other = join(dirname(folder), '0'.repeat(16));
    renameSync(folder, other);
    expect(codeOf(() => readArtefact(other))).toBe('MODEL_CHANGED');

    symlinkSync(other, folder);
    expect(codeOf(() => readArtefact(folder))).toBe('MODEL_FOREIGN');
  });

  it('leaves nothing of a save that fails', () => {
    const card = cardOf(MODEL);
    saveArtefact(root, card, MODEL);
    append(join(root, card.name, card.contentHash), 'model.onnx');

    expect(codeOf(() => saveArtefact(root, card, MODEL))).toBe('MODEL_CHANGED');
    expect(readdirSync(join(root, card.name))).toEqual([card.contentHash]);
  });
});

function append(folder: string, name: string): void {
  appendFileSync(join(folder, name), 'x');
}

function put(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

function bytes(folder: string, name: string): void {
  writeFileSync(join(folder, name), Uint8Array.of(0xff, 0xfe, 0xc3));
}

function swap(folder: string, by: 'folder' | 'link'): void {
  const path = join(folder, 'model.onnx');
  if (by === 'link') {
    renameSync(path, join(root, 'elsewhere'));
    symlinkSync(join(root, 'elsewhere'), path);
    return;
  }
  rmSync(path);
  mkdirSync(path);
}

function codeOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error instanceof ArtefactError ? error.code : error;
  }
  return 'none';
}
