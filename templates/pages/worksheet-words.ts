/** What the worksheet of an upgrade (arbetsblad) says, in Swedish and English. */
import type { Text } from '../../rules/engine/basics/text';

/** The word for one part, and for several. */
export const partForms = { sv: ['del', 'delar'], en: ['part', 'parts'] } as const;

/** What the page says by itself; names in braces are filled in. */
export const worksheetSays = {
  title: { sv: 'Arbetsblad: uppgraderingen hos {customer}', en: 'Worksheet: the upgrade at {customer}' },
  lead: {
    sv: 'Fas {number} av {count}: {phase}, senast {day}. Ansvarig: {owner}.',
    en: 'Phase {number} of {count}: {phase}, due {day}. Owner: {owner}.',
  },
  allClosed: { sv: 'Alla faser är avslutade.', en: 'All phases are closed.' },
  now: { sv: 'Nu: {phase}', en: 'Now: {phase}' },
  tests: { sv: 'Test: {name}', en: 'Test: {name}' },
  passed: { sv: 'godkänd', en: 'passed' },
  failed: { sv: 'underkänd', en: 'failed' },
  notYet: { sv: 'inte än', en: 'not yet' },
  notApplicable: { sv: 'gäller inte kunden', en: 'does not concern the customer' },
  retest: { sv: 'underkänd, ska testas igen', en: 'failed, to be tested again' },
  picture: { sv: 'Bild {number} från {who}', en: 'Picture {number} from {who}' },
  ask: { sv: 'låt övervakningen kontrollera', en: 'have the monitoring check it' },
  monitoring: { sv: 'övervakningen: {checks}', en: 'monitoring: {checks}' },
  yes: { sv: 'ja', en: 'yes' },
  no: { sv: 'nej', en: 'no' },
  isReported: { sv: 'klart', en: 'done' },
  accepted: { sv: 'godtagen av {by}: {reason}', en: 'accepted by {by}: {reason}' },
  isOn: { sv: 'pågår', en: 'on now' },
  states: {
    open: { sv: 'väntar', en: 'waits' },
    done: { sv: 'avslutad', en: 'completed' },
    missed: { sv: 'blev inte av', en: 'missed' },
    cancelled: { sv: 'utgår', en: 'falls away' },
    declined: { sv: 'avböjd', en: 'declined' },
    carried: { sv: 'går vidare nästa avtalsår', en: 'goes on in the next year' },
  },
  taken: {
    'parts-reported': { sv: 'Noterat {when}: {count}.', en: 'Noted {when}: {count}.' },
    'phase-completed': {
      sv: 'Noterat {when}: {phase} är avslutad.',
      en: 'Noted {when}: {phase} is completed.',
    },
    'phase-failed': {
      sv: 'Noterat {when}: {phase} är rapporterad som misslyckad.',
      en: 'Noted {when}: {phase} is reported as failed.',
    },
  },
  refused: {
    sv: 'Det du skickade {when} togs inte emot',
    en: 'What you sent {when} was not taken',
  },
  refusedHint: {
    sv: 'Fyll i det som fattas här nedanför. Går det inte, ange vem som godtar det och varför under ”Avsluta fast något fattas eller är underkänt”.',
    en: 'Fill in what is missing below. If that cannot be done, say who accepts it and why under “Complete it although something is missing or failed”.',
  },
  some: {
    sv: 'Det som kom före i formuläret togs emot: {count}.',
    en: 'What came before it in the form was taken: {count}.',
  },
  waits: {
    sv: 'Det du skickade {when} är sparat, men avtalet har inte svarat än. Ladda om sidan om en stund: du behöver inte skicka det igen.',
    en: 'What you sent {when} is kept, but the agreement has not answered yet. Reload the page in a while: you need not send it again.',
  },
  ended: {
    sv: 'Avtalet har upphört. Ingenting mer kan rapporteras.',
    en: 'The agreement has ended. Nothing more can be reported.',
  },
  nothingOn: {
    sv: 'Ingenting är skickat: fasen finns inte längre, eller så är alla faser avslutade.',
    en: 'Nothing was sent: the phase is no more, or all phases are closed.',
  },
  nothingNew: {
    sv: 'Ingenting är skickat: ange minst en del som är godkänd eller underkänd, en dag eller en tid, som inte redan är rapporterad så.',
    en: 'Nothing was sent: say of at least one part that it passed or failed, or give a day or a time, unless that is reported already.',
  },
  isRight: {
    sv: 'Det stämmer, också om dagen har passerat, är en helgdag eller kommer före fönstret',
    en: 'It is right, even if the day has passed, is a holiday or comes before the window',
  },
  isRightAndHost: {
    sv: 'Det stämmer, också om dagen har passerat, är en helgdag eller kommer före fönstret, och fast {host}, som är värd, inte har sagt ja',
    en: 'It is right, even if the day has passed, is a holiday or comes before the window, and although {host}, the host, has not said yes',
  },
  noteAlone: {
    sv: '{part}: ange om den är godkänd eller underkänd, annars kommer anteckningen inte med.',
    en: '{part}: say whether it passed or failed, or the note is lost.',
  },
  byWhom: { sv: 'Ange vem som godtar det som fattas.', en: 'Say who accepts what is missing.' },
  acceptedWhy: { sv: 'Ange varför det som fattas godtas.', en: 'Say why what is missing is accepted.' },
  failedWhy: { sv: 'Skriv vad som gick fel.', en: 'Say what went wrong.' },
  asRulesSay: { sv: 'Som reglerna säger: {way}', en: 'As the rules say: {way}' },
  ways: {
    again: { sv: 'försök igen', en: 'try again' },
    'roll-back': { sv: 'återställ och planera på nytt', en: 'roll back and plan anew' },
    restore: {
      sv: 'kundens ledning låter återställa systemet',
      en: "the customer's management has the system restored",
    },
  },
  decidedAt: { sv: '{part}, när', en: '{part}, when' },
  backTo: { sv: 'tillbaka till {phase}', en: 'back to {phase}' },
} satisfies Record<string, Text | Record<string, Text>>;

