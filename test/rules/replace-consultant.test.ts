import { decideReplacement } from '../../rules/engine/change/replace-consultant';
import type {
  AgreementConsultants,
  Consultant,
  RecordedReplacement,
  ReplacementRequest,
} from '../../rules/engine/change/replace-consultant';

const person = (id: string): Consultant => ({ id, name: id, email: `${id}@pector.example` });

const recorded = (names: string, from: string, until: string | null): RecordedReplacement => {
  const [old = '', standIn = ''] = names.split('>');
  return { id: 1, old: person(old), new: person(standIn), from, until };
};

const asked = (names: string, from: string, until?: string): ReplacementRequest => {
  const [old = '', standIn = ''] = names.split('>');
  return { old, new: standIn, from, ...(until !== undefined && { until }) };
};

const known = (onFrom: string, ...replacements: RecordedReplacement[]): AgreementConsultants => ({
  onFrom: person(onFrom),
  replacements,
  changesOn: [],
});

const leave = recorded('anna>bo', '2027-03-10', '2027-03-20');
const forGood = recorded('anna>bo', '2027-03-10', null);

describe('replacing a consultant', () => {
  test.each<[string, AgreementConsultants, ReplacementRequest, unknown]>([
    ['whose agreement it is', known('anna'), asked('anna>bo', '2027-03-10'), 'replace'],
    ['who has nothing to do with it', known('cilla'), asked('anna>bo', '2027-03-10'), 'unconcerned'],
    ['once more', known('bo', leave), asked('anna>bo', '2027-03-10', '2027-03-20'), 'recorded'],
    ['once more, later', known('bo', leave), asked('anna>bo', '2027-03-12', '2027-03-20'), 'recorded'],
    ['for good, once more', known('bo', forGood), asked('anna>bo', '2027-04-01'), 'recorded'],
    ['who came back since', known('anna', forGood), asked('anna>bo', '2027-04-01'), 'replace'],
    ['before a leave', known('anna', leave), asked('anna>bo', '2027-03-01', '2027-03-08'), 'replace'],
    ['after a leave', known('anna', leave), asked('anna>bo', '2027-03-21', '2027-03-25'), 'replace'],
    [
      'whose stand-in it is, after the leave',
      known('anna', leave),
      asked('bo>cilla', '2027-04-01'),
      'unconcerned',
    ],
    ['who has come for good', known('bo', forGood), asked('bo>cilla', '2027-03-10'), 'replace'],
  ])('%s', (_what, agreement, request, decision) => {
    expect(decideReplacement(agreement, request)).toBe(decision);
  });

  test.each<[string, AgreementConsultants, ReplacementRequest]>([
    ['by another, in the midst', known('bo', leave), asked('anna>cilla', '2027-03-12', '2027-03-15')],
    ['for longer', known('bo', leave), asked('anna>bo', '2027-03-10', '2027-03-25')],
    ['earlier', known('anna', leave), asked('anna>bo', '2027-03-05', '2027-03-12')],
    [
      'so that the way back meets the next leave',
      known('anna', leave),
      asked('anna>cilla', '2027-03-01', '2027-03-09'),
    ],
    ['for good, with a leave to come', known('anna', leave), asked('anna>cilla', '2027-03-01')],
    ['who stands in', known('bo', leave), asked('bo>cilla', '2027-03-12', '2027-03-25')],
    ['who goes for good on that day', known('bo', forGood), asked('anna>cilla', '2027-03-10')],
    [
      'who goes for good in that time',
      known('anna', forGood),
      asked('anna>cilla', '2027-03-01', '2027-03-31'),
    ],
  ])('is refused where it overlaps: %s', (_what, agreement, request) => {
    expect(decideReplacement(agreement, request)).toEqual({ overlaps: agreement.replacements[0] });
  });

  test('is refused where the contract changes its consultant meanwhile, and not where it does so later', () => {
    const agreement = { ...known('anna'), changesOn: ['2027-03-21'] };
    expect(decideReplacement(agreement, asked('anna>bo', '2027-03-10', '2027-03-20'))).toEqual({
      overlaps: '2027-03-21',
    });
    expect(decideReplacement(agreement, asked('anna>bo', '2027-03-10'))).toEqual({ overlaps: '2027-03-21' });
    expect(decideReplacement(agreement, asked('anna>bo', '2027-03-10', '2027-03-19'))).toBe('replace');
  });
});
