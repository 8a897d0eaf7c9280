/** The page of an agreement's monitoring in Temporal's UI. Pure; codes and ids only; times come as local text. */
import type { Language } from '../../rules/engine/basics/text';
import { capitalize } from '../words/labels';
import { byteLength, cutBytes, messageBlock, plainMarkdown } from './text';

/** An agreement's monitoring as data. */
export interface MonitoringPage {
  agreement: string;
  /** Open incidents, the oldest first; at most twenty. */
  incidents: PageIncident[];
  /** Number of all open incidents. */
  open: number;
  /** How many checks are in which state, `notSetUp` and `notPossible` among them. */
  checks: Record<string, number>;
  /** Pauses that hold now. `name`: what the check is called; none for a pause of all checks, and in pages made before 0.3.0. */
  pauses: { monitor: string; name?: string; until: string; reason?: string }[];
  /** Mails about it that a person has to settle. */
  unsettled: { key: string; state: 'unknown' | 'refused' }[];
  /** Versions found that the contract does not declare; absent without any, and in pages made before 0.3.0. */
  versions?: { subject: string; declared?: string; found: string; monitor: string; since: string }[];
}

export interface PageIncident {
  id: number;
  monitor: string;
  /** What the check is called; in pages made before 0.3.0 not told. */
  name?: string;
  severity: 'down' | 'warning' | 'unknown' | 'silent';
  /** Local time. */
  since: string;
  takenBy?: string;
  /** Why nobody is told now. */
  suppressed?: string;
}

/** A message that was not taken. */
export interface RejectedMessage {
  signal: string;
  reason: string;
}

const words = {
  sv: {
    title: 'Övervakning av',
    waiting: 'Övervakningen börjar när avtalet gör det.',
    checks: 'Kontroller',
    none: 'Inga kontroller är överenskomna.',
    incidents: 'Pågående fel',
    well: 'Inget fel pågår.',
    since: 'sedan',
    taken: 'taget av',
    kept: 'larmas inte',
    paused: 'Vilar',
    allChecks: 'alla kontroller',
    until: 'till',
    unsettled: 'Mejl att reda ut (npx serviceavtal mails)',
    versions: 'Versioner som avviker från avtalet',
    version: (found: string, declared: string | undefined) =>
      declared === undefined ? `${found}; avtalet säger ingen` : `${found}; avtalet säger ${declared}`,
    foundBy: 'enligt',
    signals: 'Signaler',
    rejected: 'Avvisade signaler',
    more: (count: number) => `… och ${count} till`,
    states: {
      ok: 'bra',
      warning: 'varning',
      down: 'nere',
      unknown: 'okänt',
      pending: 'ännu inte kontrollerade',
      awaited: 'väntar på sin första rapport',
      notSetUp: 'inte uppsatta',
      notPossible: 'går inte att köra hos kunden',
    } as Record<string, string>,
    severities: {
      down: 'nere',
      warning: 'varning',
      unknown: 'går inte att kontrollera',
      silent: 'platsen är tyst',
    },
    reasons: {
      parent: 'beror på',
      pause: 'paus',
      maintenance: 'servicefönster',
      upgrade: 'uppgradering',
      grace: 'nyss startad',
      site: 'platsen är tyst:',
      recheck: 'väntar på en ny kontroll',
    } as Record<string, string>,
  },
  en: {
    title: 'Monitoring of',
    waiting: 'Monitoring begins when the agreement does.',
    checks: 'Checks',
    none: 'No checks are agreed on.',
    incidents: 'Open incidents',
    well: 'No incident is open.',
    since: 'since',
    taken: 'taken by',
    kept: 'not alerted',
    paused: 'Resting',
    allChecks: 'all checks',
    until: 'until',
    unsettled: 'Mails to settle (npx serviceavtal mails)',
    versions: 'Versions that differ from the contract',
    version: (found: string, declared: string | undefined) =>
      declared === undefined ? `${found}; the contract says none` : `${found}; the contract says ${declared}`,
    foundBy: 'by',
    signals: 'Signals',
    rejected: 'Rejected signals',
    more: (count: number) => `… and ${count} more`,
    states: {
      ok: 'well',
      warning: 'warning',
      down: 'down',
      unknown: 'unknown',
      pending: 'not checked yet',
      awaited: 'waiting for a first report',
      notSetUp: 'not set up',
      notPossible: "cannot be run at the customer's",
    } as Record<string, string>,
    severities: {
      down: 'down',
      warning: 'warning',
      unknown: 'cannot be checked',
      silent: 'the site is silent',
    },
    reasons: {
      parent: 'depends on',
      pause: 'pause',
      maintenance: 'maintenance window',
      upgrade: 'upgrade',
      grace: 'just started',
      site: 'the site is silent:',
      recheck: 'waits for a fresh check',
    } as Record<string, string>,
  },
} as const;

