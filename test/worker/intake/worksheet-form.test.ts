/** What the worksheet's form is read to: which messages say what was filled in. */
import type { Worksheet, WorksheetPart, WorksheetPhase } from '../../../activities/pages/worksheet';
import type { Visit } from '../../../worker/intake/pages/page';
import { judgeComplete, judgeReport } from '../../../worker/intake/pages/worksheet-form';

const part = (
  kind: WorksheetPart['kind'],
  id: string = kind,
  more: Partial<WorksheetPart> = {},
): WorksheetPart => ({
  ...{ id, kind, key: `${kind}/${id}` },
  ...more,
});

const visit = (parts: WorksheetPart[]): Visit<Worksheet> => {
  const phase = { id: 'upgrade/plan', parts } as unknown as WorksheetPhase;
  const subject = { phases: [phase], on: phase } as unknown as Worksheet;
  return { subject, language: 'sv', ended: false, link: { contact: 'consultant' } } as Visit<Worksheet>;
};

const sent = (judged: ReturnType<typeof judgeReport>): unknown =>
  'details' in judged ? judged.details.updates.map(({ input }) => input) : judged.problems;
const of = { phase: 'upgrade/plan', by: 'consultant' };
const kept = { ok: true, at: '2027-05-03T08:00:00.000Z', on: '2027-06-21' };

it.each<[string, WorksheetPart, Record<string, string>, object]>([
  ['the agreed day', part('date'), { on: '2027-06-21' }, { part: 'date', on: '2027-06-21' }],
  [
    'a day that was asked about',
    part('date'),
    { on: '2027-06-20', confirmed: 'yes' },
    { part: 'date', on: '2027-06-20', confirmed: true },
  ],
  [
    'another day',
    part('date', 'date', { result: kept }),
    { on: '2027-06-22' },
    { part: 'date', on: '2027-06-22' },
  ],
  ['when it began', part('began'), { began: '2027-06-21T17:00' }, { part: 'began', at: '2027-06-21T17:00' }],
  [
    'who tried it',
    part('smokeTested'),
    { smokeTested: 'contact-1' },
    { part: 'smokeTested', contact: 'contact-1' },
  ],
  [
    'who decided',
    part('go'),
    { go: 'contact-1', goAt: '2027-06-21T19:00' },
    { part: 'go', contact: 'contact-1', at: '2027-06-21T19:00' },
  ],
])('reports %s by itself', (_what, one, form, expected) => {
  expect(sent(judgeReport(visit([one]), form))).toEqual([{ ...of, ...expected }]);
});

it.each<[string, WorksheetPart, Record<string, string>]>([
  ['a day that is kept', part('date', 'date', { result: kept }), { on: '2027-06-21' }],
  ['who approves, which completes the phase', part('decision'), { contact: 'contact-1' }],
])('does not report %s', (_what, one, form) => {
  expect(sent(judgeReport(visit([one]), form))).toEqual([
    { text: expect.stringMatching(/^Ingenting är skickat/) as string },
  ]);
});

it('names a system that failed among what somebody accepts', () => {
  const form = {
    ...{ 'result-pector-import': 'failed', 'version-pector-import': '5.2' },
    ...{ acceptedBy: 'contact-1', reason: 'runs on its own' },
  };
  expect(sent(judgeComplete(visit([part('system', 'pector-import')]), form))).toEqual([
    {
      ...{ ...of, except: ['pector-import'], versions: { 'pector-import': '5.2' } },
      ...{ acceptedBy: 'contact-1', reason: 'runs on its own' },
    },
  ]);
});
