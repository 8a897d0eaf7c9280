/** What a step of a late start has that others do not have: no day of its own, or none at all. */
import type { Text } from '../../rules/engine/basics/text';

export const stepNotes = {
  noDayLeft: {
    sv: 'avtalsåret har ingen dag kvar; räknas som missat vid dess slut om det inte blir gjort ändå',
    en: 'no day of the agreement year is left; told as missed at its end unless it is done all the same',
  },
  nextYear: {
    sv: 'görs nästa avtalsår',
    en: 'is done in the next agreement year',
  },
  sharesDay: { sv: 'samma dag som en annan fas', en: 'the same day as another phase' },
} satisfies Record<string, Text>;
