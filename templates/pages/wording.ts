/** What the pages of alerts and that of the intake itself say, in Swedish and English. */
import type { Text } from '../../rules/engine/basics/text';

/** What a page can do. */
export type Act = 'taken' | 'mended' | 'pause' | 'resume';

export const actWords: Record<Act, { title: Text; lead: Text; button: Text; noted: Text; done: Text }> = {
  taken: {
    title: { sv: 'Ta hand om larmet', en: 'Take the alert' },
    lead: {
      sv: 'Noterar att du arbetar med det. Då påminns ingen annan.',
      en: 'Notes that you work on it. Nobody else is reminded then.',
    },
    button: { sv: 'Jag tar det', en: 'I take it' },
    noted: { sv: 'Noterat: larmet är taget', en: 'Noted: the alert is taken' },
    done: { sv: '{by} har tagit larmet.', en: '{by} has taken the alert.' },
  },
  mended: {
    title: { sv: 'Felet är åtgärdat', en: 'The problem is mended' },
    lead: {
      sv: 'Noterar att du har åtgärdat felet. Kontrollen körs på nytt och avgör om det är över.',
      en: 'Notes that you have mended the problem. The check runs again and tells whether it is over.',
    },
    button: { sv: 'Det är åtgärdat', en: 'It is mended' },
    noted: { sv: 'Noterat: felet är åtgärdat', en: 'Noted: the problem is mended' },
    done: { sv: '{by} har åtgärdat felet.', en: '{by} has mended the problem.' },
  },
  pause: {
    title: { sv: 'Pausa övervakningen', en: 'Pause monitoring' },
    lead: {
      sv: 'Medan övervakningen är pausad noteras fel men ingen larmas. När pausen är över kontrolleras allt på nytt.',
      en: 'While monitoring is paused problems are kept and nobody is alerted. When the pause ends all is checked again.',
    },
    button: { sv: 'Pausa', en: 'Pause' },
    noted: { sv: 'Noterat: övervakningen pausas', en: 'Noted: monitoring is paused' },
    done: {
      sv: '{by} har pausat övervakningen till {until}.',
      en: '{by} has paused monitoring until {until}.',
    },
  },
  resume: {
    title: { sv: 'Återuppta övervakningen', en: 'Resume monitoring' },
    lead: { sv: 'Kontrollerna larmar igen, från nu.', en: 'The checks alert again, from now on.' },
    button: { sv: 'Återuppta nu', en: 'Resume now' },
    noted: { sv: 'Noterat: övervakningen återupptas', en: 'Noted: monitoring is resumed' },
    done: { sv: '{by} har återupptagit övervakningen.', en: '{by} has resumed monitoring.' },
  },
};

export const pageWords = {
  customer: { sv: 'Kund', en: 'Customer' },
  agreement: { sv: 'Avtal', en: 'Agreement' },
  check: { sv: 'Kontroll', en: 'Check' },
  problem: { sv: 'Larm', en: 'Alert' },
  over: { sv: 'över', en: 'over' },
  since: { sv: 'Sedan', en: 'Since' },
  overSince: { sv: 'Över sedan', en: 'Over since' },
  taken: { sv: 'Taget', en: 'Taken' },
  mended: { sv: 'Åtgärdat', en: 'Mended' },
  pauseFor: { sv: 'Hur länge', en: 'How long' },
  pauseThrough: { sv: 'Eller till och med en dag', en: 'Or through a day' },
  throughDay: { sv: 'till och med {day}', en: 'the end of {day}' },
  until: { sv: 'till {time}', en: 'until {time}' },
  /** The time first: a phone cuts the end of a closed choice off. */
  untilOpen: { sv: '{time}, när supporten öppnar', en: '{time}, when support opens' },
  reason: { sv: 'Varför (frivilligt)', en: 'Why (optional)' },
  note: { sv: 'Vad som gjordes (frivilligt)', en: 'What was done (optional)' },
  by: { sv: 'Ditt namn', en: 'Your name' },
  next: { sv: 'Nästa steg', en: 'Next step' },
  pauseEnd: {
    sv: 'Ingenting är ändrat. En paus slutar en dag från {from} till {to}, eller efter en tid som inte har passerat; hittade {found}.',
    en: 'Nothing was changed. A pause ends on a day from {from} to {to}, or at a time that has not passed; found {found}.',
  },
  hours: { sv: '{count} timmar', en: '{count} hours' },
  hour: { sv: '1 timme', en: '1 hour' },
} satisfies Record<string, Text>;

export const severityWords: Record<'down' | 'warning' | 'unknown' | 'silent', Text> = {
  down: { sv: 'nere', en: 'down' },
  warning: { sv: 'varning', en: 'warning' },
  unknown: { sv: 'kunde inte kontrolleras', en: 'could not be checked' },
  silent: { sv: 'platsen hörs inte', en: 'the site is silent' },
};

/** Why a link opens nothing, beside what is said of any link. */
export const refusals = {
  gone: {
    title: { sv: 'Larmet finns inte längre', en: 'The alert is no more' },
    lead: { sv: 'Ingenting är ändrat.', en: 'Nothing was changed.' },
  },
} satisfies Record<string, { title: Text; lead: Text }>;

/** What the intake's own address says of itself. */
export const aboutWords = {
  title: { sv: 'Mottagningen för serviceavtal', en: 'The intake of service agreements' },
  lead: {
    sv: 'Hit levererar signeringstjänster undertecknade avtal, hit rapporterar kunders jobb att de körs, och hit leder länkarna i våra mejl.',
    en: 'Signing services deliver signed contracts here, customers’ jobs report in here, and the links in our mails lead here.',
  },
  more: {
    sv: 'Här finns inget att logga in på. Följ länken i mejlet du fick, eller fråga den som gav dig adressen.',
    en: 'There is nothing to log in to. Follow the link in the mail you got, or ask who gave you the address.',
  },
  link: {
    sv: 'För program: allt som tas emot, i OpenAPI',
    en: 'For programs: everything that is taken, in OpenAPI',
  },
} satisfies Record<string, Text>;

/** Fills in the names in braces. */
export const fill = (wording: string, values: Record<string, string>): string =>
  wording.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
