/** Every term of the catalogue changes something: a plan here, or what the test beside its name shows. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TermSchema } from '../../rules/engine/reading/term-schema';
import { membersOf } from '../../rules/engine/reading/term-schema';
import { termCatalogue } from '../../rules/engine/ruleset/term-catalogue';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { guldTerms, plan, planBooked, withoutDigests } from './fixtures';

/**
 * Terms that change no plan, by the beginning of their path, and the test that shows what they change, or the naive model
 * that a test compares with.
 */
const shownBy: Record<string, string> = {
  'meetings.preparationMinutes': 'activities/meeting-mails',
  'meetings.followUpMinutes': 'activities/meeting-mails',
  'meetings.agenda': 'templates/agenda',
  'upgrade.phases.test.name': 'workflows/judges/upgrade-parts',
  'upgrade.phases.test.checks': 'activities/mail',
  'upgrade.phases.test.onFailure': 'workflows/judges/upgrade-parts',
  'upgrade.tellFailedTests': 'workflows/judges/tests',
  'upgrade.testCases': 'rules/upgrade/test-cases',
  'upgrade.processes': 'rules/upgrade/test-cases',
  'upgrade.partners': 'workflows/judges/partners',
  'upgrade.round': 'rules/campaign/place-campaign',
  'upgrade.windows': 'rules/campaign/place-campaign',
  'upgrade.keepClear': 'rules/campaign/clear-days',
  'upgrade.windowsPerConsultantWeek': 'rules/campaign/place-campaign',
  'upgrade.freeze': 'rules/upgrade/environment',
  'support.hours': 'rules/support-hours',
  'support.outsideHours': 'rules/support-hours',
  'hourBank.discountPercent': 'rules/price',
  'hourBank.overage.price': 'rules/hour-bank',
  'hourBank.roundToMinutes': 'rules/hour-bank',
  'hourBank.amendment.proration': 'rules/hours/amended-hours',
  'hourBank.kinds': 'activities/kinds-of-work',
  'hourBank.orderOfUse': 'rules/hour-bank',
  'hourBank.overage.approvedUpTo': 'activities/orders',
  'hourBank.overage.ask': 'activities/orders',
  'hourBank.questions': 'activities/line-questions',
  'hourBank.termination.unusedOnNotice': 'rules/hours/termination',
  'hourBank.termination.beyondPaid': 'rules/hours/termination',
  'invoicing.instalments': 'rules/hours/termination',
  'invoicing.when': 'rules/invoicing/basis',
  'invoicing.daysBefore': 'rules/invoicing/basis',
  'invoicing.vatCode': 'rules/invoicing/basis',
  'invoicing.article': 'rules/invoicing/basis',
  'invoicing.overageArticle': 'rules/invoicing/basis',
  'hourBank.lateEntry.maxDays': 'activities/late-hours',
  'hourBank.rollover.percent': 'rules/hour-bank',
  'hourBank.rollover.basis': 'rules/hour-bank',
  'notices.noticePeriodMonths': 'rules/signed-floor',
  'monitoring.intervalMinutes': 'activities/monitors/watch-loop',
  'monitoring.retrySeconds': 'rules/monitoring/check-state',
  'monitoring.failuresBeforeAlert': 'rules/monitoring/check-state',
  'monitoring.failuresWithin': 'rules/monitoring/check-state',
  'monitoring.goodBeforeRecovery': 'rules/monitoring/check-state',
  'monitoring.graceMinutes': 'rules/monitoring/desk',
  'monitoring.repeatMinutes': 'rules/monitoring/desk',
  'monitoring.groupBy': 'rules/monitoring/desk',
  'monitoring.outsideHours': 'rules/monitoring/desk',
  'monitoring.takeWithinMinutes': 'rules/monitoring/desk',
  'monitoring.escalateTo': 'rules/monitoring/desk',
  'monitoring.stormIncidents': 'rules/monitoring/desk',
  'monitoring.flapping': 'rules/monitoring/check-state',
  'monitoring.morningDigest': 'rules/monitoring/desk',
  'monitoring.monthlyNoise': 'helpers/naive-desk',
  'monitoring.pauseDuringUpgrade': 'helpers/random-desk',
  'monitoring.checks': 'rules/check-problems',
  'monitoring.kinds': 'activities/monitors/watched-check',
};

interface Leaf {
  path: string[];
  schema: TermSchema;
}

function leavesOf(schema: TermSchema, path: string[]): Leaf[] {
  const members = membersOf(schema);
  if (path.join('.') === 'upgrade.phases' && members) return leavesOf(members, [...path, 'test']);
  if (schema.properties === undefined) return [{ path, schema }];
  return Object.entries(schema.properties).flatMap(([name, inner]) => leavesOf(inner, [...path, name]));
}

