import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jvm } from './jvm.ts';
import { type Artifact, jarsOf } from './maven.ts';
import { properties } from './properties.ts';
import {
  type Place,
  type Recipe,
  type RunningServer,
  startServer,
  type StartOptions,
} from './running-server.ts';

export const QUESTDB_JAR: Artifact = {
  group: 'org.questdb',
  name: 'questdb',
  version: '9.3.4',
  sha256: '939bc53ab22f93dbaa6545143a6e7c536d4904c07b7f2d381e8eef10436be062',
};

export interface QuestDbAddress {
  /** REST (`/exec`, `/imp`) and line protocol over HTTP (`/write`). */
  readonly httpPort: number;
  /** PostgreSQL's wire protocol: user `admin`, password `quest`, database `qdb`. */
  readonly pgPort: number;
  /** Line protocol over TCP. */
  readonly ilpPort: number;
}

export interface QuestDbOptions extends StartOptions {
  /** Lines of `server.conf` besides ours: `{ 'cairo.max.uncommitted.rows': '1000' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Of Java's heap; QuestDB takes most of its memory outside it. */
  readonly heapMb?: number;
}

export type QuestDbServer = QuestDbAddress & RunningServer;

/** QuestDB on loopback, without telemetry and without its console's import folder. */
export function startQuestDb(options: QuestDbOptions = {}): Promise<QuestDbServer> {
  return startServer(recipe(options), options);
}

function recipe({ settings = {}, heapMb = 256 }: QuestDbOptions): Recipe<QuestDbAddress> {
  return {
    name: 'questdb',
    portsWanted: 3,
    address,
    async launch(place) {
      const [jar = ''] = await jarsOf([QUESTDB_JAR]);
      const { httpPort } = address(place);
      configure(place, settings);
      const base = await jvm(place, heapMb);
      const main = ['-m', 'io.questdb/io.questdb.ServerMain', '-d', place.dir, '-n'];
      return {
        ...base,
        args: [...base.args, `--module-path=${jar}`, ...main],
        readyMark: /server-main enjoy/,
        isReady: async () => (await fetch(`http://127.0.0.1:${httpPort}/exec?query=select%201`)).ok,
      };
    },
  };
}

function address({ ports: [httpPort = 0, pgPort = 0, ilpPort = 0] }: Place): QuestDbAddress {
  return { httpPort, pgPort, ilpPort };
}

function configure(place: Place, settings: Readonly<Record<string, string>>): void {
  const { httpPort, pgPort, ilpPort } = address(place);
  const all: Readonly<Record<string, string>> = {
    'http.bind.to': `127.0.0.1:${httpPort}`,
    'pg.net.bind.to': `127.0.0.1:${pgPort}`,
    'line.tcp.net.bind.to': `127.0.0.1:${ilpPort}`,
    'http.min.enabled': 'false',
    'line.udp.enabled': 'false',
    'telemetry.enabled': 'false',
    'config.reload.enabled': 'false',
    'shared.worker.count': '2',
    'ram.usage.limit.bytes': '1500m',
    ...settings,
  };
  const conf = join(place.dir, 'conf');
  mkdirSync(conf, { recursive: true });
  writeFileSync(join(conf, 'server.conf'), properties(all));
  if (existsSync(join(conf, 'log.conf'))) return;
  // Every query is a line at level INFO: a test of millions of rows would fill the disk with them.
  const writer = { class: 'io.questdb.log.LogConsoleWriter', level: 'ADVISORY,CRITICAL,ERROR' };
  writeFileSync(
    join(conf, 'log.conf'),
    properties({
      writers: 'stdout',
      'w.stdout.class': writer.class,
      'w.stdout.level': writer.level,
    }),
  );
}
