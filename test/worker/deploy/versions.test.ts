/** What the commands of versions decide and print, without Temporal. */
import { said } from '../../../worker/commands/deploy/words';
import { printStanding } from '../../../worker/commands/deploy/print-standing';
import { partedBy } from '../../../worker/deploy/go-back';
import { cohortOf, groupsOf } from '../../../worker/deploy/move';
import { sampleOf } from '../../../worker/deploy/sample';
import type { StandingVersion } from '../../../worker/deploy/standing';
import { earlierOf } from '../../../worker/deploy/standing';
import { buildIdOf } from '../../../worker/temporal/build-id';
import { deploymentNameOf } from '../../../worker/temporal/deployment';
import type { Run } from '../../../worker/temporal/deployment';

const run = (workflowId: string, type: string, build?: string): Run => ({
  workflowId,
  runId: `run-of-${workflowId}`,
  type,
  build,
});
const agreements = Array.from({ length: 40 }, (_none, index) => [
  run(`agreement-kund-${index}`, 'agreementYear', '1'),
  run(`monitoring-kund-${index}`, 'monitoring', '1'),
]).flat();
const others = [
  run('watching-central-1', 'watching', '1'),
  run('digests-konsult-1', 'digestClock', '1'),
  run('check-kund-1-webshop-1', 'checkIntegration', '1'),
];

describe('what moves together', () => {
  it('is an agreement with its monitoring; a watch and a clock stand alone, and what is soon over does not move', () => {
    const groups = groupsOf([...agreements, ...others]);
    expect(groups).toHaveLength(42);
    expect(groups.find(({ name }) => name === 'kund-7')?.runs.map(({ workflowId }) => workflowId)).toEqual([
      'agreement-kund-7',
      'monitoring-kund-7',
    ]);
    expect(groups.flatMap(({ runs }) => runs).map(({ type }) => type)).not.toContain('checkIntegration');
  });
});

describe('what has parted', () => {
  const of = (...builds: (string | undefined)[]) => [
    { name: 'kund-1', runs: builds.map((build, index) => run(`${index}`, 'agreementYear', build)) },
  ];

  it.each([
    ['an agreement there whose monitoring is not', ['b', 'a'], true],
    ['monitoring there whose agreement is of no version yet', [undefined, 'b'], true],
    ['both there', ['b', 'b'], false],
    ['both elsewhere', ['a', 'c'], false],
    ['one that stands alone', ['b'], false],
  ] as const)('%s', (_what, builds, parted) => {
    expect(partedBy(of(...builds), 'b')).toHaveLength(Number(parted));
  });
});

describe('a cohort', () => {
  const groups = groupsOf([...agreements, ...others]);
  const names = (oneIn: number): string[] => cohortOf(groups, oneIn).map(({ name }) => name);

  it.each([
    [20, 2],
    [7, 6],
    [1, 40],
    [1_000, 1],
  ])('of one in %i agreements of 40 has %i, and nothing else', (oneIn, count) => {
    expect(names(oneIn)).toHaveLength(count);
    expect(names(oneIn).every((name) => name.startsWith('kund-'))).toBe(true);
  });

  it('is the same whatever the order in which they are listed, and part of a larger one', () => {
    expect(cohortOf(groupsOf([...others, ...agreements].reverse()), 10).map(({ name }) => name)).toEqual(
      names(10),
    );
    expect(names(10).slice(0, 2)).toEqual(names(20));
  });

  it('is empty where there is no agreement', () => {
    expect(cohortOf(groupsOf(others), 20)).toEqual([]);
  });
});

describe('a sample', () => {
  /** Histories of all lengths, the agreements' from 1 to 4,000 events. */
  const sized = [...agreements, ...others, run('agreement-old', 'agreementYear', '0')].map((one, index) => ({
    ...one,
    events: 1 + index * 50,
  }));
  const longest = { ...run('agreement-long', 'agreementYear', '1'), events: 40_000 };

  it('is all where they are few', () => {
    expect(
      sampleOf(sized, sized.length)
        .flatMap(({ chosen }) => chosen)
        .sort((a, b) => a.events - b.events),
    ).toEqual(sized);
  });

  it('has some of every type on every version in every size where they are many, the longest always', () => {
    const kinds = sampleOf([...sized, longest], 20);
    expect(kinds.flatMap(({ chosen }) => chosen).length).toBeLessThan(40);
    const named = new Set(
      kinds.map(({ type, build, upTo }) => `${type} ${build} ${upTo === undefined ? 'more' : upTo}`),
    );
    for (const size of [50, 200, 800, 3_200, 'more']) expect(named).toContain(`agreementYear 1 ${size}`);
    for (const other of [
      'watching 1 more',
      'digestClock 1 more',
      'checkIntegration 1 more',
      'agreementYear 0 more',
    ])
      expect(named).toContain(other);
    for (const { chosen, running } of kinds) {
      expect(chosen.length).toBeGreaterThan(0);
      expect(chosen.length).toBeLessThanOrEqual(running);
    }
    expect(kinds.flatMap(({ chosen }) => chosen)).toContainEqual(longest);
    expect(kinds.reduce((sum, { running }) => sum + running, 0)).toBe(sized.length + 1);
  });

  it.each(['sv', 'en'] as const)('is said to be one, with what is in it (%s)', (language) => {
    const words = said[language];
    const kinds = sampleOf([...sized, longest], 20);
    expect([...kinds.map(words.kind), words.notReplayed(60)].join('\n')).toMatchSnapshot();
  });
});

const version = (build: string, changed: Partial<StandingVersion> = {}): StandingVersion => ({
  ...{ build, state: 'draining', currentAt: null, rampingSince: null, served: true },
  ...{ runs: 0, agreements: 0, unwell: [], raised: [] },
  ...changed,
});

describe('the version to go back to', () => {
  it('is the one that was current last', () => {
    const all = [
      version('c', { currentAt: 30 }),
      version('a', { currentAt: 10 }),
      version('b', { currentAt: 20 }),
    ];
    expect(earlierOf(all, 'c')?.build).toBe('b');
  });

  it('is none that has never been current', () => {
    expect(earlierOf([version('b', { currentAt: 20 }), version('a')], 'b')).toBeUndefined();
  });
});

describe('the versions as text', () => {
  const standing = {
    ...{ current: 'b', ramping: undefined, unversioned: 2, runs: [] },
    versions: [
      version('b', {
        ...{ state: 'current', runs: 5, agreements: 2, unwell: ['agreement-kund-1'] },
        raised: [{ agreement: 'kund-2', code: 'mail-failed', subject: 'welcome' }],
      }),
      version('a'),
      version('z', { served: false, state: 'drained' }),
    ],
  };

  it.each(['sv', 'en'] as const)('say what is on each, what is wrong and what may stop (%s)', (language) => {
    expect(printStanding(standing, language)).toMatchSnapshot();
  });
});

describe('the name of a version', () => {
  it('is the same for the same code, and says which version of the product it is', () => {
    expect(buildIdOf({ buildId: undefined })).toMatch(/^\d+\.\d+\.\d+-[0-9a-f]{8}$/);
    expect(buildIdOf({ buildId: undefined })).toBe(buildIdOf({ buildId: undefined }));
  });

  it('is what the setting says, where it is set', () => {
    expect(buildIdOf({ buildId: 'spring-2027' })).toBe('spring-2027');
  });

  it('leaves out of the deployment what the server keeps for itself', () => {
    expect(deploymentNameOf('avtal.prod:1')).toBe('avtal-prod-1');
  });
});
