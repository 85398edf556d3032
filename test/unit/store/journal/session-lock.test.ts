import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterAll, describe, expect, it } from 'vitest';
import type { Answer, Command } from '../../../../src/store/journal/control-line.ts';
import {
  askEngine,
  claimDataDirectory,
  holderOf,
  type Claim,
  type EngineDoor,
} from '../../../../src/store/journal/session-lock.ts';

const root = mkdtempSync(join(tmpdir(), 'strata-lock-'));
let made = 0;

afterAll(() => rmSync(root, { recursive: true }));

describe('claimDataDirectory', () => {
  it('H6: refuses a second claim and names the holder', async () => {
    const directory = freshDirectory();
    const claim = await claimDataDirectory(directory, door());

    const refusal = await failureOf(claimDataDirectory(directory, door()));

    expect(refusal).toMatchObject({
      name: 'DataDirectoryError',
      code: 'DATA_DIRECTORY_HELD',
      holder: { pid: process.pid, sessionId: 's-7', sinceUs: 1_700_000_000_000_000 },
    });
    expect(String(refusal)).toContain('session s-7, since 2023-11-14T22:13:20.000000Z');
    expect(claim.isHeld()).toBe(true);
    await claim.release();
  });

  it('H6: of many claims at once exactly one wins', async () => {
    const directory = freshDirectory();
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => claimDataDirectory(directory, door())),
    );
    const winners = results.flatMap((result) =>
      result.status === 'fulfilled' ? [result.value] : [],
    );

    expect(winners).toHaveLength(1);
    await releaseAll(winners);
  });

  it('H6: of many claims on a dead socket exactly one wins', async () => {
    const directory = freshDirectory();
    await leaveDeadSocket(join(directory, 'engine.sock'));
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => claimDataDirectory(directory, door())),
    );
    const winners = results.flatMap((result) =>
      result.status === 'fulfilled' ? [result.value] : [],
    );

    expect(winners).toHaveLength(1);
    expect(winners[0]?.isHeld()).toBe(true);
    await releaseAll(winners);
  });

  it('takes over what a process left that was killed', async () => {
    const directory = freshDirectory();
    await leaveDeadSocket(join(directory, 'engine.sock'));
    expect(await codeOf(askEngine(directory, { verb: 'status' }))).toBe('ENGINE_NOT_RUNNING');

    const claim = await claimDataDirectory(directory, door());

    expect(await holderOf(directory)).toMatchObject({ sessionId: 's-7' });
    await claim.release();
  });

  it('does not take over from a holder that hangs', async () => {
    const directory = freshDirectory();
    mkdirSync(directory);
    const hanging = createServer(() => undefined).listen(join(directory, 'engine.sock'));
    await once(hanging, 'listening');

    const refusal = await failureOf(claimDataDirectory(directory, door()));

    expect(refusal).toMatchObject({ code: 'DATA_DIRECTORY_HELD', holder: undefined });
    hanging.close();
  });

  it('can be claimed again after a release', async () => {
    const directory = freshDirectory();
    const first = await claimDataDirectory(directory, door());
    await first.release();
    expect(first.isHeld()).toBe(false);
    expect(await holderOf(directory)).toBeUndefined();

    const second = await claimDataDirectory(directory, door());

    expect(second.isHeld()).toBe(true);
    await second.release();
    expect(existsSync(join(directory, 'engine.sock'))).toBe(false);
    expect(existsSync(join(directory, 'engine.claim'))).toBe(false);
  });

  it('notices that its socket was removed and bound by another', async () => {
    const directory = freshDirectory();
    const claim = await claimDataDirectory(directory, door());
    rmSync(join(directory, 'engine.sock'));
    expect(claim.isHeld()).toBe(false);
    const other = await claimDataDirectory(directory, door());

    expect([claim.isHeld(), other.isHeld()]).toEqual([false, true]);
    await releaseAll([other, claim]);
  });

  it('passes a gate that a dead process left', async () => {
    const directory = freshDirectory();
    mkdirSync(directory);
    writeFileSync(join(directory, 'engine.claim'), String(await deadPid()));

    const claim = await claimDataDirectory(directory, door());

    expect(claim.isHeld()).toBe(true);
    await claim.release();
  });

  it('leaves a file alone that only has the name of the socket', async () => {
    const directory = freshDirectory();
    mkdirSync(directory);
    writeFileSync(join(directory, 'engine.sock'), 'precious');

    const code = await codeOf(claimDataDirectory(directory, door()));

    expect(code).toBe('DATA_DIRECTORY_UNUSABLE');
    expect(existsSync(join(directory, 'engine.sock'))).toBe(true);
  });

  it('works in a directory whose path is longer than a socket path may be', async () => {
    const directory = join(freshDirectory(), 'd'.repeat(120));
    const claim = await claimDataDirectory(directory, door());

    expect(await askEngine(directory, { verb: 'echo', text: 'hi' })).toEqual({ text: 'hi' });
    expect(await codeOf(claimDataDirectory(directory, door()))).toBe('DATA_DIRECTORY_HELD');
    expect(claim.isHeld()).toBe(true);
    await claim.release();

    expect(await codeOf(askEngine(directory, { verb: 'echo' }))).toBe('ENGINE_NOT_RUNNING');
  });

  it('is the same directory by whatever path it is named', async () => {
    const directory = freshDirectory();
    const claim = await claimDataDirectory(directory, door());
    const detour = join(directory, '..', directory.split('/').at(-1) ?? '');

    expect(await codeOf(claimDataDirectory(detour, door()))).toBe('DATA_DIRECTORY_HELD');
    await claim.release();
  });
});

