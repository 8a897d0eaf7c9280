/**
 * What codes are called, in Swedish and English. Pure: mails and the wording in Temporal's UI share it.
 * A code nobody has named yet is shown as it is, since rule files may bring new ones.
 */
import type { Language, Text } from '../../rules/engine/basics/text';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';

type Words = Record<Language, string>;

const phases: Record<string, Words> = {
  plan: { sv: 'planering', en: 'planning' },
  precheck: { sv: 'förkontroll', en: 'pre-check' },
  integrations: { sv: 'integrationer', en: 'integrations' },
  technical: { sv: 'teknisk uppgradering', en: 'technical upgrade' },
  test: { sv: 'testledning', en: 'guided testing' },
  approval: { sv: 'godkännande', en: 'approval' },
  'go-live': { sv: 'produktionssättning', en: 'go-live' },
  'after-check': { sv: 'efterkontroll', en: 'after-check' },
};

const steps: Record<string, Words> = {
  kickoff: { sv: 'uppstartsmöte', en: 'kick-off' },
  consultant: { sv: 'presentation av dedikerad konsult', en: 'introducing the dedicated consultant' },
  monitoring: { sv: 'överenskommelse om övervakning', en: 'agreeing what to monitor' },
};

const systems: Record<string, Words> = {
  'visma-business': { sv: 'Visma Business', en: 'Visma Business' },
  'pector-import': { sv: 'Pector Import', en: 'Pector Import' },
};

