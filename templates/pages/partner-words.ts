/** What the page says that asks a partner of its integration, in Swedish and English. */
import type { Text } from '../../rules/engine/basics/text';

export const partnerSays = {
  title: {
    before: { sv: 'Stöds {integration}?', en: 'Is {integration} supported?' },
    after: { sv: 'Fungerar {integration}?', en: 'Does {integration} work?' },
  },
  lead: {
    before: {
      sv: 'Affärssystemet hos {customer} uppgraderas{day}. Stöds integrationen på den nya versionen, och passar dagen er?',
      en: 'The business system at {customer} is upgraded{day}. Is the integration supported on the new version, and does the date suit you?',
    },
    after: {
      sv: 'Affärssystemet hos {customer} är uppgraderat. Fungerar integrationen med den nya versionen?',
      en: 'The business system at {customer} is upgraded. Does the integration work with the new version?',
    },
  },
  day: { sv: ' {day}', en: ' on {day}' },
  yes: {
    before: { sv: 'Ja, den stöds och dagen passar', en: 'Yes, it is supported and the date suits' },
    after: { sv: 'Ja, den fungerar', en: 'Yes, it works' },
  },
  no: {
    before: {
      sv: 'Nej, den stöds inte eller dagen passar inte',
      en: 'No, it is not supported or the date does not suit',
    },
    after: { sv: 'Nej, något fungerar inte', en: 'No, something does not work' },
  },
  saidYes: { sv: 'Vi har ert svar: ja, {day}.', en: 'We have your answer: yes, {day}.' },
  saidNo: { sv: 'Vi har ert svar: nej, {day}.', en: 'We have your answer: no, {day}.' },
  thanks: { sv: 'Tack, svaret är noterat {when}.', en: 'Thank you, your answer was noted {when}.' },
  isOver: { sv: 'Frågan är inte aktuell längre.', en: 'The question is no longer open.' },
  notUpgraded: {
    sv: 'Systemet är inte uppgraderat nu. Vi hör av oss igen när det är det.',
    en: 'The system is not upgraded now. We get in touch again when it is.',
  },
  choose: { sv: 'Välj ja eller nej.', en: 'Choose yes or no.' },
  why: {
    sv: 'Skriv vad som hindrar, så att vi kan ta hand om det.',
    en: 'Say what is in the way, so that we can deal with it.',
  },
  more: {
    sv: 'Undrar ni något? Hör av er till {name}, {email}.',
    en: 'Any questions? Contact {name}, {email}.',
  },
} satisfies Record<string, Text | Record<'before' | 'after', Text>>;

/** Words of the template. */
export const partnerPageWords = {
  yourAnswer: { sv: 'Ert svar', en: 'Your answer' },
  partnerVersion: { sv: 'Integrationens version', en: 'Version of the integration' },
  comment: { sv: 'Kommentar', en: 'Comment' },
  commentHint: { sv: 'behövs om svaret är nej', en: 'needed if the answer is no' },
  sendAnswer: { sv: 'Skicka svaret', en: 'Send the answer' },
} satisfies Record<string, Text>;
