import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Language } from '../../rules/engine/basics/text';
import { templateIds } from '../../rules/engine/plan/plan';
import type { TemplateId } from '../../rules/engine/plan/plan';
import { MailDataError } from '../../templates/mails/check-mail-data';
import type {
  InboxMailData,
  MailAction,
  MailAmendment,
  MailData,
  MailDigestAgreement,
  MailHours,
  MailMeeting,
  MailObligation,
  MailUpgrade,
} from '../../templates/mails/mail-data';
import { renderMail } from '../../templates/mails/render-mail';
import {
  cases,
  everybody,
  example,
  languages,
  room,
  toConsultant,
  toCustomer,
  toManager,
  variants,
} from './mail-examples';

/** The example of what belongs to no agreement. */
const inboxExample = (): InboxMailData =>
  JSON.parse(readFileSync(join(room, 'signing-waiting', 'example.json'), 'utf8')) as InboxMailData;

const hoursOf = (data: MailData): MailHours => data.hours as MailHours;
const obligationOf = (data: MailData): MailObligation => data.obligation as MailObligation;
/** The example with parts of its meeting replaced. */
const withMeeting = (id: TemplateId, changed: Partial<MailMeeting>): MailData => {
  const data = example(id);
  return { ...data, meeting: { ...(data.meeting as MailMeeting), ...changed } };
};

