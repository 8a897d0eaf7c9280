/** What every personal page may say: why a link opens nothing, why a form is not taken, and how a code is asked for. */
import { counted } from '../../rules/engine/basics/counted';
import type { Instant, Person } from '../../rules/engine/contract/contract';
import type { Language, Text } from '../../rules/engine/basics/text';
import { formatMoment } from '../words/dates';
import { fill } from './wording';

export interface RefusalWords {
  title: Text;
  lead: Text;
}

/** How a page asks for a code: what it gives, why it is needed, who may have it, and what holds once it was entered. */
export type CodeWords = Record<'title' | 'ask' | 'role' | 'entered', Text>;

/** Why a link opens nothing. */
export const linkRefusals = {
  forged: {
    title: { sv: 'Länken gäller inte', en: 'The link is not valid' },
    lead: {
      sv: 'Den är inte en av våra, eller inte hel. Öppna den i mejlet på nytt, eller svara på mejlet så hjälper vi dig.',
      en: 'It is not one of ours, or not whole. Open it in the mail again, or reply to the mail and we will help you.',
    },
  },
  expired: {
    title: { sv: 'Länken har gått ut', en: 'The link has expired' },
    lead: {
      sv: 'Den gällde en viss tid. Ingenting är ändrat; använd länken i ett nyare mejl.',
      en: 'It was good for a certain time. Nothing was changed; use the link of a newer mail.',
    },
  },
  revoked: {
    title: { sv: 'Länken är återkallad', en: 'The link was revoked' },
    lead: {
      sv: 'Den går inte att använda längre. Ingenting är ändrat.',
      en: 'It cannot be used any more. Nothing was changed.',
    },
  },
  left: {
    title: { sv: 'Länken gäller inte längre', en: 'The link is not valid any more' },
    lead: {
      sv: 'Den gick till en person som inte längre är kontaktperson med samma roll och adress i avtalet. Ingenting är ändrat.',
      en: 'It went to a person who is no longer a contact of the agreement with the same role and address. Nothing was changed.',
    },
  },
  removed: {
    title: { sv: 'Du är inte längre testare', en: 'You are no longer a tester' },
    lead: {
      sv: 'Länken gick till dig som testare av uppgraderingen, men du är inte längre bland dem som testar. Det du har rapporterat är kvar. Ska du testa ändå, be den som bjöd in dig om en ny inbjudan.',
      en: 'The link went to you as a tester of the upgrade, but you are no longer among those who test. What you have reported stays. If you are to test after all, ask who invited you for a new invitation.',
    },
  },
  gone: {
    title: { sv: 'Sidan finns inte längre', en: 'The page is no more' },
    lead: { sv: 'Ingenting är ändrat.', en: 'Nothing was changed.' },
  },
  tooMany: {
    title: { sv: 'För många försök', en: 'Too many tries' },
    lead: {
      sv: 'Ingenting är ändrat. Vänta några minuter och försök igen.',
      en: 'Nothing was changed. Wait a few minutes and try again.',
    },
  },
  notNow: {
    title: { sv: 'Det går inte just nu', en: 'It cannot be done just now' },
    lead: {
      sv: 'Ingenting är ändrat. Gå tillbaka i webbläsaren och försök igen om en stund, eller svara på mejlet så hjälper vi dig.',
      en: 'Nothing was changed. Go back in your browser and try again in a while, or reply to the mail and we will help you.',
    },
  },
} satisfies Record<string, RefusalWords>;

/** How to reach somebody of ours: by telephone too, where a number is known. */
export const reachOf = ({ name, email, phone }: Person): { name: string; email: string } => ({
  name,
  email: phone === undefined ? email : `${phone}, ${email}`,
});

/** Whom to ask; never said to somebody whose link is not ours. */
export const whomToAsk: Text = {
  sv: 'Undrar du något? Hör av dig till {name}, {email}.',
  en: 'Any questions? Ask {name}, {email}.',
};

/** How support is reached, beside it. */
export const supportReached: Text = {
  sv: 'Supporten når du på {email}, {hours}.',
  en: 'You reach support at {email}, {hours}.',
};

