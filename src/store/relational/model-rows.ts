import type { Model, ModelTransition } from '../../ports/relational/models.ts';
import type { SqlRow } from './database.ts';
import { maybe, oneOf, text, whole } from './row-values.ts';

const STATUSES = ['CANDIDATE', 'SHADOW', 'ACTIVE', 'RETIRED', 'ARCHIVED'] as const;

export function modelOf(row: SqlRow): Model {
  return {
    modelId: text(row, 'model_id'),
    type: text(row, 'type'),
    version: text(row, 'version'),
    digest: text(row, 'digest'),
    layoutHash: text(row, 'layout_hash'),
    detail: text(row, 'detail'),
    createdUs: whole(row, 'created_us'),
    status: status(row, 'status'),
    ...maybe(row, 'active_us', whole, 'activeUs'),
    ...maybe(row, 'retired_us', whole, 'retiredUs'),
  };
}

export function transitionOf(row: SqlRow): ModelTransition {
  return {
    modelId: text(row, 'model_id'),
    ...maybe(row, 'from_status', status, 'from'),
    to: status(row, 'to_status'),
    atUs: whole(row, 'at_us'),
    by: text(row, 'changed_by'),
    reason: text(row, 'reason'),
  };
}

function status(row: SqlRow, column: string): Model['status'] {
  return oneOf(row, column, STATUSES);
}
