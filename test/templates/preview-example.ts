/** A plan's preview with a bit of everything, and one that breaks a promise. */
import type { Language } from '../../rules/engine/basics/text';
import type { AgreementPreview, ValueChange } from '../../rules/engine/change/preview-change';
import type { PreviewTotals } from '../../templates/preview/document';
import { agreementBlock, summaryLines, unusableBlock, valuesBlock } from '../../templates/preview/document';
import type { Drawing } from '../../templates/preview/draw';
import { previewWords } from '../../templates/preview/wording';

export const place = 'rules/customers/a-b/meetings.json:14:9';

export const value = (changed: Partial<ValueChange> = {}): ValueChange => ({
  path: 'meetings.perYear',
  from: 4,
  to: 6,
  on: '2027-03-15',
  rule: 'kund: fler möten',
  place,
  ...changed,
});

export const preview = (changed: Partial<AgreementPreview> = {}): AgreementPreview => ({
  agreement: 'a-2027',
  customer: 'Åkeri & Söner AB',
  currency: 'SEK',
  yearNumber: 1,
  from: '2027-01-01',
  to: '2028-01-01',
  values: [value(), value({ path: 'meetings.months', from: undefined, to: [1, 7], on: '2027-06-01' })],
  amounts: [
    { what: 'hourPrice', on: '2028-01-01', from: 123_250, to: 116_000 },
    { what: 'rolloverAtMost', on: '2028-01-01', from: 2_400, to: 3_600 },
  ],
  plan: {
    obligations: [
      { change: 'moved', id: 'meeting-2', from: '2027-05-17', to: '2027-03-16', late: true },
      { change: 'added', id: 'meeting-5', to: '2027-09-20' },
      { change: 'removed', id: 'hours/statement-2', from: '2027-07-01' },
      {
        change: 'moved',
        id: 'upgrade/test',
        from: '2027-06-01',
        to: '2027-06-01',
        fromAt: '2027-06-01T14:30:00.000Z',
        toAt: '2027-06-01T16:00:00.000Z',
      },
    ],
    mails: [
      {
        change: 'moved',
        obligation: 'meeting-2',
        step: 'invite',
        to: 'customer',
        template: 'meeting-invitation',
        fromAt: '2027-04-26T06:30:00.000Z',
        toAt: '2027-03-16T07:30:00.000Z',
      },
    ],
  },
  later: [
    { on: '2027-06-01', obligations: [{ change: 'added', id: 'meeting-6', to: '2027-11-30' }], mails: [] },
  ],
  broken: [],
  running: true,
  ...changed,
});

export const breaking = preview({
  broken: [
    { path: 'support.opens', signed: '08:30', now: '09:00', on: '2027-03-15', rule: 'kund: senare', place },
  ],
  values: [],
  amounts: [],
  plan: { obligations: [], mails: [] },
});

export const totals: PreviewTotals = {
  live: 10,
  changed: 3,
  untouched: 5,
  broken: 1,
  unusable: 1,
  windows: 0,
  targets: 0,
  obligations: { added: 1, removed: 1, moved: 2 },
  mails: { added: 0, removed: 0, moved: 1 },
  bankValues: { SEK: { from: 29_580_000, to: 27_840_000 } },
  values: [{ change: value(), agreements: 2 }],
};

/** A whole preview: its header, these agreements, one that cannot be planned, the values and the sums. */
export function whole(drawing: Drawing, language: Language, ...previews: AgreementPreview[]): string {
  const words = previewWords[language];
  return [
    drawing.header(words.title, [words.against('22222222', '11111111', '2027-03-15'), words.live(10)]),
    ...previews.map((one) => drawing.block(agreementBlock(one, language))),
    drawing.block(unusableBlock('b-2027', 'no rule gives "meetings"', language)),
    drawing.block(valuesBlock(totals, language)!),
    drawing.footer(summaryLines(totals, 4, language)),
  ].join('');
}