/** Temporal refuses details of more than 20,000 bytes. */
const mostBytes = 19_500;

/** Why an incident is not told, in words: `parent:web-shop` → `beror på web-shop`. */
export function suppressedBecause(code: string, language: Language): string {
  const [kind = '', about = ''] = code.split(':', 2);
  // The time since which a fresh check is waited for is left out: nobody can use it.
  return [words[language].reasons[kind] ?? kind, kind === 'recheck' ? '' : about].filter(Boolean).join(' ');
}

/** The id that messages take, beside a name that is another. */
const besideName = (monitor: string, name: string): string =>
  name === monitor ? '' : ` (${plainMarkdown(monitor, 60)})`;

const calledBeside = (monitor: string, name = monitor): string =>
  `${plainMarkdown(name, 80)}${besideName(monitor, name)}`;

function incidentLine(incident: PageIncident, language: Language): string {
  const say = words[language];
  const { id, monitor, name = monitor, severity, since, takenBy, suppressed } = incident;
  const rest = [
    ...(takenBy === undefined ? [] : [`${say.taken} ${plainMarkdown(takenBy, 60)}`]),
    ...(suppressed === undefined
      ? []
      : [`${say.kept}: ${plainMarkdown(suppressedBecause(suppressed, language), 80)}`]),
  ];
  return [
    `- ${id}. **${capitalize(say.severities[severity])}: ${plainMarkdown(name, 80)}**${besideName(monitor, name)} ${say.since} ${plainMarkdown(since, 20)}`,
    ...rest,
  ].join(' · ');
}

function versionLines({ versions = [] }: MonitoringPage, language: Language): string[] {
  const say = words[language];
  const lines = versions.map(
    ({ subject, declared, found, monitor, since }) =>
      `- **${plainMarkdown(subject, 60)}**: ${plainMarkdown(say.version(found, declared), 150)} (${say.foundBy} ${plainMarkdown(monitor, 60)}, ${say.since} ${plainMarkdown(since, 20)})`,
  );
  return lines.length === 0 ? [] : ['', `### ${say.versions}`, ...lines];
}

/**
 * The page as markdown below 20,000 bytes.
 *
 * @param page nothing while the agreement has not begun
 * @param messages what can be sent now, each with an example
 */
export function monitoringDetails(
  agreement: string,
  page: MonitoringPage | undefined,
  messages: readonly { name: string; example: Record<string, unknown> }[],
  rejected: readonly RejectedMessage[],
  language: Language,
): string {
  const say = words[language];
  const counts = Object.entries(page?.checks ?? {}).filter(([, count]) => count > 0);
  const left = (page?.open ?? 0) - (page?.incidents.length ?? 0);
  const lines = [
    `## ${say.title} ${plainMarkdown(agreement, 60)}`,
    '',
    ...(page === undefined
      ? [say.waiting]
      : [
          `### ${say.incidents}`,
          ...(page.incidents.length === 0
            ? [say.well]
            : page.incidents.map((one) => incidentLine(one, language))),
          ...(left > 0 ? [say.more(left)] : []),
          '',
          `### ${say.checks}`,
          counts.length === 0
            ? say.none
            : counts.map(([state, count]) => `${count} ${say.states[state] ?? state}`).join(' · '),
          ...versionLines(page, language),
          ...(page.pauses.length === 0
            ? []
            : [
                '',
                `### ${say.paused}`,
                ...page.pauses.map(
                  ({ monitor, name, until, reason }) =>
                    `- ${monitor === 'all' ? say.allChecks : calledBeside(monitor, name)} ${say.until} ${plainMarkdown(until, 20)}${reason === undefined ? '' : `: ${plainMarkdown(reason, 100)}`}`,
                ),
              ]),
          ...(page.unsettled.length === 0
            ? []
            : [
                '',
                `### ${say.unsettled}`,
                ...page.unsettled.map(({ key, state }) => `- ${plainMarkdown(key, 100)}: ${state}`),
              ]),
          '',
          `### ${say.signals}`,
          ...messages.map(messageBlock),
        ]),
    ...(rejected.length === 0
      ? []
      : [
          '',
          `### ${say.rejected}`,
          ...rejected.map(
            ({ signal, reason }) => `- ${plainMarkdown(signal, 80)}: ${plainMarkdown(reason, 300)}`,
          ),
        ]),
  ];
  const text = lines.join('\n');
  return byteLength(text) <= mostBytes ? text : cutBytes(text, mostBytes);
}
