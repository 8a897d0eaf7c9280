/** The agenda's own words, in Swedish and English. */
import { counted } from '../../rules/engine/basics/counted';
import type { Language } from '../../rules/engine/basics/text';
import type { AgendaCase, AgendaImprovement, AgendaPhase } from './data';

interface Words {
  product: string;
  agenda: string;
  meeting: (number: string) => string;
  extraMeeting: (number: string) => string;
  /** Of the header. */
  customer: string;
  agreement: string;
  year: string;
  yearValue: (number: number, from: string, to: string) => string;
  when: string;
  whenValue: (date: string, from: string, to: string) => string;
  planned: string;
  place: string;
  noPlace: string;
  participants: string;
  tellsFrom: string;
  sinceMeeting: (meeting: string, date: string) => string;
  sinceStart: (date: string) => string;
  written: (date: string) => string;
  page: (page: number, of: number) => string;
  /** Sections, and what they say where there is nothing to say. */
  topics: string;
  noTopics: string;
  topicSection: (number: number) => string;
  lastDecisions: string;
  noDecisions: string;
  work: string;
  workDone: string;
  hoursReported: string;
  noEntries: string;
  noClosed: string;
  hourBank: string;
  incidents: string;
  noIncidents: string;
  /** Monitoring. */
  alerts: string;
  watched: (checks: number, alerts: number) => string;
  acted: (median: string, longest: string) => string;
  moreAlerts: (count: number) => string;
  check: string;
  severity: string;
  alertedAt: string;
  overAt: string;
  actedAfter: string;
  severities: Record<'down' | 'warning' | 'unknown' | 'silent', string>;
  notChecked: string;
  notSetUp: string;
  cases: string;
  noCases: string;
  actions: string;
  noActions: string;
  training: string;
  noTraining: string;
  proposals: string;
  noProposals: string;
  remarks: string;
  improvements: string;
  noImprovements: string;
  upgrade: string;
  upgradeDone: (date: string) => string;
  upgradeBrings: string;
  /** The systems with their versions. */
  newVersions: (list: string, on: string) => string;
  newVersion: (system: string, to: string, from: string | undefined) => string;
  upgradeBrought: string;
  noNews: string;
  /** Of a piece of news. */
  fromVersion: (system: string, version: string) => string;
  upgradeDates: string;
  noPhases: string;
  systems: (list: string) => string;
  dates: string;
  noDates: string;
  yearEnds: string;
  /** Columns and values. */
  date: string;
  what: string;
  kind: string;
  hours: string;
  sum: string;
  correction: (date: string) => string;
  unnamedWork: string;
  owner: string;
  due: string;
  state: string;
  done: (date: string) => string;
  missed: (date: string) => string;
  overdue: string;
  open: string;
  estimate: string;
  reference: string;
  opened: string;
  closed: string;
  subject: string;
  whatWasDone: string;
  notTold: string;
  stillOpen: string;
  waiting: string;
  casesSummary: (all: number, closed: number, open: number) => string;
  casesHours: (hours: string) => string;
  caseCategory: Record<AgendaCase['category'], string>;
  improvementState: Record<AgendaImprovement['state'], (date: string) => string>;
  noted: string;
  phase: string;
  phaseState: Record<AgendaPhase['state'], (closedOn: string) => string>;
  figures: {
    contracted: string;
    rolledIn: string;
    added: string;
    used: string;
    usedSince: string;
    remaining: string;
    overage: string;
  };
}

