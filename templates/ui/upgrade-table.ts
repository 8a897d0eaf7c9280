/** The upgrade of an agreement as a table on its page: phase, part, versions, result, who and when. */
import type { Language, Text } from '../../rules/engine/basics/text';
import { shortId } from '../../rules/engine/basics/short-id';
import { capitalize, label } from '../words/labels';
import type { CheckedPart, Overview } from './overview';
import { plainMarkdown } from './text';

const words = {
  sv: {
    heading: 'Uppgraderingen, del för del',
    columns: ['Fas', 'Del', 'Från', 'Till', 'Resultat', 'Vem', 'När'],
    passed: 'godkänd ✓',
    failed: '**underkänd**',
    yes: 'ja ✓',
    no: '**nej**',
    unchecked: 'inte rapporterad än',
    accepted: (by: string, reason: string) => `godtagen av ${by}: ${reason}`,
    postponed: 'uppskjuten av kunden',
    rolledBack: 'återställd och planerad på nytt',
    declined: 'avböjd av kunden',
    noRelease: 'utgår: ingen nyare version',
    from: (day: string) => `från ${day}`,
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
    accepted: (by: string, reason: string) => `accepted by ${by}: ${reason}`,
    postponed: 'postponed by the customer',
    rolledBack: 'rolled back and planned anew',
    declined: 'declined by the customer',
    noRelease: 'falls away: no newer version',
    from: (day: string) => `from ${day}`,
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
 */
export function partTable(
  { checks, upgrades = [] }: Overview,
  language: Language,
  limit: number,
  more: (count: number) => string,
): string[] {
  const say = words[language];
  const stands = upgrades.map((one) => `**${cell(standing(one, language), 300)}**`);
  if (checks.length === 0) return stands.length > 0 ? [`### ${say.heading}`, ...stands, ''] : [];
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const left = checks.length - limit;
  return [
    `### ${say.heading}`,
    ...stands.flatMap((line) => [line, '']),
    row(say.columns),
    row(say.columns.map(() => '---')),
    ...checks.slice(0, limit).map((part) => row(cellsOf(part, language))),
    '',
    ...(left > 0 ? [more(left), ''] : []),
  ];
}

/** How an upgrade stands, why, from when it goes on, and in which attempt. */
export function standing(
  { state, attempt, from, reason }: NonNullable<Overview['upgrades']>[number],
  language: Language,
): string {
  const say = words[language];
  const parts = [
    ...(state ? [say[state]] : []),
    ...(from === undefined ? [] : [say.from(from)]),
    ...(attempt === undefined ? [] : [say.attempt(attempt)]),
  ];
  return `${capitalize(parts.join(', '))}${reason === undefined ? '' : `: ${reason}`}`;
}

/** Text that cannot end its cell. */
const cell = (text: string, longest: number): string => plainMarkdown(text, longest).replaceAll('|', '/');

/** Parts that there is one of in a phase, and that have no id of their own. */
const isSingle = ({ kind }: CheckedPart): boolean => /^(date|session|decision)$/.test(kind);

function cellsOf(part: CheckedPart, language: Language): string[] {
  const { phase, kind, id, from = '', version = '', by = '', contact, on = '' } = part;
  const name = nameOf(part, language);
  const beside = kind === 'check' ? ` (${id})` : isSingle(part) ? '' : besideName(id, name);
  return [
    phase === undefined ? '' : cell(label('phase', shortId(phase), language), 60),
    `${cell(name, 80)}${beside}`,
    cell(from, 40),
    cell(version, 40),
    resultOf(part, language),
    cell(contact ?? by, 60),
    on,
  ];
}

function nameOf(part: CheckedPart, language: Language): string {
  const { kind, id, name, day } = part;
  const spoken = (text: string | Text): string => (typeof text === 'string' ? text : text[language]);
  if (isSingle(part)) return [label('part', kind, language), ...(day === undefined ? [] : [day])].join(' ');
  const called = name === id ? label('module', id, language) : spoken(name);
  return kind === 'support' ? `${label('part', kind, language)}: ${called}` : called;
}

function resultOf({ kind, ok, waived }: CheckedPart, language: Language): string {
  const say = words[language];
  if (waived) return `**${cell(say.accepted(waived.by, waived.reason), 160)}**`;
  if (ok === undefined) return say.unchecked;
  if (kind === 'support') return ok ? say.yes : say.no;
  return ok ? say.passed : say.failed;
}
