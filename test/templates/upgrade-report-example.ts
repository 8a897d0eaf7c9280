/** Reports of upgrades for tests: a short one that is approved, and a long one with much that did not go as planned. */
import type { Text } from '../../rules/engine/basics/text';
import type { ReportPart, ReportPhase, UpgradeReport } from '../../templates/upgrade-report/data';

const same = (text: string): Text => ({ sv: text, en: text });
const at = (day: string, time = '10:00'): string => `2027-${day}T${time}:00.000Z`;
const check = (sv: string, en: string, day: string, more: Partial<ReportPart> = {}): ReportPart => ({
  ...{ kind: 'check', name: { sv, en }, ok: true, by: 'Anna Berg', at: at(day) },
  ...more,
});

const planned: ReportPhase = {
  ...{ id: 'plan', owner: 'consultant', state: 'done', from: '2027-05-01', to: '2027-05-10' },
  parts: [
    {
      kind: 'date',
      name: { sv: 'dag överenskommen med kunden', en: 'day agreed with the customer' },
      ...{ ok: true, on: '2027-06-08', by: 'Anna Berg', at: at('05-10') },
    },
    check('Ändringsstopp meddelat', 'The freeze is announced', '05-10'),
  ],
};

const technical: ReportPhase = {
  ...{ id: 'technical', owner: 'consultant', state: 'done', from: '2027-06-08', to: '2027-06-08' },
  parts: [
    {
      ...{ kind: 'began', name: { sv: 'systemet stoppat', en: 'system taken down' } },
      ...{ ok: true, time: at('06-08', '15:00'), by: 'Anna Berg', at: at('06-08', '19:10') },
    },
    {
      ...{ kind: 'system', name: same('Visma Business'), from: '17.00', version: '18.00.2' },
      ...{ ok: true, by: 'Anna Berg', at: at('06-08', '19:10') },
    },
    {
      ...{ kind: 'smokeTested', name: { sv: 'provat av nyckelanvändare', en: 'tried by a key user' } },
      ...{ ok: true, contact: 'Johan Lind', at: at('06-08', '19:10') },
    },
    {
      ...{ kind: 'go', name: { sv: 'beslut att släppa in användarna', en: 'decision to let people in' } },
      ...{ ok: true, contact: 'Karin Ek', time: at('06-08', '18:45'), at: at('06-08', '19:10') },
    },
    {
      ...{ kind: 'ended', name: { sv: 'användarna insläppta', en: 'people let in' } },
      ...{ ok: true, time: at('06-08', '19:00'), by: 'Anna Berg', at: at('06-08', '19:10') },
    },
  ],
};

const integrations: ReportPhase = {
  ...{ id: 'integrations', owner: 'consultant', state: 'done', from: '2027-06-08', to: '2027-06-10' },
  parts: [
    {
      ...{ kind: 'integration', name: same('Order från webshop'), owner: 'supplier' },
      ...{ ok: true, by: 'Anna Berg', at: at('06-09') },
    },
    {
      ...{ kind: 'integration', name: same('Verifikationer från lönesystemet'), owner: 'partner' },
      ...{ from: '5.3', version: '5.4', ok: true, by: 'Petra Sund', at: at('06-10') },
    },
  ],
};

const tested: ReportPhase = {
  ...{ id: 'test', owner: 'customer', state: 'done', from: '2027-06-10', to: '2027-06-14' },
  parts: [
    {
      ...{ kind: 'session', name: { sv: 'genomgång med kunden', en: 'session with the customer' } },
      ...{ ok: true, on: '2027-06-11', by: 'Anna Berg', at: at('06-11') },
    },
    {
      ...{ kind: 'module', name: same('Test: Visma Business') },
      ...{ ok: true, by: 'Johan Lind', at: at('06-14'), note: 'Kundreskontran stämd mot huvudboken.' },
    },
  ],
};

const decision = { sv: 'godkännande', en: 'approval' };
const approved: ReportPhase = {
  ...{ id: 'approval', owner: 'customer', state: 'done', from: '2027-06-14', to: '2027-06-15' },
  parts: [{ kind: 'decision', name: decision, ok: true, contact: 'Karin Ek', at: at('06-15', '08:20') }],
};

const afterCheck: ReportPhase = {
  ...{ id: 'after-check', owner: 'consultant', state: 'open', dueOn: '2027-07-09' },
  parts: [
    {
      kind: 'check',
      name: { sv: 'Första månadsbokslutet gick som det skulle', en: 'The first month-end close went well' },
    },
  ],
};

