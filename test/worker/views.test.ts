import { rmSync } from 'node:fs';
import { viewsOf } from '../../worker/commands/views';
import { workflowsLink } from '../../worker/temporal/web-ui-links';
import { sign } from '../activities/signed-agreement';
import { serviceavtalOn, writeDownStack } from '../helpers/command-line';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';

const now = '2027-03-10T08:00:00.000Z';
const queries = (consultant?: string): Record<string, string> =>
  Object.fromEntries(
    viewsOf('http://web/namespaces/serviceavtal/workflows', now, consultant).map(({ name, query }) => [
      name,
      query,
    ]),
  );

it('narrows each list to the consultant who asks', () => {
  expect(queries('konsult-1')).toEqual({
    agreements: 'Consultant="konsult-1" AND ExecutionStatus="Running"',
    overdue: `Consultant="konsult-1" AND NextDue < "${now}" AND ExecutionStatus="Running"`,
    attention: 'Consultant="konsult-1" AND Attention IS NOT NULL AND ExecutionStatus="Running"',
    upgrades: 'Consultant="konsult-1" AND UpgradePhase IS NOT NULL AND ExecutionStatus="Running"',
  });
});

it('lists everybody’s agreements where nobody is named', () => {
  expect(queries().agreements).toBe('WorkflowType="agreementYear" AND ExecutionStatus="Running"');
  expect(queries().overdue).toContain('WorkflowType="agreementYear" AND NextDue < ');
  expect(queries().alerts).toBe(
    'WorkflowType="monitoring" AND Attention IS NOT NULL AND ExecutionStatus="Running"',
  );
});

it('carries the filter in the address, whole', () => {
  for (const { link, query } of viewsOf('http://web/namespaces/serviceavtal/workflows', now, 'konsult-1'))
    expect(new URL(link).searchParams.get('query')).toBe(query);
});

it('leads to the address under which people reach the Web UI, where one is set', () => {
  const stack = { namespace: 'live', webUiUrl: 'http://127.0.0.1:8233' };
  expect(workflowsLink({ webUiUrl: 'https://avtal.example.com/' }, stack)).toBe(
    'https://avtal.example.com/namespaces/live/workflows',
  );
  expect(workflowsLink({ webUiUrl: undefined }, stack)).toBe(
    'http://127.0.0.1:8233/namespaces/live/workflows',
  );
});

describe('`serviceavtal views`', () => {
  let database: FreshDatabase;
  let dataDir: string;

  beforeAll(async () => {
    database = await freshDatabase();
    await sign(database.db);
    dataDir = writeDownStack({ ...testStack(), databaseUrl: database.databaseUrl });
  });

  afterAll(async () => {
    rmSync(dataDir, { recursive: true });
    await database.close();
  });

  it('prints four links into the Web UI of the running stack', async () => {
    const { code, out } = await serviceavtalOn(
      dataDir,
      'views',
      '--consultant',
      'konsult-1',
      '--language',
      'en',
    );
    expect(code).toBe(0);
    const links = out.split('\n').filter((line) => line.includes(`${testStack().webUiUrl}/namespaces/`));
    expect(links).toHaveLength(4);
    expect(out).toContain('agreements of konsult-1');
    const swedish = await serviceavtalOn(dataDir, 'views', '--consultant', 'konsult-1');
    expect(swedish.out).toMatch(
      /avtal för konsult-1\n[^]*ett steg skulle ha gjorts före [^]*en uppgradering pågår\n/,
    );
    expect(swedish.out).not.toMatch(/agreements of|attention\n|under way/);
  });

  it('names the consultants there are when it is asked for another', async () => {
    const { code, errors } = await serviceavtalOn(dataDir, 'views', '--consultant', 'anna');
    expect(code).toBe(1);
    expect(errors).toContain('förväntade id för en dedikerad konsult (konsult-1), hittade "anna"');
    const english = await serviceavtalOn(dataDir, 'views', '--consultant', 'anna', '--language', 'en');
    expect(english.errors).toContain('expected the id of a dedicated consultant (konsult-1), found "anna"');
  });
});
