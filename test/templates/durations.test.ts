import { formatDuration } from '../../templates/words/numbers';

test.each([
  [0, 'under en minut', 'less than a minute'],
  [5, '5 min', '5 min'],
  [60, '1 tim', '1 h'],
  [125, '2 tim 5 min', '2 h 5 min'],
  [1439, '23 tim 59 min', '23 h 59 min'],
  [1440, '1 dygn', '1 day'],
  [4565, '3 dygn 4 tim', '3 days 4 h'],
])('%i minutes are "%s"', (minutes, sv, en) => {
  expect(formatDuration(minutes, 'sv')).toBe(sv);
  expect(formatDuration(minutes, 'en')).toBe(en);
});
