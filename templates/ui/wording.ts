/**
 * Wording shown in Temporal's UI. Bundled into the workflows, so it is pure and imports no library;
 * dates come as local calendar dates, hours as hundredths of an hour.
 */
import { counted } from '../../rules/engine/basics/counted';
import { isLocalDate } from '../../rules/engine/basics/is-local-date';
import { addDays } from '../../rules/engine/calendar/dates';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import { availableHours } from '../../rules/engine/hours/hour-bank';
import { blankFields } from '../../rules/engine/upgrade/parts';
import type { TemplateId } from '../../rules/engine/plan/plan';
import type { PhaseNames } from '../words/labels';
import { capitalize, label } from '../words/labels';
import { drawBar, formatHours } from '../words/numbers';
import type { NextStep, Overview } from './overview';
import { byteLength, cutBytes, messageBlock, plainMarkdown } from './text';
import { keptReason } from '../words/kept-reasons';
import { stepNotes } from '../words/step-notes';
import { besideName, partTable } from './upgrade-table';

/** Temporal allows 400 bytes; half of it keeps the timeline readable. */
const maxSummaryBytes = 200;
/** Temporal refuses details of more than 20,000 bytes. */
const maxDetailsBytes = 19_500;

const mails: Record<TemplateId, Record<Language, string>> = {
  welcome: { sv: 'välkommen', en: 'welcome' },
  'start-step': { sv: 'dags för', en: 'time for' },
  'meeting-call': { sv: 'kalla till', en: 'call' },
  'meeting-invitation': { sv: 'inbjudan', en: 'invitation' },
  'meeting-unbooked': { sv: 'ännu inte bokat', en: 'not booked yet' },
  'meeting-blocks': { sv: 'kalenderposter', en: 'calendar entries' },
  'meeting-agenda': { sv: 'dagordning', en: 'agenda' },
  'meeting-reminder': { sv: 'påminnelse', en: 'reminder' },
  'meeting-cancelled': { sv: 'inställt', en: 'cancelled' },
  'meeting-minutes': { sv: 'minnesanteckningar', en: 'minutes' },
  'action-reminder': { sv: 'påminnelse', en: 'reminder' },
  'signal-rejected': { sv: 'avvisad signal', en: 'rejected signal' },
  'consultant-changed': { sv: 'ny dedikerad konsult', en: 'new dedicated consultant' },
  'upgrade-plan': { sv: 'dags för', en: 'time for' },
  'upgrade-precheck': { sv: 'dags för', en: 'time for' },
  'upgrade-phase': { sv: 'dags för', en: 'time for' },
  'upgrade-news': { sv: 'besked om uppgraderingen', en: 'news of the upgrade' },
  'upgrade-partner': { sv: 'fråga till partnern', en: 'question to the partner' },
  'test-invitation': { sv: 'inbjudan att testa', en: 'invitation to test' },
  'test-session': { sv: 'tid för testgenomgången', en: 'time of the test session' },
  'test-case': { sv: 'besked om ett testfall', en: 'news of a test case' },
  'test-progress': { sv: 'läget i testet', en: 'how the test stands' },
  'upgrade-integrations': { sv: 'dags för', en: 'time for' },
  'upgrade-technical': { sv: 'dags för', en: 'time for' },
  'upgrade-test': { sv: 'dags för', en: 'time for' },
  'upgrade-approval': { sv: 'dags för', en: 'time for' },
  'upgrade-risk': { sv: 'vem tar risken?', en: 'who takes the risk?' },
  'step-reminder': { sv: 'påminnelse', en: 'reminder' },
  'step-handed-over': { sv: 'inte längre din uppgift:', en: 'no longer your task:' },
  escalation: { sv: 'eskalering', en: 'escalation' },
  'customer-escalation': { sv: 'till kundens ledning:', en: "to the customer's management:" },
  'hours-alert': { sv: 'timbanken når en gräns', en: 'hour bank reaches a threshold' },
  'hour-statement': { sv: 'timbanksbesked', en: 'hour bank statement' },
  'hours-expiry': { sv: 'timmar upphör snart', en: 'hours expire soon' },
  'hours-given': { sv: 'fler timmar', en: 'more hours' },
  'line-question': { sv: 'fråga om en rad', en: 'question about a line' },
  'line-answer': { sv: 'svar om en rad', en: 'answer about a line' },
  'overage-order': { sv: 'beställ timmar', en: 'order hours' },
  'overage-decision': { sv: 'avgör timmar', en: 'decide about hours' },
  'overage-ordered': { sv: 'beställning av timmar', en: 'order of hours' },
  'agreement-ends': { sv: 'avtalet upphör', en: 'the agreement ends' },
  'year-summary': { sv: 'årets sammanfattning', en: 'year summary' },
  'renewal-proposal': { sv: 'godkänn priset för nästa avtalsår', en: "approve the next year's price" },
  'renewal-notice': { sv: 'avtalet förnyas', en: 'the agreement is renewed' },
  'price-change': { sv: 'nytt pris från nästa avtalsår', en: 'new price from the next year' },
  digest: { sv: 'samlingsmejl', en: 'digest' },
  attention: { sv: 'behöver åtgärd', en: 'needs attention' },
  'monitor-alert': { sv: 'larm', en: 'alert' },
  'monitor-recovery': { sv: 'larm över', en: 'alert over' },
  'monitor-storm': { sv: 'många larm', en: 'many alerts' },
  'monitor-digest': { sv: 'larm sedan supporten stängde', en: 'alerts since support closed' },
  'monitor-noise': { sv: 'månadens brusiga kontroller', en: "the month's noisy checks" },
  'signing-waiting': { sv: 'signeringar väntar', en: 'signings wait' },
  'signing-amendment': { sv: 'ändring att godkänna', en: 'amendment to approve' },
  'invoice-basis': { sv: 'fakturaunderlag', en: 'invoice basis' },
  'workflow-sick': { sv: 'avtal som står stilla', en: 'agreements that stand still' },
  'audit-findings': { sv: 'nattens avstämning', en: 'the night’s audit' },
  'record-trouble': { sv: 'journalen utanför databasen', en: 'the record outside of the database' },
  'page-code': { sv: 'kod till en sida', en: 'code for a page' },
};

