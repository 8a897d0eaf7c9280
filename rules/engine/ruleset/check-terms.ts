import type { HourBankTerms, MeetingTerms, StartTerms, SupportTerms, UpgradeTerms } from './terms';
import { didYouMean } from '../basics/did-you-mean';
import { expectedFound, joined } from '../basics/text';
import type { Text } from '../basics/text';
import { checkKeepClear } from './check-keep-clear';
import { failureWays, knownPhases } from './phases';
import type { TermConflict } from './term-conflict';

/**
 * Finds terms of one topic that contradict each other, though each is valid by itself. Absent terms, as in a rule that
 * overrides only some, contradict nothing.
 */
export function checkTerms(topic: string, terms: unknown): TermConflict[] {
  switch (topic) {
    case 'meetings':
      return checkMeetings(terms as Partial<MeetingTerms>);
    case 'upgrade':
      return checkUpgrade(terms as Partial<UpgradeTerms>);
    case 'hourBank': {
      const { alertPercents = [], packages = [], overage } = terms as Partial<HourBankTerms>;
      const { remindWorkingDays, decideWorkingDays } = overage?.ask ?? {};
      const remind = ['overage', 'ask', 'remindWorkingDays'];
      return [
        ...ascending('alertPercents', alertPercents, (percent) => percent),
        ...ascending('packages', packages, ({ hours }) => hours),
        ...notMore(remind, remindWorkingDays, 'decideWorkingDays', decideWorkingDays),
      ];
    }
    case 'support':
      return checkSupport(terms as Partial<SupportTerms>);
    case 'start':
      return checkSteps(terms as Partial<StartTerms>);
    default:
      return [];
  }
}

function checkMeetings(terms: Partial<MeetingTerms>): TermConflict[] {
  const { reminders = [], escalation = [], bookingEscalation = [] } = terms;
  const { inviteDaysBefore, spread, months, perYear } = terms;
  return [
    ...notMore(['inviteDaysBefore'], inviteDaysBefore, 'callDaysBefore', terms.callDaysBefore),
    ...notMore(['agendaDaysBefore'], terms.agendaDaysBefore, 'inviteDaysBefore', inviteDaysBefore),
    ...reminders.flatMap(({ daysBefore }, index) =>
      notMore(['reminders', String(index), 'daysBefore'], daysBefore, 'inviteDaysBefore', inviteDaysBefore),
    ),
    ...ascending('reminders', reminders, ({ daysBefore }) => -daysBefore, true),
    ...ascending('escalation', escalation, ({ openDaysAfter }) => openDaysAfter, true),
    ...ascending('bookingEscalation', bookingEscalation, ({ openDaysAfter }) => openDaysAfter, true),
    ...ascending('months', months ?? [], (month) => month),
    ...(spread === 'months' && perYear !== undefined && months?.length !== perYear
      ? [
          {
            path: ['months'],
            message: expectedFound(
              { sv: `${perYear} månader (perYear)`, en: `${perYear} months (perYear)` },
              String(months?.length ?? 0),
            ),
          },
        ]
      : []),
  ];
}

function checkUpgrade({
  window,
  reminders = [],
  escalation = [],
  phases,
  keepClear,
}: Partial<UpgradeTerms>): TermConflict[] {
  const ofPhases = Object.entries(phases ?? {}).flatMap(
    ([id, { openDays, minimumOpenDays, reminders: own = [], escalation: ownEscalation = [] }]) => [
      ...notMore(['phases', id, 'minimumOpenDays'], minimumOpenDays, 'openDays', openDays),
      ...inside(['phases', id], checkSteps({ reminders: own, escalation: ownEscalation })),
    ],
  );
  return [
    ...notMore(['window', 'fromMonth'], window?.fromMonth, 'toMonth', window?.toMonth),
    ...ofPhases,
    ...ascending('reminders', reminders, ({ openDaysBefore }) => -openDaysBefore, true),
    ...ascending('escalation', escalation, ({ openDaysAfter }) => openDaysAfter, true),
    ...checkKeepClear(keepClear),
  ];
}

/** Conflicts of terms that lie deeper in their topic. */
const inside = (at: string[], conflicts: TermConflict[]): TermConflict[] =>
  conflicts.map(({ path, message }) => ({ path: [...at, ...path], message }));

/**
 * Finds phases of a whole upgrade that cannot be carried out: one whose place nobody gave, two in the same place, one that
 * goes back to a phase that is none or comes later, none at all.
 */
