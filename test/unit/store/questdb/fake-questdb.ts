import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What a server does with the next request of a kind, once. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => void;

interface FakeColumn {
  readonly type: string;
  readonly isKey: boolean;
}

interface FakeTable {
  readonly columns: Map<string, FakeColumn>;
  readonly partition: string;
  readonly time: string;
  isSuspended: boolean;
}

/**
 * What the store sees of QuestDB, as far as a test wants it to go wrong: tables that are made and
 * altered by statements, rows as the lines that came, faults of the wire. A real one is in
 * test/services.
 */
export class FakeQuestDb {
  readonly tables = new Map<string, FakeTable>();
  /** Lines of requests that were taken, in their order. */
  readonly taken: string[] = [];
  readonly statements: string[] = [];
  readonly headers: IncomingMessage['headers'][] = [];
  writes = 0;
  /** Lines that contain it are refused, and with them the whole request. */
  poison: string | undefined;
  readonly faults: { readonly on: '/write' | '/exec' | '/ping'; readonly fault: Fault }[] = [];
  /** Of the answer to a question that is none of the catalogue's. */
  answer = '{"query":"","columns":[],"timestamp":-1,"dataset":[],"count":0}';
  /** Told in full by this; left alone, all at once. */
  answerPieces: readonly string[] | undefined;
  port = 0;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => this.#serve(request, response));
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    const address = server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
    this.#server = server;
  }

  /** As a process that dies: nobody is told. */
  async stop(): Promise<void> {
    const server = this.#server;
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      if (server === undefined) resolve();
      else server.close(() => resolve());
    });
  }

  next(on: '/write' | '/exec' | '/ping', fault: Fault): void {
    this.faults.push({ on, fault });
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => {
      const url = new URL(request.url ?? '/', this.url);
      this.headers.push(request.headers);
      const at = this.faults.findIndex(({ on }) => on === url.pathname);
      const [planned] = at < 0 ? [] : this.faults.splice(at, 1);
      if (url.pathname === '/write') this.writes += 1;
      if (planned !== undefined) planned.fault(request, response);
      else if (url.pathname === '/write') this.#write(Buffer.concat(chunks), response);
      else if (url.pathname === '/exec') this.#exec(url.searchParams.get('query') ?? '', response);
      else response.writeHead(204).end();
    });
  }

  #write(body: Buffer, response: ServerResponse): void {
    // Doubles of a test's rows hold no byte of a line's end.
    const lines = body.toString('latin1').split('\n').slice(0, -1);
    const { poison } = this;
    const bad = poison === undefined ? -1 : lines.findIndex((line) => line.includes(poison));
    if (bad >= 0) {
      const message = `error in line ${bad + 1}: table: t, column: price; not a number`;
      response.writeHead(400).end(JSON.stringify({ code: 'invalid', message, line: bad + 1 }));
      return;
    }
    for (const line of lines) {
      const name = /^[^, ]+/.exec(line)?.[0] ?? '';
      if (!this.tables.has(name)) this.#create(`CREATE TABLE "${name}" ("timestamp" TIMESTAMP)`);
    }
    this.taken.push(...lines);
    response.writeHead(204).end();
  }

  #exec(sql: string, response: ServerResponse): void {
    this.statements.push(sql);
    const rows = this.#catalogue(sql);
    if (rows !== undefined) {
      const columns = rows[0]?.map((_, at) => ({ name: `c${at}`, type: 'STRING' })) ?? [];
      response.end(JSON.stringify({ query: sql, columns, timestamp: -1, dataset: rows, count: 0 }));
    } else if (this.#isStatement(sql)) response.end('{"ddl":"OK"}');
    else void this.#tell(response);
  }

  async #tell(response: ServerResponse): Promise<void> {
    for (const piece of this.answerPieces ?? [this.answer]) {
      response.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  }

  #catalogue(sql: string): readonly (readonly unknown[])[] | undefined {
    const name = /'([^']*)'/.exec(sql)?.[1] ?? '';
    const table = this.tables.get(name);
    if (sql.includes('FROM wal_tables()')) {
      return table === undefined ? [] : [[1, 1, table.isSuspended, 'no room']];
    }
    if (sql.includes('FROM table_columns(')) {
      return [...(table?.columns ?? [])].map(([column, { type, isKey }]) => [column, type, isKey]);
    }
    if (!sql.includes('FROM tables()')) return undefined;
    if (table === undefined) return [];
    const isDedup = [...table.columns.values()].some(({ isKey }) => isKey);
    return [[table.time, table.partition, true, isDedup, 0, 'HOUR']];
  }

  #isStatement(sql: string): boolean {
    if (sql.startsWith('CREATE TABLE')) this.#create(sql);
    else if (sql.startsWith('ALTER TABLE')) this.#alter(sql);
    else return false;
    return true;
  }

  #create(sql: string): void {
    const name = /"(\w+)"/.exec(sql)?.[1] ?? '';
    const keys = /KEYS\((.*)\)/.exec(sql)?.[1] ?? '';
    const columns = /\((.*?)\)(?: TIMESTAMP|$)/.exec(sql)?.[1] ?? '';
    this.tables.set(name, {
      columns: new Map(
        [...columns.matchAll(/"(\w+)" ([A-Z]+(?:\[\])?)/g)].map(([, column = '', type = '']) => [
          column,
          { type, isKey: keys.includes(`"${column}"`) },
        ]),
      ),
      partition: /PARTITION BY (\w+)/.exec(sql)?.[1] ?? 'DAY',
      time: /TIMESTAMP\("(\w+)"\)/.exec(sql)?.[1] ?? 'timestamp',
      isSuspended: false,
    });
  }

  #alter(sql: string): void {
    const name = /"(\w+)"/.exec(sql)?.[1] ?? '';
    const added = /ADD COLUMN IF NOT EXISTS "(\w+)" ([A-Z]+(?:\[\])?)/.exec(sql);
    const [, column = '', type = ''] = added ?? [];
    this.tables.get(name)?.columns.set(column, { type, isKey: false });
  }
}