/** Mails whose words say enough without the name of an obligation. */
const namedAlone: readonly TemplateId[] = [
  ...(['welcome', 'hours-alert', 'hour-statement', 'year-summary'] as const),
  ...(['renewal-proposal', 'renewal-notice', 'price-change', 'digest'] as const),
  ...(['consultant-changed', 'signal-rejected'] as const),
  ...(['hours-expiry', 'hours-given', 'agreement-ends', 'line-question', 'line-answer'] as const),
  ...(['overage-order', 'overage-decision', 'overage-ordered'] as const),
];

/**
 * Summary of a mail activity, at most 200 bytes.
 * @example mailSummary('meeting-invitation', 'meeting-2', 'sv') // 'Mejl: inbjudan möte 2'
 */
export function mailSummary(
  template: TemplateId,
  obligationId: string | undefined,
  language: Language,
  phaseNames?: PhaseNames,
): string {
  const what = mails[template][language];
  const about =
    obligationId === undefined || aboutAll.includes(obligationId) || namedAlone.includes(template)
      ? ''
      : ` ${label('shortObligation', obligationId, language, phaseNames)}`;
  return cutBytes(`${language === 'sv' ? 'Mejl' : 'Mail'}: ${what}${about}`, maxSummaryBytes);
}

/** Wording of each activity, used where there is no more telling one. */
const activities = {
  sendNotice: { sv: 'Mejl', en: 'Mail' },
  attendDigests: { sv: 'Samlingsmejl', en: 'Digest' },
  findClash: { sv: 'Se efter i andra avtal', en: 'Look in other agreements' },
  findPeople: { sv: 'Slå upp namn', en: 'Look up names' },
  planAgreementYear: { sv: 'Planera avtalsåret', en: 'Plan the agreement year' },
  recordProgress: { sv: 'Skriv i journalen', en: 'Write the journal' },
  reportHours: { sv: 'Bokför timmar', en: 'Book hours' },
  lapseRolled: { sv: 'Låt överförda timmar upphöra', en: 'Let rolled hours lapse' },
  closeHours: { sv: 'Avsluta timbanken', en: 'Close the hour bank' },
  approvePrice: { sv: 'Spara godkänt pris', en: 'Keep the approved price' },
  configureMonitors: { sv: 'Bestäm vad som övervakas', en: 'Settle what is watched' },
  attendDesk: { sv: 'Larma det som ska larmas', en: 'Tell what is to be told' },
  answerIncident: { sv: 'Notera svaret på ett larm', en: 'Note the answer to an alert' },
  pauseMonitor: { sv: 'Låt övervakningen vila', en: 'Let monitoring rest' },
  resumeMonitor: { sv: 'Återuppta övervakningen', en: 'Resume monitoring' },
  readAskedChecks: { sv: 'Läs kontrollerna', en: 'Read the checks' },
  checkNow: { sv: 'Kontrollera nu', en: 'Check now' },
  watchCentral: { sv: 'Kontrollera', en: 'Check' },
  watchSite: { sv: 'Kontrollera hos kunden', en: "Check at the customer's" },
  loadSiteChecks: { sv: 'Läs platsens kontroller', en: "Read the site's checks" },
  recordSite: { sv: 'Skriv vad platsen fann', en: 'Write what the site found' },
  recordSiteSilence: {
    sv: 'Skriv att platsen är tyst eller åter',
    en: 'Write that the site is silent or back',
  },
} satisfies Record<string, Record<Language, string>>;

