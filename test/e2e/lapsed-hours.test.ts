import { scripted } from '../../worker/simulation/scenario';
import type { YearStory } from '../../worker/simulation/timeline';
import { changedLevel } from '../helpers/changed-rules';
import { exampleContract } from '../helpers/example';
import { openMailbox } from '../helpers/mailbox';
import { play, replayAll } from '../helpers/play';

/** Rolled hours live for half a year. */
const rollover = { percent: 20, basis: 'contracted', expiresAfterMonths: 6 };
const rulesWith = (params: Record<string, unknown>) =>
  changedLevel(({ rules }) => {
    for (const { event, priority } of rules)
      if (event.type === 'hourBank' && priority === 100) Object.assign(event.params, params);
  });
const ruleset = rulesWith({ rollover });
const contract = exampleContract({ signedOn: '2028-02-01', startsOn: '2027-01-01' });

describe('hours rolled in that the terms let lapse within the year', () => {
  it('are lost on their day as far as nobody used them, and the customer was told before', async () => {
    const used = { hours: 10, ref: 'spring', by: 'anna' };
    const mailbox = await openMailbox();
    const { years } = await play({
      contract,
      takeOver: { year: 2, hoursRolledIn: 24 },
      smtpUrl: mailbox.smtpUrl,
      rules: { ruleset, texts: ruleset.texts },
      scenario: () => scripted([{ on: '2028-03-10', signal: 'hoursUsed', input: used }]),
      onPlayed: replayAll,
    });
    await mailbox.close();
    const [second] = years as [YearStory];
    expect(second.hours).toMatchObject({
      contracted: 120,
      rolledIn: 24,
      used: 10,
      rolledOut: 24,
      expired: 110,
    });
    const lines = second.timeline.map(
      ({ at, kind, id, detail }) => `${at.slice(0, 16)} ${kind} ${id} ${detail}`,
    );
    expect(lines).toContainEqual('2028-07-01T00:00 hours lapsed 14 h');
    expect(lines).toContainEqual('2028-07-01T00:00 phase rolled-hours-lapsed hours 14');
    const told = expect.stringMatching(/^2028-06-01T08:30 mail hours\/lapse\/tell /) as string;
    expect(lines.filter((line) => line.includes('hours/lapse/tell'))).toEqual([told, told]);
    const texts = mailbox.mails.map(({ text = '' }) => text);
    expect(texts.filter((text) => text.includes('upphör 1 juli 2028 om de inte används: 14'))).toHaveLength(
      4,
    );
    expect(texts.some((text) => text.includes('Överförda timmar som har upphört: 14'))).toBe(true);
  });

  it('alert people where those that are used become a larger share of what is left to use', async () => {
    const rules = rulesWith({ rollover, orderOfUse: 'contractedFirst' });
    // 100 of 144 hours are 69 %, 100 of 120 are 83 %.
    const used = { hours: 100, ref: 'spring', confirm: true };
    const { years } = await play({
      contract,
      takeOver: { year: 2, hoursRolledIn: 24 },
      until: '2028-07-04T12:00:00Z',
      rules: { ruleset: rules, texts: rules.texts },
      scenario: () => scripted([{ on: '2028-03-10', signal: 'hoursUsed', input: used }]),
      onPlayed: replayAll,
    });
    const alerts = years[0]!.timeline.filter(
      ({ kind, id }) => kind === 'mail' && id.startsWith('hours/alert'),
    );
    expect(new Set(alerts.map(({ at, id }) => `${at.slice(0, 10)} ${id}`))).toEqual(
      new Set(['2028-07-03 hours/alert-75/alert', '2028-07-03 hours/alert-75/alert-consultant']),
    );
  });
});
