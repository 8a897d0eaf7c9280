/** What the customer's test page (testsida) says, in Swedish and English. */
import type { Language, Text } from '../../rules/engine/basics/text';
import type { PartCounts } from '../../rules/engine/upgrade/count-parts';
import { testedOf } from '../../rules/engine/upgrade/count-parts';
import { fill } from './wording';

/** Words for one case and several. */
export const caseForms = { sv: ['testfall', 'testfall'], en: ['test case', 'test cases'] } as const;

/** What is wrong with a picture; nothing else of its form is lost. */
export const pictureProblems = {
  tooLarge: {
    sv: 'Bilden {name} är för stor: högst 10 MB. Ta en skärmbild i stället, eller skicka bilden i mindre storlek. Resten av svaret är kvar.',
    en: 'The picture {name} is too large: at most 10 MB. Take a screenshot instead, or send it in a smaller size. The rest of your answer is still here.',
  },
  heic: {
    sv: 'Bilden {name} är i formatet HEIC eller AVIF, som inte alla kan öppna. Skicka den som JPEG eller PNG, eller ta en skärmbild. Resten av svaret är kvar.',
    en: 'The picture {name} is of the kind HEIC or AVIF, which not everybody can open. Send it as JPEG or PNG, or take a screenshot. The rest of your answer is still here.',
  },
  notOne: {
    sv: '{name} är ingen bild vi kan visa. Skicka JPEG, PNG, WebP eller GIF. Resten av svaret är kvar.',
    en: '{name} is no picture that we can show. Send JPEG, PNG, WebP or GIF. The rest of your answer is still here.',
  },
  noRoom: {
    sv: 'Bilden {name} kunde inte tas emot just nu, för att många skickar bilder samtidigt. Välj den igen om en minut. Resten av svaret är kvar.',
    en: 'The picture {name} could not be taken just now, as many send pictures at the same time. Choose it again in a minute. The rest of your answer is still here.',
  },
  skipped: { sv: 'Bilden {name} togs inte emot.', en: 'The picture {name} was not taken.' },
  tooMany: {
    sv: 'Högst fyra bilder åt gången. De första är kvar; skicka fler i ett svar till.',
    en: 'At most four pictures at a time. The first ones are still here; send more in another answer.',
  },
  tooManyToday: {
    sv: 'Bilden {name} togs inte emot: det har kommit hundra bilder från din länk det senaste dygnet. Mejla resten till oss.',
    en: 'The picture {name} was not taken: a hundred pictures have come by your link in a day. Mail us the others.',
  },
} satisfies Record<string, Text>;

