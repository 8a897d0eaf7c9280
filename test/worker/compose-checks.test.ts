/** The authorities that a worker's checks trust. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { composeChecks } from '../../worker/processes/compose-checks';
import { authority, certificateOf, watchedCheck, webTarget } from '../helpers/targets';

it('trusts the authorities in the file that NODE_EXTRA_CA_CERTS names besides the usual ones', async () => {
  const [one, other] = await Promise.all([
    authority(),
    certificateOf({ name: 'Another authority', toDay: 90 }),
  ]);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'serviceavtal-authorities-'));
  const file = path.join(folder, 'authorities.pem');
  await writeFile(file, `# ours\n${other.cert}\n\n${one.certificate}\n`);
  const before = process.env.NODE_EXTRA_CA_CERTS;
  const server = await webTarget((_, response) => response.end(), {
    certificate: await one.issue({ toDay: 90 }),
  });
  const found = async (given: string): Promise<string> => {
    process.env.NODE_EXTRA_CA_CERTS = given;
    const checks = composeChecks({ allow: ['127.0.0.0/8'], files: [], secret: () => undefined });
    const check = watchedCheck({ kind: 'tls', host: '127.0.0.1', port: server.port });
    const { outcome } = await checks.runCheck(check, new AbortController().signal);
    checks.close();
    return outcome;
  };
  try {
    expect(await found(file)).toBe('ok');
    expect(await found('')).toBe('down');
    expect(await found(`${file}.gone`)).toBe('down');
  } finally {
    if (before === undefined) delete process.env.NODE_EXTRA_CA_CERTS;
    else process.env.NODE_EXTRA_CA_CERTS = before;
    await Promise.all([server.close(), rm(folder, { recursive: true })]);
  }
});
