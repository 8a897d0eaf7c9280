import { openDb, schemaFingerprint } from '../../activities/db';
import { cloneDatabase } from '../../worker/simulation/databases';
import { testStack } from '../helpers/stack';
import { takeDatabase } from '../helpers/spare-databases';

const mockFingerprint = `t${process.pid}_${Date.now()}`;
jest.mock('../../activities/db', (): unknown => ({
  ...jest.requireActual<object>('../../activities/db'),
  schemaFingerprint: () => mockFingerprint,
}));

it('makes the template once, also when several databases of one server ask for it at once', async () => {
  expect(schemaFingerprint()).toBe(mockFingerprint);
  const { databaseUrl } = testStack();
  const others = await Promise.all([1, 2, 3].map(() => takeDatabase(databaseUrl, 'clones')));
  const askers = [databaseUrl, ...others.map((other) => other.databaseUrl)].flatMap((url) => [url, url]);
  const admin = openDb(databaseUrl);
  try {
    await admin.query(`drop database template_${mockFingerprint}`);
    const clones = await Promise.all(
      askers.map((asker, at) => cloneDatabase(asker, `clone_${mockFingerprint}_${at}`)),
    );
    const left = await admin.query<{ datname: string }>(
      'select datname from pg_database where datname like $1',
      [`template_${mockFingerprint}%`],
    );
    expect(left.map(({ datname }) => datname)).toEqual([`template_${mockFingerprint}`]);
    const known = await Promise.all(
      clones.map(async (clone) => {
        const db = openDb(clone.databaseUrl);
        return db.query('select 1 from agreements').finally(() => db.close());
      }),
    );
    expect(known).toEqual(askers.map(() => []));
    await Promise.all(clones.map((clone) => clone.drop()));
  } finally {
    await admin.query(`drop database if exists template_${mockFingerprint}`).finally(() => admin.close());
    await Promise.all(others.map((other) => other.leave()));
  }
});
