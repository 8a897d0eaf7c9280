/** A simulation tells what happened, also where the worker is slow, and gives every mail as it went out. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import { simpleParser } from 'mailparser';
import { diligent } from '../../worker/simulation/scenario';
import type { Simulation, SimulationWorkerOptions } from '../../worker/simulation/simulate';
import { startSimulationWorker } from '../../worker/simulation/simulate';
import { exampleContract } from '../helpers/example';
import { play } from '../helpers/play';

/** From a day that most years do not have. */
const contract = exampleContract({ signedOn: '2028-02-01', startsOn: '2028-02-29' });
// An integration is checked by its check after the upgrade.
const { monitors } = contract;
if (monitors[0]) Object.assign(monitors[0], { integration: 'webshop-orders' });

const scenario: Parameters<typeof play>[0] = {
  contract,
  digests: true,
  scenario: (db) => diligent(db, contract.agreement),
};

/** Comes late, and ends and begins again every few seconds: what it was to do waits for it each time. */
async function startFitfulWorker(options: SimulationWorkerOptions) {
  // Without anything native the SDK ends its runtime, also under a replay that has just begun.
  const connection = await NativeConnection.connect({ address: options.temporalAddress });
  let ending = false;
  const live = async (): Promise<void> => {
    while (!ending) {
      await pause(1_000);
      const worker = await startSimulationWorker(options);
      for (let waited = 0; waited < 6_000 && !ending; waited += 100) await pause(100);
      await worker.stop();
    }
  };
  const over = live();
  return {
    stop: async () => {
      ending = true;
      await over;
      await connection.close();
    },
  };
}

const told = ({ years }: Simulation): string[] =>
  years.flatMap(({ year, outcome, timeline }) => [
    `${year}: ${outcome}`,
    ...timeline.map(({ at, kind, id, detail }) => `${at.slice(0, 13)} ${kind} ${id} ${detail}`).sort(),
  ]);

describe('a year that begins on 29 February', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mails-'));
  let undisturbed: Simulation;

  beforeAll(async () => {
    undisturbed = await play({ ...scenario, mailsTo: path.join(folder, 'new') });
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is told whole', () => {
    expect(undisturbed.years[0]!.outcome).toBe('fulfilled');
    expect(undisturbed.years[0]!.timeline.length).toBeGreaterThan(90);
    const asked = told(undisturbed).filter((line) => line.includes('integrationMonitored'));
    expect(asked).toEqual([expect.stringContaining('i en simulering görs inga kontroller')]);
  });

  it('is told the same by a worker that comes and goes', async () => {
    const disturbed = await play({ ...scenario, startWorker: startFitfulWorker });
    expect(told(disturbed)).toEqual(told(undisturbed));
  });

  it('gives every mail as it went out, in the order of the story', async () => {
    const files = readdirSync(path.join(folder, 'new')).sort();
    const names = files.filter((name) => name.endsWith('.eml'));
    const { mails } = undisturbed.years[0]!;
    expect(undisturbed.mails).toMatchObject({ written: names.length });
    const parsed = await Promise.all(
      names.map((name) => simpleParser(readFileSync(path.join(folder, 'new', name)))),
    );
    const ids = parsed.map(({ messageId }) => messageId);
    expect(ids).toEqual(expect.arrayContaining(mails.map(({ messageId }) => messageId)));
    // Beside each lies its HTML, to open in a browser.
    const pages = files.filter((name) => name.endsWith('.html') && name !== 'index.html');
    expect(pages.map((name) => name.replace(/html$/, 'eml'))).toEqual(names);
    expect(readFileSync(path.join(folder, 'new', pages[0]!), 'utf8')).toContain('<html');
    expect(names.some((name) => /^2028-\d\d-\d\dT\d{4}-meeting-1-call-anna\.berg@/.test(name))).toBe(true);
  });

  it('writes into no folder that holds anything, and says what it found', async () => {
    const full = mkdtempSync(path.join(folder, 'full-'));
    writeFileSync(path.join(full, 'mine.txt'), 'mine');
    await expect(play({ ...scenario, mailsTo: full })).rejects.toThrow(/expected an empty folder.*found/);
    expect(existsSync(path.join(full, 'mine.txt'))).toBe(true);
    await expect(play({ ...scenario, mailsTo: path.join(full, 'mine.txt') })).rejects.toThrow(
      /expected a folder .*found a file of that name/,
    );
    await expect(play({ ...scenario, mailsTo: '' })).rejects.toThrow('found nothing');
  });
});
