import type { Overview } from '../../templates/ui/overview';
import { printOverview } from '../../worker/commands/status/overview';

const overview = {
  planRevision: 1,
  ruleset: '0123456789',
  phase: 'live',
  next: [
    { id: 'meeting-1', owner: 'consultant', on: '2027-02-16', at: '10:00', booked: true, overdue: false },
  ],
  actions: [],
  improvements: [
    { id: '1', title: 'Fakturor', state: 'accepted' },
    { id: '2', title: 'Order', state: 'proposed' },
  ],
  paused: [
    { monitor: 'all', until: '2027-06-05' },
    { monitor: 'order-import', name: 'Import av order', until: '2027-06-05' },
  ],
  rejected: [],
  last: [],
  messages: [],
} as unknown as Overview;

it('says the state of things in the words of the language', () => {
  const swedish = printOverview(overview, 'sv');
  expect(swedish).toContain('1. Fakturor (beslutad, inte införd)');
  expect(swedish).toContain('2. Order (föreslagen, inte avgjord)');
  expect(swedish).toContain('alla kontroller');
  expect(swedish).toContain('Import av order');
  expect(swedish).toMatch(/möte 1 +bokat/);
  const english = printOverview(overview, 'en');
  expect(english).toContain('1. Fakturor (decided, not in use yet)');
  expect(english).toContain('all checks');
  expect(english).toMatch(/meeting-1 +booked/);
});
