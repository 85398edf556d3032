import type { Statements } from './database.ts';
import { isCollision } from './sql-fault.ts';

const ATTEMPTS_MAX = 4;
const BACKOFF_MS = 20;

/** All of it or nothing, on one connection. */
export async function runTransaction<T>(
  sql: Statements,
  work: (sql: Statements) => Promise<T>,
): Promise<T> {
  let failure: unknown;
  const watch = async <R>(statement: Promise<R>): Promise<R> => {
    try {
      return await statement;
    } catch (error) {
      failure ??= error;
      throw error;
    }
  };
  const watched: Statements = {
    query: (text, values) => watch(sql.query(text, values)),
    script: (text) => watch(sql.script(text)),
  };
  await sql.script('begin');
  try {
    const value = await work(watched);
    // After a statement failed the server answers a commit with a rollback, and calls it success.
    if (failure !== undefined) throw failure;
    await sql.script('commit');
    return value;
  } catch (error) {
    // Where that fails too, the connection is gone and the server takes back what it has.
    await sql.script('rollback').catch(() => undefined);
    throw error;
  }
}

/** Again where another transaction was in the way, after a moment that differs. */
export async function despiteCollisions<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX || !isCollision(error)) throw error;
    }
    const waitMs = BACKOFF_MS * 2 ** attempt * Math.random();
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}