/** Why a form is not taken. */
export const formProblems = {
  wrong: {
    sv: 'Ingenting är ändrat. Sidan känner inte till det som skulle göras.',
    en: 'Nothing was changed. The page does not know what was to be done.',
  },
  stale: {
    sv: 'Ingenting är ändrat. Sidan hade stått öppen för länge: se över svaret och skicka det igen.',
    en: 'Nothing was changed. The page had been open for too long: look at the answer and send it again.',
  },
  unknown: {
    sv: 'Ingenting är ändrat. Formuläret hör inte till den här sidan, eller är inte helt: se över svaret och skicka det igen.',
    en: 'Nothing was changed. The form is not of this page, or not whole: look at the answer and send it again.',
  },
  noCookie: {
    sv: 'Ingenting är ändrat. Webbläsaren skickade inte med den kaka (cookie) som visar att koden är angiven. Den gäller i en timme, och kakor måste vara tillåtna. Öppna länken i mejlet igen och ange en ny kod.',
    en: 'Nothing was changed. Your browser did not send the cookie that says that the code was entered. It is good for an hour, and cookies have to be allowed. Open the link in the mail again and enter a new code.',
  },
  otherCookie: {
    sv: 'Ingenting är ändrat. Sidan öppnades innan koden angavs: se över svaret och skicka det igen.',
    en: 'Nothing was changed. The page was opened before the code was entered: look at the answer and send it again.',
  },
  sentBefore: {
    sv: 'Ingenting är ändrat. Det här formuläret är redan skickat med ett annat innehåll: se över det och skicka det igen om det ska gälla också.',
    en: 'Nothing was changed. This form was sent before with something else in it: look at it, and send it again if it is to hold as well.',
  },
  needsCode: {
    sv: 'Ingenting är ändrat. Det här kräver en kod som vi mejlar till dig.',
    en: 'Nothing was changed. This takes a code that we mail to you.',
  },
  tooMany: {
    sv: 'Ingenting är ändrat. Det har kommit för många svar på kort tid: försök igen {when}, eller svara på mejlet.',
    en: 'Nothing was changed. Too many answers came in a short time: try again {when}, or reply to the mail.',
  },
} satisfies Record<string, Text>;

/** Why a code is not sent, or not taken. */
export const codeProblems = {
  role: {
    sv: 'Koden skickas bara till den som har rätt roll i avtalet.',
    en: 'The code is sent only to somebody who has the role for it in the agreement.',
  },
  shape: {
    sv: 'Skriv koden med sex siffror, som den står i mejlet.',
    en: 'Enter the code of six digits, as the mail has it.',
  },
  wrong: {
    sv: 'Koden stämmer inte. Försök kvar: {left}.',
    en: 'The code is not right. Tries left: {left}.',
  },
  none: {
    sv: 'Koden gäller inte längre. Be om en ny.',
    en: 'The code is not good any more. Ask for a new one.',
  },
  tooMany: {
    sv: 'Det har skickats för många koder. Du kan be om en ny {when}.',
    en: 'Too many codes were sent. You can ask for a new one {when}.',
  },
  notSent: {
    sv: 'Koden gick inte att skicka just nu. Försök igen om en stund.',
    en: 'The code could not be sent just now. Try again in a while.',
  },
} satisfies Record<string, Text>;

/** After how long something can be tried again, rounded up. @example inAWhile(61_000).en // 'in 2 minutes' */
export function inAWhile(milliseconds: number): Text {
  const minutes = Math.max(1, Math.ceil(milliseconds / 60_000));
  if (minutes < 120) return inCounted(minutes, ['minut', 'minuter'], ['minute', 'minutes']);
  return inCounted(Math.ceil(minutes / 60), ['timme', 'timmar'], ['hour', 'hours']);
}

const inCounted = (count: number, sv: [string, string], en: [string, string]): Text => ({
  sv: `om ${counted(count, sv)}`,
  en: `in ${counted(count, en)}`,
});

/** What is said to somebody who sends within a day what they have sent before: it has reached us, and is not sent anew. */
export const askedAgain = {
  title: { sv: 'Vi har det redan', en: 'We have it already' },
  lead: {
    sv: 'Du skickade samma sak {when}, och {consultant} har den. Den skickades inte en gång till.',
    en: 'You sent the same {when}, and {consultant} has it. It was not sent a second time.',
  },
} satisfies Record<string, Text>;

/** That the consultant has it already. @param when it was sent first */
export const askedBefore = (when: Instant, consultant: string, language: Language): string =>
  fill(askedAgain.lead[language], { when: formatMoment(when, language), consultant });

/** Words of the templates. */
export const linkWords = {
  notTaken: { sv: 'Svaret kunde inte tas emot', en: 'The answer could not be taken' },
  codeAsk: { sv: 'Vi skickar den till', en: 'We send it to' },
  codeSend: { sv: 'Skicka koden', en: 'Send the code' },
  codeSent: { sv: 'Vi har skickat en kod med sex siffror till', en: 'We have sent a code of six digits to' },
  codeGood: { sv: 'Den gäller i tio minuter.', en: 'It is good for ten minutes.' },
  codeEnter: { sv: 'Kod', en: 'Code' },
  codeGo: { sv: 'Fortsätt', en: 'Continue' },
  codeAgain: { sv: 'Skicka en ny kod', en: 'Send a new code' },
} satisfies Record<string, Text>;

