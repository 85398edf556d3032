import type { Answer } from './answer.ts';

/** Query parameters as they came: the desk knows which ones it takes. */
export type DeskQuery = Readonly<Record<string, string>>;

/**
 * Who answers for orders, positions and the account. Bodies are what JSON.parse made of the
 * request, undefined where there was none; every answer is a status and a body for the wire.
 */
export interface OrderDesk {
  account(nowUs: number): Answer;
  configurations(): Answer;
  patchConfigurations(body: unknown): Answer;
  activities(query: DeskQuery): Answer;
  portfolioHistory(query: DeskQuery, nowUs: number): Answer;
  submit(body: unknown, nowUs: number): Answer;
  replace(id: string, body: unknown, nowUs: number): Answer;
  cancel(id: string, nowUs: number): Answer;
  cancelAll(nowUs: number): Answer;
  order(id: string, query: DeskQuery): Answer;
  orderByClientId(clientOrderId: string): Answer;
  orders(query: DeskQuery): Answer;
  positions(): Answer;
  position(symbolOrId: string): Answer;
  closePosition(symbolOrId: string, query: DeskQuery, nowUs: number): Answer;
  closeAllPositions(query: DeskQuery, nowUs: number): Answer;
  readonly assets: {
    list(query: DeskQuery): Answer;
    one(symbolOrId: string): Answer;
  };
}