/**
 * Summary of an activity in plain words; its own name if nobody has worded it.
 * @example activitySummary('reportHours', 'sv') // 'Bokför timmar'
 */
export function activitySummary(name: string, language: Language): string {
  return Object.hasOwn(activities, name) ? activities[name as keyof typeof activities][language] : name;
}

/** Wording of timers: by the step of a notice, or by what a strand waits for. */
const timers: Record<string, Record<Language, string>> = {
  start: { sv: 'Dags för', en: 'Time for' },
  'start-consultant': { sv: 'Dags att leda', en: 'Time to lead' },
  call: { sv: 'Påminn: kalla till', en: 'Remind: call' },
  invite: { sv: 'Bjud in', en: 'Invite' },
  remind: { sv: 'Påminn', en: 'Remind' },
  'remind-consultant': { sv: 'Påminn konsulten', en: 'Remind the consultant' },
  'remind-manager': { sv: 'Påminn chefen', en: 'Remind the manager' },
  'remind-support': { sv: 'Påminn supporten', en: 'Remind support' },
  overdue: { sv: 'Påminn om försenat', en: 'Remind of overdue' },
  'overdue-customer': { sv: 'Påminn kunden om försenat', en: 'Remind the customer of overdue' },
  escalate: { sv: 'Eskalera', en: 'Escalate' },
  'escalate-support': { sv: 'Eskalera till supporten', en: 'Escalate to support' },
  send: { sv: 'Skicka', en: 'Send' },
  alert: { sv: 'Berätta', en: 'Tell' },
  expire: { sv: 'Dagen då', en: 'The day' },
  welcome: { sv: 'Hälsa välkommen', en: 'Welcome' },
  terms: { sv: 'Villkoren ändras', en: 'The terms change' },
  ask: { sv: 'Be om godkännande', en: 'Ask for approval' },
  lapse: { sv: 'Sista tid att ändra', en: 'Last time to change' },
  tell: { sv: 'Berätta', en: 'Tell' },
  digest: { sv: 'Samlingsmejl', en: 'Digest' },
  announce: { sv: 'Sammanfatta året', en: 'Sum up the year' },
  book: { sv: 'Påminn: boka', en: 'Remind: book' },
  'book-escalate': { sv: 'Eskalera: inte bokat', en: 'Escalate: not booked' },
  blocks: { sv: 'Kalenderposter', en: 'Calendar entries' },
  agenda: { sv: 'Dagordning', en: 'Agenda' },
  'agenda-consultant': { sv: 'Dagordning till konsulten', en: 'Agenda to the consultant' },
  held: { sv: 'Mejl väntar så att steget kan ångras', en: 'A mail waits so that its step can be undone' },
  night: { sv: 'Mejl väntar till morgonen', en: 'A mail waits until morning' },
  rejected: { sv: 'Svara på avvisade signaler', en: 'Answer rejected signals' },
  action: { sv: 'Påminn om åtgärd', en: 'Remind of an action' },
  'test-progress': { sv: 'Tala om hur testet går', en: 'Tell how the test stands' },
  partner: { sv: 'Fråga partnern', en: 'Ask the partner' },
  monitors: {
    sv: 'Låt övervakningen kontrollera integrationerna',
    en: 'Have the monitoring check the integrations',
  },
  desk: { sv: 'Nästa larm eller påminnelse', en: 'Next alert or reminder' },
  period: { sv: 'Avtalsårets början eller slut', en: 'Beginning or end of the agreement year' },
};

