import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../worker/settings/configuration';
import { playKilledLedgers } from '../helpers/killed-ledger';

const folder = path.join(projectRoot, '.data/test');

describe('ledgers whose year closes and whose rolled hours lapse while our process, Temporal and PostgreSQL are killed', () => {
  it('hold every report once, and end as in an undisturbed life', async () => {
    mkdirSync(folder, { recursive: true });
    expect(await playKilledLedgers({ seed: 1, agreements: 2, kills: 1, folder })).toEqual([]);
  }, 600_000);
});
