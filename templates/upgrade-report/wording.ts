/** The words of an upgrade's report, in Swedish and English. */
import type { Language } from '../../rules/engine/basics/text';
import type { UpgradeReport } from './data';

interface Words {
  product: string;
  heading: string;
  title: (customer: string) => string;
  footer: (version: number) => string;
  page: (page: number, of: number) => string;
  agreement: string;
  year: string;
  yearValue: (number: number, from: string, to: string) => string;
  installation: string;
  versions: string;
  fromTo: (from: string, to: string | undefined) => string;
  testedOn: string;
  environments: Record<UpgradeReport['testedOn'], string>;
  outcome: string;
  approvedBy: (by: string, on: string) => string;
  endedWithout: (on: string) => string;
  notApproved: string;
  report: string;
  reportValue: (version: number, at: string) => string;
  takesPlace: (version: number) => string;
  sections: Record<'summary' | 'approval' | 'left' | 'accepted' | 'attempts' | 'phases' | 'parts', string>;
  figures: Record<'time' | 'soFar' | 'down' | 'passed' | 'accepted' | 'failed', string>;
  days: (count: number) => string;
  of: (count: number, all: number) => string;
  tookFrom: (from: string, to: string) => string;
  goesOn: (from: string) => string;
  down: (span: string) => string;
  included: string;
  approval: (by: string, at: string, customer: string) => string;
  approvalTold: (by: string, at: string, customer: string, toldBy: string) => string;
  approves: string;
  shown: (hash: string) => string;
  stoodThen: (hash: string) => string;
  ended: (by: string, at: string, reason: string) => string;
  endedIsNone: string;
  phaseLeft: (phase: string, dueOn: string | undefined) => string;
  partFailed: (part: string, phase: string) => string;
  acceptedLeft: (count: number) => string;
  withdrawn: (version: string, on: string, reason: string) => string;
  nothingLeft: string;
  columns: Record<
    | 'phase'
    | 'owner'
    | 'from'
    | 'to'
    | 'days'
    | 'part'
    | 'result'
    | 'who'
    | 'when'
    | 'acceptedBy'
    | 'reason'
    | 'attempt'
    | 'what',
    string
  >;
  states: Record<'done' | 'open' | 'coming' | 'missed' | 'cancelled' | 'declined' | 'carried', string>;
  passed: string;
  failed: string;
  retest: string;
  notApplicable: string;
  accepted: string;
  given: string;
  unapproved: string;
  yes: string;
  no: string;
  unreported: string;
  reported: string;
  ours: string;
  upgradedTogether: string;
  rolledBack: string;
  rolledBackTogether: string;
  restored: (since: string) => string;
  decidedBy: (by: string) => string;
}

