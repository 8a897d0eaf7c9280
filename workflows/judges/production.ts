/** What changing the production owes: when it began and ended, who tried it before people were let in, and who decided to go. */
import type { Text } from '../../rules/engine/basics/text';
import { readMoment } from '../../rules/engine/calendar/read-moment';
import { addDays } from '../../rules/engine/calendar/dates';
import { momentIn } from '../../rules/engine/calendar/local-time';
import type { Instant } from '../../rules/engine/contract/contract';
import type { Part, PartKind, ProductionPart } from '../../rules/engine/upgrade/parts';
import { productionParts } from '../../rules/engine/upgrade/parts';
import { kinds, reasons } from '../../templates/ui/reasons';
import { upgradeReasons } from '../../templates/ui/upgrade-reasons';
import type { Fields } from '../messages/fields';
import type { RunningPhase } from '../year/upgrades';
import type { Year } from '../year/year';
import type { CheckState } from '../year/year-state';

/** A field that says when something happened, as an instant. It was read before. */
export function momentField(year: Year, fields: Fields, name: string): Instant | undefined {
  const moment = readMoment(fields.text(name) ?? '');
  if (!moment) return undefined;
  return 'at' in moment ? moment.at : year.instantOf(moment.on, moment.time);
}

/** Days back that something can have happened at most. */
const farthestDays = 366;

/** Why something cannot have happened then: it is to come, or too long ago. */
export function momentProblem(year: Year, field: string, at: Instant): Text | undefined {
  const local = (instant: Instant): string => momentIn(year.calendar, instant);
  const first = `${addDays(year.today().on, -farthestDays)} 00:00`;
  return at > year.now() || local(at) < first
    ? upgradeReasons.timeBetween(field, first, local(year.now()), local(at))
    : undefined;
}

/** What is said of parts of the production, by their names. */
type Said = Partial<Record<ProductionPart, Pick<CheckState, 'contact' | 'time'> & { ok?: boolean }>>;

/**
 * What a message that completes a phase says of when it began and ended, who tried it and who decided to go, or why that
 * cannot be taken.
 * @param said what each result holds beside
 */
export function readProduction(
  year: Year,
  parts: readonly Part[],
  fields: Fields,
  said: CheckState,
): { results: Record<string, CheckState> } | { rejected: Text } {
  const has = (kind: ProductionPart): boolean => parts.some((part) => part.kind === kind);
  const [goAt, ended] = [momentField(year, fields, 'goAt'), momentField(year, fields, 'ended')];
  if (goAt !== undefined && has('go') && fields.text('go') === undefined)
    return { rejected: reasons.missing('go', kinds.text) };
  const given: Said = {};
  for (const name of productionParts) {
    const value = fields.text(name);
    if (value === undefined) continue;
    if (!has(name)) return { rejected: upgradeReasons.notAsked(name) };
    if (name === 'smokeTested') given[name] = { contact: value };
    // Decided when people were let in, at the latest.
    else if (name === 'go')
      given[name] = { contact: value, time: goAt ?? reportedTime(year, parts, 'go') ?? ended ?? year.now() };
    else given[name] = { time: momentField(year, fields, name) ?? year.now() };
  }
  return productionResults(year, parts, given, said);
}

/**
 * Results of parts of the production, or why they cannot be taken: somebody who may not, a time to come, or times in another
 * order than things happen.
 */
export function productionResults(
  year: Year,
  parts: readonly Part[],
  given: Said,
  said: CheckState,
): { results: Record<string, CheckState> } | { rejected: Text } {
  const results: Record<string, CheckState> = {};
  for (const name of productionParts) {
    const [part, one] = [parts.find(({ kind }) => kind === name), given[name]];
    if (!part || !one) continue;
    const wrong =
      (one.contact === undefined ? undefined : personProblem(year, name, one.contact)) ??
      (one.time === undefined ? undefined : momentProblem(year, name === 'go' ? 'goAt' : name, one.time));
    if (wrong) return { rejected: wrong };
    results[part.key] = { ...said, ...one };
  }
  const timeOf = (kind: ProductionPart): Instant | undefined => {
    const key = parts.find((part) => part.kind === kind)?.key ?? '';
    return (results[key] ?? year.state.checks[key])?.time;
  };
  const [began, decided, ended] = [timeOf('began'), timeOf('go'), timeOf('ended')];
  const local = (at: Instant): string => momentIn(year.calendar, at);
  const late = (field: string, at?: Instant, before?: Instant, isSame = false): Text | undefined =>
    at !== undefined && before !== undefined && (at < before || (!isSame && at === before))
      ? upgradeReasons.notAfter(field, local(before), local(at))
      : undefined;
  const odd =
    Object.keys(results).length === 0
      ? undefined
      : (late('ended', ended, began) ??
        late('goAt', decided, began, true) ??
        (late('ended', ended, decided, true) && upgradeReasons.goBeforeUsers(local(ended ?? ''))));
  return odd ? { rejected: odd } : { results };
}

