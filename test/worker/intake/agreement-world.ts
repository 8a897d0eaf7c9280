/** An agreement with something of everything that its customer's page shows, and much that it must not show anybody. */
import type { Db } from '../../../activities/db';
import { createHoursActivities } from '../../../activities/hours/hours';
import { livingLink } from '../../../activities/pages/living-link';
import { signPageLink } from '../../../activities/pages/links';
import { createProgressActivities } from '../../../activities/years/progress';
import type { Contract, ContactRole } from '../../../rules/engine/contract/contract';
import type { Language } from '../../../rules/engine/basics/text';
import { signAndPlanUnder } from '../../activities/signed-agreement';
import { exampleContract } from '../../helpers/example';
import { agreement, clock, linkKey, morning, openIncident, watch } from './listening';

/** Texts that no page of the customer's may hold. */
export const secrets = [
  ...['hemlig-server', 'D:\\Hemligt', '10.11.12.13', 'hemlig-runbook', 'petra.hemlig', 'HemligTjanst'],
  ...['hemlig intern anteckning', 'hemlig risk', 'Hemliga Grannbolaget', 'hemlig plats', '19121212-1212'],
];

const contacts: [id: string, name: string, role: ContactRole][] = [
  ['contact-1', 'Karin Ek', 'management'],
  ['contact-2', 'Johan Lind', 'system-owner'],
  ['contact-3', 'Maria Strand', 'finance'],
  ['contact-4', 'Tove Test', 'tester'],
];

const emailOf = (name: string): string => `${name.toLowerCase().replace(' ', '.')}@testbolaget.example.com`;

function fullContract(): Contract {
  const example = exampleContract();
  const partner = { name: 'Petra Hemlig', email: 'petra.hemlig@partner.example', language: 'sv' } as const;
  return {
    ...example,
    contacts: {
      ...example.contacts,
      customer: contacts.map(([id, name, role]) => ({ id, name, email: emailOf(name), roles: [role] })),
      support: { ...example.contacts.support, phone: '08-123 45 67' },
    },
    integrations: example.integrations.map((one) =>
      one.owner === 'partner' ? { ...one, contact: partner } : one,
    ),
  };
}

