import { happened } from '../../templates/ui/happened';

test.each([
  [
    'noteAdded',
    { kind: 'other', by: 'konsult-1 (assumed)' },
    'noteAdded: övrigt (avsändare inte angiven)',
    'noteAdded: other (no sender given)',
  ],
  [
    'noteAdded',
    { kind: 'training', by: 'anna' },
    'noteAdded: utbildning (anna)',
    'noteAdded: training (anna)',
  ],
  ['hoursUsed', { kind: 'consulting', hours: 2 }, 'hoursUsed: konsultarbete, 2', 'hoursUsed: consulting, 2'],
])('%s with %j is told in one language', (signal, detail, sv, en) => {
  expect(happened('signal', signal, detail, 'sv')).toBe(sv);
  expect(happened('signal', signal, detail, 'en')).toBe(en);
});

test('numbers are written as the language has them', () => {
  expect(happened('signal', 'hoursUsed', { hours: 1.5 }, 'sv')).toContain('1,5');
  expect(happened('signal', 'hoursUsed', { hours: 5 / 3 }, 'sv')).toContain('1:40');
  expect(happened('signal', 'hoursUsed', { hours: 1.5 }, 'en')).toContain('1.5');
});