const leaves = Object.entries(termCatalogue).flatMap(([topic, schema]) => leavesOf(schema, [topic]));
const nameOf = ({ path }: Leaf): string => path.join('.');
const proofOf = (leaf: Leaf): [string, string] | undefined =>
  Object.entries(shownBy).find(([path]) => `${nameOf(leaf)}.`.startsWith(`${path}.`));

const valueAt = (terms: Terms, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], terms);

function withValue(terms: Terms, path: readonly string[], value: unknown): Terms {
  const changed = structuredClone(terms);
  let inner = changed as unknown as Record<string, unknown>;
  for (const name of path.slice(0, -1)) inner = (inner[name] ??= {}) as Record<string, unknown>;
  inner[path.at(-1)!] = value;
  return changed;
}

/** Other values that a term can have. */
function othersThan(value: unknown, schema: TermSchema): unknown[] {
  const {
    type,
    items,
    minimum = -Infinity,
    maximum = Infinity,
  } = schema as TermSchema & Partial<Record<'minimum' | 'maximum', number>>;
  if (Array.isArray(schema.enum)) return schema.enum.filter((other) => other !== value);
  if (type === 'boolean') return [value !== true];
  if (/\/(time|endTime)$/.test(String(schema.$ref))) return ['09:15', '15:45'];
  if (String(schema.$ref).endsWith('/date')) return ['2027-02-16'];
  if (type === 'integer' || type === 'number') {
    const from = typeof value === 'number' ? value : minimum;
    return [from + 1, from - 1, from + 7, from - 7, minimum, maximum].filter(
      (other) => Number.isFinite(other) && other >= minimum && other <= maximum && other !== value,
    );
  }
  if (type !== 'array' || items === undefined) return [];
  const [first, ...rest] = (value ?? []) as unknown[];
  const other = items.properties
    ? Object.entries(items.properties).flatMap(([name, inner]) =>
        othersThan((first as Record<string, unknown> | undefined)?.[name], inner).map((changed) => ({
          ...(first as object),
          [name]: changed,
        })),
      )
    : othersThan(undefined, items);
  const without = first === undefined ? [] : [rest];
  return [
    ...without,
    ...other.flatMap((item) => [[item], [item, ...rest], [...((value ?? []) as unknown[]), item]]),
  ];
}

/** Terms under which one or another term matters: meetings by months, little time for the upgrade, days to avoid. */
async function situations(): Promise<Terms[]> {
  const digests = await guldTerms();
  const guld = withoutDigests(digests);
  const { meetings, upgrade, support, calendar } = guld;
  return [
    digests,
    guld,
    { ...guld, meetings: { ...meetings, spread: 'months', months: [2, 5, 8, 11] } },
    { ...guld, upgrade: { ...upgrade, window: { ...upgrade.window, fromMonth: 5, toMonth: 5 } } },
    { ...guld, support: { ...support, halfDays: ['2027-02-16', '2027-05-18'] } },
    { ...guld, calendar: { ...calendar, avoidWeeks: [6, 7, 19, 20, 21, 32, 33, 45, 46] } },
  ];
}

const plansUnder = (terms: Terms): string =>
  JSON.stringify([
    plan({ terms, prices: { hourlyRateMinor: 145_000, proposedRateMinor: 149_000 } }),
    // Three weeks are left for all that a year holds.
    plan({ terms, asOf: '2027-12-06T12:00:00.000Z' }),
    plan({ terms, yearNumber: 2, asOf: '2028-01-01T00:00:00.000Z' }),
    planBooked({ terms }, 'meeting-1'),
  ]);

/** Whether another value of the term changes a plan. Values that do not fit the others count for nothing. */
function changesAPlan({ path, schema }: Leaf, bases: readonly { terms: Terms; plans: string }[]): boolean {
  return bases.some(({ terms, plans }) =>
    othersThan(valueAt(terms, path), schema).some((other) => {
      try {
        return plansUnder(withValue(terms, path, other)) !== plans;
      } catch {
        return false;
      }
    }),
  );
}

test('every term changes a plan, or what another test shows', async () => {
  const bases = (await situations()).map((terms) => ({ terms, plans: plansUnder(terms) }));
  const idle = leaves.filter((leaf) => proofOf(leaf) === undefined && !changesAPlan(leaf, bases));
  expect(idle.map(nameOf)).toEqual([]);
});

test.each(Object.entries(shownBy))('%s is looked at in %s', (path, file) => {
  expect(leaves.some((leaf) => proofOf(leaf)?.[0] === path)).toBe(true);
  const found = [`${file}.test.ts`, `${file}.ts`].map((name) => join(__dirname, '..', name)).find(existsSync);
  expect(readFileSync(found!, 'utf8')).toMatch(new RegExp(`\\b${path.split('.').at(-1)}\\b`));
});