const names = {
  phase: phases,
  step: steps,
  level: {
    brons: { sv: 'Brons', en: 'Bronze' },
    silver: { sv: 'Silver', en: 'Silver' },
    guld: { sv: 'Guld', en: 'Gold' },
  },
  agenda: {
    'new-needs': {
      sv: 'Nya behov och effektiviseringar – vad kan bli bättre för er?',
      en: 'New needs and improvements – what could work better for you?',
    },
    'completed-work': {
      sv: 'Utförda arbeten och supportärenden sedan sist',
      en: 'Work done and support cases since last time',
    },
    training: { sv: 'Utbildningsbehov', en: 'Training needs' },
    improvements: { sv: 'Planering av framtida förbättringar', en: 'Planning future improvements' },
    'release-news': {
      sv: 'Nyheter i den årliga uppgraderingen som är relevanta för er',
      en: 'News in the annual upgrade that matter to you',
    },
    'hour-bank': { sv: 'Timbankens saldo och nivå', en: 'The hour bank: balance and level' },
    monitoring: { sv: 'Övervakningen', en: 'Monitoring' },
  },
  part: {
    date: { sv: 'dag överenskommen med kunden', en: 'day agreed with the customer' },
    session: { sv: 'genomgång med kunden', en: 'session with the customer' },
    decision: { sv: 'godkännande', en: 'approval' },
    support: { sv: 'besked från partnern', en: 'word from the partner' },
    booked: { sv: 'bokad genomgång', en: 'booked session' },
    began: { sv: 'systemet stoppat', en: 'system taken down' },
    smokeTested: { sv: 'provat av nyckelanvändare', en: 'tried by a key user' },
    go: { sv: 'beslut att släppa in användarna', en: 'decision to let people in' },
    ended: { sv: 'användarna insläppta', en: 'people let in' },
  },
  party: {
    consultant: { sv: 'dedikerad konsult', en: 'dedicated consultant' },
    manager: { sv: 'ansvarig chef', en: 'manager' },
    support: { sv: 'supporten', en: 'the support desk' },
    customer: { sv: 'kunden', en: 'the customer' },
    partner: { sv: 'partnern', en: 'the partner' },
  },
  contactRole: {
    management: { sv: 'ledning', en: 'management' },
    'system-owner': { sv: 'systemägare', en: 'system owner' },
    finance: { sv: 'ekonomi', en: 'finance' },
    tester: { sv: 'testare', en: 'tester' },
  },
  block: {
    preparation: { sv: 'förberedelse', en: 'preparation' },
    meeting: { sv: 'mötet', en: 'the meeting' },
    'follow-up': { sv: 'uppföljning', en: 'follow-up' },
  },
  integrationOwner: {
    supplier: { sv: 'Pector ansvarar', en: 'Pector is responsible' },
    customer: { sv: 'kunden ansvarar', en: 'the customer is responsible' },
    reader: { sv: 'ni ansvarar', en: 'you are responsible' },
    partner: { sv: 'partner ansvarar', en: 'a partner is responsible' },
    asked: { sv: 'tillfrågas med en länk före och efter', en: 'is asked by a link before and after' },
    unknown: {
      sv: 'ingen kontakt i avtalet: fråga kunden vem det är, och partnern om integrationen stöds och dagen passar',
      en: 'no contact in the contract: ask the customer who it is, and the partner whether it is supported and the date suits',
    },
  },
  signingService: {
    docusign: { sv: 'DocuSign', en: 'DocuSign' },
    scrive: { sv: 'Scrive', en: 'Scrive' },
    oneflow: { sv: 'Oneflow', en: 'Oneflow' },
    signed: { sv: 'eget system', en: 'our own system' },
  },
  sickKind: {
    failing: { sv: 'kommer inte vidare', en: 'cannot go on' },
    ended: { sv: 'har tagit slut', en: 'has ended' },
    missing: { sv: 'saknas', en: 'is missing' },
    growing: { sv: 'växer', en: 'grows' },
  },
  monitorKind: {
    http: { sv: 'webbtjänst svarar', en: 'web service answers' },
    tcp: { sv: 'port svarar', en: 'port answers' },
    tls: { sv: 'certifikat giltigt', en: 'certificate valid' },
    sql: { sv: 'databasfråga', en: 'database query' },
    files: { sv: 'filer läses in', en: 'files are imported' },
    heartbeat: { sv: 'livstecken från jobb', en: 'sign of life from a job' },
    process: { sv: 'tjänst igång', en: 'service running' },
    site: { sv: 'platsens arbetare hörs', en: "the site's worker is heard" },
  },
  incident: {
    down: { sv: 'nere', en: 'down' },
    warning: { sv: 'varning', en: 'warning' },
    unknown: { sv: 'kunde inte kontrolleras', en: 'could not be checked' },
    silent: { sv: 'platsen hörs inte', en: 'the site is silent' },
  },
  gate: {
    pause: { sv: 'övervakningen är pausad', en: 'monitoring is paused' },
    maintenance: { sv: 'servicefönster', en: 'maintenance window' },
    upgrade: { sv: 'uppgradering pågår', en: 'an upgrade is under way' },
    grace: { sv: 'nyss satt i drift', en: 'just put into service' },
    parent: { sv: 'beror på', en: 'depends on' },
    site: { sv: 'platsen hörs inte', en: 'the site is silent' },
    recheck: { sv: 'väntar på en ny kontroll', en: 'waits for a new check' },
  },
  alertAction: {
    take: { sv: 'jag tar det', en: 'I take it' },
    mended: { sv: 'det är åtgärdat', en: 'it is mended' },
    pause: { sv: 'pausa tills supporten öppnar i morgon', en: 'pause until support opens tomorrow' },
    pauseUntilOpening: { sv: 'pausa tills supporten öppnar igen', en: 'pause until support opens again' },
    pauseUntilWorkday: { sv: 'pausa till nästa arbetsdag', en: 'pause until the next working day' },
  },
  noiseTerm: {
    failuresBeforeAlert: { sv: 'misslyckade kontroller innan larm', en: 'failed checks before an alert' },
  },
  system: systems,
  module: { ...systems, all: { sv: 'Allmänt', en: 'In general' } },
  noteKind: {
    training: { sv: 'utbildning', en: 'training' },
    proposal: { sv: 'förslag', en: 'proposal' },
    upgrade: { sv: 'uppgraderingen', en: 'the upgrade' },
    other: { sv: 'övrigt', en: 'other' },
  },
  hourKind: {
    correction: { sv: 'Rättelse', en: 'Correction' },
    takeover: { sv: 'Använt innan avtalet togs över', en: 'Used before the agreement was taken over' },
    meeting: { sv: 'Möte', en: 'Meeting' },
    consulting: { sv: 'Konsultarbete', en: 'Consulting' },
    technical: { sv: 'Tekniskt arbete', en: 'Technical work' },
    training: { sv: 'Utbildning', en: 'Training' },
    project: { sv: 'Projekt', en: 'Project' },
    support: { sv: 'Support', en: 'Support' },
    other: { sv: 'Övrigt', en: 'Other' },
  },
  givenKind: {
    order: { sv: 'beställning', en: 'order' },
    package: { sv: 'timpaket', en: 'package of hours' },
    ahead: { sv: 'från nästa avtalsår', en: 'from the next agreement year' },
    purchased: { sv: 'köpta timmar', en: 'purchased hours' },
    goodwill: { sv: 'timmar vi bjuder på', en: 'goodwill' },
  },
  overageDecision: {
    waive: { sv: 'debiteras inte', en: 'not charged' },
    charge: { sv: 'debiteras', en: 'charged' },
    discuss: { sv: 'tas upp med kunden', en: 'taken up with the customer' },
  },
  sender: {
    consultant: { sv: 'konsult', en: 'consultant' },
    manager: { sv: 'chef', en: 'manager' },
    support: { sv: 'support', en: 'support' },
    customer: { sv: 'kund', en: 'customer' },
  },
  attention: {
    'address-refused': { sv: 'en adress tar inte emot mejl', en: 'an address refuses mail' },
    'mail-unknown': { sv: 'osäkert om ett mejl gick fram', en: 'unknown whether a mail was sent' },
    'mail-failed': { sv: 'ett mejl kunde inte skickas', en: 'a mail could not be sent' },
    'plan-failed': { sv: 'året kunde inte planeras', en: 'the year could not be planned' },
    'replan-failed': { sv: 'planen kunde inte räknas om', en: 'the plan could not be renewed' },
    'hours-failed': { sv: 'timmar kunde inte bokföras', en: 'hours could not be booked' },
    'goodwill-offered': {
      sv: 'avgör om kunden får tillbaka timmar',
      en: 'decide whether the customer gets hours back',
    },
    'overage-waits': { sv: 'timmar väntar på beställning', en: 'hours wait for an order' },
    'call-requested': { sv: 'kunden vill bli uppringd', en: 'the customer wants to be called' },
    'customer-asks': { sv: 'kunden ber om något', en: 'the customer asks for something' },
    'line-questioned': { sv: 'kunden frågar om en rad', en: 'the customer asks about a line' },
    'hours-low': { sv: 'timbanken börjar ta slut', en: 'the hour bank is running low' },
    'close-failed': { sv: 'året kunde inte avslutas', en: 'the year could not be closed' },
    'journal-failed': { sv: 'händelser kunde inte sparas', en: 'events could not be stored' },
    'lapse-failed': { sv: 'överförda timmar kunde inte upphöra', en: 'rolled hours could not lapse' },
    'meeting-unbooked': { sv: 'mötet är inte bokat', en: 'the meeting is not booked' },
    'meeting-overdue': { sv: 'mötet är inte rapporterat', en: 'the meeting is not reported held' },
    'meeting-moved': { sv: 'mötet har flyttats flera gånger', en: 'the meeting was moved several times' },
    'step-overdue': { sv: 'ett steg är försenat', en: 'a step is overdue' },
    'upgrade-left': { sv: 'en uppgradering blev inte av', en: 'an upgrade did not come about' },
    'upgrade-failed': { sv: 'en fas i uppgraderingen gick fel', en: 'a phase of the upgrade went wrong' },
    'integration-failed': { sv: 'en integration fungerar inte', en: 'an integration does not work' },
    'monitor-silent': {
      sv: 'övervakningen kan inte säga om en integration fungerar',
      en: 'the monitoring cannot say whether an integration works',
    },
    'check-failed': { sv: 'en kontroll i uppgraderingen är underkänd', en: 'a check of the upgrade failed' },
    'test-failed': { sv: 'kundens test gick fel', en: "the customer's test failed" },
    'installation-shared': {
      sv: 'installationen delas med ett annat avtal',
      en: 'the installation is shared with another agreement',
    },
    'partner-refuses': {
      sv: 'en partner säger nej till uppgraderingen',
      en: 'a partner says no to the upgrade',
    },
    'partner-silent': {
      sv: 'en partner svarar inte om uppgraderingen',
      en: 'a partner does not answer about the upgrade',
    },
    'no-approver': {
      sv: 'ingen hos kunden kan godkänna uppgraderingen',
      en: 'nobody of the customer can approve the upgrade',
    },
    'release-withdrawn': { sv: 'versionen är indragen', en: 'the release is withdrawn' },
    'signal-rejected': { sv: 'en signal avvisades', en: 'a signal was rejected' },
  },
  strand: {
    start: { sv: 'Uppstart', en: 'Start' },
    meetings: { sv: 'Möten', en: 'Meetings' },
    upgrade: { sv: 'Uppgradering', en: 'Upgrade' },
    hourBank: { sv: 'Timbank', en: 'Hour bank' },
    renewal: { sv: 'Förnyelse', en: 'Renewal' },
    close: { sv: 'Avslut', en: 'Close' },
  },
  closed: {
    done: { sv: 'klart', en: 'done' },
    missed: { sv: 'inte levererat', en: 'not delivered' },
    cancelled: { sv: 'struket', en: 'cancelled' },
    declined: { sv: 'avböjt av kunden', en: 'declined by the customer' },
    carried: { sv: 'fortsätter nästa avtalsår', en: 'goes on in the next agreement year' },
  },
  state: {
    waiting: { sv: 'väntar på att börja', en: 'waiting to begin' },
    running: { sv: 'pågår', en: 'running' },
    closing: { sv: 'avslutas', en: 'closing' },
  },
} satisfies Record<string, Record<string, Words>>;

