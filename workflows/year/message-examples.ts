/** For each thing that can be reported now: the message and an example with this agreement's values, ready to copy. */
import { isOpenDayIn, localIn } from '../../rules/engine/calendar/local-time';
import type { LocalDate } from '../../rules/engine/contract/contract';
import type { Obligation } from '../../rules/engine/plan/plan';
import { shortId } from '../../rules/engine/basics/short-id';
import type { Overview } from '../../templates/ui/overview';
import type { MessageName } from '../messages/messages';
import { exampleOf } from '../messages/messages';
import type { Part, PartKind } from '../../rules/engine/upgrade/parts';
import { technicalOf } from '../../rules/engine/plan/phase-in-plan';
import { monitorsIn } from '../../rules/engine/upgrade/monitored';
import { supportOf } from '../../rules/engine/upgrade/parts';
import { completionShown } from './completion-shown';
import type { RunningPhase } from './upgrades';
import { sessionDay } from './test-session';
import { runningPhase } from './upgrades';
import type { Year } from './year';
import { addDays, later } from '../../rules/engine/calendar/dates';

/** A message, its content, and the systems whose version has to be filled in. */
type Example = [MessageName, Record<string, unknown>, string[]?];

/** Codes of attention that only a person can clear. */
const clearedByPeople = [
  ...['hours-low', 'signal-rejected', 'meeting-moved', 'mail-unknown', 'address-refused'],
  ...['goodwill-offered', 'call-requested', 'customer-asks', 'upgrade-left'],
];

export function examplesNow(year: Year): Overview['messages'] {
  if (!year.state.plan || year.phase === 'closing') return [];
  const examples = [start, meetings, upgrade, improvements, actions, renewal, hours, mending].flatMap((of) =>
    of(year),
  );
  return examples.map(([name, example, toFill = []]) => ({
    name,
    example: { agreement: year.agreement, ...example },
    ...(toFill.length > 0 && { toFill }),
  }));
}

function start(year: Year): Example[] {
  const step = year.open('start')[0];
  return step ? [['startStepCompleted', { step: shortId(step.id) }]] : [];
}

/** The next meeting to book, and the next booked one to report. */
function meetings(year: Year): Example[] {
  const open = year.open('meetings');
  const toBook = open.find(({ booked }) => !booked);
  const toHold = open.find(({ booked }) => booked);
  return [
    ...(toHold ? [['meetingHeld', heldExample(year, toHold)] satisfies Example] : []),
    ...(toBook ? bookedExample(year, toBook) : []),
  ];
}

/** `2` for `meeting-2`; `"extra-1"` for `meeting-extra-1`. */
function meetingNumber({ id }: Obligation): number | string {
  const short = shortId(id);
  return /^\d+$/.test(short) ? Number(short) : short;
}

/** On the meeting's day or, if that has passed, on the next open day of the year; none if no day is left. */
function bookedExample(year: Year, meeting: Obligation): Example[] {
  const { on: planned, time } = localIn(year.calendar, meeting.dueAt);
  const on = meeting.dueAt > year.now() ? planned : nextOpenDay(year);
  return on < year.plan.to ? [['meetingBooked', { meeting: meetingNumber(meeting), on, at: time }]] : [];
}

const nextOpenDay = (year: Year): LocalDate => openDayFrom(year, addDays(year.today().on, 1));

/** The date itself if it is open, else the next open day. */
function openDayFrom(year: Year, date: LocalDate): LocalDate {
  let day = date;
  while (!isOpenDayIn(year.calendar, day)) day = addDays(day, 1);
  return day;
}

function heldExample(year: Year, meeting: Obligation): Record<string, unknown> {
  const { meetings: terms, ids } = year.plan;
  const [contact = 'contact-1'] = ids.contacts;
  const due = openDayFrom(
    year,
    addDays(later(localIn(year.calendar, meeting.dueAt).on, year.today().on), 14),
  );
  return {
    meeting: meetingNumber(meeting),
    minutes: meeting.minutes ?? terms.lengthMinutes,
    participants: [contact, 'consultant'],
    decisions: [year.input.language === 'sv' ? 'Det vi kom överens om' : 'What was agreed'],
    actions: [
      {
        what: year.input.language === 'sv' ? 'Vad som ska göras' : 'What is to be done',
        owner: contact,
        due,
      },
    ],
  };
}

function upgrade(year: Year): Example[] {
  const phase = year.open('upgrade').find(({ nextYear }) => !nextYear);
  if (!phase) return [];
  const running = runningPhase(year, phase.id);
  if (running) return upgradeParts(year, running);
  const { checks } = year.state;
  const done: Example = ['upgradePhaseCompleted', { phase: shortId(phase.id) }];
  const unchecked = (field: 'integration' | 'module', all: string[]): string | undefined =>
    all.find((id) => checks[`${field}/${id}`]?.ok !== true);
  if (phase.id === 'upgrade/integrations') {
    const integration = unchecked('integration', year.plan.ids.integrations);
    return integration === undefined ? [done] : [['integrationChecked', { integration, ok: true }], done];
  }
  if (phase.id === 'upgrade/test') {
    const module = unchecked('module', year.plan.ids.modules);
    return module === undefined ? [done] : [['customerTested', { module, ok: true }], done];
  }
  return [done];
}