/** Approved as it was planned; the after-check is left. */
export const shortReport = (changed: Partial<UpgradeReport> = {}): UpgradeReport => ({
  asOf: '2027-06-15T08:25:00.000Z',
  version: 1,
  agreement: { number: 'testbolaget-2027', level: 'guld' },
  customer: 'Åkeri & Söner i Ängelholm AB',
  year: { number: 1, from: '2027-01-01', to: '2028-01-01' },
  testedOn: 'production',
  systems: [{ id: 'visma-business', from: '17.00', to: '18.00.2' }],
  approval: { at: at('06-15', '08:20'), by: 'Karin Ek', shown: '3f9a0c'.repeat(10) },
  phases: [planned, technical, integrations, tested, approved, afterCheck],
  attempts: [],
  withdrawn: [],
  ...changed,
});

const waived = (by: string, reason: string): Partial<ReportPart> => ({ ok: false, waived: { by, reason } });

/** Forty more parts, two attempts that were given up, parts that were accepted, and an end without the customer's approval. */
export const longReport = (changed: Partial<UpgradeReport> = {}): UpgradeReport => {
  const cases = Array.from({ length: 40 }, (_, index): ReportPart => ({
    process: {
      sv: index < 20 ? 'Order till betalning' : 'Inköp till betalning',
      en: index < 20 ? 'Order to payment' : 'Purchase to payment',
    },
    ...{
      kind: 'module',
      name: same(`Fall ${index + 1}, från order till betald faktura med allt däremellan`),
    },
    ...{ ok: true, by: index % 3 ? 'Johan Lind' : 'Marie Öst', at: at('06-14') },
    ...(index === 5 && { ok: false, retest: true as const }),
    ...(index === 6 && { notApplicable: true as const }),
    ...(index % 9 === 4 && {
      note: `Anmärkning ${index + 1}: beloppen stämmer, men sorteringen i listan är en annan än förr.`,
    }),
    ...(index % 11 === 7 &&
      waived(
        'Mats Holm',
        `Orsak ${index + 1}: görs för hand tills leverantören har rättat det i nästa version.`,
      )),
  }));
  const reason =
    'Kunden har inte svarat på fyra påminnelser; systemet har använts i sex veckor utan anmärkning.';
  return shortReport({
    version: 2,
    asOf: '2027-08-20T08:25:00.000Z',
    installation: 'testkoncernen',
    systems: [
      { id: 'visma-business', from: '17.00', to: '18.00.2' },
      { id: 'pector-import', from: '5.3', to: '5.4' },
    ],
    approval: { at: at('08-20', '08:20'), endedBy: 'Erik Chef', reason },
    phases: [
      planned,
      technical,
      {
        ...integrations,
        parts: [
          ...integrations.parts,
          {
            ...{
              kind: 'support',
              name: { sv: 'besked från partnern: Tidrapporter', en: 'word from the partner: Tidrapporter' },
            },
            ...{ ok: false, by: 'Petra Sund', at: at('05-20'), note: 'Stöds först i höst.' },
          },
          {
            ...{ kind: 'integration', name: same('Tidrapporter'), owner: 'customer' },
            waived: { by: 'Karin Ek', reason: 'Läses in för hand till oktober.' },
          },
        ],
      },
      { ...tested, parts: [...tested.parts, ...cases] },
      {
        ...{ id: 'approval', owner: 'customer', state: 'done', from: '2027-06-14', to: '2027-08-20' },
        parts: [
          {
            kind: 'decision',
            name: decision,
            ok: false,
            at: at('08-20', '08:20'),
            waived: { by: 'Erik Chef', reason },
          },
        ],
      },
      {
        ...afterCheck,
        ...{ from: '2027-08-20' },
        parts: [
          {
            ...afterCheck.parts[0]!,
            ok: false,
            by: 'Anna Berg',
            at: at('08-20'),
            note: 'Periodiseringen slog fel.',
          },
        ],
      },
    ],
    attempts: [
      { number: 1, on: '2027-05-25', phase: 'technical', reason: 'Databasen gick inte att konvertera.' },
      {
        ...{ number: 2, on: '2027-06-01', lostSince: at('05-31', '16:00'), by: 'Karin Ek' },
        reason: 'Orderimporten tappade rader, och det upptäcktes först dagen efter.',
      },
    ],
    withdrawn: [
      {
        ...{ system: 'visma-business', version: '18.00.2', on: '2027-08-01' },
        reason: { sv: 'fel i momsrapporten', en: 'a fault in the VAT report' },
      },
    ],
    ...changed,
  });
};
