/** Which checks of the monitoring check an integration after an upgrade, and what they say of it together. */
import type { Check } from '../../../rules/engine/contract/monitor';
import type { Answered } from '../../../rules/engine/upgrade/monitored';
import {
  checkedBy,
  judgeMonitored,
  monitorsIn,
  monitorsOfIntegrations,
} from '../../../rules/engine/upgrade/monitored';
import { exampleContract, guldTerms, plan } from '../fixtures';

const orders = { id: 'orders', name: 'Orders', kind: 'http' } as const;

it.each<[string, Partial<Check>, string[] | undefined]>([
  ['one that names it', { integration: 'webshop-orders' }, ['orders']],
  ['one that reports its version', { reportsVersion: { of: 'webshop-orders', path: 'v' } }, ['orders']],
  ['none that is about something else', { reportsVersion: { of: 'visma-business', path: 'v' } }, undefined],
  ['none that only reports by itself', { kind: 'heartbeat', integration: 'webshop-orders' }, undefined],
])('the checks of an integration: %s', (_what, check, expected) => {
  const all = monitorsOfIntegrations([{ id: 'webshop-orders' }], [{ ...orders, ...check }]);
  expect(all['webshop-orders']).toEqual(expected);
});

it('the plan of a year names them, and nothing where there are none', async () => {
  const terms = await guldTerms();
  const contract = exampleContract();
  expect(plan({ contract, terms }).upgrade).not.toHaveProperty('monitors');
  contract.monitors[0]!.integration = 'webshop-orders';
  expect(plan({ contract, terms }).upgrade?.monitors).toEqual({ 'webshop-orders': ['order-import'] });
});

const text = (en: string) => ({ sv: en, en });
const answer = (outcome: NonNullable<Answered['result']>['outcome'], version?: string): Answered => ({
  name: outcome,
  result: {
    ...{ outcome, message: text(`found ${outcome}`) },
    ...(version !== undefined && { version: { of: 'webshop-orders', version } }),
  },
});
const none: Answered = { name: 'paused', why: text('it is paused') };

it.each<[string, Answered[], ReturnType<typeof judgeMonitored>]>([
  ['passes it when well, with its version', [answer('ok', '5.2')], { ok: true, version: '5.2' }],
  ['passes it with a warning', [answer('warning')], { ok: true, said: text('warning: found warning') }],
  ['fails it when down', [answer('ok'), answer('down')], { ok: false, said: text('down: found down') }],
  [
    'fails it when another is not known',
    [none, answer('down')],
    { ok: false, said: text('down: found down') },
  ],
  ['leaves it when it could not be made', [answer('unknown')], { said: text('unknown: found unknown') }],
  [
    'leaves it when one of them is not made',
    [answer('ok', '5.2'), none],
    { said: text('paused: it is paused') },
  ],
])('a check %s', (_what, answers, expected) => {
  expect(judgeMonitored('webshop-orders', answers)).toEqual(expected);
});

it('takes the version of the integration alone', () => {
  const of = { of: 'visma-business', version: '18.0' };
  const answered = { name: 'a', result: { outcome: 'ok' as const, message: text(''), version: of } };
  expect(judgeMonitored('webshop-orders', [answered])).toEqual({ ok: true });
});

it('a result says which checks gave it', () => {
  expect(monitorsIn(checkedBy(['a', 'b']))).toEqual(['a', 'b']);
  expect(monitorsIn('anna')).toBeUndefined();
  expect(monitorsIn(undefined)).toBeUndefined();
});
