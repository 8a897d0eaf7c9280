import { guldTerms, plan as planned } from '../../rules/fixtures';
import { guldPlan, handlers, messageTo, planWithoutParts, yearAt } from '../year-at';
import { isOpenDay } from '../../../rules/engine/calendar/calendar';
import { addDays } from '../../../rules/engine/calendar/dates';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { judgeBooking, judgeCancelling } from '../../../workflows/judges/meetings';
import { judgeStart } from '../../../workflows/judges/agreement';
import { judgeIntegration } from '../../../workflows/judges/upgrade-parts';
import { listenForAlerts } from '../../../workflows/year/alerts';
import { overviewOf, pageOf } from '../../../workflows/year/page';
import type { Year } from '../../../workflows/year/year';

const now = '2027-01-20T09:00:00.000Z';
const inMay = '2027-05-25T09:00:00.000Z';

let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

const swedish = (at = now, state: Parameters<typeof yearAt>[1]['state'] = {}): Year =>
  yearAt(at, { plan, language: 'sv', state });
const done = { at: '2027-05-10T09:00:00.000Z', state: 'done' } as const;

describe('the agreement’s page', () => {
  it('begins with the customer’s name, and names its contacts by id and role alone', () => {
    const page = pageOf(swedish());
    expect(page.split('\n')[0]).toBe('## Testbolaget AB: avtal testbolaget-2027, avtalsår 1');
    expect(page).toContain('- contact-1: ledning\n- contact-2: systemägare\n- contact-3: ekonomi');
    expect(page).not.toMatch(/Karin|Johan|Maria|Anna|@/);
  });

  it('goes on with a plan from before names and roles were kept', () => {
    const { called: _, ...before } = plan;
    const page = pageOf(yearAt(now, { plan: before, language: 'sv' }));
    expect(page.split('\n')[0]).toBe('## Avtal testbolaget-2027, avtalsår 1');
    expect(page).toContain('- contact-1\n');
  });

  it('shows where a booked meeting is and for how long, at once', () => {
    const year = swedish();
    const { take } = messageTo('meetingBooked', judgeBooking);
    take(year, { meeting: 1, on: '2027-02-17', at: '13:00', minutes: 75, place: 'Hos er' });
    const before = overviewOf(year).next.find(({ id }) => id === 'meeting-1');
    expect(before).toMatchObject({ booked: false });
    year.state.plan!.obligations.find(({ id }) => id === 'meeting-1')!.booked = true;
    expect(pageOf(year)).toMatch(/Förvaltningsmöte 1, bokat, 75 min, Hos er · /);
  });

  it('shows the alerts that run, with a link to the monitoring, and none that are over', () => {
    const year = swedish();
    listenForAlerts(year);
    const { handler } = handlers().signalHandlers.get('alertsChanged')!;
    const alert = { monitor: 'order-import', severity: 'down', since: '2027-01-20T07:52:00.000Z' };
    void handler({ alerts: [alert], more: 2 });
    expect(pageOf(year)).toContain(
      '### Pågående larm\n- **Nere: Import av order från webshop** (order-import) sedan 2027-01-20 08:52\n\n… och 2 till\n\n' +
        '[Övervakningen av avtalet](/namespaces/default/workflows/monitoring-testbolaget-2027)\n',
    );
    const unknown = { ...alert, monitor: 'gone' };
    void handler({ alerts: [unknown], more: 0 });
    expect(pageOf(year)).toContain('- **Nere: gone** sedan 2027-01-20 08:52\n');
    void handler({ alerts: 'x' });
    expect(year.state.rejected).toHaveLength(1);
    void handler({ alerts: [], more: 0 });
    expect(pageOf(year)).not.toContain('Pågående larm');
  });

  it('says why an address takes no mail, with what the mail server answered in its own words', () => {
    const detail = "Can't send mail - all recipients were rejected: 550 5.1.1 no such user";
    const attention = [{ code: 'address-refused', subject: 'contact-1', detail, at: now }];
    expect(pageOf(swedish(now, { attention }))).toContain(
      ': mejlservern svarade: «550 5.1.1 no such user»\n',
    );
  });

  it('names the checks that rest', () => {
    const pauses = { 'order-import': { until: '2027-02-01' }, all: { until: '2027-01-31' } };
    expect(pageOf(swedish(now, { pauses }))).toContain(
      '### Pausad övervakning\n- Import av order från webshop (order-import) till och med 2027-02-01\n' +
        '- alla kontroller till och med 2027-01-31\n',
    );
  });

  it('shows the result of each check, once the upgrade has come to them', async () => {
    expect(overviewOf(swedish()).checks).toEqual([]);
    const year = swedish(inMay, { closed: { 'upgrade/precheck': done } });
    year.state.plan = await planWithoutParts();
    const { take } = messageTo('integrationChecked', judgeIntegration);
    take(year, { integration: 'webshop-orders' });
    take(year, { integration: 'payroll-vouchers', ok: false, note: 'x' });
    expect(pageOf(year)).toContain(
      '|  | Order från webshop (webshop-orders) |  |  | godkänd ✓ |  | 2027-05-25 |\n' +
        '|  | Verifikationer från lönesystemet (payroll-vouchers) |  |  | **underkänd** |  | 2027-05-25 |\n',
    );
    expect(overviewOf(year).checks.map(({ kind }) => kind)).toEqual(['integration', 'integration']);
  });

  it('speaks of a mail to the customer only where one waits', () => {
    const year = swedish();
    messageTo('startStepCompleted', judgeStart).take(year, { step: 'consultant' });
    expect(pageOf(year)).toContain('Senaste steget är nummer 1, startStepCompleted');
    expect(pageOf(year)).not.toContain('Mejl till kunden');
    messageTo('meetingBooked', judgeBooking).take(year, { meeting: 1 });
    expect(pageOf(year)).toContain('Mejl till kunden om det väntar till 2027-01-20 10:05.');
    year.state.meetings['meeting-1']!.invited = year.state.meetings['meeting-1']!.booked!.revision;
    expect(pageOf(year)).not.toContain('Mejl till kunden');
    messageTo('meetingCancelled', judgeCancelling).take(year, { meeting: 1 });
    expect(pageOf(year)).toContain('Mejl till kunden om det väntar till 2027-01-20 10:05.');
  });

  it('says of a very late start which meetings have no day left, and which phases share one', async () => {
    const late = { ...plan, ...planned({ terms: await guldTerms(), asOf: '2027-12-28T15:00:00.000Z' }) };
    const starts = ['start/consultant', 'start/kickoff', 'start/monitoring'];
    const closed = Object.fromEntries(starts.map((id) => [id, done]));
    const at = (instant: string): string =>
      pageOf(yearAt(instant, { plan: late, language: 'sv', state: { closed } }));
    const page = at('2027-12-28T16:00:00.000Z');
    const none = 'avtalsåret har ingen dag kvar; räknas som missat vid dess slut om det inte blir gjort ändå';
    expect(page).toContain(`- Förvaltningsmöte 3 · dedikerad konsult: ${none}\n`);
    expect(page).toContain('- **2027-12-30** Förvaltningsmöte 2, att boka · dedikerad konsult\n');
    expect(page).toContain('- **2027-12-29** Uppgradering: planering · dedikerad konsult\n');
    const last = late.obligations.find(({ id }) => id === 'upgrade/after-check')!;
    const alone = pageOf(
      yearAt('2027-12-28T16:00:00.000Z', { plan: { ...late, obligations: [last] }, language: 'sv' }),
    );
    expect(alone).toContain('- Uppgradering: efterkontroll · dedikerad konsult: görs nästa avtalsår\n');
    expect(page).toMatch(/\n- \*\*2027-12-30\*\* Uppgradering: .*, samma dag som en annan fas · /);
    // What can no longer be done in time is not called late as well.
    expect(at('2027-12-31T16:00:00.000Z')).toContain(`- Förvaltningsmöte 3 · dedikerad konsult: ${none}\n`);
    expect(pageOf(swedish())).not.toMatch(/ingen dag kvar|samma dag/);
  });

  it('shows examples in lines that fit a phone', () => {
    const year = swedish('2027-03-10T09:00:00.000Z');
    year.phase = 'running';
    const lines = [...pageOf(year).matchAll(/```json\n([^`]+)```/g)].flatMap(([, json = '']) =>
      json.split('\n'),
    );
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => line.length > 40)).toEqual([]);
  });

  it('gives examples whose days are working days, on any day of the year', () => {
    for (let day = plan.from; day < addDays(plan.to, -14); day = addDays(day, 3)) {
      const year = swedish(`${day}T09:00:00.000Z`);
      year.state.plan!.obligations.find(({ id }) => id === 'meeting-1')!.booked = true;
      year.phase = 'running';
      const closed = overviewOf(year).messages.flatMap(({ name, example }) =>
        (JSON.stringify(example).match(/"\d{4}-\d\d-\d\d/g) ?? [])
          .map((found) => found.slice(1))
          .filter((on) => !isOpenDay(on))
          .map((on) => `${day} ${name} ${on}`),
      );
      expect(closed).toEqual([]);
    }
  });

  it('gives examples in its language and of its agreement', () => {
    const example = (language: 'sv' | 'en') => {
      const year = yearAt('2027-03-10T09:00:00.000Z', { plan, language });
      year.phase = 'running';
      return overviewOf(year).messages.find(({ name }) => name === 'hoursUsed')?.example;
    };
    expect(example('sv')).toMatchObject({ note: 'ny fakturalayout', by: plan.ids.consultant });
    expect(example('en')).toMatchObject({ note: 'new invoice layout' });
  });
});
