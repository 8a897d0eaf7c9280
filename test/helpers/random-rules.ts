/** Rulesets made up from a seed: the working rules with further rules for a customer and for dates. */
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import { readRuleset } from '../../rules/engine/ruleset/read-ruleset';
import type { Rule } from '../../rules/engine/ruleset/terms';
import { workingRules } from './example';

type Next = () => number;

const pick = <T>(next: Next, items: readonly T[]): T => items[Math.floor(next() * items.length)] as T;
const between = (next: Next, low: number, high: number): number =>
  low + Math.floor(next() * (high - low + 1));

/** Params that a rule can set, by topic. Each is valid alone; together they may contradict each other. */
const sayings: ((next: Next) => [topic: string, params: Record<string, unknown>])[] = [
  (next) => ['meetings', { perYear: between(next, 4, 9) }],
  (next) => ['meetings', { startTime: pick(next, ['09:00', '13:00', '14:30']) }],
  (next) => [
    'meetings',
    {
      spread: 'months',
      perYear: 4,
      months: pick(next, [
        [1, 4, 7, 10],
        [2, 6, 9, 12],
      ]),
    },
  ],
  (next) => [
    'meetings',
    {
      reminders: [
        { daysBefore: between(next, 8, 14), to: 'customer' },
        { daysBefore: 2, to: 'consultant' },
      ],
    },
  ],
  (next) => ['meetings', { escalation: [{ openDaysAfter: between(next, 1, 9), to: 'manager' }] }],
  (next) => ['meetings', { callDaysBefore: between(next, 40, 60) }],
  (next) => ['upgrade', { window: { fromMonth: between(next, 1, 6), toMonth: between(next, 8, 12) } }],
  (next) => ['upgrade', { phases: { test: { openDays: between(next, 5, 25) } } }],
  (next) => ['upgrade', { phases: { integrations: { openDaysPerIntegration: between(next, 0, 6) } } }],
  (next) => ['upgrade', { reminders: [{ openDaysBefore: between(next, 3, 6) }, { openDaysBefore: 1 }] }],
  (next) => ['hourBank', { statementsPerYear: pick(next, [1, 2, 4, 6, 12]) }],
  (next) => ['hourBank', { discountPercent: between(next, 0, 30) }],
  (next) => ['hourBank', { alertPercents: pick(next, [[50], [50, 75], [90, 100]]) }],
  (next) => ['hourBank', { rollover: { percent: between(next, 20, 40) } }],
  (next) => ['support', { closes: pick(next, ['16:30', '17:00', '18:00']) }],
  (next) => ['support', { opens: pick(next, ['07:00', '08:00']) }],
  (next) => ['calendar', { avoidWeeks: [between(next, 5, 26), 29, 52] }],
  (next) => [
    'calendar',
    { avoidMonthEnds: { openDaysBefore: between(next, 0, 3), openDaysAfter: between(next, 0, 2) } },
  ],
  (next) => ['start', { steps: { kickoff: { dueOpenDays: between(next, 5, 40) } } }],
  (next) => [
    'notices',
    { recipients: { meeting: pick(next, [['management'], ['system-owner', 'finance']]) } },
  ],
  (next) => ['hourBank', { indexPercent: pick(next, [0, 2.5, 4]) }],
  (next) => ['hourBank', { roundToMinutes: pick(next, [0, 15, 30]), orderOfUse: 'contractedFirst' }],
  (next) => ['notices', { digests: { consultant: pick(next, ['weekly', 'monthly', 'never']) } }],
  (next) => ['notices', { renewal: { customerDaysBefore: between(next, 60, 200), managerDaysBefore: 210 } }],
  (next) => ['notices', { priceChangeDaysBefore: between(next, 20, 120) }],
  (next) => ['upgrade', { phases: { precheck: { openDays: between(next, 3, 12), minimumOpenDays: 3 } } }],
  (next) => ['calendar', { appliesTo: pick(next, [[], ['meetings'], ['reminders', 'escalations']]) }],
  (next) => [
    'upgrade',
    { phases: { freeze: { order: between(next, 11, 69), owner: 'consultant', openDays: 2 } } },
  ],
];

/** Conditions that are true for the example in 2027, some of them only from a day on or up to a day. */
function conditions(next: Next): object[] {
  const day = `2027-${String(between(next, 1, 12)).padStart(2, '0')}-${String(between(next, 1, 28)).padStart(2, '0')}`;
  const more: object[] = [
    { fact: 'contractedHours', operator: 'greaterThanInclusive', value: 100 },
    { fact: 'systems', operator: 'contains', value: 'visma-business' },
    { fact: 'date', operator: 'greaterThanInclusive', value: day },
    { fact: 'date', operator: 'lessThan', value: day },
  ];
  return [
    { fact: 'customer', operator: 'equal', value: 'testbolaget' },
    ...(next() < 0.6 ? [pick(next, more)] : []),
  ];
}

/**
 * A valid ruleset made up from random numbers.
 * @param next gives numbers from 0 to 1
 */
export function madeUpRuleset(next: Next): Ruleset {
  const topics = new Map<string, Rule[]>();
  const count = between(next, 1, 6);
  for (let index = 0; index < count; index += 1) {
    const [topic, params] = pick(next, sayings)(next);
    const rule: Rule = {
      name: `testbolaget: ${topic} ${index}`,
      priority: 500 + index,
      conditions: { all: conditions(next) },
      event: { type: topic, params },
      ...(next() < 0.2 ? { appliesFrom: pick(next, ['now', 'nextPeriod'] as const) } : {}),
    };
    topics.set(topic, [...(topics.get(topic) ?? []), rule]);
  }
  const files = [...topics].map(([topic, rules]) => {
    const file = { about: { sv: 'påhittat', en: 'made up' }, rules };
    return [`customers/testbolaget/${topic}.json`, JSON.stringify(file, null, 2)];
  });
  const { ruleset, findings } = readRuleset({
    ...workingRules().texts,
    ...(Object.fromEntries(files) as Record<string, string>),
  });
  if (!ruleset) throw new Error(`a made-up ruleset does not read: ${JSON.stringify(findings)}`);
  return ruleset;
}
