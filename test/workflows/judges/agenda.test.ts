import { guldPlan, messageTo, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { judgeDecision, judgeImproved, judgeImprovement, judgeNote } from '../../../workflows/judges/agenda';
import { readFields } from '../../../workflows/messages/fields';
import { messages } from '../../../workflows/messages/messages';
import type { Step } from '../../../workflows/year/year-state';
import type { Year } from '../../../workflows/year/year';
import type { ImprovementState } from '../../../workflows/year/year-state';

const now = '2027-03-10T09:00:00.000Z';

let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

const year = (improvements: Record<string, ImprovementState> = {}): Year =>
  yearAt(now, { plan, state: { improvements } });

const inState = (state: ImprovementState['state']): ImprovementState => ({ title: 'E-invoices', state });

describe('noteAdded', () => {
  const { take, refusal } = messageTo('noteAdded', judgeNote);

  it.each([
    ['a kind', { kind: 'training', by: 'anna' }, { kind: 'training', by: 'anna' }],
    ['none', {}, { kind: 'other', by: 'consultant' }],
  ])('writes down a note for the next agenda; with %s', (_what, input, expected) => {
    const one = year();
    expect(take(one, { ...input, text: 'Two new people' })).toEqual({
      kind: expected.kind,
      text: 'Two new people',
    });
    const note = { id: '1-1', ...expected, text: 'Two new people', withdrawn: false };
    expect(one.state.journal).toMatchObject([{ kind: 'row', ref: 'note', note }]);
    expect(one.state.steps).toMatchObject([{ number: 1, note }]);
  });

  it('gives each note an id of its own', () => {
    const one = year();
    take(one, { text: 'a' });
    take(one, { text: 'b' });
    expect(one.state.journal.map(({ note }) => note?.id)).toEqual(['1-1', '1-2']);
  });

  it('cuts a text to what a history can hold', () => {
    const one = year();
    take(one, { text: 'x'.repeat(5000) });
    expect(one.state.steps[0]?.note?.text).toHaveLength(500);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    [
      'no text',
      { kind: 'training' },
      'text: expected a text or a number, found nothing',
      'text: förväntade en text eller ett tal, hittade ingenting',
    ],
    [
      'a blank text',
      { text: ' \n' },
      'text: expected a text or a number, found nothing',
      'text: förväntade en text eller ett tal, hittade ingenting',
    ],
    [
      'another kind',
      { kind: 'Training', text: 'x' },
      'kind: expected one of training, proposal, upgrade, other, found Training',
      'kind: förväntade ett av training, proposal, upgrade, other, hittade Training',
    ],
  ])('is refused with the reason: %s', (_what, input, en, sv) => {
    expect(refusal(year(), input)).toEqual({ en, sv });
  });
});

describe('improvementAdded', () => {
  const { take, refusal } = messageTo('improvementAdded', judgeImprovement);

  it.each([
    ['with an estimate', { hours: '12,5' }, { hours: 1250 }],
    ['without one', {}, {}],
  ])('proposes an improvement %s', (_what, input, expected) => {
    const one = year();
    expect(take(one, { title: 'E-invoices', note: 'asked for in May', ...input })).toEqual({
      improvement: '1',
      title: 'E-invoices',
    });
    expect(one.state.improvements).toEqual({ 1: { ...inState('proposed'), ...expected } });
    expect(one.state.counters.improvement).toBe(1);
    expect(one.state.journal).toMatchObject([
      { kind: 'row', improvement: { id: '1', state: 'proposed', note: 'asked for in May', ...expected } },
    ]);
  });

  it.each<[ImprovementState['state'], string]>([
    ['proposed', '1'],
    ['accepted', '2'],
    ['rejected', '2'],
    ['done', '2'],
  ])('takes the same title once more for a repeat only while it is proposed: %s', (state, improvement) => {
    const one = yearAt(now, {
      plan,
      state: {
        improvements: { 1: inState(state) },
        counters: { action: 0, improvement: 1, step: 0, extra: 0, rejection: 0 },
      },
    });
    expect(take(one, { title: 'E-invoices' })).toMatchObject({ improvement });
    expect(Object.keys(one.state.improvements)).toHaveLength(improvement === '1' ? 1 : 2);
  });

  it('keeps a title whole, and knows it again', () => {
    const one = year();
    const title = `${'å'.repeat(499)}1`;
    take(one, { title });
    expect(one.state.improvements['1']?.title).toBe(title);
    expect(take(one, { title })).toEqual({ improvement: '1', repeat: true });
    expect(take(one, { title: `${'å'.repeat(499)}2` })).toMatchObject({ improvement: '2' });
  });

  it('refuses a title that is too long, with its length', () => {
    expect(refusal(year(), { title: 'å'.repeat(501) })).toEqual({
      en: 'title: expected at most 500 characters, found 501 characters',
      sv: 'title: förväntade högst 500 tecken, hittade 501 tecken',
    });
  });

  it('knows two titles for one that differ beyond 100 characters where that was decided so', () => {
    const one = year({ 1: { title: 'å'.repeat(100), state: 'proposed' } });
    const fields = readFields({ title: 'å'.repeat(300) }, one.agreement, messages.improvementAdded.fields);
    if ('rejected' in fields) throw new Error(fields.rejected.en);
    const verdict = judgeImprovement(one, fields.value, () => false);
    expect('accept' in verdict && verdict.accept({} as Step)).toEqual({ improvement: '1', repeat: true });
  });

  const many = (count: number, state: ImprovementState['state']): Record<string, ImprovementState> =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [index + 100, { title: `t-${index}`, state }]),
    );

  it.each<[string, Record<string, ImprovementState>, Record<string, unknown>, string, string]>([
    [
      'no title',
      {},
      { hours: 1 },
      'title: expected a text or a number, found nothing',
      'title: förväntade en text eller ett tal, hittade ingenting',
    ],
    [
      'no hours at all',
      {},
      { title: 'x', hours: 0 },
      'hours: expected a number above 0 and at most 2000, found 0',
      'hours: förväntade ett tal över 0 och högst 2000, hittade 0',
    ],
    [
      'less than none',
      {},
      { title: 'x', hours: -1 },
      'hours: expected a number above 0 and at most 2000, found -1',
      'hours: förväntade ett tal över 0 och högst 2000, hittade -1',
    ],
    [
      'more than a year has',
      {},
      { title: 'x', hours: 2001 },
      'hours: expected a number above 0 and at most 2000, found 2001',
      'hours: förväntade ett tal över 0 och högst 2000, hittade 2001',
    ],
    [
      'three decimals',
      {},
      { title: 'x', hours: 0.125 },
      'hours: expected at most two decimals, found 0.125',
      'hours: förväntade högst två decimaler, hittade 0.125',
    ],
    [
      'thirty that are open',
      { ...many(30, 'accepted'), 1: inState('done') },
      { title: 'x' },
      'there are already 30 open improvements; finish some first',
      'det finns redan 30 öppna förbättringar; avsluta några först',
    ],
  ])('is refused with the reason: %s', (_what, improvements, input, en, sv) => {
    expect(refusal(year(improvements), input)).toEqual({ en, sv });
  });

  it.each<[string, Record<string, ImprovementState>]>([
    ['twenty-nine are open', many(29, 'proposed')],
    ['fifty are done', many(50, 'done')],
    ['fifty were turned down', many(50, 'rejected')],
  ])('is taken where %s', (_what, improvements) => {
    expect(take(year(improvements), { title: 'x' })).toEqual({ improvement: '1', title: 'x' });
  });
});

