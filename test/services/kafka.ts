import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { jvm, QUICK_START } from './jvm.ts';
import { KAFKA_JARS } from './kafka-jars.ts';
import { java } from './java.ts';
import { jarsOf } from './maven.ts';
import { properties } from './properties.ts';
import {
  type Place,
  type Recipe,
  type RunningServer,
  startServer,
  type StartOptions,
} from './running-server.ts';

const TOOL_MS_MAX = 60_000;
const CLUSTER = 'c3RyYXRhLXRlc3RzLTAwMQ';
const TOOL_FLAGS = ['-Xmx256m', '-XX:-UsePerfData', ...QUICK_START];

export interface KafkaAddress {
  /** `127.0.0.1:PORT`, plain text. */
  readonly bootstrap: string;
}

export interface KafkaOptions extends StartOptions {
  /** Of `server.properties`, besides ours: `{ 'message.max.bytes': '65536' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly heapMb?: number;
}

export type KafkaServer = KafkaAddress & RunningServer;

/** One node that is broker and controller (KRaft). Topics are made by who wants them. */
export function startKafka(options: KafkaOptions = {}): Promise<KafkaServer> {
  return startServer(recipe(options), options);
}

/**
 * Kafka's own console tools: `kafkaTool('org.apache.kafka.tools.TopicCommand', ['--list', ...])`.
 * Settles with what it prints; rejects with what it complained of.
 */
export async function kafkaTool(
  main: string,
  args: readonly string[],
  input = '',
): Promise<string> {
  const env = { PATH: process.env['PATH'] ?? '', CLASSPATH: await classPath() };
  const child = spawn(await java(), [...TOOL_FLAGS, main, ...args], { env, timeout: TOOL_MS_MAX });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  // A tool that has ended already does not read; its exit says why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await new Promise((resolve) => {
    child.once('close', resolve);
    child.once('error', resolve);
  });
  if (code === 0) return said.stdout;
  throw new Error(`${main} ended with ${String(code)}\n${said.stdout}\n${said.stderr}`);
}

function recipe({ settings = {}, heapMb = 384 }: KafkaOptions): Recipe<KafkaAddress> {
  return {
    name: 'kafka',
    portsWanted: 2,
    address: ({ ports: [port = 0] }) => ({ bootstrap: `127.0.0.1:${port}` }),
    async create(place) {
      if (existsSync(join(place.dir, 'meta.properties'))) return;
      const conf = configure(place, settings);
      await kafkaTool('kafka.tools.StorageTool', ['format', '-t', CLUSTER, '-c', conf]);
    },
    async launch(place) {
      const conf = configure(place, settings);
      const base = await jvm(place, heapMb);
      const logging = `-Dlog4j2.configurationFile=${configureLog(place)}`;
      return {
        ...base,
        args: [...base.args, ...QUICK_START, logging, 'kafka.Kafka', conf],
        env: { ...base.env, CLASSPATH: await classPath() },
        readyMark: /Kafka Server started/,
        isReady: async () => true,
      };
    },
  };
}

async function classPath(): Promise<string> {
  return (await jarsOf(KAFKA_JARS)).join(delimiter);
}

function configure(place: Place, settings: Readonly<Record<string, string>>): string {
  const [port = 0, controllerPort = 0] = place.ports;
  const path = join(place.folder, 'server.properties');
  const all = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': place.dir,
    // The controller remembers a killed broker and lets it back only when its session is over.
    'broker.session.timeout.ms': '2000',
    'broker.heartbeat.interval.ms': '500',
    'num.network.threads': '1',
    'num.io.threads': '2',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'log.cleaner.dedupe.buffer.size': '4194304',
    'auto.create.topics.enable': 'false',
    ...settings,
  };
  writeFileSync(path, properties(all));
  return path;
}

function configureLog(place: Place): string {
  const path = join(place.folder, 'log4j2.properties');
  const settings = {
    status: 'error',
    'appender.out.type': 'Console',
    'appender.out.name': 'out',
    'appender.out.layout.type': 'PatternLayout',
    'appender.out.layout.pattern': '%d{HH:mm:ss.SSS} %p %c{1} %m%n%throwable',
    'rootLogger.level': 'warn',
    'rootLogger.appenderRef.out.ref': 'out',
    'logger.server.name': 'kafka.server.KafkaRaftServer',
    'logger.server.level': 'info',
  };
  writeFileSync(path, properties(settings));
  return path;
}