/** Timers about the whole agreement or year. */
const aboutAll: readonly string[] = ['agreement', 'close'];

/**
 * Summary of a timer, at most 200 bytes. The second of a kind, as `remind-2`, is worded like the first; a step
 * without wording is shown by its name.
 * @example timerSummary('call', 'meeting-2', 'sv') // 'Påminn: kalla till möte 2'
 */
export function timerSummary(
  step: string,
  obligationId: string | undefined,
  language: Language,
  phaseNames?: PhaseNames,
): string {
  const kind = step.replace(/-\d+$/, '');
  const what = Object.hasOwn(timers, kind) ? (timers[kind]?.[language] ?? step) : step;
  if (obligationId === undefined || aboutAll.includes(obligationId)) return cutBytes(what, maxSummaryBytes);
  const named = obligationId.startsWith('upgrade') ? 'obligationInText' : 'shortObligation';
  const name = label(named, obligationId, language, phaseNames);
  const join = what.includes(':') ? ' ' : ': ';
  return cutBytes(`${what}${join}${name}`, maxSummaryBytes);
}

const words = {
  sv: {
    agreement: 'Avtal',
    year: 'avtalsår',
    next: 'Nästa steg',
    none: 'Inget väntar just nu.',
    toFill: (systems: string) =>
      `Ny version saknas för ${systems}. Lägg till den i versions innan du skickar.`,
    toSay: (fields: string) => `Fyll i ${fields} innan du skickar: det vet bara du.`,
    overdue: 'försenat',
    booked: 'bokat',
    toBook: 'att boka',
    minutes: (minutes: number) => `${minutes} min`,
    alerts: 'Pågående larm',
    since: 'sedan',
    monitoring: 'Övervakningen av avtalet',
    contacts: 'Kontakter',
    signals: 'Skicka när det är gjort',
    how: 'Välj *Send a Signal*, namnet nedan, och klistra in innehållet. *Send an Update* svarar direkt om något inte stämmer.',
    hours: 'Timbank',
    used: (used: string, available: string) => `${used} av ${available} timmar använda`,
    rolled: (contracted: string, rolledIn: string) => `${contracted} avtalade, ${rolledIn} överförda`,
    added: (hours: string) => `${hours} köpta eller bjudna`,
    over: (over: string) => `${over} utöver timbanken`,
    strands: 'Delar',
    done: (done: number, total: number) => `${done} av ${counted(total, ['klart', 'klara'])}`,
    actions: 'Öppna åtgärder',
    improvements: 'Förbättringar',
    proposed: 'föreslagen, inte avgjord',
    decided: 'beslutad, inte införd',
    paused: 'Pausad övervakning',
    allChecks: 'alla kontroller',
    until: 'till och med',
    attention: 'Behöver åtgärd',
    rejected: 'Avvisade signaler',
    last: 'Senast',
    undo: (step: number, name: string) =>
      `Senaste steget är nummer ${step}, ${name}; det kan tas tillbaka med *stepUndone*.`,
    held: (until: string) => `Mejl till kunden om det väntar till ${until}.`,
    more: (count: number) => `… och ${count} till`,
    ruleset: 'Regler',
    plan: 'plan',
    cut: '… avkortat',
  },
  en: {
    agreement: 'Agreement',
    year: 'year',
    next: 'Next steps',
    none: 'Nothing is waiting right now.',
    toFill: (systems: string) =>
      `The new version is missing for ${systems}. Add it to versions before you send.`,
    toSay: (fields: string) => `Fill in ${fields} before you send: only you know.`,
    overdue: 'overdue',
    booked: 'booked',
    toBook: 'to be booked',
    minutes: (minutes: number) => `${minutes} min`,
    alerts: 'Running alerts',
    since: 'since',
    monitoring: 'Monitoring of the agreement',
    contacts: 'Contacts',
    signals: 'Send when it is done',
    how: 'Choose *Send a Signal*, the name below, and paste the content. *Send an Update* answers at once if something is wrong.',
    hours: 'Hour bank',
    used: (used: string, available: string) => `${used} of ${available} hours used`,
    rolled: (contracted: string, rolledIn: string) => `${contracted} contracted, ${rolledIn} brought over`,
    added: (hours: string) => `${hours} purchased or goodwill`,
    over: (over: string) => `${over} beyond the hour bank`,
    strands: 'Parts',
    done: (done: number, total: number) => `${done} of ${total} done`,
    actions: 'Open actions',
    improvements: 'Improvements',
    proposed: 'proposed, not decided',
    decided: 'decided, not in use yet',
    paused: 'Paused monitoring',
    allChecks: 'all checks',
    until: 'up to and including',
    attention: 'Needs attention',
    rejected: 'Rejected signals',
    last: 'Latest',
    undo: (step: number, name: string) =>
      `The last step is number ${step}, ${name}; *stepUndone* takes it back.`,
    held: (until: string) => `Mails to the customer about it wait until ${until}.`,
    more: (count: number) => `… and ${count} more`,
    ruleset: 'Rules',
    plan: 'plan',
    cut: '… cut short',
  },
} as const;

