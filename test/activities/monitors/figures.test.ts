import { createConfigureActivities } from '../../../activities/monitors/configure';
import { monitoringFigures, monitoringSince } from '../../../activities/monitors/figures';
import { log, recordTransitions } from '../../../activities/monitors/incidents';
import type { Transition } from '../../../rules/engine/monitoring/check-state';
import type { Check } from '../../../rules/engine/contract/monitor';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import { signAndPlan } from '../signed-agreement';

const agreement = 'testbolaget-2027';
const shop: Check = { id: 'shop', kind: 'http', name: 'Web shop', url: 'https://shop.example.com/' };
let fresh: FreshDatabase;

beforeEach(async () => {
  fresh = await freshDatabase();
});
afterEach(() => fresh.close());

/** A Tuesday in March 2027, by UTC; Sweden is an hour ahead. */
const at = (day: number, time: string): string => `2027-03-${String(day).padStart(2, '0')}T${time}:00.000Z`;

async function watched(monitors: Check[]): Promise<void> {
  await signAndPlan(fresh.db, { monitors });
  await createConfigureActivities(fresh).configureMonitors({ agreement, asOf: at(1, '08:00') });
}

/** An incident from one instant to another, told and taken if it was. */
async function incident(
  monitor: string,
  from: string,
  { told, taken, to, unknown }: { told?: string; taken?: string; to?: string; unknown?: true },
): Promise<void> {
  const transition = (when: string, before: Transition['from'], after: Transition['to']): Transition => ({
    agreement,
    monitor,
    at: when,
    from: before,
    to: after,
    since: from,
    message: { sv: 'nere', en: 'down' },
  });
  await fresh.db.transaction(async (tx) => {
    await recordTransitions(tx, [transition(from, 'ok', unknown ? 'unknown' : 'down')]);
    const [row] = await tx.query<{ id: number }>('select max(id) as id from incidents');
    const id = row?.id ?? 0;
    if (told !== undefined) {
      await tx.query('update incidents set told_at = $2 where id = $1', [id, told]);
      await log(tx, id, told, 'told', {});
    }
    if (taken !== undefined) await log(tx, id, taken, 'taken', { by: 'Sara' });
    if (to !== undefined) await recordTransitions(tx, [transition(to, 'down', 'ok')]);
  });
}

it('counts what support was told of, and how soon it acted, in its own hours', async () => {
  await watched([shop, { ...shop, id: 'erp', name: 'ERP' }, { id: 'bank', kind: 'files', name: 'Bank' }]);
  // Over a night: told at 16:00, half an hour before support closes, taken half an hour after it opened.
  await incident('shop', at(2, '14:55'), { told: at(2, '15:00'), taken: at(3, '08:00'), to: at(3, '09:00') });
  await incident('erp', at(4, '09:00'), { told: at(4, '09:01'), to: at(4, '09:31') });
  // Healed before anybody was told, and one of our own: neither is an alert of the customer's.
  await incident('shop', at(5, '09:00'), { to: at(5, '09:01') });
  await incident('erp', at(8, '09:00'), { told: at(8, '09:01'), unknown: true });
  await incident('shop', at(9, '09:00'), { told: at(9, '09:01') });
  expect(await monitoringFigures(fresh.db, agreement, at(1, '00:00'), at(10, '00:00'))).toEqual({
    checks: 2,
    incidents: 3,
    open: 1,
    acted: { median: 45, longest: 60 },
  });
  expect(await monitoringSince(fresh.db, agreement, at(3, '12:00'), at(10, '00:00'))).toEqual({
    checks: 2,
    incidents: [
      { name: 'Web shop', severity: 'down', since: at(9, '09:00') },
      { name: 'ERP', severity: 'down', since: at(4, '09:00'), closedAt: at(4, '09:31'), actedAfter: 30 },
    ],
    acted: { median: 30, longest: 30 },
    notChecked: [{ name: 'Bank' }],
  });
});

it('says nothing of an agreement without checks, and of none that is watched only what is not', async () => {
  await watched([]);
  expect(await monitoringFigures(fresh.db, agreement, at(1, '00:00'), at(9, '00:00'))).toBeUndefined();
  expect(await monitoringSince(fresh.db, agreement, at(1, '00:00'), at(9, '00:00'))).toBeUndefined();
});

it('tells what cannot be checked, with the reason, and no alert where there was none', async () => {
  await watched([{ ...shop, notPossible: 'the hosting partner lets nothing in' }]);
  expect(await monitoringFigures(fresh.db, agreement, at(1, '00:00'), at(9, '00:00'))).toBeUndefined();
  expect(await monitoringSince(fresh.db, agreement, at(1, '00:00'), at(9, '00:00'))).toEqual({
    checks: 0,
    incidents: [],
    notChecked: [{ name: 'Web shop', reason: 'the hosting partner lets nothing in' }],
  });
});
