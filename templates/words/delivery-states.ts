/** What the state of a delivery, and what became of it, are called. */
import type { Language } from '../../rules/engine/basics/text';

const inSwedish: Record<string, string> = {
  received: 'mottagen',
  waiting: 'väntar',
  refused: 'avvisad',
  rejected: 'åsidolagd',
  done: 'klar',
  started: 'startat',
  amendment: 'tilläggsavtal',
  duplicate: 'känt',
  recorded: 'noterat',
};

/** @param state a state or result as it is stored, which is the English word; an unknown one stays as it is */
export const deliveryStateName = (state: string, language: Language): string =>
  language === 'sv' ? (inSwedish[state] ?? state) : state;
