import { monitoringExample } from '../../workflows/messages/monitoring-messages';
import { monitoringDetails, suppressedBecause } from '../../templates/ui/monitoring';
import type { MonitoringPage } from '../../templates/ui/monitoring';
import { byteLength } from '../../templates/ui/text';

const page = (changed: Partial<MonitoringPage> = {}): MonitoringPage => ({
  agreement: 'testbolaget-2027',
  incidents: [
    {
      id: 12,
      monitor: 'shop',
      name: 'Webbshoppen svarar',
      severity: 'down',
      since: '2027-03-02 16:00',
      takenBy: 'Sara',
    },
    { id: 13, monitor: 'orders', severity: 'unknown', since: '2027-03-02 16:01', suppressed: 'parent:shop' },
  ],
  open: 5,
  checks: { ok: 7, down: 1, unknown: 1, notSetUp: 2, warning: 0 },
  pauses: [
    { monitor: 'bank', until: '2027-03-03 08:30', reason: 'server *move*' },
    { monitor: 'shop', name: 'Webb*shoppen* svarar', until: '2027-03-03 08:30' },
  ],
  unsettled: [{ key: 'desk/3/support', state: 'unknown' }],
  ...changed,
});
const messages = [{ name: 'incidentTaken', example: { incident: 12, by: 'support' } }];

it('tells the versions that differ from the contract, and nothing of them without any', () => {
  const versions = [
    {
      subject: 'visma-business',
      declared: '17.0',
      found: '17.10.0',
      monitor: 'services',
      since: '2027-03-02 16:00',
    },
    { subject: 'edi', found: '2.1', monitor: 'edi', since: '2027-03-02 16:01' },
  ];
  const details = monitoringDetails('testbolaget-2027', page({ versions }), [], [], 'sv');
  expect(details).toContain(
    '### Versioner som avviker från avtalet\n' +
      '- **visma-business**: 17.10.0; avtalet säger 17.0 (enligt services, sedan 2027-03-02 16:00)\n' +
      '- **edi**: 2.1; avtalet säger ingen (enligt edi, sedan 2027-03-02 16:01)\n',
  );
  expect(monitoringDetails('testbolaget-2027', page(), [], [], 'sv')).not.toContain('Versioner');
});

it('tells what is wrong, who has it, why nobody is told, what rests and what can be sent', () => {
  expect(monitoringDetails('testbolaget-2027', page(), messages, [], 'sv')).toMatchInlineSnapshot(`
   "## Övervakning av testbolaget-2027

   ### Pågående fel
   - 12. **Nere: Webbshoppen svarar** (shop) sedan 2027-03-02 16:00 · taget av Sara
   - 13. **Går inte att kontrollera: orders** sedan 2027-03-02 16:01 · larmas inte: beror på shop
   … och 3 till

   ### Kontroller
   7 bra · 1 nere · 1 okänt · 2 inte uppsatta

   ### Vilar
   - bank till 2027-03-03 08:30: server \\*move\\*
   - Webb\\*shoppen\\* svarar (shop) till 2027-03-03 08:30

   ### Mejl att reda ut (npx serviceavtal mails)
   - desk/3/support: unknown

   ### Signaler
   **incidentTaken**
   \`\`\`json
   {"incident":12,"by":"support"}
   \`\`\`"
  `);
});

it('shows the content of a message in lines that fit a phone', () => {
  const paused = { name: 'monitorPaused', example: monitoringExample('monitorPaused', 'sv') };
  const text = monitoringDetails('a', page(), [paused], [], 'sv');
  expect(text).toContain('**monitorPaused**\n```json\n{\n  "monitor": "order-import",\n  "until": ');
  const [, shown = ''] = text.split('```json');
  expect(shown.split('\n').filter((line) => line.length > 40)).toEqual([]);
});

it('says so when all is well, in English too', () => {
  const calm = page({ incidents: [], open: 0, checks: { ok: 2 }, pauses: [], unsettled: [] });
  const text = monitoringDetails('a', calm, [], [{ signal: 'incidentTaken', reason: 'no *such*' }], 'en');
  expect(text).toContain('No incident is open.');
  expect(text).toContain('2 well');
  expect(text).toContain('- incidentTaken: no \\*such\\*');
  expect(monitoringDetails('a', undefined, [], [], 'en')).toContain(
    'Monitoring begins when the agreement does.',
  );
  expect(monitoringDetails('a', page({ checks: {} }), [], [], 'sv')).toContain(
    'Inga kontroller är överenskomna.',
  );
});

it('stays below what Temporal takes, whatever people wrote', () => {
  const many = Array.from({ length: 20 }, (_, id) => ({
    id,
    monitor: '*'.repeat(40),
    severity: 'down' as const,
    since: '2027-03-02 16:00',
    takenBy: '€'.repeat(500),
  }));
  const rejected = Array.from({ length: 5 }, () => ({
    signal: 's'.repeat(9_000),
    reason: '€'.repeat(9_000),
  }));
  const text = monitoringDetails('a', page({ incidents: many, open: 900 }), messages, rejected, 'sv');
  expect(byteLength(text)).toBeLessThan(20_000);
});

it.each([
  ['parent:shop', 'beror på shop'],
  ['pause', 'paus'],
  ['site:lund', 'platsen är tyst: lund'],
  ['recheck:2027-03-02T15:00:00.000Z', 'väntar på en ny kontroll'],
  ['something', 'something'],
])('%s is said in words', (code, expected) => {
  expect(suppressedBecause(code, 'sv')).toBe(expected);
});

test('speaks one language: pauses of all checks, and the texts of the examples', () => {
  const resting = { ...page(), pauses: [{ monitor: 'all', until: '2027-06-05 08:30' }] };
  expect(monitoringDetails('a', resting, [], [], 'sv')).toContain('- alla kontroller till 2027-06-05 08:30');
  expect(monitoringDetails('a', resting, [], [], 'en')).toContain('- all checks until 2027-06-05 08:30');
  expect(monitoringExample('monitorPaused', 'sv')).toMatchObject({ reason: 'serverflytt' });
  expect(monitoringExample('incidentMended', 'sv')).toMatchObject({ note: 'startade om importen' });
  expect(monitoringExample('incidentMended', 'en')).toMatchObject({ note: 'restarted the import' });
});
