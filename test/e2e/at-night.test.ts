/** What happens at night is told to the customer in the morning, unless it is about a meeting before that. */
import { beginYear } from '../helpers/live-year';
import type { LiveYear } from '../helpers/live-year';
import type { ParsedMail } from 'mailparser';
import { exampleContract } from '../helpers/example';

const told = exampleContract()
  .contacts.customer.slice(0, 2)
  .map(({ email }) => email)
  .sort();

let year: LiveYear;

beforeAll(async () => {
  year = await beginYear();
});

afterAll(() => year.finish());

const addressOf = ({ to }: ParsedMail): string => [to ?? []].flat()[0]?.value[0]?.address ?? '';
/** When mails of a step came to be due to the customer, to the minute. */
async function customersMails(obligation: string, step: string): Promise<string[]> {
  const rows = await year.db.query<{ at: string }>(
    `select distinct left(request ->> 'asOf', 16) as at from mails
      where obligation = $1 and step = $2 and request ->> 'to' = 'customer' and state = 'sent' order by 1`,
    [obligation, step],
  );
  return rows.map(({ at }) => at);
}

describe('in the night', () => {
  it('a meeting is booked for our calendar at once, and for the customer in the morning', async () => {
    await year.to('2027-01-18', '23:00');
    await year.signal('meetingBooked', { meeting: 1, on: '2027-02-18' });
    await year.wait(10);
    expect(year.mails('meeting-1', 'blocks')).toHaveLength(1);
    expect(year.mails('meeting-1', 'invite')).toEqual([]);
    expect((await year.overview()).undo?.heldUntil).toBe('2027-01-19T07:30:00.000Z');
    await year.to('2027-01-19', '08:31');
    expect(year.mails('meeting-1', 'invite').map(addressOf).sort()).toEqual(told);
  });

  it('a step that is undone before morning was never told', async () => {
    await year.to('2027-01-20', '23:30');
    await year.signal('meetingCancelled', { meeting: 1 });
    await year.to('2027-01-21', '07:00');
    await year.signal('stepUndone');
    await year.to('2027-01-21', '09:00');
    expect(year.mails('meeting-1', 'cancel')).toEqual([]);
  });

  it('a move of tomorrow’s early meeting is told at once', async () => {
    await year.to('2027-01-22');
    await year.signal('meetingBooked', { meeting: 2, on: '2027-01-28', at: '08:00', confirmed: true });
    await year.to('2027-01-27', '22:30');
    await year.signal('meetingBooked', { meeting: 2, on: '2027-05-19', at: '10:00' });
    await year.wait(6);
    expect(await customersMails('meeting-2', 'invite')).toEqual(['2027-01-22T11:05', '2027-01-27T21:35']);
  });

  it('the agreement ends, and the customer reads in the morning what is called off', async () => {
    await year.to('2027-01-29');
    await year.signal('agreementTerminated', { on: '2027-01-31' });
    await year.to('2027-02-01', '03:00');
    expect(year.mails('meeting-1', 'cancel-blocks')).toHaveLength(1);
    expect(year.mails('meeting-1', 'cancel')).toEqual([]);
    await year.to('2027-02-01', '09:00');
    expect(new Set(await customersMails('meeting-1', 'cancel'))).toEqual(new Set(['2027-01-31T23:00']));
    expect(year.mails('meeting-1', 'cancel').map(addressOf).sort()).toEqual(told);
  });
});