/** What the page says by itself; names in braces are filled in. */
export const testSays = {
  title: { sv: 'Testa uppgraderingen: {customer}', en: 'Test the upgrade: {customer}' },
  lead: {
    before: {
      sv: 'Testet har inte börjat än. Vi mejlar när det är dags. Det här ska testas:',
      en: 'The test has not begun yet. We mail you when it is time. This is what to test:',
    },
    open: {
      sv: 'Öppna ett testfall, gör som det står och tryck på det som stämmer. Det sparas direkt, och alla som testar ser det.',
      en: 'Open a test case, do what it says and press what is true. It is saved at once, and everybody who tests sees it.',
    },
    closed: {
      sv: 'Testet är klart. Hittar du något som inte fungerar kan du fortfarande rapportera det här: då öppnas testet igen.',
      en: 'The test is done. If you find something that does not work you can still report it here: then the test is opened again.',
    },
    over: {
      sv: 'Uppgraderingen är avslutad. Så här gick testet.',
      en: 'The upgrade is over. This is how the test went.',
    },
  },
  ended: {
    sv: 'Avtalet har upphört. Ingenting mer kan rapporteras här.',
    en: 'The agreement has ended. Nothing more can be reported here.',
  },
  session: {
    sv: 'Genomgången är bokad till {when}{place}.',
    en: 'The session is booked for {when}{place}.',
  },
  due: { sv: 'Klart senast {day}.', en: 'To be done by {day}.' },
  onCopy: {
    sv: 'Ni testar i en kopia av ert system. Det ni gör där påverkar inte ert vanliga arbete.',
    en: 'You test in a copy of your system. What you do there does not touch your everyday work.',
  },
  progress: { sv: '{done} av {all} testade', en: '{done} of {all} tested' },
  failedOnes: { sv: '{count} fungerar inte', en: '{count} failed' },
  again: { sv: '{count} att testa igen', en: '{count} to test again' },
  all: { sv: 'Allmänt', en: 'In general' },
  whole: { sv: '{name} som helhet', en: '{name} as a whole' },
  states: {
    open: { sv: 'inte testat', en: 'not tested' },
    passed: { sv: 'fungerar', en: 'works' },
    failed: { sv: 'fungerar inte', en: 'does not work' },
    none: { sv: 'gäller inte er', en: 'does not concern you' },
    retest: { sv: 'testa igen', en: 'test again' },
    accepted: { sv: 'godtas trots att det inte fungerar', en: 'accepted although it does not work' },
  },
  foundIn: {
    sv: 'Fungerade inte vid uppgraderingen avtalsår {year}: kontrollera det särskilt.',
    en: 'Did not work in the upgrade of agreement year {year}: look at it closely.',
  },
  reported: { sv: '{who}, {when}: {what}', en: '{who}, {when}: {what}' },
  answered: { sv: '{who} svarar, {when}', en: '{who} answers, {when}' },
  answeredAgain: { sv: '{who} svarar, {when}: testa igen', en: '{who} answers, {when}: test again' },
  acceptedBy: { sv: 'Godtas av {by}: {reason}', en: 'Accepted by {by}: {reason}' },
  ours: { sv: 'Pector', en: 'Pector' },
  picture: { sv: 'Bild {number} från {who}', en: 'Picture {number} from {who}' },
  saved: {
    'case-passed': { sv: 'Sparat {when}: fungerar.', en: 'Saved {when}: it works.' },
    'case-none': { sv: 'Sparat {when}: gäller inte er.', en: 'Saved {when}: does not concern you.' },
    'case-failed': {
      sv: 'Tack, det är registrerat {when}. {name} har fått veta det och återkommer till dig.',
      en: 'Thank you, it was registered {when}. {name} has been told and will come back to you.',
    },
  },
  refused: { sv: 'Det du skickade {when} togs inte emot', en: 'What you sent {when} was not taken' },
  waits: {
    sv: 'Det du skickade {when} är sparat men inte bekräftat än. Ladda om sidan om en stund: du behöver inte skicka det igen.',
    en: 'What you sent {when} is kept but not confirmed yet. Reload the page in a while: you need not send it again.',
  },
  noCase: {
    sv: 'Ingenting är sparat: testfallet finns inte här längre.',
    en: 'Nothing was saved: the test case is no longer here.',
  },
  notOpen: { sv: 'Ingenting är sparat: testet pågår inte.', en: 'Nothing was saved: the test is not on.' },
  why: {
    sv: 'Skriv vad som inte fungerar, så att vi kan rätta det.',
    en: 'Say what does not work, so that we can put it right.',
  },
  newer: {
    sv: '{who} har rapporterat ”{what}” {when}, efter att du öppnade sidan. Läs det först; skicka igen om ditt svar ändå ska gälla.',
    en: '{who} reported “{what}” {when}, after you opened the page. Read that first; send again if your answer is to hold all the same.',
  },
  more: {
    sv: 'Går det inte att använda sidan, eller hittar du något som inte står här? Hör av dig till {name}, {email}, så rapporterar vi det åt dig.',
    en: 'Can you not use the page, or do you find something that is not here? Contact {name}, {email}, and we report it for you.',
  },
  contactInvited: {
    sv: '{name} är redan kontaktperson i avtalet. Vi mejlar en länk till testfallen, med samma namn som i avtalet.',
    en: '{name} is a contact of the agreement already. We mail a link to the test cases, under the name that the agreement has.',
  },
  contactHasLink: {
    sv: '{name} är redan kontaktperson i avtalet och har fått testfallen i mejlet om testet. Länken där gäller.',
    en: '{name} is a contact of the agreement already and has the test cases by the mail about the test. The link there holds.',
  },
  oursTests: {
    sv: '{name} arbetar hos oss och testar inte åt er. Bjud in någon av era egna.',
    en: '{name} works for us and does not test for you. Invite somebody of your own.',
  },
  contactSelf: {
    sv: 'Det är din egen adress: du testar på den här sidan.',
    en: 'That is your own address: you test on this page.',
  },
  invitedTitle: { sv: 'Inbjudan är på väg', en: 'The invitation is on its way' },
  invited: {
    sv: '{name} får ett mejl till {email} med en egen länk till testfallen. Länken visar bara dem.',
    en: '{name} gets a mail to {email} with a link of their own to the test cases. The link shows nothing else.',
  },
  removedTitle: { sv: 'Testaren är borttagen', en: 'The tester is removed' },
  removed: {
    sv: 'Länken till {name} öppnar inget längre. Det som {name} har rapporterat är kvar.',
    en: 'The link of {name} opens nothing any more. What {name} has reported stays.',
  },
  nameWrong: {
    sv: 'Skriv testarens namn, högst 80 tecken och utan adresser eller länkar.',
    en: "Enter the tester's name, at most 80 characters and without addresses or links.",
  },
  emailWrong: {
    sv: 'Skriv en mejladress, som namn@foretaget.se; du skrev ”{found}”.',
    en: 'Enter a mail address, as name@company.com; you entered “{found}”.',
  },
  knownTester: {
    sv: '{name} är redan inbjuden. Ta bort och bjud in igen för att ändra vad som testas.',
    en: '{name} is invited already. Remove and invite again to change what is tested.',
  },
  tooManyTesters: {
    sv: 'Högst {most} testare. Ta bort någon först.',
    en: 'At most {most} testers. Remove somebody first.',
  },
  noInviting: {
    sv: 'Bara systemägaren eller ledningen bjuder in testare, och så länge uppgraderingen pågår.',
    en: 'Only the system owner or the management invites testers, and as long as the upgrade goes on.',
  },
  noTester: { sv: 'Testaren är redan borttagen.', en: 'The tester is removed already.' },
  everything: { sv: 'alla testfall', en: 'all test cases' },
} satisfies Record<string, Text | Record<string, Text>>;

