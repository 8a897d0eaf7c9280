/** What the parts of an upgrade are called on its worksheet, and how each stands. */
import type { Worksheet, WorksheetPart } from '../../../activities/pages/worksheet';
import { localDateOf } from '../../../rules/engine/calendar/calendar';
import { isLocalDate } from '../../../rules/engine/basics/is-local-date';
import { shortId } from '../../../rules/engine/basics/short-id';
import type { Language, Text } from '../../../rules/engine/basics/text';
import { monitorsIn } from '../../../rules/engine/upgrade/monitored';
import type { WorksheetLine } from '../../../templates/pages/render-page';
import type { PictureShown } from '../../../templates/pages/test-page';
import { worksheetSays as says } from '../../../templates/pages/worksheet-words';
import { fill } from '../../../templates/pages/wording';
import { formatMoment, formatShortDate } from '../../../templates/words/dates';
import { capitalize, label } from '../../../templates/words/labels';
import type { Visit } from './page';

/** Whether a part passes or fails; of the others a value is asked. */
export const passes = ({ kind }: Pick<WorksheetPart, 'kind'>): boolean =>
  /^(check|system|integration|module)$/.test(kind);

/** What a part is called. */
export function nameOfPart(part: WorksheetPart, sheet: Worksheet, language: Language): string {
  const { kind, id, words } = part;
  if (words) return words[language];
  if (kind === 'system') return label('system', id, language);
  const integration = integrationOf(part, sheet)?.name;
  if (kind === 'support') return `${capitalize(label('part', kind, language))}: ${integration ?? id}`;
  if (kind !== 'integration' && kind !== 'module') return capitalize(label('part', kind, language));
  const name = integration ?? label('module', id, language);
  return kind === 'module' ? fill(says.tests[language], { name }) : name;
}

/** What a phase is called, by its obligation's id. */
export const nameOfPhase = (id: string, language: Language): string =>
  capitalize(label('phase', shortId(id), language));

/** A person by the id that a message carried; any other word stays as it is. */
export const nameOf = (id: string, { people, testers }: Pick<Worksheet, 'people' | 'testers'>): string =>
  people[id] ?? testers[id] ?? id;

/** The integration that a part is about, where it is one. */
const integrationOf = ({ id }: WorksheetPart, { contract }: Worksheet) =>
  contract.integrations.find((one) => one.id === id.replace(/^support-/, ''));

/** Checks of the monitoring, as they are called. */
export const calledChecks = (ids: readonly string[], { checks }: Pick<Worksheet, 'checks'>): string =>
  ids.map((id) => checks[id] ?? id).join(', ');

/** Who at the partner has said it. */
const partnerName = (part: WorksheetPart, sheet: Worksheet): string =>
  integrationOf(part, sheet)?.contact?.name ?? 'partner';

/** The versions of a part, before and now: `17.0 → 18.0.2`. */
export function versionsOf(
  { from, target, needed, result }: WorksheetPart,
  language: Language,
): string | undefined {
  const to = result?.version ?? target ?? needed?.[language];
  if (from === undefined || from === to) return to;
  return to === undefined ? from : `${from} → ${to}`;
}

/** A part as a row of the table. */
export function lineOfPart(part: WorksheetPart, sheet: Worksheet, language: Language): WorksheetLine {
  const { result } = part;
  const { ok, waived, on, time, contact, by, at, note } = result ?? {};
  const who = contact ?? by;
  const monitors = monitorsIn(by);
  const versions = versionsOf(part, language);
  const told = [
    ...(who === undefined
      ? []
      : [
          monitors
            ? fill(says.monitoring[language], { checks: calledChecks(monitors, sheet) })
            : who === 'partner'
              ? partnerName(part, sheet)
              : nameOf(who, sheet),
        ]),
    ...(at === undefined
      ? []
      : [monitors ? formatMoment(at, language) : formatShortDate(localDateOf(at), language)]),
  ];
  return {
    name: nameOfPart(part, sheet, language),
    ...(versions !== undefined && { versions }),
    ...(on !== undefined && { value: isLocalDate(on) ? formatShortDate(on, language) : on }),
    ...(time !== undefined && { value: formatMoment(time, language) }),
    ...(told.length > 0 && { who: told.join(', ') }),
    ...(note !== undefined && { note }),
    ...(part.unmonitored !== undefined && { note: part.unmonitored }),
    ...(waived
      ? {
          accepted: fill(says.accepted[language], { by: nameOf(waived.by, sheet), reason: waived.reason }),
        }
      : ok === undefined
        ? { open: says.notYet[language] }
        : ok
          ? { passed: passedWord(part)[language] }
          : {
              failed: (part.kind === 'support' ? says.no : result?.retest ? says.retest : says.failed)[
                language
              ],
            }),
  };
}

const passedWord = ({ kind, result }: WorksheetPart): Text => {
  if (result?.notApplicable) return says.notApplicable;
  return passes({ kind }) ? says.passed : kind === 'support' ? says.yes : says.isReported;
};

/** The pictures that testers sent with a part, oldest first. */
export function picturesOf(
  { thread = [] }: WorksheetPart,
  { subject, token, language }: Pick<Visit<Worksheet>, 'subject' | 'token' | 'language'>,
): { pictures?: PictureShown[] } {
  const shown = thread.flatMap(({ by, pictures }) => pictures.map((hash) => ({ by, hash })));
  const pictures = shown.map(({ by, hash }, index) => ({
    url: `${token}/pictures/${hash}`,
    text: fill(says.picture[language], { number: `${index + 1}`, who: nameOf(by, subject) }),
  }));
  return pictures.length > 0 ? { pictures } : {};
}
