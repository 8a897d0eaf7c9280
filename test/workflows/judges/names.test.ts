import { guldPlan, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { kindOfWork } from '../../../templates/ui/spoken';
import { understand } from '../../../workflows/judges/names';
import { readFields } from '../../../workflows/messages/fields';
import type { MessageName } from '../../../workflows/messages/messages';
import { messages } from '../../../workflows/messages/messages';
import type { YearState } from '../../../workflows/year/year-state';

const now = '2027-03-10T09:00:00.000Z';

let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

const state: Partial<YearState> = {
  actions: {
    '1': { meeting: 'meeting-1', what: 'Skicka prislistan', owner: 'consultant', dueOn: '2027-04-01' },
    '2': { meeting: 'meeting-1', what: 'Skicka kontoplanen', owner: 'consultant', dueOn: '2027-04-01' },
    '3': { meeting: 'meeting-1', what: 'Testa', owner: 'contact-1', dueOn: '2027-04-01', done: true },
  },
  improvements: { '1': { title: 'Fakturor med e-post', state: 'proposed' } },
  attention: [{ code: 'hours-low', subject: 'hours/alert-75', detail: 'x', at: now }],
};

function understood(name: MessageName, input: Record<string, unknown>, found?: Record<string, string[]>) {
  const year = yearAt(now, { plan, state });
  const fields = readFields(input, year.agreement, messages[name].fields);
  if ('rejected' in fields) throw new Error(fields.rejected.en);
  return understand(year, fields.value, found);
}

it('is understood as the rules call a phase of the upgrade', () => {
  const name = { sv: 'Stora provet', en: 'The big trial' };
  const phases = plan.upgrade!.phases.map((one) => (one.id === 'precheck' ? { ...one, name } : one));
  const year = yearAt(now, { plan: { ...plan, upgrade: { ...plan.upgrade!, phases } }, state });
  for (const phase of ['stora provet', 'the big trial']) {
    const fields = readFields({ phase }, year.agreement, messages.upgradePhaseCompleted.fields);
    if ('rejected' in fields) throw new Error(fields.rejected.en);
    const read = understand(year, fields.value);
    expect(read && 'fields' in read && read.fields.text('phase')).toBe('precheck');
  }
});

describe('what stands on the page', () => {
  it.each<[MessageName, string, string, string]>([
    ['meetingHeld', 'meeting', 'Förvaltningsmöte 2', '2'],
    ['meetingHeld', 'meeting', 'möte 2', '2'],
    ['meetingHeld', 'meeting', 'Management meeting 2', '2'],
    ['meetingHeld', 'meeting', 'mote 2', '2'],
    ['startStepCompleted', 'step', 'Uppstartsmöte', 'kickoff'],
    ['startStepCompleted', 'step', 'kick-off', 'kickoff'],
    ['upgradePhaseCompleted', 'phase', 'förkontroll', 'precheck'],
    ['upgradePhaseCompleted', 'phase', 'Uppgradering: förkontroll', 'precheck'],
    ['upgradePhaseCompleted', 'phase', 'Teknisk uppgradering', 'technical'],
    ['upgradePhaseCompleted', 'phase', 'guided testing', 'test'],
    ['noteAdded', 'kind', 'utbildning', 'training'],
    ['noteAdded', 'kind', 'Övrigt', 'other'],
    ['improvementDecided', 'decision', 'Ja', 'yes'],
    ['improvementDecided', 'improvement', 'Fakturor med e-post', '1'],
    ['actionDone', 'action', 'skicka prislistan', '1'],
    ['integrationChecked', 'integration', 'Order från webshop', 'webshop-orders'],
    ['integrationChecked', 'integration', 'lönesystemet', 'payroll-vouchers'],
    ['customerTested', 'module', 'Visma Business', 'visma-business'],
    ['customerTested', 'module', 'allt', 'all'],
    ['customerTested', 'case', 'Kreditera en faktura', 'order-to-invoice.2'],
    ['monitoringPaused', 'monitor', 'Alla', 'all'],
    ['monitoringPaused', 'monitor', 'Import av order från webshop', 'order-import'],
    ['monitoringPaused', 'monitor', 'import av order', 'order-import'],
    ['attentionCleared', 'code', 'Timbanken börjar ta slut', 'hours-low'],
  ])('is understood: %s %s %s', (name, field, given, meant) => {
    const read = understood(name, { [field]: given });
    expect(read && 'fields' in read && read.fields.text(field)).toBe(meant);
  });

  it.each<[MessageName, string, string]>([
    ['meetingHeld', 'meeting', 'kickoff'],
    ['meetingHeld', 'meeting', '9'],
    ['noteAdded', 'kind', 'kaffe'],
    ['noteAdded', 'kind', 'ut'],
    ['actionDone', 'action', 'Testa'],
  ])('is not seen where it does not stand: %s %s %s', (name, field, given) => {
    expect(understood(name, { [field]: given })).toBeUndefined();
  });

  it.each<[MessageName, string, string, string]>([
    [
      'meetingHeld',
      'meeting',
      'möte',
      'meeting: "möte" kan vara 1 eller 2 eller 3 eller 4; skriv det som menas',
    ],
    ['actionDone', 'action', 'skicka', 'action: "skicka" kan vara 1 eller 2; skriv det som menas'],
  ])('is asked about where it is ambiguous: %s %s %s', (name, field, given, reason) => {
    const read = understood(name, { [field]: given });
    expect(read && 'rejected' in read && read.rejected.sv).toBe(reason);
  });
});

describe('people', () => {
  const people = (read: ReturnType<typeof understood>): unknown =>
    read && 'fields' in read ? [read.fields.texts('participants'), read.fields.actions('actions')] : read;

  it('are known by party and role', () => {
    const input = {
      participants: ['Konsulten', 'ekonomi', 'contact-2'],
      actions: [{ what: 'x', owner: 'Kunden' }],
    };
    expect(people(understood('meetingHeld', input))).toEqual([
      ['consultant', 'contact-3', 'contact-2'],
      [{ what: 'x', owner: 'customer' }],
    ]);
  });

  it('are looked up by name outside, each once, and taken for who they are', () => {
    const input = { participants: ['Karin Ek', 'contact-2'], actions: [{ what: 'x', owner: 'Karin Ek' }] };
    expect(understood('meetingHeld', input)).toEqual({ strangers: ['Karin Ek'] });
    expect(people(understood('meetingHeld', input, { 'Karin Ek': ['contact-1'] }))).toEqual([
      ['contact-1', 'contact-2'],
      [{ what: 'x', owner: 'contact-1' }],
    ]);
  });

  it.each<[MessageName, string]>([
    ['hoursOrdered', 'contact'],
    ['lineQuestioned', 'contact'],
    ['overageDecided', 'orderedBy'],
  ])('are looked up in fields of one person: %s %s', (name, field) => {
    const input = { [field]: 'Karin Ek' };
    expect(understood(name, input)).toEqual({ strangers: ['Karin Ek'] });
    const read = understood(name, input, { 'Karin Ek': ['contact-1'] });
    expect(read && 'fields' in read && read.fields.text(field)).toBe('contact-1');
    expect(understood(name, { [field]: 'contact-1' })).toBeUndefined();
  });

  it('are asked about where two have the name, and stay as written where nobody has', () => {
    const input = { participants: ['Ek'] };
    expect(understood('meetingHeld', input, { Ek: ['contact-1', 'contact-2'] })).toEqual({
      rejected: expect.objectContaining({
        en: 'participants: "Ek" may be contact-1 or contact-2; write the one that is meant',
      }) as unknown,
    });
    expect(understood('meetingHeld', input, { Ek: [] })).toBeUndefined();
  });
});

it.each([
  ['Utbildning', 'training'],
  ['training', 'training'],
  ['konsultarbete', 'consulting'],
  ['Konsult', 'consulting'],
  ['Technical work', 'technical'],
  ['projekt', 'project'],
  ['arbete', 'arbete'],
])('work written as %s is %s', (given, kind) => {
  expect(kindOfWork(given)).toBe(kind);
});