/** Completing a phase with all it owes, or saying of its next integration or module how it went. */
function upgradeParts(year: Year, { id, upgrade, planned, parts }: RunningPhase): Example[] {
  const { checks } = year.state;
  const technical = technicalOf(year.plan, id);
  const isAhead = planned.kind !== 'plan' && technical !== undefined && !year.isClosed(technical.id);
  const partner = isAhead
    ? year.plan.upgrade?.partners?.find((one) => checks[supportOf(upgrade, one).key]?.ok !== true)
    : undefined;
  const next = (kind: PartKind): string | undefined =>
    parts.find((part) => part.kind === kind && checks[part.key]?.ok !== true)?.id;
  const [integration, module] = [next('integration'), next('module')];
  const booked = sessionDay(year, id);
  const isToBook = year.plan.upgrade?.cases && next('session') !== undefined && booked === undefined;
  const { startTime: at, lengthMinutes: minutes } = year.plan.meetings;
  const completion = completionShown(year, id);
  const failed = parts.find(({ key }) => checks[key]?.ok === false && !checks[key].waived);
  const said = { ok: false, note: '' };
  // Over a part that failed nothing is completed: first it has to pass.
  const first: Example[] = failed
    ? [...answerTo(year, failed), ofPart(year, id, failed, { ok: true })]
    : completion
      ? [['upgradePhaseCompleted', completion.message, completion.toFill]]
      : [];
  return [
    ...first,
    ...(isToBook
      ? [['testSessionBooked', { on: nextOpenDay(year), at, minutes, place: '' }] satisfies Example]
      : []),
    ...parts
      .filter((part) => part !== failed && (part.id === integration || part.id === module))
      .filter(({ kind }) => kind === 'integration' || kind === 'module')
      .map((part) => ofPart(year, id, part, said)),
    ...(partner === undefined
      ? []
      : [['integrationSupported', { integration: partner, ok: true, note: '' }] satisfies Example]),
  ];
}

/** The answer to whoever reported that a test case fails, until they are asked to test again. */
function answerTo(year: Year, { kind, id, key }: Part): Example[] {
  if (kind !== 'module' || !year.plan.upgrade?.cases || year.state.checks[key]?.retest) return [];
  return [['testAnswered', { case: id, note: '', retest: true }]];
}

/** The message about a part; what the monitoring has failed is said to work with a reason. */
function ofPart(year: Year, phase: string, { kind, id, key }: Part, said: Record<string, unknown>): Example {
  const why = monitorsIn(year.state.checks[key]?.by) && { note: '' };
  if (kind === 'integration') return ['integrationChecked', { integration: id, ...said, ...why }];
  const field = year.plan.upgrade?.cases ? 'case' : 'module';
  if (kind === 'module') return ['customerTested', { [field]: id, ...said }];
  return ['upgradePartChecked', { phase: shortId(phase), part: id, ...said }];
}

function improvements(year: Year): Example[] {
  const first = (state: string): string | undefined =>
    Object.entries(year.state.improvements).find(([, one]) => one.state === state)?.[0];
  const [proposed, accepted] = [first('proposed'), first('accepted')];
  return [
    ...(proposed
      ? [['improvementDecided', { improvement: Number(proposed), decision: 'yes' }] satisfies Example]
      : []),
    ...(accepted ? [['improvementDone', { improvement: Number(accepted) }] satisfies Example] : []),
  ];
}

function actions(year: Year): Example[] {
  const open = Object.entries(year.state.actions)
    .filter(([, { done }]) => done !== true)
    .sort(([, a], [, b]) => (a.dueOn < b.dueOn ? -1 : Number(a.dueOn > b.dueOn)));
  return open[0] ? [['actionDone', { action: Number(open[0][0]) }]] : [];
}

/** The price's approval, from the day the manager is asked. */
function renewal(year: Year): Example[] {
  const asked = year.open('renewal').find(({ id }) => id === 'renewal/price');
  if (asked === undefined || asked.opensAt > year.now()) return [];
  return [['priceApproved', { pricePerHour: year.plan.renewal.proposedRateMinor / 100 }]];
}

/** Used hours, with a `ref` of its own: a double click sends the same one twice and is booked once. */
function hours(year: Year): Example[] {
  const { agreement, number, state, input, plan } = year;
  if (year.phase !== 'running') return [];
  return [
    [
      'hoursUsed',
      {
        ...exampleOf('hoursUsed', input.language),
        by: plan.ids.consultant === 'unnamed' ? 'consultant' : plan.ids.consultant,
        ref: `${agreement}-${number}-${state.sequence + 1}`,
      },
    ],
  ];
}

/** Undoing the last step, retrying what failed, clearing attention. */
function mending(year: Year): Example[] {
  const { steps, attention } = year.state;
  const [last] = steps.slice(-1);
  const toClear = attention.find(({ code }) => clearedByPeople.includes(code));
  const failed = attention.some(
    ({ code }) => code.endsWith('-failed') && !/^(test|upgrade|integration|check)-/.test(code),
  );
  return [
    ...(last ? [['stepUndone', { step: last.number }] satisfies Example] : []),
    ...(failed ? [['failuresRetried', {}] satisfies Example] : []),
    ...(toClear ? [['attentionCleared', { code: toClear.code }] satisfies Example] : []),
  ];
}