/** Words of the template. */
export const worksheetPageWords = {
  version: { sv: 'Version', en: 'Version' },
  partNote: { sv: 'Anteckning', en: 'Note' },
  result: { sv: 'Resultat', en: 'Result' },
  part: { sv: 'Del', en: 'Part' },
  reportParts: { sv: 'Rapportera det ifyllda', en: 'Report what is filled in' },
  completePhase: { sv: 'Avsluta fasen', en: 'Complete the phase' },
  completeHint: {
    sv: 'Fasen avslutas när alla delar är godkända. Fattas något, säger avtalet vad.',
    en: 'The phase is completed when all parts have passed. If something is missing, the agreement says what.',
  },
  allPassed: {
    sv: 'Allt som står som ”inte än” är godkänt',
    en: 'Everything that says “not yet” has passed',
  },
  phaseNote: { sv: 'Anteckning om hela fasen', en: 'Note on the whole phase' },
  acceptMissing: {
    sv: 'Avsluta fast något fattas eller är underkänt',
    en: 'Complete it although something is missing or failed',
  },
  acceptHint: {
    sv: 'Det syns på avtalets sida och i godkännandet till slutet.',
    en: 'It stays visible on the page and in the approval to the end.',
  },
  acceptedBy: { sv: 'Vem godtar det', en: 'Who accepts it' },
  acceptReason: { sv: 'Varför', en: 'Why' },
  phaseFailed: { sv: 'Fasen misslyckades', en: 'The phase failed' },
  failedReason: { sv: 'Vad gick fel', en: 'What went wrong' },
  failedHint: {
    sv: 'Kunden läser det om uppgraderingen återställs.',
    en: 'The customer reads it if the upgrade is rolled back.',
  },
  restoreHint: {
    sv: 'Bara om systemet återställs: användarna har redan arbetat i den nya versionen, så kundens ledning beslutar om det.',
    en: "Only if the system is restored: people have worked in the new version, so the customer's management decides.",
  },
  restoredBy: { sv: 'Vem i kundens ledning som beslutat', en: "Who of the customer's management decided" },
  lostSince: {
    sv: 'Det som gjorts efter den här tiden är förlorat',
    en: 'What was done after this time is lost',
  },
  then: { sv: 'Vad händer nu', en: 'What now' },
  reportFailed: { sv: 'Rapportera att fasen misslyckades', en: 'Report that the phase failed' },
  wholeUpgrade: { sv: 'Hela uppgraderingen', en: 'The whole upgrade' },
  nobody: { sv: 'Välj', en: 'Choose' },
  youWrote: { sv: 'Det du skrev', en: 'What you wrote' },
} satisfies Record<string, Text>;
