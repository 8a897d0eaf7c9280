import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../worker/settings/configuration';
import { playBurst } from '../helpers/signing-burst';

const folder = path.join(projectRoot, '.data/test');

describe('a burst of signings while our process, Temporal and PostgreSQL are killed', () => {
  it('becomes one agreement for each, and one welcome for each customer contact', async () => {
    mkdirSync(folder, { recursive: true });
    expect(await playBurst({ seed: 1, signings: 24, kills: 3, folder })).toEqual([]);
  }, 600_000);
});
