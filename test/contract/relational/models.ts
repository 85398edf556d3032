import { beforeEach, describe, expect, it } from 'vitest';
import type { NewModel } from '../../../src/ports/relational/models.ts';
import type { RelationalWorld } from './world.ts';
import { refusal, value } from './answers.ts';

const DAY_US = 86_400_000_000;
const why = { by: 'ana', reason: 'better on the last month' };

export function describeModels(world: () => RelationalWorld): void {
  describe('the registry of models', () => {
    beforeEach(async () => await world().clean());

    it('J5 takes an artefact as a candidate, and the same again as no other', async () => {
      const { models } = world().store;
      const first = value(await models.register(model('a')));

      expect(first).toMatchObject({ modelId: 'a', status: 'CANDIDATE', detail: '{"auc": 0.61}' });
      expect(value(await models.register(model('a')))).toEqual(first);
      expect(refusal(await models.register({ ...model('a'), digest: '1'.repeat(64) }))).toBe(
        'IDENTITY_REUSED',
      );
      expect(refusal(await models.register({ ...model('b'), version: 'a' }))).toBe(
        'IDENTITY_REUSED',
      );
      expect(await models.transitions('a')).toHaveLength(1);
    });

    it('J5 refuses a second active model of a type, by a rule of the database', async () => {
      const { models } = world().store;
      await active(world(), 'a');
      await models.register(model('b'));

      expect(refusal(await models.promote({ modelId: 'b', to: 'ACTIVE', atUs: 9, ...why }))).toBe(
        'ALREADY_ACTIVE',
      );
      expect((await models.active('momentum'))?.modelId).toBe('a');
      expect((await models.find('b'))?.status).toBe('CANDIDATE');
      await expect(
        world().database.query(
          `update model_artefacts set status = 'ACTIVE', active_us = 1 where model_id = 'b'`,
        ),
      ).rejects.toMatchObject({
        code: 'STORE_REFUSED',
        message: expect.stringContaining('one_active_model_of_a_type'),
      });
    });

    it('J5 lets one through of two that are promoted at the same moment', async () => {
      const { models } = world().store;
      await models.register(model('a'));
      await models.register(model('b'));

      const answers = await Promise.all(
        ['a', 'b'].map((modelId) => models.promote({ modelId, to: 'ACTIVE', atUs: 5, ...why })),
      );

      expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['done', 'refused']);
      expect(await models.list({ status: 'ACTIVE' })).toHaveLength(1);
    });

    it('has an active model of each type beside the others', async () => {
      const { models } = world().store;
      await active(world(), 'a');
      await active(world(), 'x', 'reversion');

      expect((await models.active('momentum'))?.modelId).toBe('a');
      expect((await models.active('reversion'))?.modelId).toBe('x');
      expect(await models.active('regime')).toBeUndefined();
    });

    it('replaces the active one in one moment, and goes back to it', async () => {
      const { models } = world().store;
      await active(world(), 'a');
      await models.register(model('b'));
      const promotion = { modelId: 'b', to: 'ACTIVE', replaces: 'a', atUs: 20, ...why } as const;

      expect(value(await models.promote(promotion))).toMatchObject({ activeUs: 20 });
      expect(value(await models.promote(promotion))).toMatchObject({ activeUs: 20 });
      expect(await models.find('a')).toMatchObject({ status: 'RETIRED', retiredUs: 20 });

      const back = { modelId: 'b', successor: 'a', atUs: 30, by: 'bo', reason: 'it lost' };
      expect(value(await models.retire(back))).toMatchObject({ status: 'RETIRED', retiredUs: 30 });
      expect(await models.find('a')).toMatchObject({ status: 'ACTIVE', activeUs: 30 });
      expect(await models.transitions('a')).toEqual([
        { modelId: 'a', to: 'CANDIDATE', atUs: 1, by: 'trainer', reason: 'weekly' },
        { modelId: 'a', from: 'CANDIDATE', to: 'ACTIVE', atUs: 2, ...why },
        { modelId: 'a', from: 'ACTIVE', to: 'RETIRED', atUs: 20, ...why },
        { modelId: 'a', from: 'RETIRED', to: 'ACTIVE', atUs: 30, by: 'bo', reason: 'it lost' },
      ]);
    });
  });
}

