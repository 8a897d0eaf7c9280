/** What the page of an hour statement says, beside the words that statements have. */
import type { Text } from '../../rules/engine/basics/text';
import type { CodeWords } from './link-words';

export const statementPageWords = {
  balance: { sv: 'Saldo', en: 'Balance' },
  lines: { sv: 'Rad för rad', en: 'Line by line' },
  what: { sv: 'Datum och arbete', en: 'Date and work' },
  time: { sv: 'Tid', en: 'Time' },
  left: { sv: 'Kvar', en: 'Left' },
  opening: { sv: 'Ingående saldo', en: 'Opening balance' },
  no: { sv: 'nr', en: 'no.' },
  reported: { sv: 'rapporterat', en: 'reported' },
  included: { sv: 'som ingår i avtalet', en: 'which the agreement includes' },
  perHour: { sv: '/tim', en: '/h' },
  excludingVat: { sv: 'Alla priser är exkl. moms.', en: 'All prices are excl. VAT.' },
  ask: { sv: 'Fråga om raden', en: 'Ask about the line' },
  question: { sv: 'Din fråga', en: 'Your question' },
  questionHint: { sv: 'Högst 1 000 tecken.', en: 'At most 1,000 characters.' },
  send: { sv: 'Skicka frågan', en: 'Send the question' },
  back: { sv: 'Tillbaka till beskedet', en: 'Back to the statement' },
  yourQuestion: { sv: 'Så här skrev du', en: 'What you wrote' },
} satisfies Record<string, Text>;

/** How the code is asked for. */
export const statementCode: CodeWords = {
  title: { sv: 'Se priser', en: 'See prices' },
  ask: {
    sv: 'Mejl kan vidarebefordras. Därför behövs en kod för att visa priser.',
    en: 'Mails can be forwarded. So it takes a code to show prices.',
  },
  role: {
    sv: 'Priser visas för den hos er som har rollen ledning eller ekonomi i avtalet.',
    en: 'Prices are shown to those of you who have the role of management or finance in the agreement.',
  },
  entered: {
    sv: 'Priserna visas i en timme i den här webbläsaren.',
    en: 'The prices are shown for an hour in this browser.',
  },
};

/** Sentences with something to fill in, and titles. */
export const statementSays = {
  asOf: {
    sv: 'Så här såg timbanken ut till och med {day}. {version}',
    en: 'This is how the hour bank stood up to and including {day}. {version}',
  },
  version: { sv: 'Version {version}.', en: 'Version {version}.' },
  asked: { sv: 'Fråga ställd {day}', en: 'Asked about on {day}' },
  answered: { sv: 'Besvarad {day}: {answer}', en: 'Answered on {day}: {answer}' },
  gone: { sv: 'Raden togs bort {day}', en: 'The line was taken back on {day}' },
  newer: {
    sv: 'Det finns ett rättat besked, version {version}. Det kom i ett mejl med en egen länk.',
    en: 'There is a corrected statement, version {version}. It came in a mail with a link of its own.',
  },
  pricePerHour: { sv: 'Timpris i timbanken', en: 'Price of an hour of the bank' },
  askTitle: { sv: 'Fråga om raden', en: 'Ask about the line' },
  askLead: {
    sv: '{consultant} får frågan och svarar dig med mejl. Raden faktureras inte förrän frågan är utredd.',
    en: '{consultant} gets the question and answers you by mail. The line is not invoiced until that is settled.',
  },
  thanksTitle: { sv: 'Tack, frågan är skickad', en: 'Thank you, the question is sent' },
  thanksLead: {
    sv: '{consultant} svarar dig med mejl på {email}. Raden faktureras inte förrän frågan är utredd.',
    en: '{consultant} answers you by mail at {email}. The line is not invoiced until that is settled.',
  },
  empty: { sv: 'Skriv vad du undrar.', en: 'Write what you wonder about.' },
  tooLong: {
    sv: 'Skriv högst 1 000 tecken; du skrev {length}. Behövs mer, svara på mejlet i stället.',
    en: 'Write at most 1,000 characters; you wrote {length}. If it takes more, reply to the mail instead.',
  },
  over: {
    sv: 'Raderna kunde frågas om här till och med {until}. Undrar du ändå, skriv till {name}, {email}.',
    en: 'The lines could be asked about here until {until}. If you wonder all the same, write to {name}, {email}.',
  },
  noLine: { sv: 'Raden finns inte i beskedet.', en: 'The statement has no such line.' },
  ended: {
    sv: 'Avtalet har upphört, så frågan kan inte tas emot här. Ingenting är ändrat. Skriv till {name}, {email}.',
    en: 'The agreement has ended, so the question cannot be taken here. Nothing was changed. Write to {name}, {email}.',
  },
} satisfies Record<string, Text>;
