/** Every message people and our own dispatcher can send to a running agreement year, declared once. */
import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Language, Text } from '../../rules/engine/basics/text';
import type { Overview } from '../../templates/ui/overview';
import type { FieldKind } from './fields';

/** What a message is for and what it looks like; shown in the Web UI's picker and in the consultants' guide. */
export interface MessageDoc {
  description: Text;
  example: Record<string, unknown>;
  /** Its texts in Swedish: what the example holds instead where Swedish is spoken. */
  exampleInSwedish?: Record<string, unknown>;
  /** Everything it takes, besides `agreement` and `by`. */
  fields: Record<string, FieldKind>;
}

/** Messages by name. An omitted meeting, phase or step means the one that is open. */
export const messages = {
  meetingBooked: {
    description: {
      sv: 'Ett förvaltningsmöte är bokat eller har fått en ny tid; kunden bjuds in efter några minuter, på natten nästa arbetsmorgon. Utan datum: som planerat.',
      en: 'A management meeting is booked, or has a new time; the customer is invited after a few minutes, at night the next working morning. Without a date: as planned.',
    },
    example: { meeting: 2, on: '2027-05-18', at: '10:00', by: 'anna' },
    fields: {
      meeting: 'text',
      on: 'date',
      at: 'time',
      minutes: 'minutes',
      place: 'text',
      reason: 'text',
      confirmed: 'flag',
    },
  },
  meetingHeld: {
    description: {
      sv: 'Ett förvaltningsmöte har hållits; minnesanteckningarna mejlas till kunden efter några minuter, på natten nästa arbetsmorgon.',
      en: 'A management meeting was held; the minutes are mailed to the customer after a few minutes, at night the next working morning.',
    },
    example: {
      meeting: 1,
      minutes: 90,
      participants: ['contact-1', 'consultant'],
      decisions: ['Order import moves to the new server'],
      actions: [{ what: 'Send the price list', owner: 'contact-1', due: '2027-03-01' }],
      by: 'anna',
    },
    exampleInSwedish: {
      decisions: ['Orderimporten flyttas till den nya servern'],
      actions: [{ what: 'Skicka prislistan', owner: 'contact-1', due: '2027-03-01' }],
    },
    fields: {
      meeting: 'text',
      on: 'date',
      minutes: 'minutes',
      participants: 'texts',
      decisions: 'texts',
      actions: 'actions',
      note: 'text',
      confirmed: 'flag',
    },
  },
  meetingCancelled: {
    description: {
      sv: 'Ett bokat möte är inställt och ska bokas på nytt; kunden får en avbokning.',
      en: 'A booked meeting is cancelled and is to be booked anew; the customer gets a cancellation.',
    },
    example: { meeting: 2, reason: 'illness', by: 'anna' },
    exampleInSwedish: { reason: 'sjukdom' },
    fields: { meeting: 'text', reason: 'text' },
  },
  meetingDeclined: {
    description: {
      sv: 'Kunden avstår från ett möte. Det räknas inte som ett möte som vi missat.',
      en: 'The customer does without a meeting. It does not count as one that we missed.',
    },
    example: { meeting: 2, reason: 'nothing to discuss this quarter', by: 'anna' },
    exampleInSwedish: { reason: 'inget att ta upp det här kvartalet' },
    fields: { meeting: 'text', reason: 'text' },
  },
  extraMeetingRequested: {
    description: {
      sv: 'Ett extra möte utöver avtalets önskas; det tas ur timbanken. Med datum är det bokat direkt.',
      en: 'A meeting beyond those of the contract is asked for, paid from the hour bank. With a date it is booked at once.',
    },
    example: { on: '2027-04-20', at: '13:00', minutes: 60, by: 'anna' },
    fields: { on: 'date', at: 'time', minutes: 'minutes', place: 'text', confirmed: 'flag' },
  },
  actionDone: {
    description: {
      sv: 'En åtgärd från ett möte är gjord.',
      en: 'An action agreed at a meeting is done.',
    },
    example: { action: 3, by: 'anna' },
    fields: { action: 'text', note: 'text' },
  },
  noteAdded: {
    description: {
      sv: 'Något till nästa mötes dagordning: training (utbildningsbehov), proposal (förslag), upgrade (nyhet i uppgraderingen) eller other.',
      en: "Something for the next meeting's agenda: training, proposal, upgrade (news in the upgrade) or other.",
    },
    example: { kind: 'training', text: 'Two new people in accounting', by: 'anna' },
    exampleInSwedish: { text: 'Två nya på ekonomi' },
    fields: { kind: 'text', text: 'text' },
  },
  improvementAdded: {
    description: {
      sv: 'En förbättring föreslås; den återkommer på dagordningen tills den är avgjord.',
      en: 'An improvement is proposed; it comes back on the agenda until it is decided.',
    },
    example: { title: 'Invoices by e-mail', hours: 12, by: 'anna' },
    exampleInSwedish: { title: 'Fakturor med e-post' },
    fields: { title: 'text', hours: 'hours', note: 'text' },
  },
  improvementDecided: {
    description: {
      sv: 'Kunden har sagt ja (yes) eller nej (no) till en förbättring.',
      en: 'The customer has said yes or no to an improvement.',
    },
    example: { improvement: 1, decision: 'yes', by: 'anna' },
    fields: { improvement: 'text', decision: 'text', note: 'text' },
  },
  improvementDone: {
    description: { sv: 'En beslutad förbättring är införd.', en: 'An improvement decided on is in use.' },
    example: { improvement: 1, by: 'anna' },
    fields: { improvement: 'text', note: 'text' },
  },
  upgradePhaseCompleted: {
    description: {
      sv: 'En fas i uppgraderingen är klar. passed: "all" eller delarna som är godkända; except: de som inte är det. versions: systemens och integrationernas nya versioner. on: dagen som kunden godtagit; session: dagen då vi ledde testet; contact: den som godkänner. began och ended: när systemet stoppades och användarna släpptes in; smokeTested: nyckelanvändaren som provade före det; go och goAt: vem som beslutade att den nya versionen blir kvar, och när. Det som fattas eller är underkänt godtas med acceptedBy och reason.',
      en: 'A phase of the upgrade is completed. passed: "all" or the parts that passed; except: those that did not. versions: the new versions of systems and integrations. on: the day the customer agreed to; session: the day we led the tests; contact: who approves. began and ended: when the system was taken down and people were let in; smokeTested: the key user who tried it before that; go and goAt: who decided that the new version stays, and when. What is missing or failed is accepted with acceptedBy and reason.',
    },
    example: { phase: 'precheck', passed: 'all', by: 'anna' },
    fields: {
      ...{ phase: 'text', passed: 'texts', except: 'texts', versions: 'versions', on: 'date' },
      ...{ session: 'date', contact: 'text', acceptedBy: 'text', reason: 'text', note: 'text' },
      ...{ began: 'moment', ended: 'moment', smokeTested: 'text', go: 'text', goAt: 'moment' },
      ...{ shown: 'text', confirmed: 'flag' },
    },
  },
  upgradePhaseFailed: {
    description: {
      sv: 'En fas i uppgraderingen gick inte som den skulle; chefen får veta. then: again (den är fortfarande öppen), roll-back (allt återställs och planeras på nytt) eller fasen att gå tillbaka till; utan then som reglerna säger. När go är givet i stället restore: kundens ledning (contact) låter återställa systemet, och det som gjorts sedan lostSince går förlorat.',
      en: "A phase of the upgrade went wrong; the manager is told. then: again (it stays open), roll-back (all is restored and planned anew) or the phase to go back to; without then, as the rules say. Once go is given, restore instead: the customer's management (contact) has the system restored, and what was done since lostSince is lost.",
    },
    example: { phase: 'technical', reason: 'the database could not be converted', by: 'anna' },
    exampleInSwedish: { reason: 'databasen gick inte att konvertera' },
    fields: { phase: 'text', reason: 'text', then: 'text', contact: 'text', lostSince: 'moment' },
  },
  upgradePartChecked: {
    description: {
      sv: 'En del av en fas i uppgraderingen är kontrollerad: en kontroll med sitt nummer, ett system, en integration, date eller session med on, eller began, smokeTested, go, ended med at och contact. En version som inte är den väntade godtas med acceptedBy och reason. Allt på en gång: upgradePhaseCompleted.',
      en: 'A part of a phase of the upgrade was checked: a check by its number, a system, an integration, date or session with on, or began, smokeTested, go, ended with at and contact. A version that is not the expected one is accepted with acceptedBy and reason. All at once: upgradePhaseCompleted.',
    },
    example: { phase: 'precheck', part: '1', ok: true, by: 'anna' },
    fields: {
      ...{ phase: 'text', part: 'text', ok: 'flag', version: 'text', note: 'text' },
      ...{ on: 'date', at: 'moment', contact: 'text', confirmed: 'flag' },
      ...{ acceptedBy: 'text', reason: 'text' },
    },
  },
  upgradePostponed: {
    description: {
      sv: 'Kunden skjuter upp uppgraderingen till en dag; contact är den som bestämde det. De får risken skriftligt, och den tas upp på nästa möte.',
      en: 'The customer postpones the upgrade to a day; contact is who decided it. They get the risk in writing, and it comes up at the next meeting.',
    },
    example: {
      until: '2027-10-01',
      contact: 'contact-1',
      reason: 'they change their payroll system first',
      by: 'anna',
    },
    exampleInSwedish: { reason: 'de byter lönesystem först' },
    fields: { until: 'date', contact: 'text', reason: 'text' },
  },
  upgradeDeclined: {
    description: {
      sv: 'Kunden avstår från årets uppgradering; contact är den som bestämde det. De får risken skriftligt, och den tas upp på nästa möte.',
      en: "The customer declines this year's upgrade; contact is who decided it. They get the risk in writing, and it comes up at the next meeting.",
    },
    example: { contact: 'contact-1', reason: 'they leave the system in spring', by: 'anna' },
    exampleInSwedish: { reason: 'de lämnar systemet i vår' },
    fields: { contact: 'text', reason: 'text' },
  },
  upgradeNotNeeded: {
    description: {
      sv: 'Det finns ingen nyare version i år. Kunden får veta det.',
      en: 'There is no newer version this year. The customer is told so.',
    },
    example: { reason: 'the next main version comes in March', by: 'anna' },
    exampleInSwedish: { reason: 'nästa huvudversion kommer i mars' },
    fields: { reason: 'text' },
  },
  integrationChecked: {
    description: {
      sv: 'En integration är kontrollerad mot den nya versionen; när alla är godkända är fasen klar. Med byMonitor: true i stället för ok: dess kontroll i övervakningen körs nu, och svaret blir resultatet.',
      en: 'An integration was checked against the new version; when all have passed the phase is completed. With byMonitor: true in place of ok: its check of the monitoring is made now, and the answer is the result.',
    },
    example: { integration: 'webshop-orders', ok: true, by: 'anna' },
    fields: { integration: 'text', ok: 'flag', version: 'text', note: 'text', byMonitor: 'flag' },
  },
  integrationSupported: {
    description: {
      sv: 'En partner har sagt före uppgraderingen om integrationen stöds på den nya versionen och om dagen passar. Partnern svarar själv på en länk; annars skickar du det.',
      en: 'A partner has said before the upgrade whether the integration is supported on the new version and the date suits. The partner answers by a link; otherwise you send it.',
    },
    example: { integration: 'payroll-vouchers', ok: true, by: 'anna' },
    fields: { integration: 'text', ok: 'flag', note: 'text' },
  },
  customerTested: {
    description: {
      sv: 'Kunden har testat efter uppgraderingen: ett testfall (case), en process eller allt. notApplicable: gäller inte kunden. När alla testfall är godkända är testet klart. module: som case, i år som planerades utan testfall.',
      en: 'The customer has tested after the upgrade: a test case (case), a process, or all. notApplicable: does not concern the customer. When every case has passed the test is completed. module: as case, in years that were planned without cases.',
    },
    example: { case: 'order-to-invoice.1', ok: true, by: 'contact-2' },
    fields: {
      ...{ case: 'text', module: 'text', ok: 'flag', notApplicable: 'flag', note: 'text' },
      ...{ pictures: 'texts', seen: 'text' },
    },
  },
  testAnswered: {
    description: {
      sv: 'Svar till den som rapporterat att ett testfall inte fungerar; står på testsidan och mejlas. note: vad som är rättat, eller varför det ska testas igen. retest: testa igen.',
      en: 'The answer to who reported that a test case does not work; it stands on the test page and is mailed. note: what is mended, or why it is to be tested again. retest: test it again.',
    },
    example: { case: 'order-to-invoice.1', note: 'the layout is mended', retest: true, by: 'anna' },
    exampleInSwedish: { note: 'layouten är rättad' },
    fields: { case: 'text', note: 'text', retest: 'flag' },
  },
  testerInvited: {
    description: {
      sv: 'Skickas av testsidan: kundens systemägare har bjudit in en testare, som får ett mejl med sin länk.',
      en: "Sent by the test page: the customer's system owner has invited a tester, who gets a mail with a link.",
    },
    example: { tester: 'tester-1', by: 'contact-2' },
    fields: { tester: 'text' },
  },
  testSessionBooked: {
    description: {
      sv: 'Genomgången som inleder testet är bokad; de som testar bjuds in med kalenderpost. Igen: den flyttas. cancelled: true: den är inställd. place är lokal eller länk.',
      en: 'The session that opens the test is booked; who tests is invited with a calendar entry. Again: it moves. cancelled: true: it is called off. place is a room or a link.',
    },
    example: { on: '2027-06-15', at: '09:00', minutes: 120, place: 'Teams', by: 'anna' },
    fields: {
      ...{ on: 'date', at: 'time', minutes: 'minutes', place: 'text', cancelled: 'flag', confirmed: 'flag' },
      reason: 'text',
    },
  },
  startStepCompleted: {
    description: {
      sv: 'Ett steg i avtalets uppstart är klart: kickoff, consultant, monitoring.',
      en: "A step of the first year's start is completed: kickoff, consultant, monitoring.",
    },
    example: { step: 'kickoff', by: 'anna' },
    fields: { step: 'text', note: 'text' },
  },
  hoursUsed: {
    description: {
      sv: 'Timmar har använts ur timbanken, som 1,5 eller 1:30; on är dagen för arbetet om den inte är i dag. Samma ref igen är en upprepning och bokförs inte två gånger. approvedBy: chefen som godkänt tid på ett år vars slutbesked är skickat.',
      en: 'Hours were used from the hour bank, as 1.5 or 1:30; on is the day of the work unless it is today. The same ref again is a repeat and is not booked twice. approvedBy: the manager who approved time of a year whose final statement is out.',
    },
    example: {
      hours: 2.5,
      kind: 'consulting',
      note: 'new invoice layout',
      ref: 'anna-2027-03-10-1',
      by: 'anna',
    },
    exampleInSwedish: { note: 'ny fakturalayout' },
    fields: {
      ...{ hours: 'hours', kind: 'text', note: 'text', ref: 'text', on: 'date', confirm: 'flag' },
      approvedBy: 'text',
    },
  },
  hoursCorrected: {
    description: {
      sv: 'Bokförda timmar ska vara ett annat antal; ref är den de bokfördes med, entry deras nummer. Också timmar från ett tidigare avtalsår.',
      en: 'Booked hours are to be another number; ref is the one they were booked with, entry their number. Hours of an earlier agreement year too.',
    },
    example: { ref: 'anna-2027-03-10-1', hours: 2, reason: 'half an hour was travel', by: 'anna' },
    exampleInSwedish: { reason: 'en halvtimme var restid' },
    fields: {
      ...{ ref: 'text', entry: 'number', hours: 'hours', on: 'date', reason: 'text', confirm: 'flag' },
      approvedBy: 'text',
    },
  },
  hoursGiven: {
    description: {
      sv: 'Kunden får timmar utöver timbanken: purchased (köpta; gäller från det första arbete som väntar, i tolv månader) eller goodwill (bjudna av oss, i tre månader; en chef godkänner det med approvedBy och en anledning i note).',
      en: 'The customer gets hours beside the hour bank: purchased (usable from the first work that waits, for twelve months) or goodwill (given by us, for three months; a manager approves it with approvedBy and a reason in note).',
    },
    example: { kind: 'purchased', hours: 20, ref: 'order-4711', by: 'anna' },
    fields: {
      ...{ kind: 'text', hours: 'hours', on: 'date', months: 'number', pricePerHour: 'number' },
      ...{ ref: 'text', note: 'text', approvedBy: 'text' },
    },
  },
  hoursOrdered: {
    description: {
      sv: 'Kunden har beställt timmar utöver timbanken: order (upp till hours till priset enligt avtalet, till och med until), package (ett timpaket om hours) eller ahead (tas från nästa avtalsår). contact är kontakten som beställde, note hur: telefon, mejl eller möte.',
      en: 'The customer has ordered hours beyond the hour bank: order (up to hours at the price of the agreement, until until), package (a package of hours) or ahead (taken from the next agreement year). contact is the contact who ordered, note how: phone, mail or meeting.',
    },
    example: { kind: 'order', hours: 10, contact: 'contact-1', note: 'by phone', by: 'anna' },
    exampleInSwedish: { note: 'per telefon' },
    fields: {
      ...{ kind: 'text', hours: 'hours', until: 'date', contact: 'text', ref: 'text', note: 'text' },
    },
  },
  overageDecided: {
    description: {
      sv: 'En chef avgör timmar utöver timbanken som ingen har beställt: waive (debiteras inte), charge (debiteras; orderedBy och orderedOn säger vilken kontakt som beställde och när) eller discuss (tas upp med kunden; frågan ställs igen). Utan hours: allt som väntar.',
      en: 'A manager decides about hours beyond the hour bank that nobody has ordered: waive (not charged), charge (charged; orderedBy and orderedOn say which contact ordered and when) or discuss (taken up with the customer; the question is asked again). Without hours: all that waits.',
    },
    example: { decision: 'waive', approvedBy: 'mats', reason: 'our estimate was too low' },
    exampleInSwedish: { reason: 'vår uppskattning var för låg' },
    fields: {
      ...{ decision: 'text', hours: 'hours', approvedBy: 'text', reason: 'text', orderedBy: 'text' },
      ...{ orderedOn: 'date', ref: 'text' },
    },
  },
  callRequested: {
    description: {
      sv: 'En kontakt vill bli uppringd, till exempel om timmar utöver timbanken; konsulten får ett mejl.',
      en: 'A contact wants to be called, as about hours beyond the hour bank; the consultant gets a mail.',
    },
    example: { contact: 'contact-1', about: 'hours beyond the hour bank' },
    exampleInSwedish: { about: 'timmar utöver timbanken' },
    fields: { contact: 'text', about: 'text', ref: 'text' },
  },
  customerAsks: {
    description: {
      sv: 'En kontakt ber om något på Mitt avtal: meeting (ett möte), time (en annan tid för ett möte; on och at är önskemålet) eller contact (en kontakt har ändrats). Konsulten får ett mejl med det som skrevs, och inget bokas eller ändras av sig självt. När det är omhändertaget: attentionCleared.',
      en: 'A contact asks for something on the page of the agreement: meeting, time (another time of a meeting; on and at are the wish) or contact (a contact has changed). The consultant gets a mail with what was written, and nothing is booked or changed by itself. Once it is seen to: attentionCleared.',
    },
    example: { kind: 'time', meeting: 2, on: '2027-05-20', at: '10:00', contact: 'contact-1' },
    fields: { kind: 'text', contact: 'text', meeting: 'text', on: 'date', at: 'time', ref: 'text' },
  },
  lineQuestioned: {
    description: {
      sv: 'Kunden frågar om en rad i timbanken; entry är radens nummer, contact den som frågar. Raden faktureras inte förrän frågan är besvarad.',
      en: 'The customer asks about a line of the hour bank; entry is its number, contact who asks. It is not invoiced until the question is answered.',
    },
    example: { entry: 12, question: 'What was done in these three hours?', contact: 'contact-2', by: 'anna' },
    exampleInSwedish: { question: 'Vad gjordes på de här tre timmarna?' },
    fields: {
      entry: 'number',
      question: 'text',
      contact: 'text',
      ref: 'text',
      approvedBy: 'text',
      reason: 'text',
    },
  },
  questionSettled: {
    description: {
      sv: 'En fråga om en rad är besvarad; svaret mejlas till den som frågade. Är raden fel rättas den först, med hoursCorrected eller stepUndone.',
      en: 'A question about a line is answered; the answer is mailed to who asked. A line that is wrong is corrected first, by hoursCorrected or stepUndone.',
    },
    example: { entry: 12, answer: 'The new invoice layout, as agreed at the meeting in May', by: 'anna' },
    exampleInSwedish: { answer: 'Den nya fakturalayouten, som vi kom överens om på mötet i maj' },
    fields: { entry: 'number', answer: 'text' },
  },
  monitoringPaused: {
    description: {
      sv: 'Övervakningen pausas till och med en dag, till exempel vid planerat underhåll: en kontroll, eller alla.',
      en: 'Monitoring is paused up to and including a day, as for planned maintenance: one check, or all.',
    },
    example: { monitor: 'order-import', until: '2027-06-04', reason: 'server move', by: 'anna' },
    exampleInSwedish: { reason: 'serverflytt' },
    fields: { monitor: 'text', until: 'date', reason: 'text' },
  },
  priceApproved: {
    description: {
      sv: 'En chef godkänner nästa avtalsårs ordinarie timpris; utan pricePerHour som föreslaget. Kan rättas på samma sätt till sista dagen.',
      en: 'A manager approves the ordinary price per hour of the next agreement year; without pricePerHour, as proposed. It can be corrected in the same way until the last day.',
    },
    example: { pricePerHour: 1490, by: 'erik' },
    fields: { pricePerHour: 'text' },
  },
  agreementTerminated: {
    description: {
      sv: 'Avtalet upphör i förtid: vid slutet av en given dag, eller med bara ett skäl nu, efter tiden att ångra det. endedBy är customer (kunden, om inget anges) eller us (vi), cause är notice (uppsägning, om inget anges) eller breach (den andra bröt avtalet): det avgör om outnyttjade timmar återbetalas. Kunden får veta det efter tiden att ångra.',
      en: 'The agreement ends early: at the end of a given day, or with a reason alone now, after the time to undo it. endedBy is customer (if left out) or us, cause is notice (if left out) or breach (by the other side): that decides whether unused hours are refunded. The customer is told after the time to undo it.',
    },
    example: {
      ...{ on: '2027-09-30', reason: 'customer gave notice' },
      ...{ endedBy: 'customer', cause: 'notice', by: 'maria' },
    },
    exampleInSwedish: { reason: 'kunden har sagt upp avtalet' },
    fields: { on: 'text', reason: 'text', endedBy: 'text', cause: 'text' },
  },
  stepUndone: {
    description: {
      sv: 'Tar tillbaka det senaste steget; mejl till kunden som ännu väntar skickas då inte. Med entry: tar tillbaka bokförda timmar eller en rättelse, hur gamla de än är.',
      en: 'Takes the last step back; a mail to the customer that still waits is not sent then. With entry: takes back booked hours or a correction, however old.',
    },
    example: { step: 12, by: 'anna' },
    fields: { step: 'number', entry: 'number', reason: 'text', approvedBy: 'text' },
  },
  failuresRetried: {
    description: {
      sv: 'Orsaken till ett fel som sidan visar är åtgärdad: försök igen.',
      en: 'The cause of a failure shown on the page is mended: try again what failed.',
    },
    example: { by: 'anna' },
    fields: {},
  },
  attentionCleared: {
    description: {
      sv: 'Det som sidan visar under "Behöver åtgärd" är omhändertaget: allt med en kod, eller ett av dem.',
      en: 'What the page shows under "needs attention" has been seen to: all of a code, or one subject of it.',
    },
    example: { code: 'hours-low', by: 'anna' },
    fields: { code: 'text', subject: 'text' },
  },
  contractChanged: {
    description: {
      sv: 'Skickas av systemet när kontakter, konsult, system, integrationer eller övervakning ändrats.',
      en: 'Sent by the dispatcher when contacts, consultant, systems, integrations or monitors changed.',
    },
    example: { change: 7 },
    fields: { change: 'number', consultant: 'text', replacement: 'number', until: 'date' },
  },
  termsChanged: {
    description: {
      sv: 'Skickas av systemet när andra regler börjat gälla som ändrar detta år.',
      en: 'Sent by the dispatcher when another ruleset came into force that changes this year.',
    },
    example: { ruleset: '77e1cc87' },
    fields: { ruleset: 'text', moveUpgrades: 'flag' },
  },
  upgradedTogether: {
    description: {
      sv: 'Skickas av systemet när något händer med en installation som avtalet delar med ett annat.',
      en: 'Sent by the dispatcher when something becomes of an installation that the agreement shares with another.',
    },
    example: {
      of: 'testbolaget-2027',
      state: 'upgraded',
      kind: 'technical',
      versions: { 'visma-business': '18.0.2' },
    },
    fields: {
      of: 'text',
      state: 'text',
      what: 'text',
      kind: 'text',
      on: 'date',
      versions: 'versions',
      attempt: 'number',
      reason: 'text',
      lostSince: 'moment',
      ...{ began: 'moment', goAt: 'moment', ended: 'moment' },
    },
  },
  integrationMonitored: {
    description: {
      sv: 'Skickas av systemet när övervakningen har kontrollerat en integration efter uppgraderingen; utan ok kunde den inte det.',
      en: 'Sent by the system when the monitoring has checked an integration after the upgrade; without ok it could not.',
    },
    example: {
      integration: 'webshop-orders',
      asked: '2027-06-14T08:00:00.000Z',
      ok: true,
      by: 'monitor/order-import',
    },
    fields: { integration: 'text', asked: 'text', ok: 'flag', version: 'text', note: 'text' },
  },
} satisfies Record<string, MessageDoc>;