const sv: Words = {
  product: 'Serviceavtal',
  agenda: 'Dagordning',
  meeting: (number) => `Förvaltningsmöte ${number}`,
  extraMeeting: (number) => `Extra förvaltningsmöte ${number}`,
  customer: 'Kund',
  agreement: 'Avtal',
  year: 'Avtalsår',
  yearValue: (number, from, to) => `${number}: ${from} – ${to}`,
  when: 'Tid',
  whenValue: (date, from, to) => `${date} kl. ${from}–${to}`,
  planned: 'planerad tid, ännu inte bokad',
  place: 'Plats',
  noPlace: 'Inte bestämd ännu',
  participants: 'Inbjudna',
  tellsFrom: 'Avser tiden',
  sinceMeeting: (meeting, date) => `sedan ${meeting}, ${date}`,
  sinceStart: (date) => `sedan avtalet började, ${date}`,
  written: (date) => `Underlaget är sammanställt ${date}`,
  page: (page, of) => `Sida ${page} av ${of}`,
  topics: 'Att gå igenom',
  noTopics: 'Inga stående punkter är bestämda i avtalet.',
  topicSection: (number) => `se avsnitt ${number}`,
  lastDecisions: 'Beslut vid förra mötet',
  noDecisions: 'Inga beslut är antecknade.',
  work: 'Utfört arbete sedan sist',
  workDone: 'Klart enligt avtalet',
  hoursReported: 'Rapporterad tid',
  noEntries: 'Inga timmar är rapporterade sedan sist.',
  noClosed: 'Inga steg i uppstart eller uppgradering är avslutade sedan sist.',
  hourBank: 'Timbanken',
  incidents: 'Incidenter och åtgärder',
  noIncidents: 'Inga incidenter är rapporterade sedan sist.',
  alerts: 'Larm från övervakningen',
  watched: (checks, alerts) =>
    `${counted(checks, ['kontroll', 'kontroller'])} övervakas; ${alerts === 0 ? 'inga larm' : `${alerts} larm`} sedan sist.`,
  acted: (median, longest) =>
    `Från larm till åtgärd tog det i regel ${median} av supporttiden, som längst ${longest}.`,
  moreAlerts: (count) => `… och ${count} larm till.`,
  check: 'Kontroll',
  severity: 'Fel',
  alertedAt: 'Från',
  overAt: 'Till',
  actedAfter: 'Åtgärd efter',
  severities: {
    down: 'nere',
    warning: 'varning',
    unknown: 'gick inte att kontrollera',
    silent: 'platsen var tyst',
  },
  notChecked: 'Överenskommet men övervakas inte',
  notSetUp: 'inte uppsatt ännu',
  cases: 'Supportärenden',
  noCases: 'Inga supportärenden sedan sist.',
  actions: 'Överenskomna åtgärder',
  noActions: 'Inga öppna åtgärder.',
  training: 'Utbildningsbehov',
  noTraining: 'Inga utbildningsbehov är antecknade sedan sist.',
  proposals: 'Förslag från er konsult',
  noProposals: 'Inga förslag är antecknade sedan sist.',
  remarks: 'Övrigt',
  improvements: 'Förbättringar',
  noImprovements: 'Inga förslag att besluta om och inga beslutade förbättringar som väntar.',
  upgrade: 'Den årliga uppgraderingen',
  upgradeDone: (date) => `Årets uppgradering är genomförd, godkänd ${date}.`,
  upgradeBrings: 'Nyheter som är relevanta för er',
  newVersions: (list, on) => `Sedan ${on} arbetar ni i ${list}.`,
  newVersion: (system, to, from) => `${system} ${to}${from === undefined ? '' : ` (tidigare ${from})`}`,
  upgradeBrought: 'Det här gav uppgraderingen er',
  noNews: 'Inga nyheter är antecknade ännu.',
  fromVersion: (system, version) => `från ${system} ${version}`,
  upgradeDates: 'Planerade datum',
  noPhases: 'Ingen uppgradering är planerad under det här avtalsåret.',
  systems: (list) => `Era system i dag: ${list}.`,
  dates: 'Datum framåt',
  noDates: 'Inga fler datum under avtalsåret.',
  yearEnds: 'Avtalsårets sista dag',
  date: 'Datum',
  what: 'Vad',
  kind: 'Typ',
  hours: 'Timmar',
  sum: 'Summa',
  correction: (date) => `Rättelse av tid från ${date}`,
  unnamedWork: 'Arbete utan anteckning',
  owner: 'Ansvarig',
  due: 'Klart senast',
  state: 'Läge',
  done: (date) => `klart ${date}`,
  missed: (date) => `blev inte av, ${date}`,
  overdue: 'försenad',
  open: 'öppen',
  estimate: 'Uppskattat',
  reference: 'Ärende',
  opened: 'Öppnat',
  closed: 'Stängt',
  subject: 'Rubrik',
  whatWasDone: 'Vad som gjordes',
  notTold: 'inte angivet',
  stillOpen: 'öppet',
  waiting: 'väntar',
  casesSummary: (all, closed, open) =>
    `${counted(all, ['ärende', 'ärenden'])}: ${counted(closed, ['stängt', 'stängda'])}, ${counted(open, ['öppet', 'öppna'])}.`,
  casesHours: (hours) => `Nedlagd tid: ${hours}.`,
  caseCategory: { incident: 'incident', question: 'fråga', request: 'beställning', other: 'övrigt' },
  improvementState: {
    proposed: (date) => `att besluta, föreslagen ${date}`,
    accepted: (date) => `beslutad ${date}, inte klar`,
    rejected: (date) => `avböjd ${date}`,
    done: (date) => `klar ${date}`,
  },
  noted: 'Antecknat',
  phase: 'Fas',
  phaseState: {
    planned: () => 'planerad',
    running: () => 'pågår',
    overdue: () => 'försenad',
    done: (date) => `klar ${date}`,
    missed: (date) => `blev inte av, ${date}`,
    declined: (date) => `avböjd ${date}`,
    carried: () => 'fortsätter nästa avtalsår',
  },
  figures: {
    contracted: 'avtalade',
    rolledIn: 'överförda',
    added: 'köpta eller bjudna',
    used: 'använda i år',
    usedSince: 'använda sedan sist',
    remaining: 'kvar',
    overage: 'utöver banken',
  },
};