describe('every template', () => {
  test.each(cases)('%s in %s to the %s is filled in completely', (id, language, _party, data) => {
    const mail = renderMail(id, language, data);
    for (const part of [mail.subject, mail.html, mail.text]) {
      expect(part).not.toMatch(/\{\{|\}\}|undefined|\[object|NaN|Invalid/);
      expect(part.trim()).not.toBe('');
    }
    expect(mail.html).toContain(`<html lang="${language}">`);
    expect(mail.html).toContain(`<title>`);
    expect(mail.text).not.toMatch(/<\/?[a-z]+>|&[a-z]+;|\n{3,}/);
    expect(mail.subject.length).toBeLessThan(120);
  });

  // What waits in the inbox belongs to no agreement: there is no page to link to, and none to send a signal from.
  const unlinked: TemplateId[] = [
    'signing-waiting',
    'workflow-sick',
    'audit-findings',
    'record-trouble',
    'invoice-basis',
  ];
  test.each(cases.filter(([id]) => !unlinked.includes(id)))(
    '%s in %s to the %s shows signal and link to our own people only',
    (id, language, party, data) => {
      const signal = { name: 'someSignal', example: '{"some":"example"}' };
      const mail = renderMail(id, language, { ...data, signal });
      for (const part of [mail.html, mail.text]) {
        const ours = party !== 'customer';
        expect(part.includes(data.links.agreement)).toBe(ours);
        // A digest is about many things: what to send stands on the pages it links to.
        // What monitoring tells is answered by links of its own.
        if (id === 'digest' || id.startsWith('monitor-')) continue;
        expect(part.includes('someSignal')).toBe(ours);
        expect(/temporal/i.test(part)).toBe(ours);
      }
    },
  );

  /** What people wrote is theirs: replaced, so that only our wording is looked at. */
  const inEnglish = ({ meeting, actions, question }: MailData): Partial<MailData> => ({
    ...(question && {
      question: { ...question, note: 'x', words: 'x', ...(question.answer && { answer: 'x' }) },
    }),
    ...(meeting && {
      meeting: { ...meeting, reason: 'x', note: 'x', decisions: meeting.decisions?.map(() => 'x') ?? [] },
    }),
    ...(actions && { actions: actions.map((action) => ({ ...action, what: 'x' })) }),
  });

  test.each(templateIds.map((id) => [id]))('%s in English has no Swedish wording left', (id) => {
    const data = example(id);
    const lines = data.hours?.lines?.map(({ on, seconds, kind }) => ({ on, seconds, kind }));
    const unnoted = data.hours && lines ? { ...data, hours: { ...data.hours, lines } } : data;
    const plain = { ...unnoted, ...inEnglish(unnoted) };
    const { subject, text } = renderMail(id, 'en', plain);
    expect(subject + text).not.toMatch(/\b(och|inte|senast|avtalsår|kunden|timmar|klart|möte)\b/i);
  });

  test.each(templateIds.flatMap((id) => languages.map((language) => [id, language] as const)))(
    '%s in %s says that its amounts are without VAT',
    (id, language) => {
      const { text } = renderMail(id, language, example(id));
      if (/\d\s?kr\b|SEK\s?\d/.test(text)) expect(text).toMatch(/exkl\. moms|excl\. VAT/);
    },
  );

  test('links come from checked links only, and no data goes unescaped', () => {
    const sources = readdirSync(room, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.hbs'),
    );
    expect(sources.length).toBeGreaterThan(100);
    for (const file of sources) {
      const source = readFileSync(join(room, file), 'utf8');
      expect([file, source.match(/\{\{\{|\{\{&/)]).toEqual([file, null]);
      for (const [, target] of source.matchAll(/(?:href|src)="([^"]*)"/g)) {
        expect([file, target]).toEqual([
          file,
          expect.stringMatching(/^\{\{href (links\.(agreement|page|order|worksheet|mine)|link|place)\}\}$/),
        ]);
      }
    }
  });
});

test.each(languages)(
  'the welcome says the price to those whose roles see prices alone, in %s',
  (language) => {
    const data = example('welcome');
    const hidden = { ...data, recipient: { ...data.recipient, noPrices: true as const } };
    const [shown, without] = [data, hidden].map((one) => renderMail('welcome', language, one));
    for (const part of ['text', 'html'] as const) {
      expect(shown![part]).toMatch(/Timpriset|hourly price/);
      expect(without![part]).not.toMatch(/Timpriset|hourly price|SEK|\bkr\b/);
    }
  },
);

test.each([
  ['sv', 'Resultatet har ändrats sedan uppgraderingen godkändes'],
  ['en', 'The results have changed since the upgrade was approved'],
] as const)('an approval that is asked for again says why, in %s', (language, said) => {
  const data = { ...example('upgrade-approval'), recipient: toCustomer };
  const [first, again] = [data, { ...data, changed: true as const }].map((one) =>
    renderMail('upgrade-approval', language, one),
  );
  expect([first!.text.includes(said), first!.html.includes(said)]).toEqual([false, false]);
  expect([again!.text.includes(said), again!.html.includes(said)]).toEqual([true, true]);
});

describe('data that does not suffice', () => {
  const without = (data: MailData, part: keyof MailData): MailData =>
    Object.fromEntries(Object.entries(data).filter(([key]) => key !== part)) as unknown as MailData;

  test.each([
    ['welcome', 'dates'],
    ['welcome', 'supportHours'],
    ['meeting-invitation', 'meeting'],
    ['meeting-invitation', 'agenda'],
    ['meeting-unbooked', 'meeting'],
    ['meeting-minutes', 'actions'],
    ['action-reminder', 'actions'],
    ['signal-rejected', 'rejections'],
    ['consultant-changed', 'replacement'],
    ['hours-alert', 'alert'],
    ['hour-statement', 'hours'],
    ['year-summary', 'summary'],
    ['escalation', 'links'],
    ['upgrade-precheck', 'checks'],
    ['upgrade-test', 'testCases'],
    ['signing-amendment', 'amendment'],
  ] as const)('%s without %s is refused, naming template and path', (id, part) => {
    expect(() => renderMail(id, 'sv', without(example(id), part))).toThrow(
      `templates/${id}: /${part}: expected a value, found nothing`,
    );
  });

  test('says every problem at once, with what was expected and found', () => {
    const data = example('hour-statement');
    const broken = { ...data, hours: { ...hoursOf(data), used: -12.5, asOf: '2027-13-01', currency: 'kr' } };
    const refused = (): unknown => renderMail('hour-statement', 'sv', broken);
    expect(refused).toThrow(MailDataError);
    expect(refused).toThrow('/hours/used: expected >= 0, found -12.5');
    expect(refused).toThrow(/\/hours\/asOf: expected match pattern .*, found "2027-13-01"/);
    expect(refused).toThrow(/\/hours\/currency: .* found "kr"/);
  });

  test('keeps names and addresses out of the error, which ends up in a history', () => {
    const data = { ...example('attention'), recipient: { name: '', party: 'boss' } } as unknown as MailData;
    const broken = { ...data, consultant: { name: 'Karin Ek', email: 42 } } as unknown as MailData;
    expect(() => renderMail('attention', 'sv', broken)).toThrow(
      /\/recipient\/party: expected one of .*"boss"/,
    );
    expect(() => renderMail('attention', 'sv', broken)).not.toThrow(/Karin/);
  });

  test('a date that does not exist is refused, not printed', () => {
    const data = example('step-reminder');
    const broken = { ...data, obligation: { ...obligationOf(data), dueOn: '2027-02-30' } };
    expect(() => renderMail('step-reminder', 'sv', broken)).toThrow(
      'templates/step-reminder/sv: expected a date (YYYY-MM-DD) or an instant in UTC, found "2027-02-30"',
    );
  });

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.example',
    'https://x" onclick="y',
    ' https://x',
  ])('the link %s is refused', (agreement) => {
    expect(() => renderMail('attention', 'sv', { ...example('attention'), links: { agreement } })).toThrow(
      /templates\/attention: \/links\/agreement: expected match pattern/,
    );
  });
});

describe('what failed in an upgrade', () => {
  const json = '{"agreement":"10042"}';
  const ways: NonNullable<MailData['ways']> = [
    { way: 'passes', part: 'precheck, Disk (2)', name: 'upgradePartChecked', example: json },
    { way: 'again', name: 'upgradePhaseFailed', example: json },
    { way: 'back', phase: 'precheck', name: 'upgradePhaseFailed', example: json },
    { way: 'rollBack', name: 'upgradePhaseFailed', example: json },
    { way: 'restore', name: 'upgradePhaseFailed', example: json },
    { way: 'accept', name: 'upgradePhaseCompleted', example: json },
    { way: 'postpone', name: 'upgradePostponed', example: json },
  ];
  const attention = { code: 'check-failed', detail: 'x' };

  test.each(['sv', 'en'] as const)('%s: every way on is told with its message', (language) => {
    const { text, html } = renderMail('attention', language, { ...example('attention'), attention, ways });
    const [heading, end] = { sv: ['VÄGARNA VIDARE', 'Avtalet:'], en: ['THE WAYS ON', 'The agreement:'] }[
      language
    ];
    expect(text.slice(text.indexOf(heading!), text.indexOf(end!))).toMatchSnapshot();
    expect(html.split('10042&quot;}').length - 1).toBe(ways.length);
  });
});

describe('what people have typed', () => {
  const customer = { id: 'kund', name: 'Kund & Co <x>' };

  test('is escaped in HTML and left alone in text and subject', () => {
    const mail = renderMail('escalation', 'sv', { ...example('escalation'), customer });
    expect(mail.html).toContain('Kund &amp; Co &lt;x&gt;');
    expect(mail.html).not.toContain('<x>');
    expect(mail.text).toContain('Kund & Co <x>');
    expect(mail.subject).toContain('Kund & Co <x>');
  });

  test('that looks like a template is printed, not run', () => {
    const mail = renderMail('welcome', 'sv', {
      ...example('welcome'),
      customer: { id: 'kund', name: '{{year.number}}' },
    });
    expect(mail.subject).toContain('{{year.number}}');
  });

  /** Every text that a person or a service writes, with another line in it. */
  const withLines = (value: unknown, added: string, key = ''): unknown => {
    if (typeof value === 'string') return written.test(key) ? `${value}${added}` : value;
    if (Array.isArray(value)) return value.map((item) => withLines(item, added, key));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, withLines(inner, added, name)]),
    );
  };
  const written = /^(name|note|by|reason|what|place|takenBy|title|signers|decisions)$/;

  test.each(['\n', '\r\n', '\u2028', '\u0085', '\u202e\n\n'])(
    'cannot add a line to a mail, by %j',
    (lineEnd) => {
      let held = 0;
      for (const [id, language, , data] of cases) {
        const changed = withLines(data, `${lineEnd}Betala till konto 1`) as typeof data;
        const { text } = renderMail(id, language, changed);
        const lines = text.split(/[\n\u2028\u2029\u0085]/);
        expect([id, lines.filter((line) => line.startsWith('Betala'))]).toEqual([id, []]);
        expect(text).not.toMatch(/\u202e/);
        held += text.split('Betala till konto 1').length - 1;
      }
      expect(held).toBeGreaterThan(100);
    },
  );

  test('cannot break a subject into header lines', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...templateIds),
        fc.constantFrom(...languages),
        fc.array(fc.constantFrom('\r', '\n', '\u2028', '\u0085', '\0', 'Bcc: x@y.example', 'å', '𝒳'), {
          minLength: 1,
        }),
        (id, language, parts) => {
          const name = `A${parts.join('')}`;
          const { subject } = renderMail(id, language, { ...example(id), customer: { id: 'kund', name } });
          return !/[\p{Cc}\u2028\u2029]/u.test(subject);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('what the mails say', () => {
  test('the welcome names consultant, dates, hours, price and support hours', () => {
    const { text } = renderMail('welcome', 'sv', example('welcome'));
    expect(text).toContain('Er dedikerade konsult är Karin Ek (karin.ek@pector.example)');
    expect(text).toContain('mån 17 maj 2027: förvaltningsmöte 2, kl. 10:00–12:00');
    expect(text).toContain('100\u00a0timmar');
    expect(text).toContain('1\u00a0305,00\u00a0kr');
    expect(text).toContain('08:30–16:30');
    expect(text).toContain('20 % av de avtalade timmarna');
  });

  test('meeting times are Swedish time, winter and summer', () => {
    const data = example('meeting-invitation');
    const winter = withMeeting('meeting-invitation', { at: '2027-02-15T09:00:00.000Z' });
    expect(renderMail('meeting-invitation', 'sv', data).subject).toBe(
      'Inbjudan: förvaltningsmöte 2, tisdag 18 maj 2027 kl. 10:00',
    );
    expect(renderMail('meeting-invitation', 'en', winter).subject).toBe(
      'Invitation: management meeting 2, Monday 15 February 2027 at 10:00',
    );
  });

  test('guided testing is led by a person: one text for the customer, another for the consultant', () => {
    const data = example('upgrade-test');
    expect(renderMail('upgrade-test', 'sv', data).text).toContain('Karin Ek leder er genom testningen');
    expect(renderMail('upgrade-test', 'sv', { ...data, recipient: toConsultant }).text).toContain(
      'Testled kunden',
    );
  });

  test.each(['upgrade-precheck', 'upgrade-integrations', 'upgrade-technical'] as const)(
    '%s lists what is checked, to whoever carries it out',
    (id) => {
      for (const data of variants(id))
        for (const language of languages) {
          const { html, text } = renderMail(id, language, data);
          // By their numbers messages name them.
          for (const [index, check] of (data.checks ?? []).entries()) {
            expect(text).toContain(`${index + 1}. ${check[language]}`);
            expect(html).toMatch(new RegExp(`<li[^>]*>${check[language]}</li>`));
          }
        }
    },
  );

  test.each<[NonNullable<MailUpgrade['news']>, RegExp, RegExp]>([
    [
      { kind: 'planned', on: '2027-06-12' },
      /Systemet är stängt lör 12 juni 2027 08:00–18:00\.[^]*Den dagen vilar det här[^]*- Alla är utloggade \(ni\)\n- Webshopen \(partnern\)/,
      /The system is down Sat 12 Jun 2027 08:00–18:00\.[^]*On that day this rests[^]*- Everybody is logged out \(you\)\n- The webshop \(the partner\)/,
    ],
    [
      { kind: 'approved', on: '2027-07-02', by: 'Anna' },
      /Vi tar den nya versionen i drift fredag 2 juli 2027/,
      /We take the new version live on Friday 2 July 2027/,
    ],
    [
      { kind: 'unapproved', on: '2027-07-02' },
      /i drift fredag 2 juli 2027 utan det/,
      /live on Friday 2 July 2027 without it/,
    ],
    [
      { kind: 'approved', onCopy: true, by: 'Anna' },
      /hör av sig om vilken dag vi tar den nya versionen i drift\. Till dess arbetar ni som vanligt, och ändringsstoppet gäller/,
      /gets in touch about the day on which we take the new version live\. Until then you work as usual/,
    ],
    [
      { kind: 'unapproved', onCopy: true, reason: 'x' },
      /i drift utan det; Karin Ek hör av sig om vilken dag/,
      /live without it; Karin Ek gets in touch about the day/,
    ],
    [{ kind: 'live' }, /Den nya versionen är i drift/, /The new version is live/],
    [
      {
        kind: 'restored',
        reason: 'order tappades',
        attempt: 2,
        lostSince: '2027-06-13T09:00:00.000Z',
        by: 'Anna',
        versions: [{ name: { sv: 'Webshoppen', en: 'The webshop' }, version: '3.1' }],
      },
      /söndag 13 juni 2027 kl\. 11:00\. Det som har gjorts i det sedan dess är förlorat[^]*Anna har beslutat om det\. Orsak: order tappades[^]*Versionerna är åter:\n- Webshoppen 3\.1/,
      /Sunday 13 June 2027 at 11:00\. What was done in it since then is lost[^]*Anna decided so\. Reason: order tappades[^]*The versions are these again:\n- The webshop 3\.1/,
    ],
    [
      { kind: 'rolledBack', reason: 'x', attempt: 2, onCopy: true },
      /Ert system är orört/,
      /Your system is untouched/,
    ],
    [
      { kind: 'postponed', reason: 'x', on: '2027-09-01', live: true },
      /Ert system är redan uppgraderat/,
      /Your system is upgraded already/,
    ],
  ])('the customer is told of an upgrade in both languages: %j', (news, sv, en) => {
    const freeze = [
      { what: { sv: 'Alla är utloggade', en: 'Everybody is logged out' }, by: 'customer' },
      { what: { sv: 'Webshopen', en: 'The webshop' }, by: 'partner' },
    ] as const;
    const window = { from: '2027-06-12T06:00:00.000Z', to: '2027-06-12T16:00:00.000Z', shared: [] };
    const data = { ...example('upgrade-news'), freeze: [...freeze], window, upgrade: { parts: [], news } };
    expect(renderMail('upgrade-news', 'sv', data).text).toMatch(sv);
    expect(renderMail('upgrade-news', 'en', data).text).toMatch(en);
  });

  describe('a mail of the upgrade', () => {
    const toConsultant = { name: 'Anna Berg', party: 'consultant' as const };
    const toCustomer = { name: 'Karin Ek', party: 'customer' as const };
    const [example] = variants('upgrade-precheck');
    const obligation = { ...example!.obligation!, id: 'upgrade-1/precheck', late: true, leftBy: 1 };
    const of = (id: TemplateId, more: Partial<MailData>) =>
      renderMail(id, 'sv', { testCases: [], ...example!, recipient: toConsultant, obligation, ...more });

    test.each<[string, TemplateId, Partial<MailData>, string, boolean]>([
      [
        'says when the system goes down, who is there, and with whom that is shared',
        'upgrade-technical',
        {
          window: {
            ...{ from: '2027-06-12T06:00:00.000Z', to: '2027-06-12T16:00:00.000Z', shared: ['a-1', 'b-2'] },
            ...{ onCall: 'konsult-2', present: 'konsult-1', morning: '2027-06-14' },
          },
        },
        'lör 12 juni 2027 08:00–18:00\nJour: konsult-2\nPå plats mån 14 juni 2027: konsult-1\nInstallationen delas med a-1, b-2 och uppgraderas en gång',
        true,
      ],
      ['says nothing of a window where there is none', 'upgrade-technical', {}, 'FÖNSTER', false],
      [
        'names both versions',
        'upgrade-precheck',
        { systems: [{ id: 'visma-business', version: '17.0', to: '18.00.0' }] },
        'Visma Business 17.0 → 18.00.0',
        true,
      ],
      [
        'says which versions fit',
        'upgrade-technical',
        { systems: [{ id: 'pector-import', version: '5.2', to: { sv: '5.3 eller 6.x', en: '5.3 or 6.x' } }] },
        'Pector Import 5.2 → 5.3 eller 6.x',
        true,
      ],
      [
        'asks for a version that is not known',
        'upgrade-technical',
        { signal: { name: 'x', example: '{}', toFill: ['pector-import'] } },
        'Ny version saknas för pector-import. Lägg till den i versions innan du skickar.',
        true,
      ],
      [
        'says nothing to fill in',
        'upgrade-technical',
        { signal: { name: 'x', example: '{}' } },
        'Ny version saknas',
        false,
      ],
      [
        'says that it goes on from another year',
        'upgrade-test',
        {},
        'Fortsätter från avtalsår 1, där den inte blev klar.',
        true,
      ],
      ['says to our own that it is late', 'upgrade-test', {}, 'Planerat senare än avtalet säger', true],
      [
        'does not say so to the customer',
        'upgrade-test',
        { recipient: toCustomer },
        'Planerat senare än avtalet säger',
        false,
      ],
      [
        'tells the customer how to approve',
        'step-reminder',
        { recipient: toCustomer, obligation: { ...obligation, owner: 'customer', approval: true } },
        'Svara på det här mejlet och skriv att den är godkänd.',
        true,
      ],
      [
        'names a phase as the rules do',
        'upgrade-phase',
        { phaseNames: { precheck: { sv: 'stora provet', en: 'the trial' } } },
        'Uppgradering från avtalsår 1: stora provet',
        true,
      ],
    ])('%s', (_what, id, more, text, isSaid) => {
      const mail = of(id, more);
      expect(mail.text.includes(text)).toBe(isSaid);
    });

    test.each<[TemplateId, string]>([
      ['step-reminder', 'Påminnelse: förkontroll i uppgraderingen från avtalsår 1, Testbolaget AB'],
      ['escalation', 'Försenat hos Testbolaget AB: förkontroll i uppgraderingen från avtalsår 1'],
    ])('%s has one colon in its subject', (id, subject) => {
      const upgrade = { ...obligation, id: 'upgrade-1/precheck' };
      expect(of(id, { obligation: upgrade }).subject).toBe(subject);
    });
  });

  test('the test mail lists the test cases by module, named in the reader’s language', () => {
    for (const data of variants('upgrade-test')) {
      const { text, html } = renderMail('upgrade-test', 'en', data);
      expect(text).toContain('In general:\n- Log in with your own users\n- Print a report');
      expect(text).toContain('Visma Business:\n- Enter a customer order');
      expect(text).toContain('Orderimport från webbshopen:\n- Place an order');
      expect(html).toContain('>In general</strong>');
      expect(renderMail('upgrade-test', 'sv', data).text).toContain('Allmänt:\n- Logga in med era egna');
    }
  });

  test('without test cases the test mail tells the customer what is usually worth testing', () => {
    const { text } = renderMail('upgrade-test', 'sv', { ...example('upgrade-test'), testCases: [] });
    expect(text).toContain('- Order, leverans och fakturering');
    expect(text).not.toContain('Allmänt');
  });

  test.each([
    [60, 30, '- Förberedelse: 60 minuter, - Uppföljning: 30 minuter'],
    [60, 0, '- Förberedelse: 60 minuter'],
    [0, 30, '- Uppföljning: 30 minuter'],
  ])('the call sets aside %i minutes before and %i after the meeting', (before, after, expected) => {
    const ownTime = { preparationMinutes: before, followUpMinutes: after };
    const { text } = renderMail('meeting-call', 'sv', { ...example('meeting-call'), ownTime });
    const said = text.split('\n').filter((line) => line.endsWith(' minuter'));
    expect(said.join(', ')).toBe(expected);
  });

  test('the call speaks of no time where none is set aside', () => {
    const { ownTime: _none, ...data } = example('meeting-call');
    expect(renderMail('meeting-call', 'sv', data).text).not.toContain('minuter');
  });

  test('topics of an agenda may be wordings of their own', () => {
    const agenda = ['new-needs', { sv: 'Lagervärdet <per ställe>', en: 'Stock value' }];
    for (const id of ['meeting-call', 'meeting-invitation', 'meeting-reminder'] as const) {
      expect(renderMail(id, 'en', { ...example(id), agenda }).text).toContain('- Stock value');
      expect(renderMail(id, 'sv', { ...example(id), agenda }).html).toContain(
        'Lagervärdet &lt;per ställe&gt;',
      );
    }
  });

  describe('a digest', () => {
    const data = example('digest');
    const { digest } = data;
    const [late, other] = digest!.agreements as [MailDigestAgreement, MailDigestAgreement];

    test('tells of each agreement what is overdue, what is coming, and where its page is', () => {
      const { text, html, subject } = renderMail('digest', 'sv', data);
      expect(subject).toBe('2 avtal: det här är öppet, 1 försenat');
      expect(text).toContain(
        'Testbolaget AB, avtal 10042\n' +
          '- ons 12 maj 2027: förvaltningsmöte 2, dedikerad konsult, 3 arbetsdagar försenat\n' +
          '- ons 19 maj 2027: uppgradering: förkontroll, dedikerad konsult\n' +
          `Avtalet: ${late.link}\n\nAnnorlunda AB, avtal 10077\n`,
      );
      for (const { link } of [late, other]) expect(html).toContain(`href="${link}"`);
    });

    test('calls the phases of each agreement what its own rules call them', () => {
      const phaseNames = { test: { sv: 'provdrift', en: 'trial run' } };
      const agreements = [late, { ...other, phaseNames }];
      const { text, html } = renderMail('digest', 'sv', { ...data, digest: { ...digest!, agreements } });
      expect(text).toContain('uppgradering: provdrift, kunden');
      expect(html).toContain('Uppgradering: provdrift');
      expect(text).toContain('uppgradering: förkontroll');
    });

    test('of one agreement names its customer, and of nothing overdue says nothing of it', () => {
      const one = { ...data, digest: { until: '2027-05-24', overdue: 0, agreements: [other] } };
      expect(renderMail('digest', 'en', one).subject).toBe('Annorlunda AB: what is open');
      expect(renderMail('digest', 'en', one).text).not.toMatch(/overdue|Testbolaget/);
    });

    test('says of a thing that was due this very morning that it is overdue, by no day', () => {
      const item = { ...late.overdue[0]!, overdueOpenDays: 0 };
      const today = { until: '2027-05-24', overdue: 1, agreements: [{ ...late, overdue: [item] }] };
      expect(renderMail('digest', 'en', { ...data, digest: today }).text).toContain('consultant, overdue\n');
    });

    test('with a link that is none is refused', () => {
      const agreements = [{ ...late, link: 'javascript:alert(1)' }];
      expect(() =>
        renderMail('digest', 'sv', { ...data, digest: { until: '2027-05-24', overdue: 1, agreements } }),
      ).toThrow('templates/digest: /digest/agreements/0/link: expected match pattern');
    });
  });

  describe('of what waits in the inbox of signings', () => {
    const data = inboxExample();
    const [first] = data.inbox.deliveries;

    test('each has its document, who signed, what is missing, and what to type next', () => {
      const { subject, text } = renderMail('signing-waiting', 'sv', data);
      expect(subject).toBe('3 leveranser från signeringen väntar på dig');
      expect(text).toContain(
        '17: Serviceavtal Guld, Testbolaget AB\n' +
          'DocuSign · tis 16 feb 2027 kl. 09:52 · dokument 1703ce40-37b5-4b3b-9c6c-1ad8f04f7d17' +
          ' · signerat av Anna Lindqvist, Mats Holm\n' +
          '- contract.hourBank.hours: fältet "Årstimmar": förväntade ett tal, hittade "hundra"\n' +
          '- contract.level: förväntade fältet "Nivå", hittade inget\n' +
          'Och 2 orsaker till, se kommandot nedan.\n' +
          'Rätta rules/signing/docusign.json, eller det som orsaken säger, och försök sedan igen:\n\n' +
          '  npx serviceavtal intake show 17\n  npx serviceavtal intake retry 17\n',
      );
      expect(text).toContain('18: eget system\n');
      expect(text).toContain('· avtal 10042\n- förväntade JSON, hittade något annat\n');
      expect(text).toContain('Och 1 till. Alla visas av npx serviceavtal intake list\n');
      expect(text).toContain('npx serviceavtal intake reject 17 --reason');
    });

    test('one alone is named in the subject, by its number if it has no title', () => {
      const one = { ...data, inbox: { count: 1, more: 0, deliveries: [first!] } };
      const { title: _none, ...untitled } = first!;
      const nameless = { ...one, inbox: { ...one.inbox, deliveries: [untitled] } };
      expect(renderMail('signing-waiting', 'sv', one).subject).toBe(
        'Väntar på dig: Serviceavtal Guld, Testbolaget AB',
      );
      expect(renderMail('signing-waiting', 'en', nameless).subject).toBe(
        'Waits for you: delivery 17 from signing',
      );
      expect(renderMail('signing-waiting', 'en', one).text).not.toContain('more.');
    });

    test('titles, signers, fields and what was found there are escaped', () => {
      const hostile = '<img src=x onerror="alert(1)">';
      const message = { sv: hostile, en: hostile };
      const told = { ...first!, title: hostile, signers: [hostile], reasons: [{ about: hostile, message }] };
      const { html, text } = renderMail('signing-waiting', 'sv', {
        ...data,
        inbox: { count: 1, more: 0, deliveries: [{ ...told, document: hostile }] },
      });
      expect(html).not.toContain('<img');
      expect(html.split('&lt;img src').length - 1).toBeGreaterThanOrEqual(5);
      expect(text).toContain(hostile);
    });

    test('without a delivery, or to the customer, it is refused', () => {
      const none = { ...data, inbox: { count: 1, more: 1, deliveries: [] } };
      expect(() => renderMail('signing-waiting', 'sv', none)).toThrow('/inbox/deliveries: expected');
      const theirs = { ...data, recipient: toCustomer };
      expect(() => renderMail('signing-waiting', 'sv', theirs)).toThrow('/recipient/party: expected one of');
    });
  });

  describe('of an amendment', () => {
    const data = example('signing-amendment');
    const amendment = data.amendment as MailAmendment;

    test('what changes from what to what, from when, and how to approve it', () => {
      const { subject, text, html } = renderMail('signing-amendment', 'sv', data);
      expect(subject).toBe('Godkänn ändring av avtalet med Testbolaget AB, gäller från 1 juli 2027');
      expect(text).toContain('Godkänner du den gäller den från torsdag 1 juli 2027;');
      expect(text).toContain('- timmar per år (hourBank.hours): 100\u00a0timmar -> 150\u00a0timmar\n');
      expect(text).toContain('- integrations.payroll.name: (inget) -> Payroll\n');
      for (const what of ['show', 'approve', 'decline'])
        for (const part of [text, html]) expect(part).toContain(`npx serviceavtal amendments ${what} 3`);
      expect(text).not.toContain('se kommandot nedan');
    });

    test('of more differences than fit, how many are left out', () => {
      const long = { ...data, amendment: { ...amendment, more: 4 } };
      expect(renderMail('signing-amendment', 'en', long).text).toContain(
        'And 4 more, see the command below.',
      );
    });
  });

  const reminder = example('step-reminder');
  test.each([
    ['customer', 'customer', 'upgrade', 'Är det redan gjort, eller behöver ni hjälp?'],
    ['customer', 'consultant', 'upgrade', 'Det är vårt att göra'],
    ['customer', 'consultant', 'meetings', 'så bokar Karin Ek en ny tid med er'],
    ['consultant', 'consultant', 'meetings', 'boka en ny tid med kunden'],
    ['consultant', 'consultant', 'meetings', 'är inte rapporterat som hållet'],
    ['support', 'consultant', 'meetings', 'Annars, hör med Karin Ek när det blir av'],
    ['consultant', 'consultant', 'upgrade', 'ta upp det med Mats Holm'],
    ['support', 'consultant', 'upgrade', 'Ska göras av: dedikerad konsult. Är det gjort'],
    ['manager', 'manager', 'start', 'ta upp det med Karin Ek'],
  ] as const)('a %s who hears of what the %s owes (%s) reads "%s"', (party, owner, strand, expected) => {
    const recipient = everybody.find((one) => one.party === party) ?? toManager;
    const obligation = { ...obligationOf(reminder), owner, strand, overdueOpenDays: 2 };
    expect(renderMail('step-reminder', 'sv', { ...reminder, recipient, obligation }).text).toContain(
      expected,
    );
  });

  test.each([
    ['customer', 'Svara på det här mejlet'],
    ['consultant', 'Hitta en ny tid med kunden och boka om mötet'],
    ['manager', 'Hör av dig till Karin Ek'],
    ['support', 'Hör av dig till Karin Ek'],
  ] as const)('a meeting’s reminder tells the %s "%s"', (party, expected) => {
    const recipient = everybody.find((one) => one.party === party) ?? toManager;
    const mail = renderMail('meeting-reminder', 'sv', { ...example('meeting-reminder'), recipient });
    expect(mail.text).toContain(expected);
    expect(mail.subject.includes('Testbolaget AB')).toBe(party !== 'customer');
  });

  it.each([
    ['sv', 'Rättelse: 75 % av timbanken är inte använd', 'Det stämmer inte längre: timmar har rättats'],
    ['en', 'Correction: 75% of the hour bank is not used', 'That holds no longer: hours were corrected'],
  ] as const)('takes back what was said of the hour bank: %s', (language, subject, text) => {
    const data = { ...example('hours-alert'), alert: { percent: 75, takenBack: true } };
    const mail = renderMail('hours-alert', language, data);
    expect(mail.subject).toBe(subject);
    expect(mail.text).toContain(text);
    expect(mail.text).not.toContain('Ni har använt');
  });

  test.each([
    [90, '90 % av timbanken är använd'],
    [100, 'Timbanken är förbrukad'],
  ])('the alert at %i %% has the subject "%s"', (percent, subject) => {
    expect(renderMail('hours-alert', 'sv', { ...example('hours-alert'), alert: { percent } }).subject).toBe(
      subject,
    );
  });

  test('a final statement tells overage in money, an interim one does not speak of rollover', () => {
    const data = example('hour-statement');
    const over = {
      ...hoursOf(data),
      used: 10850,
      remaining: 0,
      overage: 850,
      waiting: 850,
      overageAmountMinor: 1109250,
    };
    const closed = { ...over, final: true, rolledOut: 0, expired: 0 };
    expect(renderMail('hour-statement', 'sv', { ...data, hours: closed }).text).toContain(
      '11\u00a0092,50\u00a0kr',
    );
    expect(renderMail('hour-statement', 'en', { ...data, hours: over }).text).toContain('SEK\u00a011,092.50');
    expect(renderMail('hour-statement', 'sv', data).text).not.toContain('följer med till nästa avtalsår');
  });

  test('a corrected statement says what differs, and who decides about hours that a correction freed too late', () => {
    const data = example('hour-statement');
    const now = { ...hoursOf(data), used: 9000, remaining: 3000, rolledOut: 2400, expired: 600, final: true };
    const told = { on: '2028-01-07', used: 10_000, rolledOut: 2000, expired: 0, overage: 0, freed: 600 };
    const { text } = renderMail('hour-statement', 'sv', { ...data, hours: { ...now, told } });
    expect(text).toContain('- Upphör: 0:00 → 6:00\n');
    expect(text).toContain(
      '6\u00a0timmar upphörde medan felet stod kvar. Mats Holm avgör om ni får tillbaka dem.',
    );
    const { freed: _freed, ...others } = told;
    expect(
      renderMail('hour-statement', 'sv', { ...data, hours: { ...now, told: others } }).text,
    ).not.toContain('avgör');
  });

  test.each(['hours-alert', 'hour-statement'] as const)(
    '%s says how long the hours last at the pace so far',
    (id) => {
      const data = example(id);
      const { text } = renderMail(id, 'sv', { ...data, hours: { ...hoursOf(data), usedUpOn: '2027-09-12' } });
      expect(text).toContain('I den här takten räcker timmarna till omkring 12 sep');
      expect(renderMail(id, 'sv', data).text).not.toContain('I den här takten');
    },
  );

  test('hours bought, or on us, have a line of their own', () => {
    const data = example('hour-statement');
    const { text } = renderMail('hour-statement', 'sv', {
      ...data,
      hours: { ...hoursOf(data), added: 2000 },
    });
    expect(text).toContain('Köpta timmar och timmar vi bjuder på: 20:00\n');
    const closed = { ...hoursOf(data), added: 2000, addedLeft: 1500, final: true, rolledOut: 0, expired: 0 };
    const final = renderMail('hour-statement', 'sv', { ...data, hours: closed }).text;
    expect(final).toContain('Köpta timmar och timmar vi bjuder på som ni har kvar: 15:00\n');
  });

  test('the summary says honestly what was late and what was not delivered', () => {
    const { text } = renderMail('year-summary', 'sv', example('year-summary'));
    expect(text).toContain(
      'Förvaltningsmöte 2, planerat 17 maj 2027: levererat 20 maj 2027, 3 arbetsdagar sent',
    );
    expect(text).toContain('Förvaltningsmöte 3, planerat 16 aug 2027: avböjt av er');
    expect(text).toContain('Förvaltningsmöte 4, planerat 15 nov 2027: INTE LEVERERAT (bokades aldrig)');
    expect(text).toContain('Levererat: 11. Inte levererat: 1. Avböjt av er: 1.\n');
    expect(text).toContain('Vi har inte levererat allt som avtalet lovade');
    expect(text).toContain('Outnyttjade timmar: 20\u00a0timmar förs över');
  });

  test.each([
    ['fulfilled', 'allt som avtalet lovade är levererat'],
    ['terminated', 'avslutats i förtid'],
  ] as const)('a %s year is summed up as such', (outcome, wording) => {
    const data = example('year-summary');
    const summary = { ...data.summary!, outcome };
    expect(renderMail('year-summary', 'sv', { ...data, summary }).text).toContain(wording);
  });

  test('an escalation on the due day itself does not speak of zero days', () => {
    const data = example('escalation');
    const { overdueOpenDays: _days, ...obligation } = obligationOf(data);
    const { subject, text } = renderMail('escalation', 'sv', { ...data, obligation });
    expect(subject).toBe('Försenat hos Testbolaget AB: förvaltningsmöte 2');
    expect(text).not.toContain('Försenat:');
  });

  test('the notice of renewal tells period, hours, last day for notice, and the approved price if there is one', () => {
    const data = example('renewal-notice');
    const { text } = renderMail('renewal-notice', 'sv', data);
    expect(text).toContain('Nästa period: 1 jan 2028 – 31 dec 2028');
    expect(text).toContain('Sista dag för uppsägning: fredag 1 oktober 2027');
    expect(text).toContain('Ert timpris med 10 % rabatt: 1\u00a0343,70\u00a0kr');
    const { approvedRateMinor: _, approvedDiscountedMinor: __, ...renewal } = data.renewal!;
    const unpriced = renderMail('renewal-notice', 'sv', { ...data, renewal }).text;
    expect(unpriced).toContain('Ert timpris i år: 1\u00a0305,00\u00a0kr');
    expect(unpriced).toContain(
      'oförändrat även nästa period, om vi inte meddelar ett nytt senast tisdag 2 november 2027',
    );
    expect(unpriced).not.toContain('1\u00a0493,00');
  });

  test('the notice of renewal asks for nothing by a day that has passed', () => {
    const { renewal, ...rest } = example('renewal-notice');
    const { approvedRateMinor: _, approvedDiscountedMinor: __, ...unapproved } = renewal!;
    const late = {
      ...rest,
      renewal: { ...unapproved, noticePassed: true, announcePassed: true },
    } as MailData;
    const { text, html } = renderMail('renewal-notice', 'sv', late);
    for (const part of [text, html]) {
      expect(part).toContain('Avtalet fortsätter med en ny period');
      expect(part).toContain('Timpriset är oförändrat även nästa period. ');
      expect(part).not.toMatch(/Om ingen av oss|senast/);
    }
    expect(text).toContain('Sista dag för uppsägning var fredag 1 oktober 2027');
    expect(renderMail('renewal-notice', 'en', late).text).toContain('Last day for giving notice was ');
  });

  test('a price change is not told without the price', () => {
    const data = example('price-change');
    const { approvedRateMinor: _, ...renewal } = data.renewal!;
    expect(() => renderMail('price-change', 'sv', { ...data, renewal })).toThrow(
      'templates/price-change: /renewal/approvedRateMinor: expected a value, found nothing',
    );
  });

  test('codes that nobody has named yet are shown as they are', () => {
    const { text } = renderMail('meeting-invitation', 'sv', {
      ...example('meeting-invitation'),
      agenda: ['new-topic'],
    });
    expect(text).toContain('- new-topic');
  });

  test('the call says that booking invites, by when, and how to book', () => {
    const { text } = renderMail('meeting-call', 'sv', example('meeting-call'));
    expect(text).toContain('boka den, senast måndag 26 april 2027. Det är bokningen som bjuder in');
    expect(text).toContain('NÄR NI ÄR ÖVERENS OM TIDEN');
    expect(text).toContain('{"agreement":"10042","meeting":2,"on":"2027-05-17","at":"10:00"}');
  });

  test.each([
    ['customer', 'hör av sig med förslag på en tid'],
    ['consultant', 'Ta kontakt med kunden i dag'],
    ['manager', 'Hör vad som hindrar; avtalet lovar kunden mötet. '],
    ['support', 'Karin Ek har fått uppgiften'],
  ] as const)('a meeting that is not booked in time tells the %s "%s"', (party, expected) => {
    const recipient = everybody.find((one) => one.party === party) ?? toManager;
    const { text } = renderMail('meeting-unbooked', 'sv', { ...example('meeting-unbooked'), recipient });
    expect(text).toContain(expected);
    expect(text.includes('senast måndag 26 april 2027')).toBe(party !== 'customer');
  });

  test('nobody is told that the agreement promises an extra meeting', () => {
    const extra = withMeeting('meeting-unbooked', { id: 'meeting-extra-1', number: 1, extra: true });
    const { subject, text } = renderMail('meeting-unbooked', 'sv', { ...extra, recipient: toManager });
    expect(subject).toBe('Inte bokat: extramöte 1 med Testbolaget AB');
    expect(text).not.toContain('lovar');
    const late = withMeeting('step-reminder', { id: 'meeting-extra-1', number: 1, extra: true });
    expect(renderMail('step-reminder', 'sv', late).text).toContain('boka en ny tid med kunden.');
    const escalated = example('escalation');
    const obligation = { ...obligationOf(escalated), id: 'meeting-extra-1', extra: true } as const;
    expect(renderMail('escalation', 'sv', { ...escalated, obligation }).text).not.toContain('enligt avtalet');
  });

  test('a moved meeting is told as a new time, and why, only to who knows the old one', () => {
    const reason = 'Inventering';
    const moved = renderMail(
      'meeting-invitation',
      'sv',
      withMeeting('meeting-invitation', { moved: true, reason }),
    );
    expect(moved.subject).toBe('Ny tid: förvaltningsmöte 2, tisdag 18 maj 2027 kl. 10:00');
    expect(moved.text).toContain('Förvaltningsmöte 2 har fått en ny tid.\n\nAnledning: Inventering\n');
    expect(moved.text).toContain('och ersätter den förra');
    const first = renderMail('meeting-invitation', 'sv', withMeeting('meeting-invitation', { reason }));
    expect(first.text).toContain('Välkomna till förvaltningsmöte 2');
    expect(first.text).not.toMatch(/ny tid|Inventering|ersätter/);
  });

  test('a cancelled meeting promises a new time, unless the customer declined it', () => {
    const said = (changed: Partial<MailMeeting>): string =>
      renderMail('meeting-cancelled', 'sv', withMeeting('meeting-cancelled', changed)).text;
    expect(said({})).toContain('Karin Ek återkommer med förslag på en ny tid.');
    expect(said({})).toContain('Anledning: Vi har inventering den veckan');
    expect(said({ declined: true })).toContain('Ni har avböjt mötet, så vi föreslår ingen ny tid.');
    expect(said({ declined: true })).not.toContain('återkommer');
  });

  test('one that was held before its day is not told as cancelled', () => {
    const held = withMeeting('meeting-cancelled', { heldOn: '2027-05-11' });
    const { subject, text } = renderMail('meeting-cancelled', 'sv', held);
    expect(subject).toMatch(/^Redan hållet: /);
    expect(text).toContain('hölls tisdag 11 maj 2027, så den tid som var bokad utgår.');
    expect(text).not.toMatch(/blir inte av|återkommer/);
  });

  test('a welcome to a year that has no dates left names none', () => {
    const { text, html } = renderMail('welcome', 'sv', { ...example('welcome'), dates: [] });
    expect(text).not.toContain('ÅRETS DATUM');
    expect(html).not.toContain('Årets datum');
  });

  test('the consultant’s times are listed in plain words', () => {
    const said = (changed: Partial<MailMeeting>): string =>
      renderMail('meeting-blocks', 'sv', withMeeting('meeting-blocks', changed)).text;
    expect(said({})).toContain('- Förberedelse: tisdag 18 maj 2027, kl. 09:00–10:00\n- Mötet: tisdag 18 maj');
    expect(said({})).toContain('är bokat');
    expect(said({ moved: true })).toContain('i din kalender och ersätter de förra');
    expect(said({ cancelled: true, booked: false })).toContain('så tas tiderna bort');
  });

  test('whoever is to be called has their number where the contract has one', () => {
    const data = example('overage-ordered');
    const { consultant } = data;
    const told = { ...data, consultant: { ...consultant, phone: '08-465 004 01' } };
    expect(renderMail('overage-ordered', 'sv', told).text).toContain(
      `ring ${consultant.name}, 08-465\u00a0004\u00a001 så snart ni kan`,
    );
    expect(renderMail('overage-ordered', 'sv', data).text).toContain(`ring ${consultant.name} så snart`);
  });

  test('the minutes say what is not there, and name nobody who has left', () => {
    const data = withMeeting('meeting-minutes', { decisions: [], participants: [{ name: 'Karin Ek' }, {}] });
    const { text } = renderMail('meeting-minutes', 'sv', { ...data, actions: [] });
    expect(text).toContain('Deltagare: Karin Ek, tidigare kontaktperson\n');
    expect(text).toContain('Inga beslut är antecknade.');
    expect(text).toContain('Inga åtgärder är antecknade.');
    const { chargedHours: _, ...free } = data.meeting!;
    expect(text).toContain('Ur timbanken: 1\u00a0timme 30\u00a0minuter');
    expect(renderMail('meeting-minutes', 'sv', { ...data, meeting: free }).text).not.toContain('timbanken');
  });

  test('an action is soon due or overdue', () => {
    const data = example('action-reminder');
    const [soon] = data.actions as [MailAction];
    expect(renderMail('action-reminder', 'sv', data).subject).toBe(
      'Påminnelse: åtgärd från förvaltningsmöte 2, senast 4 juni 2027, Testbolaget AB',
    );
    const late = { ...data, actions: [{ ...soon, overdue: true }], recipient: toCustomer };
    expect(renderMail('action-reminder', 'sv', late).subject).toBe(
      'Försenat: åtgärd från förvaltningsmöte 2',
    );
    expect(renderMail('action-reminder', 'sv', late).text).toContain(
      'Skulle ha varit klart fredag 4 juni 2027',
    );
  });

  test('another consultant for a while, or for good', () => {
    const data = example('consultant-changed');
    expect(renderMail('consultant-changed', 'sv', data).subject).toBe(
      'Dedikerad konsult 3 maj 2027 – 27 aug 2027: Lina Sund',
    );
    expect(renderMail('consultant-changed', 'sv', data).text).toContain(
      'Därefter är Karin Ek er konsult igen',
    );
    const { until: _, ...good } = data.replacement!;
    const { subject, text } = renderMail('consultant-changed', 'sv', {
      ...data,
      replacement: { ...good, meetings: [] },
    });
    expect(subject).toBe('Ny dedikerad konsult från 3 maj 2027: Lina Sund');
    expect(text).not.toMatch(/Därefter|BOKADE/);
  });

  test('the welcome to a late start says how many meetings cannot be held', () => {
    const data = { ...example('welcome'), unheldMeetings: 1 };
    expect(renderMail('welcome', 'sv', data).text).toContain(
      '1 av de förvaltningsmöten som avtalet lovar hinner inte hållas före avtalsårets slut. Årets sammanfattning säger att det inte blev av.',
    );
    expect(renderMail('welcome', 'en', { ...data, unheldMeetings: 2 }).html).toContain(
      '2 of the management meetings that the agreement promises cannot be held',
    );
    expect(renderMail('welcome', 'sv', example('welcome')).text).not.toContain('hinner inte');
  });

  test('a step of the start that is others’ now is named', () => {
    const data = example('step-handed-over');
    const kickoff = { ...data, obligation: { ...obligationOf(data), id: 'start/kickoff' } };
    const [swedish, english] = languages.map((language) => renderMail('step-handed-over', language, kickoff));
    expect(swedish?.subject).toBe('Inte längre din uppgift – uppstartsmöte');
    expect(swedish?.text).toContain('ett steg i avtalet med Testbolaget AB: uppstartsmöte. Det behöver du');
    expect(english?.subject).toBe('No longer your task – kick-off');
    expect(english?.text).toContain('a step in the agreement with Testbolaget AB: kick-off. You need not');
  });

  test('a year is as promised although the customer declined a meeting, and says so', () => {
    const data = example('year-summary');
    const summary = { ...data.summary!, outcome: 'fulfilled' as const };
    expect(renderMail('year-summary', 'sv', { ...data, summary }).text).toContain(
      'allt som avtalet lovade är levererat, utom det som ni har avböjt.',
    );
  });

  test.each([
    ...(['welcome', 'upgrade-test', 'escalation', 'year-summary', 'step-reminder'] as const),
    ...(['step-handed-over'] as const),
    ...(['meeting-call', 'meeting-invitation', 'meeting-unbooked', 'meeting-blocks'] as const),
    ...(['meeting-agenda', 'meeting-reminder', 'meeting-cancelled', 'meeting-minutes'] as const),
    ...(['action-reminder', 'signal-rejected', 'consultant-changed'] as const),
    ...(['monitor-alert', 'monitor-recovery', 'monitor-storm', 'monitor-digest', 'monitor-noise'] as const),
    ...(['signing-waiting', 'signing-amendment'] as const),
  ])('%s reads as agreed', (id) => {
    for (const language of languages) {
      const { subject, text } = renderMail(id, language, example(id));
      expect(`${subject}\n\n${text}`).toMatchSnapshot(language);
    }
  });

  it.each<[Language, RegExp]>([
    ['sv', /Den nya versionen är i drift hos Testbolaget AB\. Tidigare gällde frågan en testkopia/],
    ['en', /The new version is live at Testbolaget AB\. We asked you about a test copy before/],
  ])('a partner is told why it is asked once more, %s', (language, said) => {
    const data = example('upgrade-partner');
    const partner = { ...data.partner!, question: 'after' as const, live: true as const };
    expect(renderMail('upgrade-partner', language, { ...data, partner }).text).toMatch(said);
    const ofACopy = { ...data.partner!, question: 'after' as const };
    expect(renderMail('upgrade-partner', language, { ...data, partner: ofACopy }).text).not.toMatch(said);
  });

  it.each<[Language, string]>([
    ['sv', 'Version av integrationen som passar till Visma Business 18.0.2: 5.3 eller 6.x.'],
    ['en', 'Version of the integration that goes with Visma Business 18.0.2: 5.3 or 6.x.'],
  ])(
    'a partner is told which of its versions go with the release, where that knows, %s',
    (language, said) => {
      const data = example('upgrade-partner');
      const { fitting: _, ...partner } = data.partner!;
      const mail = renderMail('upgrade-partner', language, data);
      expect(mail.text).toContain(said);
      expect(mail.html).toContain(said.replace(/: (.*)\.$/, ': <strong>$1</strong>.'));
      expect(renderMail('upgrade-partner', language, { ...data, partner }).text).not.toContain('18.0.2: ');
    },
  );

  /** Mails that bring something else than the agreement: a code, and a question to who is no contact of it. */
  const ofTheirOwn: TemplateId[] = ['page-code', 'upgrade-partner'];
  const [mine, own] = ['https://avtal.example.se/pages/mine', 'https://avtal.example.se/pages/own'];
  const toCustomers = cases.filter(([id, , party]) => party === 'customer' && !ofTheirOwn.includes(id));

  test.each(toCustomers)(
    '%s, %s: a customer has one button, and their page in the foot',
    (id, language, _, data) => {
      const buttons = (links: Partial<MailData['links']>): string[] => {
        const { html, text } = renderMail(id, language, { ...data, links: { agreement: own, ...links } });
        expect(html.slice(html.indexOf('class="foot"')).includes(mine)).toBe(links.mine !== undefined);
        expect(text.slice(text.lastIndexOf('\n--\n')).includes(mine)).toBe(links.mine !== undefined);
        return [...html.matchAll(/<a class="button"[^>]*href="([^"]+)"/g)].map(([, href]) => href!);
      };
      expect(buttons({ mine })).toEqual([mine]);
      expect(buttons({})).toEqual([]);
      const asking = buttons({ mine, page: own, order: own });
      expect(asking.length).toBeLessThanOrEqual(1);
      expect(asking).not.toContain(mine);
    },
  );

  test.each(templateIds)('%s: a table is either layout, or has a caption and named cells', (id) => {
    for (const [, language, , data] of cases.filter(([of]) => of === id)) {
      const { html } = renderMail(id, language, data);
      const tables = html
        .split(/<table/)
        .slice(1)
        .filter((table) => !/^[^>]*role="presentation"/.test(table));
      for (const table of tables)
        expect(table).toMatch(/^[^>]*>\s*<caption[^>]*>[^<]+<\/caption>[^]*<th scope="(row|col)"/);
    }
  });

  test('the layout reads as agreed', () => {
    expect(renderMail('meeting-reminder', 'sv', example('meeting-reminder')).html).toMatchSnapshot();
  });
});

test.each(languages)('what support is to do keeps its lines: %s', (language) => {
  const written = JSON.stringify(example('monitor-alert'));
  const data = JSON.parse(
    written.replace(/"runbook":"[^"]*"/g, '"runbook":"1. Stop it.\\n2. Start it."'),
  ) as MailData;
  const { html, text } = renderMail('monitor-alert', language, data);
  expect(text).toContain(': 1. Stop it.\n2. Start it.');
  expect(html).toMatch(/<td[^>]*white-space:pre-line[^>]*>1\. Stop it\.\n2\. Start it\.</);
});
