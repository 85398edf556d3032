import { expect, it } from 'vitest';
import { leaseAccount } from '../../../src/compose/live/account-lease.ts';

const describeAs = (sessionId: string) => () => ({ sessionId, sinceUs: 0 });

it('H6: lets one process at a time trade an account, and names it', async () => {
  const account = `TEST-${process.pid}`;
  const first = await leaseAccount(account, describeAs('first'));
  const other = await leaseAccount(`${account}-2`, describeAs('other'));

  await expect(leaseAccount(account, describeAs('second'))).rejects.toMatchObject({
    code: 'LIVE_ACCOUNT_HELD',
    message: `account ${account} is traded by process ${process.pid}, first already`,
  });
  await first.release();
  const second = await leaseAccount(account, describeAs('second'));
  await Promise.all([second.release(), other.release()]);
});