/** The kinds of code that have names. */
export type LabelKind = keyof typeof names | ObligationKind;

/** `obligationInText` has no colon, and can follow one. */
type ObligationKind = 'obligation' | 'shortObligation' | 'obligationInText';

const isObligationKind = (kind: unknown): kind is ObligationKind =>
  kind === 'obligation' || kind === 'shortObligation' || kind === 'obligationInText';

/** What the rules call phases, by their id. */
export type PhaseNames = Readonly<Record<string, Text>>;

/** True if `kind` is one that `label` knows. */
export function isLabelKind(kind: unknown): kind is LabelKind {
  return isObligationKind(kind) || Object.hasOwn(names, String(kind));
}

/** First letter in upper case. */
export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function obligationLabel(
  id: string,
  language: Language,
  kind: ObligationKind,
  phaseNames: PhaseNames | undefined,
): string {
  const short = kind === 'shortObligation';
  const sv = language === 'sv';
  const [, strand = '', rest = ''] = /^([a-z]+)[-/](.+)$/.exec(id) ?? [];
  if (id === 'agreement') return sv ? 'avtalet' : 'the agreement';
  if (/^test-session(-\d+)?$/.test(id)) return sv ? 'genomgång av testet' : 'test session';
  if (id === 'close') return sv ? 'avslut av avtalsåret' : 'closing of the agreement year';
  if (strand === 'action') return `${sv ? 'åtgärd' : 'action'} ${rest}`;
  if (strand === 'meeting' && rest.startsWith('extra-')) {
    return `${sv ? 'extramöte' : 'extra meeting'} ${rest.slice('extra-'.length)}`;
  }
  if (strand === 'meeting') {
    if (short) return `${sv ? 'möte' : 'meeting'} ${rest}`;
    return `${sv ? 'förvaltningsmöte' : 'management meeting'} ${rest}`;
  }
  if (strand === 'start') return label('step', rest, language);
  const upgrade = phaseOfUpgrade(id);
  if (upgrade) {
    const { phase, leftBy } = upgrade;
    const ofYear =
      leftBy === undefined ? '' : sv ? ` från avtalsår ${leftBy}` : ` of agreement year ${leftBy}`;
    const called = label('phase', phase, language, phaseNames);
    if (phase === 'technical') return `${called}${ofYear}`;
    if (kind === 'obligationInText')
      return sv ? `${called} i uppgraderingen${ofYear}` : `${called} of the upgrade${ofYear}`;
    return `${sv ? 'uppgradering' : 'upgrade'}${ofYear}: ${called}`;
  }
  if (id === 'renewal/price') return sv ? 'timpris för nästa avtalsår' : 'price per hour of the next year';
  if (id === 'renewal/notice') return sv ? 'besked om förnyelse' : 'notice of renewal';
  if (strand === 'hours' && rest.startsWith('statement-')) {
    return `${sv ? 'timbanksbesked' : 'hour bank statement'} ${rest.slice('statement-'.length)}`;
  }
  if (id === 'hours/expiry') return sv ? 'besked om timmar som upphör' : 'warning of hours that expire';
  if (id === 'hours/lapse') return sv ? 'överförda timmar upphör' : 'rolled hours expire';
  if (id === 'hours/order') return sv ? 'timmar utöver timbanken' : 'hours beyond the hour bank';
  if (strand === 'hours' && rest.startsWith('order-')) {
    return `${sv ? 'beställning' : 'order'} ${rest.slice('order-'.length)}`;
  }
  if (strand === 'hours' && rest.startsWith('question-')) {
    return `${sv ? 'fråga om en rad, post' : 'question about a line, entry'} ${rest.slice('question-'.length)}`;
  }
  if (strand === 'hours' && rest.startsWith('given-')) {
    return `${sv ? 'timmar som vi gett, post' : 'hours given, entry'} ${rest.slice('given-'.length)}`;
  }
  if (strand === 'hours' && rest.startsWith('alert-')) {
    return `${sv ? 'timbanken vid' : 'hour bank at'} ${rest.slice('alert-'.length)} %`;
  }
  return id;
}

/**
 * What a code is called; the code itself if it has no name.
 * @param phaseNames what the rules call phases; others have the names that are known here
 * @example label('obligation', 'meeting-2', 'sv') // 'förvaltningsmöte 2'
 */
export function label(
  kind: LabelKind,
  code: string | Text,
  language: Language,
  phaseNames?: PhaseNames,
): string {
  if (typeof code !== 'string') return code[language];
  if (isObligationKind(kind)) return obligationLabel(code, language, kind, phaseNames);
  if (kind === 'phase' && phaseNames && Object.hasOwn(phaseNames, code))
    return phaseNames[code]?.[language] ?? code;
  const table: Record<string, Words> = names[kind];
  if (Object.hasOwn(table, code)) return table[code]?.[language] ?? code;
  // A phase that the rules give no name is read as words.
  return kind === 'phase' ? code.replaceAll('-', ' ') : code;
}
