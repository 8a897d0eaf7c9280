/** The upgrade of an agreement as a table on its page: phase, part, versions, result, who and when. */
import type { Language, Text } from '../../rules/engine/basics/text';
import { grouped } from '../../rules/engine/basics/grouped';
import type { FrozenLine } from '../../rules/engine/upgrade/freeze';
import { isSinglePart } from '../../rules/engine/upgrade/parts';
import { shortId } from '../../rules/engine/basics/short-id';
import { capitalize, label } from '../words/labels';
import type { CheckedPart, Overview } from './overview';
import { plainMarkdown } from './text';
import { hostSilent, phaseAndDays, waitsFor } from './upgrade-standing';

const words = {
  sv: {
    heading: 'Uppgraderingen, del för del',
    columns: ['Fas', 'Del', 'Från', 'Till', 'Resultat', 'Vem', 'När'],
    passed: 'godkänd ✓',
    failed: '**underkänd**',
    yes: 'ja ✓',
    no: '**nej**',
    unchecked: 'inte rapporterad än',
    bookedFor: (when: string) => `bokad ${when}`,
    notBooked: 'ingen tid bokad',
    checks: (names: string) => `övervakningen: ${names}`,
    asked: (names: string, at: string) => `kontrolleras av övervakningen sedan ${at}: ${names}`,
    accepted: (by: string, reason: string) => `godtagen av ${by}: ${reason}`,
    postponed: 'uppskjuten av kunden',
    rolledBack: 'återställd och planerad på nytt',
    restored: 'systemet och versionerna återställda efter driftsättningen, och planerad på nytt',
    lostSince: (time: string) => `det som gjorts sedan ${time} är förlorat`,
    freeze: 'Ändringsstopp: stoppas i den här ordningen, startas i omvänd',
    noChanges: 'Ändringsstopp för inställningar, rapporter och integrationer tills uppgraderingen är godkänd',
    declined: 'avböjd av kunden',
    noRelease: 'utgår: ingen nyare version',
    from: (day: string) => `från ${day}`,
    window: (from: string, to: string) => `systemet stängs ${from}–${to}`,
    shared: (others: string) => `installationen delas med ${others} och uppgraderas en gång`,
    waits: (version: string, since: string) =>
      `${version} är indragen sedan ${since}: uppgraderingen väntar på en annan version`,
    attempt: (number: number) => `försök ${number}`,
  },
  en: {
    heading: 'The upgrade, part by part',
    columns: ['Phase', 'Part', 'From', 'To', 'Result', 'Who', 'When'],
    passed: 'passed ✓',
    failed: '**failed**',
    yes: 'yes ✓',
    no: '**no**',
    unchecked: 'not reported yet',
    bookedFor: (when: string) => `booked for ${when}`,
    notBooked: 'no time booked',
    checks: (names: string) => `monitoring: ${names}`,
    asked: (names: string, at: string) => `being checked by the monitoring since ${at}: ${names}`,
    accepted: (by: string, reason: string) => `accepted by ${by}: ${reason}`,
    postponed: 'postponed by the customer',
    rolledBack: 'rolled back and planned anew',
    restored: 'the system and the versions restored after it was live, and planned anew',
    lostSince: (time: string) => `what was done since ${time} is lost`,
    freeze: 'The freeze: stopped in this order, started in the reverse one',
    noChanges: 'No changes of settings, reports and integrations until the upgrade is approved',
    declined: 'declined by the customer',
    noRelease: 'falls away: no newer version',
    from: (day: string) => `from ${day}`,
    window: (from: string, to: string) => `the system goes down ${from}–${to}`,
    shared: (others: string) => `the installation is shared with ${others} and upgraded once`,
    waits: (version: string, since: string) =>
      `${version} is withdrawn since ${since}: the upgrade waits for another release`,
    attempt: (number: number) => `attempt ${number}`,
  },
} as const;

/** The id that messages take, beside a name that is another. */
export const besideName = (id: string, name = id): string =>
  name === id ? '' : ` (${plainMarkdown(id, 60)})`;

/**
 * The table, below its heading; nothing while there is nothing to check.
 * @param limit most rows
 * @param more says how many rows were left out
 * @param local an instant as people there say it
 */
export function partTable(
  {
    checks,
    upgrades = [],
    upgradePhases = [],
    upgradeWindow,
    waitsForRelease = [],
    noConsent,
    noChanges,
    freeze = [],
    phaseNames,
  }: Overview,
  language: Language,
  limit: number,
  more: (count: number) => string,
  local: (instant: string) => string,
): string[] {
  const say = words[language];
  const stands = [
    ...upgrades.map((one) => `**${cell(standing(one, language, local), 300)}**`),
    ...upgradePhases.map(({ phase, since, today, owner, dueOn }) =>
      capitalize(
        `${phaseAndDays(phaseNames?.[phase] ?? phase, since, today, language)}: ${waitsFor(owner, dueOn, language)}`,
      ),
    ),
  ];
  if (upgradeWindow) stands.push(...shownWindow(upgradeWindow, language, local).map(capitalize));
  for (const { system, version, on } of waitsForRelease)
    stands.push(`**${say.waits(`${label('system', system, language)} ${version}`, on)}**`);
  if (noConsent !== undefined) stands.push(`**${cell(hostSilent[language](noConsent), 200)}**`);
  if (noChanges) stands.push(say.noChanges);
  if (checks.length === 0)
    return stands.length > 0 ? [`### ${say.heading}`, ...stands.flatMap((line) => [line, ''])] : [];
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const all = acceptedOnce(checks);
  const left = all.length - limit;
  const rows = mostTelling(all, limit).map((parts) => rowOf(parts, language, local, phaseNames));
  return [
    `### ${say.heading}`,
    ...stands.flatMap((line) => [line, '']),
    row(say.columns),
    row(say.columns.map(() => '---')),
    ...rows.map(row),
    '',
    ...(left > 0 ? [more(left), ''] : []),
    ...(freeze.length > 0 ? [`${say.freeze}:`, '', ...freeze.map(frozen(language)), ''] : []),
  ];
}