/** How far a test has come. @example '7 av 19 testade, 1 fungerar inte, 1 att testa igen' */
export function testProgress(counts: PartCounts, language: Language): string {
  const { all, failed, again } = counts;
  const told = [
    fill(testSays.progress[language], { done: `${testedOf(counts)}`, all: `${all}` }),
    ...(failed > 0 ? [fill(testSays.failedOnes[language], { count: `${failed}` })] : []),
    ...(again > 0 ? [fill(testSays.again[language], { count: `${again}` })] : []),
  ];
  return told.join(', ');
}

/** Words of the template. */
export const testPageWords = {
  expected: { sv: 'Rätt resultat', en: 'Expected' },
  testComment: { sv: 'Kommentar', en: 'Comment' },
  testCommentHint: { sv: 'behövs om det inte fungerar', en: 'needed if it does not work' },
  pictures: { sv: 'Bilder', en: 'Pictures' },
  picturesHint: {
    sv: 'högst fyra, JPEG, PNG, WebP eller GIF, 10 MB var',
    en: 'at most four, JPEG, PNG, WebP or GIF, 10 MB each',
  },
  keptPictures: { sv: 'Följer med svaret', en: 'Goes with the answer' },
  itWorks: { sv: 'Fungerar', en: 'Works' },
  itFails: { sv: 'Fungerar inte', en: 'Does not work' },
  notOurs: { sv: 'Gäller inte oss', en: 'Does not concern us' },
  conversation: { sv: 'Vad som är sagt', en: 'What was said' },
  testers: { sv: 'Testare', en: 'Testers' },
  testersHint: {
    sv: 'Bjud in dem som kan rutinerna. Var och en får ett mejl med en egen länk och ser bara testfallen.',
    en: 'Invite those who know the routines. Each gets a mail with a link of their own, and sees the test cases only.',
  },
  testerName: { sv: 'Namn', en: 'Name' },
  testerEmail: { sv: 'Mejladress', en: 'Mail address' },
  testerCases: { sv: 'Vad som testas', en: 'What to test' },
  testerCasesHint: { sv: 'inget valt: allt', en: 'none chosen: everything' },
  testerEnglish: { sv: 'Mejl och sida på engelska', en: 'Mail and page in Swedish' },
  invite: { sv: 'Bjud in', en: 'Invite' },
  inviteTester: { sv: 'Bjud in en testare', en: 'Invite a tester' },
  removeTester: { sv: 'Ta bort', en: 'Remove' },
  backToTest: { sv: 'Tillbaka till testfallen', en: 'Back to the test cases' },
} satisfies Record<string, Text>;
