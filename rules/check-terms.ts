import type { HourBankTerms, MeetingTerms, StartTerms, SupportTerms, UpgradeTerms } from './terms';

/** A term that contradicts another of its topic. */
export interface TermConflict {
  /** Within the topic's terms. */
  path: string[];
  message: string;
}

/** Phases in the order the agreement text gives them. */
const phaseOrder = ['precheck', 'integrations', 'technical', 'test', 'approval'];

/**
 * What no single value shows: terms of one topic that contradict each other. Terms that are absent, as in a
 * rule that overrides only some of them, contradict nothing.
 */
export function checkTerms(topic: string, terms: unknown): TermConflict[] {
  switch (topic) {
    case 'meetings':
      return checkMeetings(terms as Partial<MeetingTerms>);
    case 'upgrade':
      return ascending('phases', (terms as Partial<UpgradeTerms>).phases ?? [], ({ id }) =>
        phaseOrder.indexOf(id),
      );
    case 'hourBank':
      return ascending(
        'alertPercents',
        (terms as Partial<HourBankTerms>).alertPercents ?? [],
        (percent) => percent,
      );
    case 'support':
      return checkSupport(terms as Partial<SupportTerms>);
    case 'start':
      return checkSteps(terms as Partial<StartTerms>);
    default:
      return [];
  }
}

function checkMeetings(terms: Partial<MeetingTerms>): TermConflict[] {
  return [
    ...notMore('inviteDaysBefore', terms.inviteDaysBefore, 'callDaysBefore', terms.callDaysBefore),
    ...notMore('remindDaysBefore', terms.remindDaysBefore, 'inviteDaysBefore', terms.inviteDaysBefore),
    ...notMore(
      'overdueRemindOpenDaysAfter',
      terms.overdueRemindOpenDaysAfter,
      'escalateOpenDaysAfter',
      terms.escalateOpenDaysAfter,
    ),
  ];
}

function checkSupport({ opens, closes }: Partial<SupportTerms>): TermConflict[] {
  if (opens === undefined || closes === undefined || opens < closes) return [];
  return [{ path: ['closes'], message: `expected a time after opens (${opens}), found ${closes}` }];
}

function checkSteps({ steps = [] }: Partial<StartTerms>): TermConflict[] {
  return steps.flatMap(({ id }, index) =>
    steps.findIndex((step) => step.id === id) === index
      ? []
      : [{ path: ['steps', String(index), 'id'], message: `expected each step once, found "${id}" again` }],
  );
}

function notMore(
  name: string,
  value: number | undefined,
  limitName: string,
  limit: number | undefined,
): TermConflict[] {
  if (value === undefined || limit === undefined || value <= limit) return [];
  return [{ path: [name], message: `expected at most ${limitName} (${limit}), found ${value}` }];
}

function ascending<T>(list: string, items: readonly T[], rank: (item: T) => number): TermConflict[] {
  return items.flatMap((item, index) => {
    const before = items[index - 1];
    if (before === undefined || rank(before) < rank(item)) return [];
    const message = `expected the list in ascending order, each one once, found ${JSON.stringify(item)} after ${JSON.stringify(before)}`;
    return [{ path: [list, String(index)], message }];
  });
}