const sv: Words = {
  product: 'Serviceavtal',
  heading: 'Uppgraderingsrapport',
  title: (customer) => `Uppgraderingsrapport, ${customer}`,
  footer: (version) => `uppgraderingsrapport, version ${version}`,
  page: (page, of) => `Sida ${page} av ${of}`,
  agreement: 'Avtal',
  year: 'Avtalsår',
  yearValue: (number, from, to) => `${number}: ${from} – ${to}`,
  installation: 'Installation',
  versions: 'Versioner',
  fromTo: (from, to) => (to === undefined ? `från ${from}` : `från ${from} till ${to}`),
  testedOn: 'Testad i',
  environments: {
    copy: 'en kopia av ert system, före driftsättningen',
    production: 'det system ni arbetar i',
  },
  outcome: 'Resultat',
  approvedBy: (by, on) => `Godkänd av ${by}, ${on}`,
  endedWithout: (on) => `Avslutad utan kundens godkännande, ${on}`,
  notApproved: 'Inte godkänd än',
  report: 'Rapport',
  reportValue: (version, at) => `Version ${version}, ${at}`,
  takesPlace: (version) => `ersätter version ${version}`,
  sections: {
    summary: 'I korthet',
    approval: 'Godkännandet',
    left: 'Det som återstår',
    accepted: 'Godtaget fast det inte är klart',
    attempts: 'Tidigare försök',
    phases: 'Faserna och tiden',
    parts: 'Resultatet, del för del',
  },
  figures: {
    time: 'från början till slut',
    soFar: 'så här långt',
    down: 'systemet stängt',
    passed: 'delar godkända',
    accepted: 'godtagna ändå',
    failed: 'underkända',
  },
  days: (count) => (count === 1 ? '1 dag' : `${count} dagar`),
  of: (count, all) => `${count} av ${all}`,
  tookFrom: (from, to) => `Uppgraderingen började ${from} och var klar ${to}.`,
  goesOn: (from) => `Uppgraderingen började ${from}. Allt är inte klart än.`,
  down: (span) => `Systemet var stängt ${span}.`,
  included: 'Uppgraderingen ingår i avtalet och drar inga timmar ur timbanken.',
  approval: (by, at, customer) =>
    `${by} godkände uppgraderingen ${at}, för ${customer}, på sidan och med en kod som mejlades.`,
  approvalTold: (by, at, customer, toldBy) =>
    `${by} har godkänt uppgraderingen för ${customer}, enligt ${toldBy}, som fick veta det på annat sätt än på sidan och rapporterade det ${at}.`,
  approves: 'Godkännandet gäller resultatet nedan, också det som har godtagits fast det inte är klart.',
  shown: (hash) => `Kontrollsumma (sha256) för det resultat som visades och godkändes: ${hash}`,
  stoodThen: (hash) => `Kontrollsumma (sha256) för resultatet när godkännandet rapporterades: ${hash}`,
  ended: (by, at, reason) =>
    `Uppgraderingen är avslutad utan kundens godkännande. ${by} avslutade den ${at}. Orsak: ${reason}`,
  endedIsNone: 'Det är inte ett godkännande. Det som hör till uppgraderingen rättar vi också efter avslutet.',
  phaseLeft: (phase, dueOn) => `${phase}${dueOn === undefined ? '' : `, planerad till ${dueOn}`}`,
  partFailed: (part, phase) => `Underkänd: ${part} (${phase})`,
  acceptedLeft: (count) =>
    count === 1
      ? 'En del är godtagen fast den inte är klar.'
      : `${count} delar är godtagna fast de inte är klara.`,
  withdrawn: (version, on, reason) => `${version} drogs tillbaka av leverantören ${on}: ${reason}`,
  nothingLeft: 'Ingenting återstår.',
  columns: {
    phase: 'Fas',
    owner: 'Ansvarig',
    from: 'Från',
    to: 'Till',
    days: 'Tid',
    part: 'Del',
    result: 'Resultat',
    who: 'Vem',
    when: 'När',
    acceptedBy: 'Godtagen av',
    reason: 'Orsak',
    attempt: 'Försök',
    what: 'Vad som hände',
  },
  states: {
    done: 'klar',
    open: 'pågår',
    coming: 'återstår',
    missed: 'inte levererad',
    cancelled: 'utgår',
    declined: 'avböjd av kunden',
    carried: 'fortsätter nästa avtalsår',
  },
  passed: 'godkänd',
  failed: 'underkänd',
  retest: 'underkänd, väntar på nytt test',
  notApplicable: 'gäller inte er',
  accepted: 'godtagen ändå',
  given: 'lämnat av kunden',
  unapproved: 'avslutad utan kundens godkännande',
  yes: 'ja',
  no: 'nej',
  unreported: 'inte rapporterad',
  reported: 'klart',
  ours: 'Pector',
  upgradedTogether: 'Systemet uppgraderades tillsammans med andra på samma installation.',
  rolledBack: 'Återställt innan någon arbetat i den nya versionen.',
  rolledBackTogether: 'Installationen återställdes för alla som delar den.',
  restored: (since) => `Återställt efter driftsättningen. Det som gjorts sedan ${since} gick förlorat.`,
  decidedBy: (by) => `Beslut av ${by}.`,
};