describe('improvementDecided', () => {
  const { take, refusal } = messageTo('improvementDecided', judgeDecision);

  it.each([
    ['yes', 'accepted'],
    ['no', 'rejected'],
  ])('takes down what the customer said: %s', (decision, state) => {
    const one = year({ 1: inState('done'), 2: { ...inState('proposed'), hours: 1200 } });
    expect(take(one, { decision })).toEqual({ improvement: '2', state });
    expect(one.state.improvements).toEqual({
      1: inState('done'),
      2: { title: 'E-invoices', hours: 1200, state },
    });
    expect(one.state.journal).toMatchObject([{ improvement: { id: '2', state } }]);
  });

  it('takes the same once more for a repeat', () => {
    const one = year({ 1: inState('accepted') });
    expect(take(one, { improvement: 1, decision: 'yes' })).toEqual({ improvement: '1', repeat: true });
    expect(one.state.steps).toEqual([]);
  });

  it.each<[string, Record<string, ImprovementState>, Record<string, unknown>, string, string]>([
    [
      'nothing is decided',
      { 1: inState('proposed') },
      { improvement: 1 },
      'decision: expected one of yes, no, found -',
      'decision: förväntade ett av yes, no, hittade -',
    ],
    [
      'it is perhaps',
      { 1: inState('proposed') },
      { improvement: 1, decision: 'perhaps' },
      'decision: expected one of yes, no, found perhaps',
      'decision: förväntade ett av yes, no, hittade perhaps',
    ],
    [
      'several are proposed and none is named',
      { 1: inState('proposed'), 2: inState('accepted'), 3: inState('proposed') },
      { decision: 'yes' },
      'improvement: expected one of 1, 3, found -',
      'improvement: förväntade ett av 1, 3, hittade -',
    ],
    [
      'there is no such improvement',
      { 1: inState('proposed') },
      { improvement: 9, decision: 'yes' },
      'improvement: expected one of 1, found 9',
      'improvement: förväntade ett av 1, hittade 9',
    ],
    [
      'the customer said the opposite before',
      { 1: inState('rejected') },
      { improvement: 1, decision: 'yes' },
      'improvement: no improvement waits for a decision',
      'improvement: ingen förbättring väntar på beslut',
    ],
    [
      'it is done',
      { 1: inState('done') },
      { improvement: 1, decision: 'no' },
      'improvement: no improvement waits for a decision',
      'improvement: ingen förbättring väntar på beslut',
    ],
  ])('is refused where %s', (_what, improvements, input, en, sv) => {
    expect(refusal(year(improvements), input)).toEqual({ en, sv });
  });
});

