import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createPartKeeper, logFile } from '../../../worker/local/parts';
import { writeConfig } from '../../../worker/local/temporal-server';

let dataDir: string;

beforeEach(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'private-folder-'));
});
afterEach(() => fs.rmSync(dataDir, { recursive: true }));

const modeOf = (place: string): string => (fs.statSync(place).mode & 0o777).toString(8);

describe('logs and configuration', () => {
  it('are closed to others, also those that were open from before', async () => {
    const old = logFile(dataDir, 'old');
    fs.mkdirSync(path.dirname(old), { mode: 0o755 });
    for (const file of [old, logFile(dataDir, 'mail')]) fs.writeFileSync(file, 'Karin Ek\n', { mode: 0o644 });
    const keeper = createPartKeeper(dataDir, () => undefined);
    try {
      for (const name of ['mail', 'postgres'])
        keeper.start({
          name,
          command: process.execPath,
          args: ['-e', 'setInterval(() => {}, 1000)'],
          cwd: dataDir,
          stopOrder: 1,
          stopSignals: [{ signal: 'SIGKILL', waitMs: 5_000 }],
        });
      writeConfig(path.join(dataDir, 'temporal', 'server.yaml'), { password: 'secret' });
    } finally {
      await keeper.close();
    }
    expect(['logs', 'temporal'].map((name) => modeOf(path.join(dataDir, name)))).toEqual(['700', '700']);
    const files = ['old', 'mail', 'postgres'].map((name) => logFile(dataDir, name));
    expect([...files, path.join(dataDir, 'temporal', 'server.yaml')].map(modeOf)).toEqual(
      Array(4).fill('600'),
    );
    expect(fs.readFileSync(logFile(dataDir, 'mail'), 'utf8')).toBe('Karin Ek\n');
  });
});
