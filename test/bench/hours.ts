/** What the hour bank costs: drawing a year's work on its hours, and writing entries into the ledger. */
import { randomBytes } from 'node:crypto';
import { openDb } from '../../activities/db';
import { createHoursActivities } from '../../activities/hours/hours';
import { addDays } from '../../rules/engine/calendar/dates';
import type { Grant, Period, Use } from '../../rules/engine/hours/burn-down';
import { burnDown } from '../../rules/engine/hours/burn-down';
import { cloneDatabase } from '../../worker/simulation/databases';
import { signAndPlan } from '../activities/signed-agreement';
import { measureImport } from './import';
import type { BenchStack, Measured } from './measured';
import { median } from './statistics';

export interface HoursOptions {
  repetitions: number;
  /** Entries of the year that is drawn. */
  entries: number;
}

/** Entries that are booked in one measurement, a batch of the workflow at a time. */
const booked = 200;
const batch = 20;

/** Milliseconds to draw a year of so many entries on its hours, of which the last go beyond the bank. */
function measureBurnDown({ repetitions, entries }: HoursOptions): Measured {
  const hour = 3600;
  const uses = Array.from({ length: entries }, (_, at): Use => ({
    id: `use-${at}`,
    on: addDays('2027-01-01', (at * 7) % 365),
    seconds: hour + (at % 60) * 60,
  }));
  const [from, to] = ['2027-01-01', '2028-01-01'];
  const seconds = entries * hour;
  const grants: Grant[] = [
    { id: 'contracted-1', kind: 'contracted', year: 1, seconds, from, expires: to },
    { id: 'rolled-1', kind: 'rolled', year: 1, seconds: 100 * hour, from, expires: '2027-07-01' },
  ];
  const order: Period['order'] = {
    soonestFirst: true,
    kinds: ['rolled', 'contracted', 'purchased', 'goodwill'],
  };
  const periods: Period[] = [
    { number: 1, from, to, order, rollover: { share: 2000, basis: 'contracted', expires: '2029-01-01' } },
  ];
  const values: number[] = [];
  for (let count = 0; count <= repetitions; count += 1) {
    const start = performance.now();
    burnDown({ grants, uses, periods }, to);
    if (count > 0) values.push(performance.now() - start);
  }
  return {
    ...{ id: 'burn-down', name: `burn-down of a year with ${entries} entries`, unit: 'ms', values },
    ...{ product: median(values), goal: { of: 'product', below: 20 } },
  };
}

/** Entries a second that reach the ledger, of one agreement, whose ledger grows. */
async function measureBooking(stack: BenchStack, { repetitions }: HoursOptions): Promise<Measured> {
  const clone = await cloneDatabase(stack.databaseUrl, `hours_${randomBytes(4).toString('hex')}`);
  const db = openDb(clone.databaseUrl);
  try {
    const { contract } = await signAndPlan(db);
    const { reportHours } = createHoursActivities({ db });
    const values: number[] = [];
    for (let count = 0; count < repetitions; count += 1) {
      const start = performance.now();
      for (let done = 0; done < booked; done += batch)
        await reportHours({
          ...{ agreement: contract.agreement, year: 1 },
          entries: Array.from({ length: batch }, (_, at) => {
            const entryId = `${count}-${done + at}`;
            const said = { by: 'anna', byAssumed: false, confirmed: true, asOf: '2027-03-10T09:00:00.000Z' };
            return { entryId, ref: entryId, seconds: 60, ...said };
          }),
        });
      values.push((1000 * booked) / (performance.now() - start));
    }
    return { id: 'entries', name: 'hour entries booked', unit: 'entries/s', product: median(values), values };
  } finally {
    await db.close();
    await clone.drop();
  }
}

/** Measures the burn-down, the booking of entries, and the import of a file. */
export async function measureHours(stack: BenchStack, options: HoursOptions): Promise<Measured[]> {
  return [
    measureBurnDown(options),
    await measureBooking(stack, options),
    await measureImport(stack, options),
  ];
}
