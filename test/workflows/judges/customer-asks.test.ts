import { judgeAsking } from '../../../workflows/judges/customer-asks';
import { guldPlan, messageTo, yearAt } from '../year-at';

const { take, refusal } = messageTo('customerAsks', judgeAsking);
const year = async () => yearAt('2027-03-10T09:00:00.000Z', { plan: await guldPlan() });

describe('customerAsks', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['a meeting', { kind: 'meeting', on: '2027-04-20' }, 'asks for a meeting (2027-04-20).'],
    ['a meeting at any time', { kind: 'meeting' }, 'asks for a meeting.'],
    [
      'another time of a meeting',
      { kind: 'time', meeting: 'meeting-2', on: '2027-05-20', at: '10:00' },
      'asks for another time of management meeting 2 (2027-05-20 10:00).',
    ],
    ['a contact to be put right', { kind: 'contact' }, 'says that a contact has changed.'],
  ])('is told to the consultant, and books and changes nothing: %s', async (_what, input, words) => {
    const one = await year();
    const before = JSON.stringify([one.state.meetings, one.state.actions, one.state.closed]);
    const asked = { contact: 'contact-1', ref: 'page-7', ...input };
    expect(take(one, asked)).toMatchObject({ kind: input.kind, by: 'contact-1' });
    expect(take(one, asked)).toMatchObject({ repeat: true });
    expect(one.state.attention).toMatchObject([{ code: 'customer-asks', subject: 'page-7' }]);
    expect(one.state.attention[0]?.detail).toContain(`contact-1 ${words}`);
    expect(one.state.heldMails).toMatchObject([
      {
        mail: {
          ...{ to: 'consultant', obligation: 'contact/contact-1', template: 'attention' },
          attention: {
            detail: words,
            asked: 'page-7',
            signal: { fields: { code: 'customer-asks', subject: 'page-7' } },
          },
        },
      },
    ]);
    expect(JSON.stringify([one.state.meetings, one.state.actions, one.state.closed])).toBe(before);
    expect(one.state.steps).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['from nobody', { kind: 'meeting' }, /^contact: expected one of/],
    [
      'for what there is not',
      { kind: 'refund', contact: 'contact-1' },
      /^kind: expected one of meeting, time/,
    ],
    [
      'of no meeting',
      { kind: 'time', contact: 'contact-1', meeting: 9 },
      /^meeting: expected one of meeting-1/,
    ],
  ])('is refused %s', async (_what, input, why) => {
    expect(refusal(await year(), input).en).toMatch(why);
  });

  it('is refused once too many wait, so that the page shows them all', async () => {
    const one = await year();
    const ask = (ref: string) => ({ kind: 'contact', contact: 'contact-1', ref });
    for (let count = 1; count <= 15; count += 1) take(one, ask(`page-${count}`));
    expect(refusal(one, ask('page-16')).en).toContain('15 requests');
  });
});
