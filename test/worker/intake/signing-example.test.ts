import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { publishRuleset } from '../../../activities/agreements/rulesets';
import { lookAtAmendment } from '../../../activities/signings/amendments';
import { listDeliveries } from '../../../activities/signings/delivery-commands';
import { settleDeliveries } from '../../../activities/signings/settle-deliveries';
import { freshDatabase } from '../../helpers/stack';
import { readContractFile } from '../../../worker/files/read-contract-file';
import { readRules } from '../../../worker/files/rule-files';
import { openMappings } from '../../../worker/files/signing-mappings';
import { allKeys, listenToServices } from './sending';

const root = path.join(__dirname, '../../..');
const rulesDir = path.join(root, 'rules');

/** A document's first block for a shell, and the key that it says to start with. */
function exampleIn(document: string): { block: string; key: string } {
  const text = readFileSync(path.join(root, 'docs', document), 'utf8');
  return {
    block: /```sh\n([\s\S]*?)```/.exec(text)?.[1] ?? '',
    key: /SERVICEAVTAL_SIGNED_KEYS=(\S+) npm start/.exec(text)?.[1] ?? '',
  };
}

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
  const { block, key } = exampleIn('signing-services.md');
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

where('the three documents to try with start an agreement, amend it, and wait', async () => {
  const database = await freshDatabase();
  const { db } = database;
  await publishRuleset(db, readRules(rulesDir).ruleset, { author: 'test', message: 'in force' });
  const { block, key } = exampleIn('signing.md');
  const intake = await listenToServices(db, {
    now: Date.now,
    signing: { ...allKeys, signed: () => [key] },
  });
  const env = { ...process.env, INTAKE: intake.url };
  const { stdout } = await promisify(execFile)('sh', ['-eu', '-c', block], { cwd: root, env });
  expect(stdout).toBe('received\n'.repeat(3));
  await settleDeliveries({ db, apis: {}, mappingOf: openMappings(rulesDir, () => undefined) }, 'signed', 10);
  const { deliveries } = await listDeliveries(db, { state: 'all', limit: 10 });
  expect(deliveries).toMatchObject([
    { document: 'avtalsarkiv-1', state: 'done', result: 'started', agreement: 'norrbygg-2027' },
    { document: 'avtalsarkiv-2', state: 'done', result: 'amendment', agreement: 'norrbygg-2027' },
    { document: 'avtalsarkiv-3', state: 'waiting', agreement: null },
  ]);
  const { values } = await lookAtAmendment(db, 1, '2026-11-24T10:00:00Z');
  expect(values).toMatchObject([
    { path: 'hourBank.hours', from: 120, to: 160 },
    { path: 'systems.visma-business.version', from: '17.0', to: '18.0' },
  ]);
  await intake.stop();
  await database.close();
});