export function checkPhases({ phases, environment }: UpgradeTerms): TermConflict[] {
  const kept = Object.entries(phases).filter(([, { omitted }]) => omitted !== true);
  const orderOf = (id: string): number | undefined => phases[id]?.order ?? knownPhases[id]?.order;
  const before = (id: string): string[] =>
    kept.map(([other]) => other).filter((other) => (orderOf(other) ?? 0) < (orderOf(id) ?? 0));
  const conflict = (path: string[], expected: Text, found: string | Text): TermConflict => ({
    path: ['phases', ...path],
    message: expectedFound(expected, found),
  });
  if (kept.length === 0) return [conflict([], { sv: 'minst en fas', en: 'at least one phase' }, none)];
  const goesLive = kept.some(
    ([id, phase]) =>
      (phase.kind ?? knownPhases[id]?.kind) === 'production' && phase.environment !== 'production',
  );
  if (environment === 'copy' && !goesLive)
    return [
      conflict(
        [],
        {
          sv: 'en fas av slaget production, i vilken kopian tas i drift (environment är copy)',
          en: 'a phase of the kind production, in which the copy goes live (environment is copy)',
        },
        none,
      ),
    ];
  const samePlace = (id: string, twin: string): TermConflict =>
    conflict(
      [id, 'order'],
      { sv: 'en plats som ingen annan fas har', en: 'a place that no other phase has' },
      { sv: `${orderOf(id)}, som "${twin}" har`, en: `${orderOf(id)}, which "${twin}" has` },
    );
  return kept.flatMap(([id, { onFailure }]): TermConflict[] => {
    const order = orderOf(id);
    if (order === undefined) {
      const { path, message } = conflict(
        [id, 'order'],
        { sv: 'fasens plats, ett heltal', en: 'the place of the phase, a whole number' },
        none,
      );
      const others = kept.map(([other]) => other).filter((other) => orderOf(other) !== undefined);
      return [{ path, message: joined(message, didYouMean(id, others)) }];
    }
    const twin = kept.find(([other]) => other < id && orderOf(other) === order)?.[0];
    const isWay = onFailure === undefined || failureWays.some((way) => way === onFailure);
    return [
      ...(twin === undefined ? [] : [{ ...samePlace(id, twin), orElse: [samePlace(twin, id)] }]),
      ...(isWay || before(id).includes(onFailure) ? [] : [noWayBack(id, onFailure, before(id), conflict)]),
    ];
  });
}

/** A phase that goes back to one that is none, is left out or does not come before it. */
function noWayBack(
  id: string,
  to: string,
  before: readonly string[],
  conflict: (path: string[], expected: Text, found: string | Text) => TermConflict,
): TermConflict {
  const ways = [...failureWays, ...before];
  const needed = {
    sv: `en fas före "${id}", som går tillbaka till den`,
    en: `a phase before "${id}", which goes back to it`,
  };
  return {
    ...conflict(
      [id, 'onFailure'],
      { sv: `ett av ${ways.join(', ')}`, en: `one of ${ways.join(', ')}` },
      `"${to}"`,
    ),
    orElse: [
      conflict([to, 'order'], needed, { sv: 'en senare', en: 'a later one' }),
      conflict([to, 'omitted'], needed, 'true'),
    ],
  };
}

const none: Text = { sv: 'ingen', en: 'none' };

function checkSupport({ opens, closes, hours = [] }: Partial<SupportTerms>): TermConflict[] {
  return [
    ...(opens !== undefined && closes !== undefined && opens >= closes
      ? [closesTooEarly(opens, closes)]
      : []),
    ...hours.flatMap(({ from, to }, index) =>
      from === to ? [{ path: ['hours', String(index), 'to'], message: noLength(from) }] : [],
    ),
  ];
}

/** The working day does not go over midnight: two rules that each give one end would turn it around unnoticed. */
function closesTooEarly(opens: string, closes: string): TermConflict {
  const later = { sv: `ett klockslag efter opens (${opens})`, en: `a time after opens (${opens})` };
  const { sv, en } = expectedFound(later, closes);
  const message = {
    sv: `${sv}; supporttid över midnatt skrivs i hours`,
    en: `${en}; support hours over midnight are written in hours`,
  };
  return { path: ['closes'], message };
}

/** Nobody can tell whether hours that end when they begin are none or all of a day. */
function noLength(time: string): Text {
  const other = {
    sv: `ett annat klockslag än from (hela dygnet är 00:00 till 24:00)`,
    en: `another time than from (the whole day is 00:00 to 24:00)`,
  };
  return expectedFound(other, time);
}

function checkSteps({
  reminders = [],
  escalation = [],
}: Partial<Pick<UpgradeTerms, 'reminders' | 'escalation'>>): TermConflict[] {
  return [
    ...ascending('reminders', reminders, ({ openDaysBefore }) => -openDaysBefore, true),
    ...ascending('escalation', escalation, ({ openDaysAfter }) => openDaysAfter, true),
  ];
}

function notMore(
  path: string[],
  value: number | undefined,
  limitName: string,
  limit: number | undefined,
): TermConflict[] {
  if (value === undefined || limit === undefined || value <= limit) return [];
  const most = { sv: `högst ${limitName} (${limit})`, en: `at most ${limitName} (${limit})` };
  return [{ path, message: expectedFound(most, String(value)) }];
}

/** @param mayRepeat two items of the same rank may follow each other */
function ascending<T>(
  list: string,
  items: readonly T[],
  rank: (item: T) => number,
  mayRepeat = false,
): TermConflict[] {
  return items.flatMap((item, index) => {
    const before = items[index - 1];
    if (before === undefined || rank(before) < rank(item) || (mayRepeat && rank(before) === rank(item)))
      return [];
    const order = mayRepeat
      ? { sv: 'listan i tidsordning', en: 'the list in order of time' }
      : {
          sv: 'listan i stigande ordning, var och en en gång',
          en: 'the list in ascending order, each one once',
        };
    const [found, after] = [JSON.stringify(item), JSON.stringify(before)];
    const message = expectedFound(order, { sv: `${found} efter ${after}`, en: `${found} after ${after}` });
    return [{ path: [list, String(index)], message }];
  });
}