const en: Words = {
  product: 'Service agreement',
  agenda: 'Agenda',
  meeting: (number) => `Management meeting ${number}`,
  extraMeeting: (number) => `Extra management meeting ${number}`,
  customer: 'Customer',
  agreement: 'Agreement',
  year: 'Agreement year',
  yearValue: (number, from, to) => `${number}: ${from} – ${to}`,
  when: 'Time',
  whenValue: (date, from, to) => `${date}, ${from}–${to}`,
  planned: 'planned time, not booked yet',
  place: 'Place',
  noPlace: 'Not decided yet',
  participants: 'Invited',
  tellsFrom: 'Covers the time',
  sinceMeeting: (meeting, date) => `since ${meeting}, ${date}`,
  sinceStart: (date) => `since the agreement began, ${date}`,
  written: (date) => `Compiled on ${date}`,
  page: (page, of) => `Page ${page} of ${of}`,
  topics: 'To go through',
  noTopics: 'The agreement names no standing topics.',
  topicSection: (number) => `see section ${number}`,
  lastDecisions: 'Decisions of the last meeting',
  noDecisions: 'No decisions were noted.',
  work: 'Work done since last time',
  workDone: 'Completed under the agreement',
  hoursReported: 'Time reported',
  noEntries: 'No hours have been reported since last time.',
  noClosed: 'No step of the start or the upgrade was closed since last time.',
  hourBank: 'The hour bank',
  incidents: 'Incidents and what was done',
  noIncidents: 'No incidents have been reported since last time.',
  alerts: 'Alerts from the monitoring',
  watched: (checks, alerts) =>
    `${counted(checks, ['check is', 'checks are'])} watched; ${alerts === 0 ? 'no alerts' : counted(alerts, ['alert', 'alerts'])} since last time.`,
  acted: (median, longest) =>
    `From alert to action it usually took ${median} of support hours, at most ${longest}.`,
  moreAlerts: (count) => `… and ${count} more alerts.`,
  check: 'Check',
  severity: 'Problem',
  alertedAt: 'From',
  overAt: 'To',
  actedAfter: 'Acted after',
  severities: {
    down: 'down',
    warning: 'warning',
    unknown: 'could not be checked',
    silent: 'the site was silent',
  },
  notChecked: 'Agreed on but not watched',
  notSetUp: 'not set up yet',
  cases: 'Support cases',
  noCases: 'No support cases since last time.',
  actions: 'Agreed actions',
  noActions: 'No open actions.',
  training: 'Training needs',
  noTraining: 'No training needs have been noted since last time.',
  proposals: 'Proposals from your consultant',
  noProposals: 'No proposals have been noted since last time.',
  remarks: 'Other matters',
  improvements: 'Improvements',
  noImprovements: 'No proposals to decide, and no accepted improvements waiting.',
  upgrade: 'The annual upgrade',
  upgradeDone: (date) => `This year’s upgrade is completed, approved on ${date}.`,
  upgradeBrings: 'News that matters to you',
  newVersions: (list, on) => `Since ${on} you work in ${list}.`,
  newVersion: (system, to, from) => `${system} ${to}${from === undefined ? '' : ` (${from} before)`}`,
  upgradeBrought: 'What the upgrade brought you',
  noNews: 'No news has been noted yet.',
  fromVersion: (system, version) => `from ${system} ${version}`,
  upgradeDates: 'Planned dates',
  noPhases: 'No upgrade is planned in this agreement year.',
  systems: (list) => `Your systems today: ${list}.`,
  dates: 'Dates ahead',
  noDates: 'No more dates in this agreement year.',
  yearEnds: 'Last day of the agreement year',
  date: 'Date',
  what: 'What',
  kind: 'Kind',
  hours: 'Hours',
  sum: 'Total',
  correction: (date) => `Correction of time from ${date}`,
  unnamedWork: 'Work without a note',
  owner: 'Owner',
  due: 'Due',
  state: 'State',
  done: (date) => `done ${date}`,
  missed: (date) => `not carried out, ${date}`,
  overdue: 'overdue',
  open: 'open',
  estimate: 'Estimate',
  reference: 'Case',
  opened: 'Opened',
  closed: 'Closed',
  subject: 'Subject',
  whatWasDone: 'What was done',
  notTold: 'not stated',
  stillOpen: 'open',
  waiting: 'waiting',
  casesSummary: (all, closed, open) => `${counted(all, ['case', 'cases'])}: ${closed} closed, ${open} open.`,
  casesHours: (hours) => `Time spent: ${hours}.`,
  caseCategory: { incident: 'incident', question: 'question', request: 'request', other: 'other' },
  improvementState: {
    proposed: (date) => `to be decided, proposed ${date}`,
    accepted: (date) => `accepted ${date}, not done`,
    rejected: (date) => `declined ${date}`,
    done: (date) => `done ${date}`,
  },
  noted: 'Noted',
  phase: 'Phase',
  phaseState: {
    planned: () => 'planned',
    running: () => 'under way',
    overdue: () => 'overdue',
    done: (date) => `done ${date}`,
    missed: (date) => `not carried out, ${date}`,
    declined: (date) => `declined ${date}`,
    carried: () => 'goes on in the next agreement year',
  },
  figures: {
    contracted: 'contracted',
    rolledIn: 'rolled in',
    added: 'purchased or goodwill',
    used: 'used this year',
    usedSince: 'used since last time',
    remaining: 'left',
    overage: 'beyond the bank',
  },
};

export const agendaWords: Record<Language, Words> = { sv, en };
