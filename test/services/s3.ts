import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jvm, QUICK_START } from './jvm.ts';
import { type Artifact, jarsOf } from './maven.ts';
import { properties } from './properties.ts';
import {
  type Recipe,
  type RunningServer,
  startServer,
  type StartOptions,
} from './running-server.ts';

export const S3_JAR: Artifact = {
  group: 'org.gaul',
  name: 's3proxy',
  version: '4.1.0',
  classifier: 'jar-with-dependencies',
  sha256: 'a4d025969aaf796616ed4b1e2491d87d455ce84bb28cb9db086b2e6aaa68b48d',
};

/** What a client is made with, besides `forcePathStyle: true`: buckets have no names of hosts. */
export interface S3Address {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface S3Options extends StartOptions {
  /** Made before it starts. */
  readonly buckets?: readonly string[];
  readonly heapMb?: number;
}

export type S3Server = S3Address & RunningServer;

/** S3's protocol over a directory, with signatures checked: S3Proxy. A bucket is a folder of it. */
export function startS3(options: S3Options = {}): Promise<S3Server> {
  return startServer(recipe(options), options);
}

function recipe({ buckets = [], heapMb = 256 }: S3Options): Recipe<S3Address> {
  const accessKeyId = 'strata-test';
  const secretAccessKey = randomBytes(20).toString('hex');
  return {
    name: 's3',
    portsWanted: 1,
    address: ({ ports: [port = 0] }) => ({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      accessKeyId,
      secretAccessKey,
    }),
    async create({ dir }) {
      for (const folder of [dir, ...buckets.map((bucket) => join(dir, bucket))]) {
        mkdirSync(folder, { recursive: true });
      }
    },
    async launch(place) {
      const [jar = ''] = await jarsOf([S3_JAR]);
      const [port = 0] = place.ports;
      const endpoint = `http://127.0.0.1:${port}`;
      const conf = join(place.folder, 's3proxy.conf');
      const settings = {
        's3proxy.endpoint': endpoint,
        's3proxy.authorization': 'aws-v2-or-v4',
        's3proxy.identity': accessKeyId,
        's3proxy.credential': secretAccessKey,
        'jclouds.provider': 'filesystem-nio2',
        'jclouds.identity': 'unused',
        'jclouds.credential': 'unused',
        'jclouds.filesystem.basedir': place.dir,
      };
      writeFileSync(conf, properties(settings), { mode: 0o600 });
      const base = await jvm(place, heapMb);
      return {
        ...base,
        args: [...base.args, ...QUICK_START, '-jar', jar, '--properties', conf],
        readyMark: /Started \S*ServerConnector/,
        // Nobody may list the buckets without a signature.
        isReady: async () => (await fetch(endpoint)).status === 403,
      };
    },
  };
}