describe('improvementDone', () => {
  const { take, refusal } = messageTo('improvementDone', judgeImproved);

  it('takes down that the only one decided on is in use', () => {
    const one = year({ 1: inState('proposed'), 2: inState('accepted') });
    expect(take(one)).toEqual({ improvement: '2', state: 'done' });
    expect(one.state.improvements).toEqual({ 1: inState('proposed'), 2: inState('done') });
  });

  it('keeps the note, as a decision does', () => {
    const note = 'from 1 March';
    expect(take(year({ 2: inState('accepted') }), { note })).toEqual({
      improvement: '2',
      state: 'done',
      note,
    });
    const decided = messageTo('improvementDecided', judgeDecision);
    expect(decided.take(year({ 1: inState('proposed') }), { decision: 'yes', note })).toMatchObject({ note });
  });

  it('takes the same once more for a repeat', () => {
    const one = year({ 1: inState('done') });
    expect(take(one, { improvement: 1 })).toEqual({ improvement: '1', repeat: true });
    expect(one.state.steps).toEqual([]);
  });

  it.each<[string, Record<string, ImprovementState>, Record<string, unknown>, string, string]>([
    [
      'it is not decided yet',
      { 1: inState('proposed'), 2: inState('accepted') },
      { improvement: 1 },
      'improvement: expected one of 2, found 1',
      'improvement: förväntade ett av 2, hittade 1',
    ],
    [
      'the customer said no',
      { 1: inState('rejected') },
      { improvement: 1 },
      'improvement: no improvement that was accepted is left to do',
      'improvement: ingen beslutad förbättring är kvar att göra',
    ],
    [
      'there is none',
      {},
      {},
      'improvement: no improvement that was accepted is left to do',
      'improvement: ingen beslutad förbättring är kvar att göra',
    ],
  ])('is refused where %s', (_what, improvements, input, en, sv) => {
    expect(refusal(year(improvements), input)).toEqual({ en, sv });
  });
});