/** A list under a heading, its first `limit` items, and how many were left out. Nothing if it is empty. */
function section<Item>(
  heading: string,
  items: readonly Item[],
  limit: number,
  language: Language,
  line: (item: Item) => string,
): string[] {
  if (items.length === 0) return [];
  const left = items.length - limit;
  const lines = items.slice(0, limit).map(line);
  return [`### ${heading}`, ...lines, ...(left > 0 ? ['', words[language].more(left)] : []), ''];
}

function hourLines(hours: NonNullable<Overview['hours']>, language: Language): string[] {
  const say = words[language];
  const available = availableHours(hours);
  const number = (centihours: number): string => formatHours(centihours, language);
  const rest = [
    ...(hours.rolledIn > 0 ? [say.rolled(number(hours.contracted), number(hours.rolledIn))] : []),
    ...(hours.added ? [say.added(number(hours.added))] : []),
    ...(hours.used > available ? [`**${say.over(number(hours.used - available))}**`] : []),
  ];
  const text = [say.used(number(hours.used), number(available)), ...rest].join(' · ');
  return [`### ${say.hours}`, `\`${drawBar(hours.used, available)}\` ${text}`, ''];
}

/** The days the year spans, both included; nothing before it is planned. */
function span(from: LocalDate, to: LocalDate): string[] {
  return isLocalDate(to) ? [`${plainMarkdown(from, 20)} – ${addDays(to, -1)}`] : [];
}

/** Says an instant as people in Sweden read it, `2027-05-18 10:00`. */
export type LocalMoment = (instant: Instant) => string;

function nextLine(step: NextStep, language: Language, phaseNames?: PhaseNames): string {
  const say = words[language];
  const text = plainMarkdown;
  const name = text(capitalize(label('obligation', step.id, language, phaseNames)), 120);
  const when = step.booked === true && step.at ? `${step.on} ${step.at}` : step.on;
  const where = [
    ...(step.minutes === undefined ? [] : [say.minutes(step.minutes)]),
    ...(step.place === undefined ? [] : [text(step.place, 80)]),
  ];
  const state =
    step.booked === undefined ? '' : [`, ${step.booked ? say.booked : say.toBook}`, ...where].join(', ');
  const owner = text(label('party', step.owner, language), 40);
  if (step.noDayLeft)
    return `- ${name} · ${owner}: ${stepNotes[step.nextYear ? 'nextYear' : 'noDayLeft'][language]}`;
  const shared = step.sharesDay ? `, ${stepNotes.sharesDay[language]}` : '';
  const overdue = step.overdue ? ` **${say.overdue}**` : '';
  return `- **${text(when, 20)}** ${name}${state}${shared} · ${owner}${overdue}`;
}

function undoLine({ undo }: Overview, language: Language, local: LocalMoment): string[] {
  if (!undo) return [];
  const say = words[language];
  const held = undo.heldUntil === undefined ? [] : [say.held(local(undo.heldUntil))];
  return [[say.undo(undo.step, plainMarkdown(undo.name, 60)), ...held].join(' '), ''];
}

/** What is down now, with a link to the page about it. */
function alertLines({ alerts }: Overview, language: Language, local: LocalMoment, limit: number): string[] {
  const say = words[language];
  const { running, path } = alerts;
  const lines = section(say.alerts, running, limit, language, ({ monitor, name, severity, since }) => {
    const how = capitalize(plainMarkdown(label('incident', severity, language), 40));
    const called = plainMarkdown(name ?? monitor, 80);
    return `- **${how}: ${called}**${besideName(monitor, name)} ${say.since} ${plainMarkdown(local(since), 20)}`;
  });
  if (lines.length === 0) return [];
  const more = alerts.more > 0 ? [say.more(alerts.more), ''] : [];
  return [...lines, ...more, `[${say.monitoring}](${path})`, ''];
}