/** What a link is for, in a list. */
export const purposeWords: Readonly<Record<string, Text>> = {
  'alert-take': { sv: 'ta ett larm', en: 'take an alert' },
  'alert-mended': { sv: 'åtgärdat larm', en: 'alert mended' },
  'alert-pause': { sv: 'pausa en kontroll', en: 'pause a check' },
  statement: { sv: 'timbanksbesked', en: 'hour statement' },
  order: { sv: 'beställa timmar', en: 'order hours' },
  worksheet: { sv: 'arbetsblad för en uppgradering', en: 'worksheet of an upgrade' },
  partner: { sv: 'fråga till en partner', en: 'question to a partner' },
  test: { sv: 'testa en uppgradering', en: 'test an upgrade' },
  approval: { sv: 'godkänna en uppgradering', en: 'approve an upgrade' },
  agreement: { sv: 'Mitt avtal', en: 'my agreement' },
  calendar: { sv: 'kalender att prenumerera på', en: 'calendar to subscribe to' },
};

/** What happened on a page, in a list. */
export const eventWords: Readonly<Record<string, Text>> = {
  opened: { sv: 'öppnad', en: 'opened' },
  'code-asked': { sv: 'bad om en kod', en: 'asked for a code' },
  'code-sent': { sv: 'kod skickad', en: 'code sent' },
  'code-not-sent': { sv: 'koden gick inte att skicka', en: 'the code could not be sent' },
  'code-mistyped': { sv: 'fel kod', en: 'wrong code' },
  'code-entered': { sv: 'rätt kod', en: 'right code' },
  'line-questioned': { sv: 'fråga om en rad', en: 'question about a line' },
  order: { sv: 'beställde timmar', en: 'ordered hours' },
  package: { sv: 'köpte ett paket', en: 'bought a package' },
  ahead: { sv: 'tog timmar från nästa år', en: 'took hours from the next year' },
  call: { sv: 'bad att bli uppringd', en: 'asked to be called' },
  taken: { sv: 'tog larmet', en: 'took the alert' },
  mended: { sv: 'åtgärdat', en: 'mended' },
  pause: { sv: 'pausade', en: 'paused' },
  resume: { sv: 'återupptog', en: 'resumed' },
  'parts-reported': { sv: 'rapporterade delar', en: 'reported parts' },
  'phase-completed': { sv: 'avslutade en fas', en: 'completed a phase' },
  'phase-failed': { sv: 'rapporterade att en fas misslyckades', en: 'reported that a phase failed' },
  'case-passed': { sv: 'testfall: fungerar', en: 'test case: works' },
  'case-failed': { sv: 'testfall: fungerar inte', en: 'test case: does not work' },
  'case-none': { sv: 'testfall: gäller inte kunden', en: 'test case: does not concern the customer' },
  'tester-invited': { sv: 'bjöd in en testare', en: 'invited a tester' },
  'tester-removed': { sv: 'tog bort en testare', en: 'removed a tester' },
  approved: { sv: 'godkände uppgraderingen', en: 'approved the upgrade' },
  'approval-remains': { sv: 'skrev att något återstår', en: 'said that something is left' },
  'partner-answered': { sv: 'svarade om integrationen', en: 'answered about the integration' },
  'action-done': { sv: 'bockade av en åtgärd', en: 'ticked an action' },
  'meeting-asked': { sv: 'bad om ett möte', en: 'asked for a meeting' },
  'time-asked': { sv: 'bad om en annan tid för ett möte', en: 'asked for another time of a meeting' },
  'contact-asked': { sv: 'sade att en kontakt har ändrats', en: 'said that a contact has changed' },
  'feed-made': { sv: 'skapade en kalenderlänk', en: 'made a calendar link' },
  answered: { sv: 'avtalet svarade', en: 'the agreement answered' },
  revoked: { sv: 'återkallad', en: 'revoked' },
  refused: { sv: 'avvisat besök', en: 'refused visit' },
};

/** Why a visit was refused, in a list. */
export const refusedWords: Readonly<Record<string, Text>> = {
  expired: { sv: 'länken hade gått ut', en: 'the link had expired' },
  revoked: { sv: 'länken var återkallad', en: 'the link was revoked' },
  left: {
    sv: 'personen har inte längre rollen eller adressen',
    en: 'the person has no longer the role or the address',
  },
  role: { sv: 'personen har inte rollen för koden', en: 'the person has no role for the code' },
  forged: { sv: 'länken var ändrad', en: 'the link was altered' },
};