describe('a release', () => {
  it('ends although an answer never comes', async () => {
    const directory = freshDirectory();
    const silent = door({ answer: () => new Promise<Answer>(() => undefined) });
    const claim = await claimDataDirectory(directory, silent);
    const asking = codeOf(askEngine(directory, { verb: 'stop' }, 10_000));
    await askEngine(directory, { verb: 'identify' });

    await claim.release();

    expect(await asking).toBe('ENGINE_SILENT');
  });
});

describe('askEngine', () => {
  it('says ENGINE_NOT_RUNNING where there is no directory or no engine', async () => {
    const directory = freshDirectory();
    expect(await codeOf(askEngine(directory, { verb: 'status' }))).toBe('ENGINE_NOT_RUNNING');
    mkdirSync(directory);

    const failure = await failureOf(askEngine(directory, { verb: 'status' }));

    expect(failure).toMatchObject({ code: 'ENGINE_NOT_RUNNING', outcome: 'notDone' });
  });

  it('gives up at its deadline and does not know what happened', async () => {
    const directory = freshDirectory();
    const silent = door({ answer: () => new Promise<Answer>(() => undefined) });
    const claim = await claimDataDirectory(directory, silent);

    const failure = await failureOf(askEngine(directory, { verb: 'stop' }, 50));

    expect(failure).toMatchObject({ code: 'ENGINE_SILENT', outcome: 'unknown' });
    await claim.release();
  });

  it('tells the asker and the door where an answer fails', async () => {
    const directory = freshDirectory();
    const faults: unknown[] = [];
    const claim = await claimDataDirectory(
      directory,
      door({
        answer: () => Promise.reject(new Error('no such verb')),
        fault: (error) => faults.push(error),
      }),
    );

    const failure = await failureOf(askEngine(directory, { verb: 'dance' }));

    expect(failure).toMatchObject({ code: 'ENGINE_FAILED', message: 'no such verb' });
    expect(faults).toHaveLength(1);
    await claim.release();
  });

  it('answers askers at the same time, large answers whole', async () => {
    const directory = freshDirectory();
    const claim = await claimDataDirectory(directory, door());
    const texts = Array.from({ length: 20 }, (_, at) => `${at}é`.repeat(at * 300));

    const answers = await Promise.all(
      texts.map((text) => askEngine(directory, { verb: 'echo', text })),
    );

    expect(answers).toEqual(texts.map((text) => ({ text })));
    await claim.release();
  });

  it('says ENGINE_UNREADABLE of an answer that is not ours', async () => {
    const directory = freshDirectory();
    mkdirSync(directory);
    const babbling = createServer((socket) => socket.end('hello\n'));
    babbling.listen(join(directory, 'engine.sock'));
    await once(babbling, 'listening');

    expect(await codeOf(askEngine(directory, { verb: 'status' }))).toBe('ENGINE_UNREADABLE');
    babbling.close();
  });
});

describe('the control channel', () => {
  it('refuses what is no command and hangs up on a line without end', async () => {
    const directory = freshDirectory();
    const claim = await claimDataDirectory(directory, door());
    const path = join(directory, 'engine.sock');

    expect(await exchange(path, 'garbage\n')).toContain('an object with a verb');
    expect(await exchange(path, '{"verb":1}\n')).toContain('an object with a verb');
    expect(await exchange(path, '[]\n')).toContain('an object with a verb');
    expect(await exchange(path, 'x'.repeat(200_000))).toBe('');
    expect(await askEngine(directory, { verb: 'echo' })).toEqual({});
    await claim.release();
  });
});

function door(over: Partial<EngineDoor> = {}): EngineDoor {
  return {
    describe: () => ({ sessionId: 's-7', sinceUs: 1_700_000_000_000_000 }),
    answer: async ({ verb: _verb, ...rest }: Command): Promise<Answer> => rest,
    fault: (error) => expect.unreachable(String(error)),
    ...over,
  };
}

function freshDirectory(): string {
  made += 1;
  return join(root, String(made));
}

async function releaseAll(claims: readonly Claim[]): Promise<void> {
  for (const claim of claims) await claim.release();
}

/** A process binds the path and is killed, so that nobody removes the socket. */
async function leaveDeadSocket(path: string): Promise<void> {
  mkdirSync(join(path, '..'), { recursive: true });
  const listen = `listen(${JSON.stringify(path)}, () => console.log(1))`;
  const code = `require('net').createServer().${listen}`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(path)).toBe(true);
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

/** What the server says before it hangs up. */
async function exchange(path: string, text: string): Promise<string> {
  const socket = connect(path);
  let said = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => (said += String(chunk)));
  socket.on('error', () => undefined);
  socket.write(text);
  return new Promise((resolve) => socket.on('close', () => resolve(said)));
}

function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  const failure = await failureOf(promise);
  return failure instanceof Error && 'code' in failure ? failure.code : undefined;
}
