/** What to say where a signed agreement was named and there is none. */
import { expectedFound } from '../../rules/engine/basics/text';
import type { Text } from '../../rules/engine/basics/text';

export const noAgreement = (number: string): Text =>
  expectedFound(
    { sv: 'ett signerat avtal', en: 'a signed agreement' },
    { sv: `inget med numret ${number}`, en: `none with number ${number}` },
  );