export function describeModelEnds(world: () => RelationalWorld): void {
  describe('a model that goes', () => {
    beforeEach(async () => await world().clean());

    it('J5 refuses to retire the last active model of a type without a successor', async () => {
      const { models } = world().store;
      await active(world(), 'a');

      expect(refusal(await models.retire({ modelId: 'a', atUs: 9, ...why }))).toBe(
        'SUCCESSOR_MISSING',
      );
      expect((await models.find('a'))?.status).toBe('ACTIVE');
      expect(await models.transitions('a')).toHaveLength(2);
      await expect(
        world().database.query(
          `update model_artefacts set status = 'RETIRED', retired_us = 9 where model_id = 'a'`,
        ),
      ).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    });

    it.each([
      ['an archived one', 'ACTIVE', 'STATUS_FORBIDS', 'old'],
      ['one that is not there', 'ACTIVE', 'UNKNOWN_ID', 'none'],
    ] as const)('refuses to promote %s', async (_, to, code, modelId) => {
      const { models } = world().store;
      await models.register(model('old'));
      await models.retire({ modelId: 'old', atUs: 1, ...why });
      await models.archiveRetired(181 * DAY_US);

      expect(refusal(await models.promote({ modelId, to, atUs: 9, ...why }))).toBe(code);
    });

    it('refuses a successor of another type, and changes nothing', async () => {
      const { models } = world().store;
      await active(world(), 'a');
      await models.register(model('x', 'reversion'));

      expect(refusal(await models.retire({ modelId: 'a', successor: 'x', atUs: 9, ...why }))).toBe(
        'UNKNOWN_ID',
      );
      expect((await models.find('a'))?.status).toBe('ACTIVE');
    });
  });
}

export function describeModelUpkeep(world: () => RelationalWorld): void {
  describe('the upkeep of models', () => {
    beforeEach(async () => await world().clean());

    it('archives what was retired 180 days ago and no sooner', async () => {
      const { models } = world().store;
      for (const [at, modelId] of ['early', 'late', 'shadow'].entries()) {
        await models.register(model(modelId));
        if (modelId !== 'shadow') await models.retire({ modelId, atUs: at * DAY_US, ...why });
      }

      expect(await models.archiveRetired(180 * DAY_US)).toBe(0);
      expect(await models.archiveRetired(180 * DAY_US + 1)).toBe(1);
      expect(await models.archiveRetired(180 * DAY_US + 1)).toBe(0);
      expect((await models.find('early'))?.status).toBe('ARCHIVED');
      expect((await models.find('late'))?.status).toBe('RETIRED');
      expect((await models.transitions('early')).at(-1)).toMatchObject({
        from: 'RETIRED',
        to: 'ARCHIVED',
      });
    });

    it('archives by the clock of the database where nobody names a time', async () => {
      const { models } = world().store;
      await models.register(model('old'));
      await models.retire({ modelId: 'old', atUs: 5, ...why });

      const [row] = await world().database.query('select archive_retired_models() as archived');

      expect(row).toEqual({ archived: '1' });
    });

    it('shows in its views what is active and what runs beside it', async () => {
      const { models } = world().store;
      await active(world(), 'a');
      await models.register(model('b'));
      await models.promote({ modelId: 'b', to: 'SHADOW', atUs: 3, ...why });
      const read = (view: string) => world().database.query(`select type, model_id from ${view}`);

      expect(await read('active_models_summary')).toEqual([{ type: 'momentum', model_id: 'a' }]);
      expect(await read('shadow_models_summary')).toEqual([{ type: 'momentum', model_id: 'b' }]);
      expect(await world().database.query('select beside from shadow_models_summary')).toEqual([
        { beside: 'a' },
      ]);
    });
  });
}

async function active(
  { store: { models } }: RelationalWorld,
  modelId: string,
  type?: string,
): Promise<void> {
  value(await models.register(model(modelId, type)));
  value(await models.promote({ modelId, to: 'ACTIVE', atUs: 2, ...why }));
}

function model(modelId: string, type = 'momentum'): NewModel {
  return {
    modelId,
    type,
    version: modelId,
    digest: 'ab'.repeat(32),
    layoutHash: '0123456789abcdef',
    detail: '{"auc": 0.61}',
    createdUs: 1,
    by: 'trainer',
    reason: 'weekly',
  };
}