/** The page is drawn in a workflow, which knows no time zone but its year's. */
function shownWindow(
  { window, shared }: NonNullable<Overview['upgradeWindow']>,
  language: Language,
  local: (instant: string) => string,
): string[] {
  const say = words[language];
  return [
    ...(window ? [say.window(local(window.from), local(window.to))] : []),
    ...(shared ? [say.shared(shared.map((one) => plainMarkdown(one, 60)).join(', '))] : []),
  ];
}

const frozen =
  (language: Language) =>
  ({ what, by }: FrozenLine, index: number): string =>
    `${index + 1}. ${plainMarkdown(what[language], 120)} (${label('party', by, language)})`;

/** How an upgrade stands, why, from when it goes on, and in which attempt. */
export function standing(
  { state, attempt, from, reason, lostSince }: NonNullable<Overview['upgrades']>[number],
  language: Language,
  local: (instant: string) => string,
): string {
  const say = words[language];
  const parts = [
    ...(state ? [say[state]] : []),
    ...(lostSince === undefined ? [] : [say.lostSince(local(lostSince))]),
    ...(from === undefined ? [] : [say.from(from)]),
    ...(attempt === undefined ? [] : [say.attempt(attempt)]),
  ];
  return `${capitalize(parts.join(', '))}${reason === undefined ? '' : `: ${reason}`}`;
}

/** Text that cannot end its cell. */
const cell = (text: string, longest: number): string => plainMarkdown(text, longest).replaceAll('|', '/');

/** The parts in rows: those that the same person accepted for the same reason on a day are one. */
const acceptedOnce = (checks: readonly CheckedPart[]): CheckedPart[][] => [
  ...grouped(checks, (part) =>
    part.waived ? JSON.stringify([part.waived.by, part.waived.reason, part.on]) : part,
  ).values(),
];

/** So many rows, in their order: what failed, was accepted or decided before what simply passed or is to come. */
function mostTelling(rows: readonly CheckedPart[][], limit: number): CheckedPart[][] {
  const isTelling = (parts: readonly CheckedPart[]): boolean =>
    parts.some(
      ({ ok, waived, kind }) => ok === false || waived !== undefined || /^(decision|go)$/.test(kind),
    );
  const [first, then] = [rows.filter(isTelling), rows.filter((parts) => !isTelling(parts))];
  const kept = new Set([...first, ...then].slice(0, limit));
  return rows.filter((parts) => kept.has(parts));
}

/** A row of one part, or of several that are accepted together: their phases and names. */
function rowOf(
  parts: readonly CheckedPart[],
  language: Language,
  local: (instant: string) => string,
  phaseNames: Overview['phaseNames'],
): string[] {
  const cells = parts.map((part) => cellsOf(part, language, local, phaseNames));
  const [first = []] = cells;
  if (cells.length < 2) return first;
  const [, , , , ...rest] = first;
  const all = (column: 0 | 1): string => [...new Set(cells.map((one) => one[column] ?? ''))].join(', ');
  return [all(0), all(1), '', '', ...rest];
}

function cellsOf(
  part: CheckedPart,
  language: Language,
  local: (instant: string) => string,
  phaseNames: Overview['phaseNames'],
): string[] {
  const { phase, kind, id, from = '', version = '', by = '', contact, on = '', monitored } = part;
  const name = nameOf(part, language, local);
  const beside = kind === 'check' ? ` (${id})` : isSinglePart(kind) ? '' : besideName(id, name);
  return [
    phase === undefined ? '' : cell(label('phase', shortId(phase), language, phaseNames), 60),
    `${cell(name, 80)}${beside}`,
    cell(from, 40),
    cell(version, 40),
    resultOf(part, language, local),
    monitored ? cell(words[language].checks(monitored.checks), 120) : cell(contact ?? by, 60),
    monitored ? local(monitored.at) : on,
  ];
}

function nameOf(part: CheckedPart, language: Language, local: (instant: string) => string): string {
  const { kind, id, name, day, time } = part;
  const at = time === undefined ? [] : [local(time)];
  const spoken = (text: string | Text): string => (typeof text === 'string' ? text : text[language]);
  if (isSinglePart(kind))
    return [label('part', kind, language), ...(day === undefined ? at : [day])].join(' ');
  const called = name === id ? label('module', id, language) : spoken(name);
  return kind === 'support' ? `${label('part', kind, language)}: ${called}` : called;
}

function resultOf(part: CheckedPart, language: Language, local: (instant: string) => string): string {
  const { kind, ok, waived, asked, unmonitored: why, booked } = part;
  const say = words[language];
  if (waived) return `**${cell(say.accepted(label('party', waived.by, language), waived.reason), 160)}**`;
  if (kind === 'support' && ok !== undefined) return ok ? say.yes : say.no;
  const result = ok === undefined ? say.unchecked : ok ? say.passed : say.failed;
  const unknown = typeof why === 'object' ? why[language] : why;
  const session =
    booked &&
    say.bookedFor([local(booked.at), ...(booked.place === undefined ? [] : [booked.place])].join(', '));
  const more = asked
    ? say.asked(asked.checks, local(asked.at))
    : booked === null
      ? say.notBooked
      : (session ?? unknown);
  return more === undefined ? result : `${result} (${cell(more, 160)})`;
}
