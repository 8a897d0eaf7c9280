import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { freshDatabase } from '../../helpers/stack';
import { readContractFile } from '../../../worker/read-contract-file';
import { allKeys, listenToServices } from './sending';

const root = path.join(__dirname, '../../..');
const text = readFileSync(path.join(root, 'docs/signing-services.md'), 'utf8');
const block = /```sh\n([\s\S]*?)```/.exec(text)?.[1] ?? '';

/** What the example needs beyond a shell; not every machine has it. */
const missing = ['curl', 'openssl'].filter((program) => {
  try {
    execFileSync(program, [program === 'curl' ? '--version' : 'version'], { stdio: 'ignore' });
    return false;
  } catch {
    return true;
  }
});
const where = missing.length === 0 ? it : it.skip;

where('the example of our own form, as it can be copied, delivers a contract', async () => {
  const database = await freshDatabase();
  const key = /SERVICEAVTAL_SIGNED_KEYS=(\S+) npm start/.exec(text)?.[1] ?? '';
  const intake = await listenToServices(database.db, {
    now: Date.now,
    signing: { ...allKeys, signed: () => [key] },
  });
  const run = async (more: NodeJS.ProcessEnv = {}): Promise<string> => {
    const env = { ...process.env, INTAKE: intake.url, ...more };
    return (await promisify(execFile)('sh', ['-eu', '-c', block], { cwd: root, env })).stdout;
  };
  expect(await run()).toMatch(
    /^HTTP\/1\.1 200 [\s\S]*^serviceavtal-delivery: \d+\r\n[\s\S]*\r\n\r\nreceived\n$/m,
  );
  expect(await run()).toMatch(/\r\n\r\nknown\n$/);
  expect(await run({ KEY: 'another' })).toMatch(/^HTTP\/1\.1 401 /);
  const rows = await database.db.query<{ body: Buffer; state: string }>('select body, state from deliveries');
  expect(rows).toMatchObject([{ state: 'received' }]);
  const { document, contract } = JSON.parse(rows[0]!.body.toString()) as Record<string, unknown>;
  expect(document).toMatchObject({ id: 'try-1' });
  const example = readContractFile(path.join(root, 'examples/testbolaget.json'));
  const changed = { agreement: 'provbolaget-2027', customer: { ...example.customer, id: 'provbolaget' } };
  expect(contract).toMatchObject({ ...example, ...changed });
  await intake.stop();
  await database.close();
});
