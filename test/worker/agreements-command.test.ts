import { rmSync } from 'node:fs';
import { publishWorkingRules, sign } from '../activities/signed-agreement';
import { serviceavtal, serviceavtalOn, writeDownStack } from '../helpers/command-line';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';

let database: FreshDatabase;
let dataDir: string;
let withoutTemporal: string;

beforeAll(async () => {
  database = await freshDatabase();
  const stack = { ...testStack(), databaseUrl: database.databaseUrl };
  dataDir = writeDownStack(stack);
  withoutTemporal = writeDownStack({ ...stack, temporalAddress: '127.0.0.1:1' });
  await publishWorkingRules(database.db);
  await sign(database.db, { agreement: 'signed-only' });
});

afterAll(async () => {
  for (const folder of [dataDir, withoutTemporal]) rmSync(folder, { recursive: true });
  await database.close();
});

describe('serviceavtal agreements', () => {
  it.each([
    [
      ['agreements', '--help'],
      ['sick', 'cure'],
    ],
    [
      ['agreements', 'cure', '--help'],
      ['--yes', 'skickas igen', 'npx serviceavtal agreements cure testbolaget-2027'],
    ],
  ])('%j says what it does', async (args, words) => {
    const { code, out } = await serviceavtal(...args);
    expect(code).toBe(0);
    for (const word of words) expect(out).toContain(word);
  });

  it('says that all is well where nothing was found', async () => {
    expect(await serviceavtalOn(dataDir, 'agreements')).toMatchObject({
      code: 0,
      out: 'Alla workflow mår bra, så långt den senaste titten på Temporal såg.\n',
    });
    expect(await serviceavtalOn(dataDir, 'agreements', 'sick', '--language', 'en')).toMatchObject({
      code: 0,
      out: 'All workflows are well, as far as the last look at Temporal saw.\n',
    });
  });

  it.each([
    [
      'nobody',
      'förväntade ett signerat avtal, hittade inget med numret nobody',
      'expected a signed agreement, found none with number nobody',
    ],
    [
      'agreement-nobody',
      'förväntade ett signerat avtal, ',
      'expected a signed agreement, found none with number nobody',
    ],
    [
      'monitoring-nobody',
      'förväntade ett signerat avtal, ',
      'expected a signed agreement, found none with number nobody',
    ],
    [
      '',
      'förväntade ett avtalsnummer eller id för ett workflow',
      "expected an agreement's number or the id of a workflow",
    ],
  ])('cures nobody that it does not know: %j', async (id, swedish, english) => {
    const cure = (...more: string[]) => serviceavtalOn(dataDir, 'agreements', 'cure', id, '--yes', ...more);
    const [first, second] = [await cure(), await cure('--language', 'en')];
    expect([first.code, second.code]).toEqual([1, 1]);
    expect(first.errors).toContain(swedish);
    expect(second.errors).toContain(english);
  });

  it('says that an agreement that never started would be started, and starts nothing unasked', async () => {
    const cure = (...more: string[]) => serviceavtalOn(dataDir, 'agreements', 'cure', 'signed-only', ...more);
    const swedish = await cure();
    expect(swedish.out).toMatch(/^agreement-signed-only: [^]*\nDet skulle startas\.\n$/);
    expect(swedish.out).not.toMatch(/Temporal does|never/);
    expect(swedish.errors).toMatch(
      /^Bota agreement-signed-only\? Det finns ingen terminal[^]*\nInget är ändrat\.\n$/,
    );
    const { code, out, errors } = await cure('--language', 'en');
    expect(out).toBe(
      'agreement-signed-only: Temporal does not have it: it never started, or was removed.\nIt would be started.\n',
    );
    expect(errors).toContain('Nothing was changed.');
    expect(code).toBe(1);
  });

  it('says so where Temporal does not answer', async () => {
    const { code, errors } = await serviceavtalOn(
      withoutTemporal,
      'agreements',
      'cure',
      'signed-only',
      '--yes',
      '--language',
      'en',
    );
    expect(code).toBe(1);
    expect(errors).toContain('Temporal at 127.0.0.1:1 does not answer');
  });

  it('takes --json only together with --yes: nobody is asked', async () => {
    const { code, errors } = await serviceavtalOn(
      dataDir,
      'agreements',
      'cure',
      'signed-only',
      '--json',
      '--language',
      'en',
    );
    expect(code).toBe(1);
    expect(errors).toContain('expected --yes with --json');
  });
});