/** Signs, plans, and has things happen until the morning of the tests. */
export async function fillAgreement(db: Db): Promise<void> {
  await signAndPlanUnder(db, {}, fullContract());
  await db.query(`update agreements set state = 'live', year_number = 1`);
  await neighbour(db);
  const entry = { by: 'anna', byAssumed: false, confirmed: true, asOf: '2027-02-01T09:00:00.000Z' };
  await createHoursActivities({ db }).reportHours({
    agreement,
    year: 1,
    entries: [
      { ...entry, entryId: 'a', seconds: 4_500, service: 'consulting', note: '<script>alert(1)</script>' },
      { ...entry, entryId: 'b', seconds: 126 * 3600, service: 'technical' },
      { ...entry, entryId: 'q', asks: { number: 1 }, by: 'contact-2', note: 'Vad var det?' },
    ],
  });
  const at = '2027-02-10T09:00:00.000Z';
  const row = { at, kind: 'row', ref: 'x', detail: {} } as const;
  await createProgressActivities({ db }).recordProgress({
    agreement,
    year: 1,
    entries: [
      {
        ...{ ...row, id: '1', obligation: { id: 'meeting-1', state: 'done', note: secrets[6]! } },
        meeting: {
          ...{ id: 'meeting-1', heldOn: '2027-02-10', heldMinutes: 95, place: 'hemlig plats' },
          ...{
            participants: ['contact-1', 'consultant'],
            decisions: ['<script>Orderimporten flyttas</script>'],
          },
        },
        actions: [
          {
            id: '1',
            meeting: 'meeting-1',
            what: 'Skicka <b>prislistan</b>',
            owner: 'contact-2',
            dueOn: '2027-03-01',
            state: 'open',
          },
          {
            id: '2',
            meeting: 'meeting-1',
            what: 'Byta rapport',
            owner: 'consultant',
            dueOn: '2027-04-01',
            state: 'open',
          },
          {
            id: '3',
            meeting: 'meeting-1',
            what: 'Välja testare',
            owner: 'customer',
            dueOn: '2027-04-02',
            state: 'open',
          },
        ],
      },
      {
        ...{
          ...row,
          id: '2',
          note: { id: 'n', kind: 'other', text: secrets[6]!, by: 'anna', withdrawn: false },
        },
        attention: {
          code: 'upgrade-failed',
          subject: 'upgrade/technical',
          detail: 'hemlig risk',
          cleared: false,
        },
        part: {
          ...{ upgrade: 'upgrade', phase: 'precheck', part: '1', kind: 'check' },
          result: { ok: false, note: secrets[6]!, at, by: 'anna' },
        },
      },
    ],
  });
  const report = 'the report of an upgrade';
  await db.query(
    `insert into upgrade_reports (agreement, of_year, version, language, year, obligation, step, revision, made_at, name, content, sha256)
     values ($1, 1, 1, 'sv', 1, 'upgrade/approval', 'report', 1, $2, 'rapport.pdf', $3, encode(sha256($3), 'hex'))`,
    [agreement, at, Buffer.from(report)],
  );
  clock.now = morning;
  await watch(db, {
    ...{ id: 'webshop', kind: 'http', name: 'Order från webshop', runbook: 'hemlig-runbook' },
    url: 'https://hemlig-server.example/api?key=10.11.12.13',
  });
  await watch(
    db,
    {
      ...{ id: 'services', kind: 'process', name: 'Tjänsterna svarar', service: 'HemligTjanst' },
      ...{ folder: 'D:\\Hemligt', runbook: 'hemlig-runbook' },
    },
    'hemlig-server',
    'notSetUp',
  );
  await db.query(
    `insert into monitor_states (agreement, id, status, state) values ($1, 'webshop', 'down', $2)`,
    [
      agreement,
      JSON.stringify({
        status: 'down',
        since: at,
        lastAt: at,
        message: { sv: 'hemlig-server', en: 'hemlig-server' },
      }),
    ],
  );
  await db.query(
    `insert into watches (place, shard, worker, beat_at, checks) values ('central', 1, 'w', $1, 1)`,
    [new Date(morning).toISOString()],
  );
  await openIncident(db, 'webshop', 'fick 500 från https://hemlig-server.example');
}

/** Another customer, of whom nobody here may see anything. */
async function neighbour(db: Db): Promise<void> {
  const contract = JSON.stringify({
    ...fullContract(),
    agreement: 'grannbolaget-2027',
    customer: { ...fullContract().customer, id: 'grannbolaget', name: 'Hemliga Grannbolaget' },
  });
  await db.query(
    `insert into agreements (number, state, contract, signed_hash, signed_terms, year_number)
     select 'grannbolaget-2027', 'live', $1, 'x', signed_terms, 1 from agreements where number = $2`,
    [contract, agreement],
  );
  await db.query(
    `insert into plans select 'grannbolaget-2027', year, revision, plan, terms, as_of from plans where agreement = $1`,
    [agreement],
  );
  await db.query(
    `insert into actions select 'grannbolaget-2027', 'x9', 1, 'meeting-1', 'hemlig risk', 'contact-2', '2027-04-01', 'open', now()`,
  );
}

/** Who opens the page. */
export const holders = { karin: 0, johan: 1, maria: 2, tove: 3 } as const;

/** The link to the page that somebody's mails have. */
export async function agreementLink(
  db: Db,
  base: string,
  who: keyof typeof holders,
  { of = agreement, language = 'sv' }: { of?: string; language?: Language } = {},
): Promise<string> {
  const [contact, name] = contacts[holders[who]]!;
  const one = { agreement: of, contact, recipient: emailOf(name), purpose: 'agreement', language } as const;
  const link = await livingLink(db, one, new Date(clock.now).toISOString());
  return `${base}/pages/${signPageLink(linkKey, link)}`;
}
