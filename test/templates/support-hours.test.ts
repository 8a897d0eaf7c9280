import type { SupportHours } from '../../rules/engine/ruleset/terms';
import { formatSupportHours } from '../../templates/words/support-hours';

describe("support's hours in words", () => {
  test.each<[SupportHours[], string, string]>([
    [
      [{ days: 'open', from: '08:30', to: '16:30' }],
      'helgfria vardagar kl. 08:30–16:30',
      'on working days 08:30–16:30 (Swedish time)',
    ],
    [
      [
        { days: 'open', from: '08:30', to: '16:30' },
        { days: 'all', from: '00:00', to: '24:00' },
      ],
      'dygnet runt, årets alla dagar',
      'around the clock, every day of the year',
    ],
    [
      [
        { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '07:00', to: '22:00' },
        { days: ['sun', 'sat'], from: '10:00', to: '14:00' },
      ],
      'måndag–fredag kl. 07:00–22:00, lördag och söndag kl. 10:00–14:00, inte på helgdagar',
      'Monday–Friday 07:00–22:00, Saturday and Sunday 10:00–14:00, not on holidays (Swedish time)',
    ],
    [
      [
        { days: ['fri'], from: '22:00', to: '06:00' },
        { days: ['mon', 'wed', 'thu', 'sun', 'holidays'], from: '00:00', to: '24:00' },
      ],
      'fredag kl. 22:00–06:00, måndag, onsdag, torsdag, söndag och helgdagar dygnet runt',
      'Friday 22:00–06:00, Monday, Wednesday, Thursday, Sunday and holidays around the clock (Swedish time)',
    ],
  ])('%j', (hours, sv, en) => {
    expect(formatSupportHours(hours, 'sv')).toBe(sv);
    expect(formatSupportHours(hours, 'en')).toBe(en);
  });
});