/** When a part of the production was, as it is reported; nothing while it is not. */
function reportedTime(year: Year, parts: readonly Part[], kind: PartKind): Instant | undefined {
  const { ok, time } = year.state.checks[parts.find((part) => part.kind === kind)?.key ?? ''] ?? {};
  return ok === true ? time : undefined;
}

/** When the system was taken down, as a message says it; nothing where that was reported before: it was asked about then. */
export function newBegin(
  year: Year,
  parts: readonly Part[],
  results: Readonly<Record<string, CheckState>>,
): Instant | undefined {
  const began = results[parts.find(({ kind }) => kind === 'began')?.key ?? '']?.time;
  return began === reportedTime(year, parts, 'began') ? undefined : began;
}

/**
 * Why it is asked about that a time takes the place of one that was reported of an open phase: nothing reported is replaced unseen.
 * Plans made before take any.
 */
export function replacedTime(
  year: Year,
  { id, parts }: Pick<RunningPhase, 'id' | 'parts'>,
  results: Readonly<Record<string, CheckState>>,
  fields: Fields,
): Text | undefined {
  const isSaid = year.plan.upgrade?.reopens !== true || fields.flag('confirmed') === true;
  if (isSaid || year.isClosed(id)) return undefined;
  const local = (at: Instant): string => momentIn(year.calendar, at);
  for (const [kind, field] of [
    ['began', 'began'],
    ['go', 'goAt'],
    ['ended', 'ended'],
  ] as const) {
    const before = reportedTime(year, parts, kind);
    const now = results[parts.find((part) => part.kind === kind)?.key ?? '']?.time;
    if (before !== undefined && now !== undefined && local(before) !== local(now))
      return upgradeReasons.isRight([upgradeReasons.replacesTime(field, local(before), local(now))]);
  }
  return undefined;
}

/** Why somebody cannot have tried it or decided: a key user is a contact of the customer, who decides one of them or of us. */
function personProblem(year: Year, name: ProductionPart, person: string): Text | undefined {
  const { contacts, consultant } = year.plan.ids;
  const may = name === 'go' ? [...contacts, 'consultant', 'manager'] : contacts;
  const isKnown = may.includes(person) || (name === 'go' && person === consultant);
  return isKnown ? undefined : reasons.oneOf(name, may, person);
}

/** What one message says of one part of the production, or why it cannot be taken. */
export function readProductionPart(
  year: Year,
  { parts }: RunningPhase,
  kind: ProductionPart,
  fields: Fields,
): { result: CheckState } | { rejected: Text } {
  const [contact, by, ok] = [fields.text('contact'), fields.text('by'), fields.flag('ok') ?? true];
  if (!ok && kind !== 'smokeTested') return { rejected: upgradeReasons.noGo };
  const isPersonal = kind === 'smokeTested' || kind === 'go';
  if (isPersonal && contact === undefined) return { rejected: reasons.missing('contact', kinds.text) };
  const time = momentField(year, fields, 'at') ?? year.now();
  const one = {
    ...(isPersonal && contact !== undefined && { contact }),
    ...(kind !== 'smokeTested' && { time }),
  };
  const said = { ok, at: year.now(), ...(by !== undefined && { by }) };
  const read = productionResults(year, parts, { [kind]: one }, said);
  if ('rejected' in read) return read;
  return { result: Object.values(read.results)[0] ?? said };
}
