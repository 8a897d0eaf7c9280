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
  [
    'hoursOrdered',
    { kind: 'ahead', hours: 6, contact: 'contact-1', by: 'contact-1' },
    'hoursOrdered: från nästa avtalsår, 6 (contact-1)',
    'hoursOrdered: from the next agreement year, 6 (contact-1)',
  ],
  [
    'hoursOrdered',
    { kind: 'order', hours: 10, contact: 'contact-1', by: 'consultant' },
    'hoursOrdered: beställning, 10, contact-1 (konsult)',
    'hoursOrdered: order, 10, contact-1 (consultant)',
  ],
  [
    'overageDecided',
    { decision: 'waive', hours: 5, by: 'mats' },
    'overageDecided: debiteras inte, 5 (mats)',
    'overageDecided: not charged, 5 (mats)',
  ],
])('%s with %j is told in one language', (signal, detail, sv, en) => {
  expect(happened('signal', signal, detail, 'sv')).toBe(sv);
  expect(happened('signal', signal, detail, 'en')).toBe(en);
});

test('numbers are written as the language has them', () => {
  expect(happened('signal', 'hoursUsed', { hours: 1.5 }, 'sv')).toContain('1,5');
  expect(happened('signal', 'hoursUsed', { hours: 5 / 3 }, 'sv')).toContain('1:40');
  expect(happened('signal', 'hoursUsed', { hours: 1.5 }, 'en')).toContain('1.5');
});
