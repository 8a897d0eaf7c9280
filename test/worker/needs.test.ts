import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openDb } from '../../activities/db';
import { disksTakeData, temporalAnswers } from '../../worker/processes/needs';
import { openClient } from '../../worker/temporal/temporal-connection';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';
import { listen } from './intake/listening';
import { openProxy } from './proxy';

let database: FreshDatabase;
let folder: string;

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'needs-'));
  database = await freshDatabase();
});

afterEach(async () => {
  fs.rmSync(folder, { recursive: true });
  await database.close();
});

/** What `/readyz` of an intake at this address says. */
async function readyz(url: string): Promise<[number, string]> {
  const answer = await fetch(`${url}/readyz`);
  return [answer.status, (await answer.text()).trim()];
}

describe('/readyz', () => {
  it('is not ready while Temporal is stopped, and ready when it is back', async () => {
    const { temporalAddress, namespace } = testStack();
    const proxy = await openProxy(temporalAddress);
    const client = await openClient({ ...testStack(), temporalAddress: `127.0.0.1:${proxy.port}` });
    const intake = await listen(database.db, { needs: [temporalAnswers(client, namespace)] });
    expect(await readyz(intake.url)).toEqual([200, 'ready']);
    await proxy.goDown();
    expect(await readyz(intake.url)).toEqual([503, 'not ready: Temporal does not answer']);
    expect((await fetch(`${intake.url}/healthz`)).status).toBe(200);
    await proxy.comeBack();
    const until = Date.now() + 30_000;
    while ((await readyz(intake.url))[0] !== 200) expect(Date.now()).toBeLessThan(until);
    await intake.stop();
    await client.connection.close();
    await proxy.goDown();
  });

  // `/dev/full` is a disk on which nothing is left.
  (fs.existsSync('/dev/full') ? it : it.skip)('is not ready while a disk is full', async () => {
    const logged: string[] = [];
    const fine = fs.mkdtempSync(path.join(folder, 'fine-'));
    const needs = [disksTakeData([fine, folder], (line) => logged.push(line))];
    const intake = await listen(database.db, { needs });
    expect(await readyz(intake.url)).toEqual([200, 'ready']);
    fs.symlinkSync('/dev/full', path.join(folder, `writable-${process.pid}`));
    expect(await readyz(intake.url)).toEqual([503, 'not ready: the data folder cannot be written (ENOSPC)']);
    expect(logged).toEqual([expect.stringContaining(`${folder} cannot be written: ENOSPC`)]);
    expect(await readyz(intake.url)).toEqual([200, 'ready']);
    await intake.stop();
  });

  it('is not ready while PostgreSQL has no room to write', async () => {
    const [{ name } = { name: '' }] = await database.db.query<{ name: string }>(
      'select current_database() as name',
    );
    const said: [number, string][] = [];
    for (const change of ['set temp_file_limit = 0', 'reset temp_file_limit']) {
      await database.db.query(`alter database "${name}" ${change}`);
      // What is set for a database applies to connections that are opened later.
      const db = openDb(database.databaseUrl);
      const intake = await listen(db);
      said.push(await readyz(intake.url));
      await intake.stop();
      await db.close();
    }
    expect(said).toEqual([
      [503, 'not ready: the database has no room to write'],
      [200, 'ready'],
    ]);
  });

  it('is not ready while the data folder is away, and leaves nothing in one that is there', async () => {
    const place = path.join(folder, 'data');
    fs.mkdirSync(place);
    const intake = await listen(database.db, { needs: [disksTakeData([place], () => undefined)] });
    expect(await readyz(intake.url)).toEqual([200, 'ready']);
    expect(fs.readdirSync(place)).toEqual([]);
    fs.rmdirSync(place);
    expect(await readyz(intake.url)).toEqual([503, 'not ready: the data folder cannot be written (ENOENT)']);
    await intake.stop();
  });
});