const en: Words = {
  product: 'Service agreement',
  heading: 'Upgrade report',
  title: (customer) => `Upgrade report, ${customer}`,
  footer: (version) => `upgrade report, version ${version}`,
  page: (page, of) => `Page ${page} of ${of}`,
  agreement: 'Agreement',
  year: 'Agreement year',
  yearValue: (number, from, to) => `${number}: ${from} – ${to}`,
  installation: 'Installation',
  versions: 'Versions',
  fromTo: (from, to) => (to === undefined ? `from ${from}` : `from ${from} to ${to}`),
  testedOn: 'Tested in',
  environments: {
    copy: 'a copy of your system, before it went live',
    production: 'the system that you work in',
  },
  outcome: 'Outcome',
  approvedBy: (by, on) => `Approved by ${by}, ${on}`,
  endedWithout: (on) => `Ended without the customer’s approval, ${on}`,
  notApproved: 'Not approved yet',
  report: 'Report',
  reportValue: (version, at) => `Version ${version}, ${at}`,
  takesPlace: (version) => `takes the place of version ${version}`,
  sections: {
    summary: 'In short',
    approval: 'The approval',
    left: 'What is left',
    accepted: 'Accepted though not finished',
    attempts: 'Earlier attempts',
    phases: 'The phases and the time they took',
    parts: 'The result, part by part',
  },
  figures: {
    time: 'from beginning to end',
    soFar: 'so far',
    down: 'the system down',
    passed: 'parts passed',
    accepted: 'accepted as they are',
    failed: 'failed',
  },
  days: (count) => (count === 1 ? '1 day' : `${count} days`),
  of: (count, all) => `${count} of ${all}`,
  tookFrom: (from, to) => `The upgrade began on ${from} and was complete on ${to}.`,
  goesOn: (from) => `The upgrade began on ${from}. Not everything is done yet.`,
  down: (span) => `The system was down ${span}.`,
  included: 'The upgrade is included in the agreement and draws no hours from the hour bank.',
  approval: (by, at, customer) =>
    `${by} approved the upgrade on ${at}, for ${customer}, on the page and with a code that was mailed.`,
  approvalTold: (by, at, customer, toldBy) =>
    `${by} has approved the upgrade for ${customer}, says ${toldBy}, who was told otherwise than on the page and reported it on ${at}.`,
  approves: 'The approval is of the result below, also of what was accepted though it is not finished.',
  shown: (hash) => `Checksum (sha256) of the result that was shown and approved: ${hash}`,
  stoodThen: (hash) => `Checksum (sha256) of the result when the approval was reported: ${hash}`,
  ended: (by, at, reason) =>
    `The upgrade was ended without the customer’s approval. ${by} ended it on ${at}. Reason: ${reason}`,
  endedIsNone: 'That is no approval. What belongs to the upgrade we put right after its end, too.',
  phaseLeft: (phase, dueOn) => `${phase}${dueOn === undefined ? '' : `, planned for ${dueOn}`}`,
  partFailed: (part, phase) => `Failed: ${part} (${phase})`,
  acceptedLeft: (count) =>
    count === 1
      ? 'One part is accepted though it is not finished.'
      : `${count} parts are accepted though they are not finished.`,
  withdrawn: (version, on, reason) => `${version} was withdrawn by its maker on ${on}: ${reason}`,
  nothingLeft: 'Nothing is left.',
  columns: {
    phase: 'Phase',
    owner: 'Responsible',
    from: 'From',
    to: 'To',
    days: 'Time',
    part: 'Part',
    result: 'Result',
    who: 'Who',
    when: 'When',
    acceptedBy: 'Accepted by',
    reason: 'Reason',
    attempt: 'Attempt',
    what: 'What happened',
  },
  states: {
    done: 'done',
    open: 'under way',
    coming: 'to come',
    missed: 'not delivered',
    cancelled: 'falls away',
    declined: 'declined by the customer',
    carried: 'goes on in the next agreement year',
  },
  passed: 'passed',
  failed: 'failed',
  retest: 'failed, to be tested again',
  notApplicable: 'does not concern you',
  accepted: 'accepted as it is',
  given: 'given by the customer',
  unapproved: 'ended without the customer’s approval',
  yes: 'yes',
  no: 'no',
  unreported: 'not reported',
  reported: 'done',
  ours: 'Pector',
  upgradedTogether: 'The system was upgraded together with others of the same installation.',
  rolledBack: 'Rolled back before anybody had worked in the new version.',
  rolledBackTogether: 'The installation was rolled back for all who share it.',
  restored: (since) => `Restored after it had gone live. What was done since ${since} was lost.`,
  decidedBy: (by) => `Decided by ${by}.`,
};

export const reportWords: Record<Language, Words> = { sv, en };
