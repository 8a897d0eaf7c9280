import type { Contract } from '../../rules/engine/contract/contract';
import type { Check } from '../../rules/engine/contract/monitor';
import { checkProblems } from '../../rules/engine/terms/check-problems';
import { agreedChecks } from '../../rules/engine/monitoring/watched-checks';
import { readContract } from '../../rules/engine/contract/read-contract';
import type { MonitoringTerms, Terms } from '../../rules/engine/ruleset/terms';
import { exampleContract } from '../helpers/example';
import { guldTerms } from './fixtures';

let all: Terms;
beforeAll(async () => {
  all = await guldTerms();
});
const terms = (checks: MonitoringTerms['checks']): Terms => {
  return { ...all, monitoring: { ...all.monitoring, checks } };
};
const contract = (monitors: Check[]): Contract => exampleContract({ monitors });
const shop: Check = { id: 'shop', kind: 'http', name: 'Web shop', url: 'https://shop.example.com/' };

describe('checks of contract and rules together', () => {
  test.each<[what: string, Check[], MonitoringTerms['checks'], expected: string[]]>([
    ['a whole check in the contract', [shop], {}, []],
    ['a rule changes settings of it', [shop], { shop: { intervalMinutes: 1, slowSeconds: 2 } }, []],
    ['a rule declares one whole', [], { disk: { kind: 'process', name: 'Disk', program: 'vbus' } }, []],
    [
      'a rule speaks of one that nobody declared',
      [],
      { disk: { intervalMinutes: 1 } },
      [
        'monitors.disk: expected property "kind", found none',
        'monitors.disk: expected property "name", found none',
      ],
    ],
    [
      "a rule gives what the check's kind does not take",
      [shop],
      { shop: { folder: '/orders' } },
      [expect.stringContaining('monitors.shop.folder: expected one of id, kind, name') as unknown as string],
    ],
    [
      'half of an address',
      [],
      { erp: { kind: 'tcp', name: 'ERP', host: 'erp.example.com' } },
      ['monitors.erp: expected "port" beside "host", found none'],
    ],
    [
      'a parent that is not there',
      [{ ...shop, dependsOn: ['line'] }],
      {},
      ["monitors.shop.dependsOn: expected one of the agreement's checks (shop), found line"],
    ],
    [
      'an integration that the contract has not, named by the rules',
      [shop],
      { shop: { integration: 'web' } },
      [
        "monitors.shop.integration: expected one of the contract's integrations (webshop-orders, payroll-vouchers), found web",
      ],
    ],
    [
      'parents in a circle',
      [{ ...shop, dependsOn: ['line'] }],
      { line: { kind: 'tcp', name: 'Line', host: 'example.com', port: 443, dependsOn: ['shop'] } },
      [
        'monitors.shop.dependsOn: expected checks that do not depend on it themselves, found a circle',
        'monitors.line.dependsOn: expected checks that do not depend on it themselves, found a circle',
      ],
    ],
  ])('%s', (_what, monitors, checks, expected) => {
    expect(checkProblems(contract(monitors), terms(checks)).map(({ en }) => en)).toEqual(expected);
  });

  test('a check is watched, not set up yet, or cannot be run, and says which', () => {
    const checks = agreedChecks(
      contract([
        shop,
        { id: 'import', kind: 'files', name: 'Import' },
        { ...shop, id: 'inside', notPossible: 'the hosting partner lets nothing in' },
      ]),
      terms({}),
    );
    expect(checks.map(({ state, watched }) => [watched.check.id, state])).toEqual([
      ['shop', 'watched'],
      ['import', 'notSetUp'],
      ['inside', 'notPossible'],
    ]);
  });

  test('what holds for a check: the terms, over them its kind, over them its own', () => {
    const monitoring = {
      ...all.monitoring,
      kinds: { http: { intervalMinutes: 2, repeatMinutes: 30, groupBy: 'none' as const } },
      checks: { shop: { repeatMinutes: 10 } },
    };
    const [check] = agreedChecks(contract([{ ...shop, failuresBeforeAlert: 9 }]), { ...all, monitoring });
    expect(check?.watched.settings).toMatchObject({
      intervalMinutes: 2,
      repeatMinutes: 10,
      groupBy: 'none',
      failuresBeforeAlert: 9,
      // Nine of the last three could never be.
      failuresWithin: 9,
      retrySeconds: all.monitoring.retrySeconds,
    });
  });
});

describe("a contract's checks in its file", () => {
  const read = (monitor: object): string[] => {
    const text = JSON.stringify({ ...exampleContract(), monitors: [monitor] });
    return readContract(text, 'c.json').findings.map(({ message }) => message);
  };
  test.each<[object, string]>([
    [
      { ...shop, url: 'ftp://x' },
      'monitors[0].url: expected an address as https://example.com/, found "ftp://x"',
    ],
    [{ ...shop, url: 'https://user:pw@x/' }, 'monitors[0].url: expected an address'],
    [{ ...shop, intervalMinutes: 0 }, 'monitors[0].intervalMinutes: expected at least 1, found 0'],
    [
      { id: 'a', kind: 'sql', name: 'A', query: 'select 1' },
      'monitors[0]: expected "connection" beside "query"',
    ],
    [
      {
        id: 'a',
        kind: 'sql',
        name: 'A',
        query: 'delete from orders',
        connection: { secret: 'DB' },
        limits: { value: { errorAbove: 1 } },
      },
      'monitors[0].query: expected a query that begins with select, found "delete from orders"',
    ],
    [
      { ...shop, headers: { Authorization: { secret: 'lower' } } },
      'monitors[0].headers.Authorization.secret: expected a name of A–Z, 0–9 and single _',
    ],
    [
      { ...shop, expectedHours: [{ from: '10:00', to: '25:00' }] },
      'monitors[0].expectedHours[0].to: expected a time of day as 08:30',
    ],
  ])('%j', (monitor, expected) => {
    expect(read(monitor).join('\n')).toContain(expected);
  });
});