function page(view: Overview, language: Language, local: LocalMoment, limit: number): string {
  const say = words[language];
  const text = plainMarkdown;
  const moment = (at: Instant): string => text(local(at), 20);
  const steps = section(say.next, view.next, limit, language, (step) =>
    nextLine(step, language, view.phaseNames),
  );
  const state = label('state', view.phase, language);
  return [
    view.customer === undefined
      ? `## ${say.agreement} ${text(view.agreement, 60)}, ${say.year} ${view.year}`
      : `## ${text(view.customer, 100)}: ${say.agreement.toLowerCase()} ${text(view.agreement, 60)}, ${say.year} ${view.year}`,
    [...span(view.from, view.to), `**${text(state, 40)}**`].join(' · '),
    '',
    ...(steps.length > 0 ? steps : [`### ${say.next}`, say.none, '']),
    ...section(say.attention, view.attention, limit, language, (item) => {
      const what = text(capitalize(label('attention', item.code, language)), 120);
      const about = text(label('shortObligation', item.subject, language, view.phaseNames), 80);
      return `- ${moment(item.at)} **${what}** (${about}): ${text(keptReason(item.detail, language), 200)}`;
    }),
    ...alertLines(view, language, local, limit),
    ...section(say.signals, view.messages, limit, language, (one) => {
      const fill = one.toFill ? `\n\n${say.toFill(one.toFill.join(', '))}` : '';
      const blank = blankFields(one.example);
      const ask = blank.length > 0 ? `\n\n${say.toSay(blank.join(', '))}` : '';
      return `${messageBlock(one)}${fill}${ask}`;
    }).flatMap((line, index) => (index === 1 ? [say.how, '', line] : [line])),
    ...undoLine(view, language, local),
    ...(view.hours ? hourLines(view.hours, language) : []),
    ...section(say.strands, view.strands, limit, language, (part) => {
      const name = text(label('strand', part.strand, language), 60);
      return `- ${name}: ${say.done(part.done, part.total)}${part.done >= part.total ? ' ✓' : ''}`;
    }),
    ...partTable(view, language, 3 * limit, say.more, local),
    ...section(say.contacts, view.contacts, limit, language, ({ id, roles }) => {
      const named = roles.map((role) => label('contactRole', role, language));
      return `- ${text(id, 60)}${named.length === 0 ? '' : `: ${named.join(', ')}`}`;
    }),
    ...section(say.actions, view.actions, limit, language, ({ id, what, owner, dueOn, overdue }) => {
      const who = text(label('party', owner, language), 40);
      return `- ${id}. **${text(dueOn, 20)}** ${text(what, 120)} · ${who}${overdue ? ` **${say.overdue}**` : ''}`;
    }),
    ...section(say.improvements, view.improvements, limit, language, (one) => {
      return `- ${one.id}. ${text(one.title, 120)} · ${one.state === 'proposed' ? say.proposed : say.decided}`;
    }),
    ...section(say.paused, view.paused, limit, language, ({ monitor, name, until, reason }) => {
      const called = monitor === 'all' ? say.allChecks : (name ?? monitor);
      return `- ${text(called, 80)}${besideName(monitor, name)} ${say.until} ${text(until, 20)}${reason === undefined ? '' : `: ${text(reason, 100)}`}`;
    }),
    ...section(say.rejected, view.rejected, limit, language, (item) => {
      return `- ${moment(item.at)} ${text(item.signal, 80)}: ${text(item.reason, 200)}`;
    }),
    ...section(
      say.last,
      view.last,
      limit,
      language,
      (item) => `- ${moment(item.at)} ${text(item.text, 200)}`,
    ),
    `${say.ruleset} ${text(view.ruleset.slice(0, 12), 12)}, ${say.plan} ${view.planRevision}`,
  ].join('\n');
}

/**
 * The agreement's page in Temporal's UI, as markdown below 20,000 bytes: long lists are shortened
 * until it fits, last of all the text is cut.
 */
export function currentDetails(view: Overview, language: Language, local: LocalMoment): string {
  for (const limit of [12, 8, 5, 3, 1]) {
    const text = page(view, language, local, limit);
    if (byteLength(text) <= maxDetailsBytes) return text;
  }
  return cutBytes(page(view, language, local, 1), maxDetailsBytes, `\n${words[language].cut}`);
}
