import type { Author, Decided } from '../../ports/relational/decided.ts';
import type {
  Model,
  ModelRegistry,
  ModelStatus,
  NewModel,
  Promotion,
  Retirement,
} from '../../ports/relational/models.ts';
import type { Database, Statements } from './database.ts';
import { decide, done, refused, type Rules } from './decide.ts';
import { modelOf, transitionOf } from './model-rows.ts';
import { whole } from './row-values.ts';

export function modelRegistry(database: Database): ModelRegistry {
  const first = async (where: string, value: string): Promise<Model | undefined> => {
    const [row] = await database.query(`${SELECT} where ${where}`, [value]);
    return row === undefined ? undefined : modelOf(row);
  };
  return {
    register: (model) => decide(database, RULES, async (sql) => await register(sql, model)),
    promote: (wish) => decide(database, RULES, async (sql) => await promote(sql, wish)),
    retire: (wish) => decide(database, RULES, async (sql) => await retire(sql, wish)),
    find: (modelId) => first('model_id = $1', modelId),
    active: (type) => first(`status = 'ACTIVE' and type = $1`, type),
    async list({ type, status } = {}) {
      const rows = await database.query(
        `${SELECT} where ($1::text is null or type = $1) and ($2::text is null or status = $2)
         order by type collate "C", created_us desc, model_id collate "C"`,
        [type, status],
      );
      return rows.map(modelOf);
    },
    async transitions(modelId) {
      const rows = await database.query(
        'select * from model_transitions where model_id = $1 order by step',
        [modelId],
      );
      return rows.map(transitionOf);
    },
    archiveRetired: (nowUs) =>
      database.transact(async (sql) => {
        const [row] = await sql.query('select archive_retired_models($1) as archived', [nowUs]);
        return whole(row ?? {}, 'archived');
      }),
  };
}

/** The database holds to these, whoever writes to it. */
const RULES: Rules = {
  one_active_model_of_a_type: {
    code: 'ALREADY_ACTIVE',
    reason: 'another model of that type is active: name it as the one to replace',
  },
  active_model_has_a_successor: {
    code: 'SUCCESSOR_MISSING',
    reason: 'it is the only active model of its type: name a successor',
  },
  model_artefacts_type_version_key: {
    code: 'IDENTITY_REUSED',
    reason: 'another model of that type has that version',
  },
};

const SELECT = 'select * from model_artefacts';

/** What it may become from what it is; `RETIRED` to `ACTIVE` is a rollback. */
const LEADS_TO: Readonly<Record<ModelStatus, readonly ModelStatus[]>> = {
  CANDIDATE: ['SHADOW', 'ACTIVE', 'RETIRED'],
  SHADOW: ['ACTIVE', 'RETIRED'],
  ACTIVE: ['RETIRED'],
  RETIRED: ['ACTIVE', 'ARCHIVED'],
  ARCHIVED: [],
};

async function register(sql: Statements, model: NewModel): Promise<Decided<Model>> {
  const { modelId, type, version, digest, layoutHash, detail, createdUs } = model;
  const made = await sql.query(
    `insert into model_artefacts (model_id, type, version, digest, layout_hash, detail, created_us)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (model_id) do nothing returning *`,
    [modelId, type, version, digest, layoutHash, detail, createdUs],
  );
  const [row] = made;
  if (row !== undefined) {
    await noteTransition(sql, modelId, undefined, 'CANDIDATE', { ...model, atUs: createdUs });
    return done(modelOf(row));
  }
  const known = await find(sql, modelId);
  const isSame = known?.digest === digest && known.type === type && known.version === version;
  if (known !== undefined && isSame) return done(known);
  return refused('IDENTITY_REUSED', `model ${modelId} is known, and is another`);
}

async function promote(sql: Statements, wish: Promotion): Promise<Decided<Model>> {
  const { modelId, to, replaces } = wish;
  const model = await find(sql, modelId);
  if (model === undefined) return refused('UNKNOWN_ID', `no model ${modelId}`);
  if (model.status === to) return done(model);
  if (replaces !== undefined) {
    const old = replaces === modelId ? undefined : await find(sql, replaces);
    if (old?.type !== model.type) {
      return refused('UNKNOWN_ID', `no other model ${replaces} of type ${model.type}`);
    }
    const retired = await become(sql, old, 'RETIRED', wish);
    if (retired.kind === 'refused') return retired;
  }
  return await become(sql, model, to, wish);
}

async function retire(sql: Statements, wish: Retirement): Promise<Decided<Model>> {
  const { modelId, successor } = wish;
  const model = await find(sql, modelId);
  if (model === undefined) return refused('UNKNOWN_ID', `no model ${modelId}`);
  if (model.status === 'RETIRED') return done(model);
  const retired = await become(sql, model, 'RETIRED', wish);
  if (retired.kind === 'refused' || successor === undefined) return retired;
  const next = await find(sql, successor);
  if (next?.type !== model.type) {
    return refused('UNKNOWN_ID', `no model ${successor} of type ${model.type}`);
  }
  const followed = await become(sql, next, 'ACTIVE', wish);
  return followed.kind === 'refused' ? followed : retired;
}

async function become(
  sql: Statements,
  model: Model,
  to: ModelStatus,
  wish: Author & { readonly atUs: number },
): Promise<Decided<Model>> {
  const { modelId, status } = model;
  if (!LEADS_TO[status].includes(to)) {
    return refused('STATUS_FORBIDS', `model ${modelId} is ${status} and cannot become ${to}`);
  }
  const [row] = await sql.query(
    `update model_artefacts set status = $2,
       active_us = case when $2 = 'ACTIVE' then $3::bigint else active_us end,
       retired_us = case when $2 = 'RETIRED' then $3::bigint end
     where model_id = $1 returning *`,
    [modelId, to, wish.atUs],
  );
  await noteTransition(sql, modelId, status, to, wish);
  return done(modelOf(row ?? {}));
}

async function noteTransition(
  sql: Statements,
  modelId: string,
  from: ModelStatus | undefined,
  to: ModelStatus,
  { by, reason, atUs }: Author & { readonly atUs: number },
): Promise<void> {
  await sql.query('select add_model_transition($1, $2, $3, $4, $5, $6)', [
    modelId,
    from,
    to,
    atUs,
    by,
    reason,
  ]);
}

async function find(sql: Statements, modelId: string): Promise<Model | undefined> {
  const [row] = await sql.query(`${SELECT} where model_id = $1 for update`, [modelId]);
  return row === undefined ? undefined : modelOf(row);
}