export type MessageName = keyof typeof messages;

/** What a message looks like to who speaks a language. */
export function exampleOf(name: MessageName, language: Language): Record<string, unknown> {
  const { example, exampleInSwedish }: MessageDoc = messages[name];
  return language === 'sv' ? { ...example, ...exampleInSwedish } : example;
}

export const messageNames = Object.keys(messages) as MessageName[];

/** What the dispatcher sends, and no person. */
const sentBySystem: readonly MessageName[] = [
  'contractChanged',
  'termsChanged',
  'upgradedTogether',
  'integrationMonitored',
];

export const isSentByPeople = (name: MessageName): boolean => !sentBySystem.includes(name);

export const isMessage = (name: string): name is MessageName => Object.hasOwn(messages, name);

/** Signal definitions, one for each message; the input is checked by the handler, never trusted. */
export const signals = Object.fromEntries(
  messageNames.map((name) => [name, defineSignal<[unknown?]>(name)]),
) as Record<MessageName, ReturnType<typeof defineSignal<[unknown?]>>>;

/** The same messages as updates: they answer at once, with the new state or with why they are not taken. */
export const updates = Object.fromEntries(
  messageNames.map((name) => [name, defineUpdate<Overview, [unknown?]>(name)]),
) as Record<MessageName, ReturnType<typeof defineUpdate<Overview, [unknown?]>>>;
