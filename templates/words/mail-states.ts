/** What the state of a mail is called. */
import type { Language } from '../../rules/engine/basics/text';

const states: Record<string, Record<Language, string>> = {
  queued: { sv: 'väntar', en: 'queued' },
  sending: { sv: 'skickas', en: 'sending' },
  sent: { sv: 'skickat', en: 'sent' },
  unknown: { sv: 'okänt', en: 'unknown' },
  refused: { sv: 'avvisat', en: 'refused' },
  abandoned: { sv: 'övergivet', en: 'abandoned' },
};

/** @param state as the ledger of mails keeps it; one without a word of its own stays as it is */
export const mailStateName = (state: string, language: Language): string =>
  states[state]?.[language] ?? state;
