/** What a running agreement year knows; plain data, so that it survives continue-as-new. */
import type { SendNoticeInput } from '../../activities/mail/notice';
import type { ReportedEntry } from '../../activities/hours/ledger';
import type { JournalEntry, RecordedNote } from '../../activities/years/progress';
import type { ToldTogether } from '../../activities/years/upgrade-together';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { Language, Text } from '../../rules/engine/basics/text';
import type { HourBalance } from '../../rules/engine/hours/hour-bank';
import type { Ending } from '../../rules/engine/hours/termination';
import type { CarriedUpgrade, MeetingProgress, StoredPlan } from '../../rules/engine/plan/plan';
import type { PartResult } from '../../rules/engine/upgrade/parts';
import type { UpgradeStands } from '../../rules/engine/upgrade/phases';
import type { RunningAlert } from '../../templates/ui/overview';
import { byteLength, cutBytes } from '../../templates/ui/text';

/** A mail as a strand asks for it; without `year` it is about the running year. */
export type Mail = Omit<SendNoticeInput, 'agreement' | 'year' | 'asOf'> & { year?: number };

export interface ClosedObligation {
  at: Instant;
  /** `carried`: the next year goes on with it. */
  state: 'done' | 'missed' | 'cancelled' | 'declined' | 'carried';
  by?: string;
}

/** What people have settled about a meeting, and what the customer knows of it. */
export interface MeetingState extends MeetingProgress {
  /** How often it was moved once it was booked, and why the last time. */
  moves?: number;
  reason?: string;
  /** Revision of the last invitation that was sent, while it holds, and when it was sent. */
  invited?: number;
  invitedAt?: Instant;
  /** Id of the consultant who invites to it, where that is known. */
  organizer?: string;
  /** How long it was; what was decided there is too long for the state and stands in PostgreSQL. */
  heldMinutes?: number;
  /** Its report said more than that it was held. */
  worded?: true;
}

/** What a step says that the state does not keep, on its way to PostgreSQL. */
export interface Texts {
  participants?: string[];
  decisions?: string[];
  note?: string;
}

/** Something agreed at a meeting; by its number within the agreement. */
export interface ActionState {
  meeting: string;
  what: string;
  owner: string;
  dueOn: LocalDate;
  done?: true;
  /** Reminders that went out. */
  reminded?: string[];
}

/** A proposed improvement; by its number within the agreement. */
export interface ImprovementState {
  title: string;
  /** Estimate in hundredths of an hour. */
  hours?: number;
  state: 'proposed' | 'accepted' | 'rejected' | 'done';
}

/** What was last said of a part of the upgrade, by its key: `integration/<id>`, `check/<phase>/<number>`, … */
export interface CheckState extends PartResult {
  at: Instant;
  by?: string;
}

/** How an upgrade stands that does not simply go on. */
export interface UpgradeState extends UpgradeStands {
  /** It was rolled back in this year, which an earlier one had left: all its phases are to be done again. */
  again?: true;
  /** Attempts of the installation that another agreement gave up before anything was done here: they are none of this upgrade's. */
  untried?: number;
}

/** Monitoring of one check, or of `all`, is paused up to and including a day. */
export interface Pause {
  until: LocalDate;
  reason?: string;
}

/** The parts of the state that a person's step changes, each by key: what undoing puts back. */
export interface Slices {
  closed: Record<string, ClosedObligation>;
  meetings: Record<string, MeetingState>;
  actions: Record<string, ActionState>;
  improvements: Record<string, ImprovementState>;
  checks: Record<string, CheckState>;
  pauses: Record<string, Pause>;
  /** By upgrade: `upgrade`, or `upgrade-1` for the one that year 1 left unfinished. */
  upgrades: Record<string, UpgradeState>;
}
export type SliceName = keyof Slices;

/** A step somebody took and can take back. */
export interface Step {
  number: number;
  name: string;
  at: Instant;
  /** The old values; none where the step added the key. */
  before: { slice: SliceName; key: string; value?: unknown }[];
  /** Revision of the plan before it, where it opened phases of the upgrade again: undoing it, they have the days of that plan. */
  planned?: number;
  /** Its long texts; removed once they are written. */
  texts?: Texts;
  /** Hours it booked. */
  entryId?: string;
  /** What it noted for the next meeting. */
  note?: RecordedNote;
  /** There if it ends the agreement; `before` is what was said about the end until then, `told` that mails say so. */
  terminates?: { before?: Termination; told?: true };
  /** What it raised for people to look at: undoing it clears that. */
  raised?: { code: string; subject: string };
  /** What people had to look at until it was settled by it, and what was said once until it was forgotten: undoing it brings these back. */
  settled?: { attention: Attention[]; sent: string[] };
  /** Meetings whose invitation it cancels. */
  callsOff?: string[];
  /** Held mails that it made needless: undoing it holds them again. */
  withdrew?: HeldMail[];
  /** What agreements that share the installation were told: undoing it tells them that. */
  together?: Omit<ToldTogether, 'of'>;
}

/** A mail that waits until its step can no longer be undone unnoticed. */
export interface HeldMail {
  at: Instant;
  /** Number of the step that causes it. */
  step: number;
  mail: Mail;
  /** Of an alert of the hour bank: lower thresholds of which its reader is told nothing, because it tells more. */
  instead?: number[];
}

/** A message that was not taken. */
export interface Rejection {
  at: Instant;
  signal: string;
  reason: string;
}

export interface Attention {
  code: string;
  subject: string;
  detail: string;
  at: Instant;
}

export interface Termination {
  at: Instant;
  /** The last day, if it lies in a later year: only that year's calendar tells for certain when the day ends. */
  on?: LocalDate;
  reason: string;
  /** Who ends it and why; where it is not told the customer gave notice. */
  ending?: Ending;
}

/** A price of the next period as a manager approved it. */
export interface Approval {
  /** The year it is for, where that has begun before the customer was told. */
  forYear?: number;
  priceMinor: number;
  by: string;
  asOf: Instant;
  /** When the customer may be told of it; there once it is stored. */
  mailAt?: Instant | undefined;
  /** Why it could not be stored for good. */
  refused?: Text;
}

/** The end of last year, of which people have still to be told. */
export interface Announcement {
  year: number;
  at: Instant;
}

export interface YearState extends Slices {
  plan?: StoredPlan;
  /** The last steps people took, newest last, and the number of the one that was undone last. */
  steps: Step[];
  undone?: number;
  heldMails: HeldMail[];
  /** The highest number that a meeting's calendar entry was given, by meeting. */
  entryNumbers: Record<string, number>;
  /** Numbers given so far within the agreement. */
  counters: Record<'action' | 'improvement' | 'step' | 'extra' | 'rejection', number>;
  /** Rejected messages the consultant was not told of yet, newest first, and when the last mail about some went out. */
  rejectedToTell: Rejection[];
  toldOfRejected?: Instant;
  /** Notices sent: `<obligation>#<revision>/<step>`. */
  sent: string[];
  /** Mails that are due and not sent yet. */
  owedMails: SendNoticeInput[];
  /** Mails that failed for good and wait for somebody to mend the cause. */
  failedMails: SendNoticeInput[];
  /** Upgrade phases after whose late completion the year was planned again. */
  replannedAfter: string[];
  /** The obligations from before the takeover are closed. */
  takenOver?: true;
  /** The period has begun. */
  begun?: boolean;
  /** Reported hours that are not in the ledger yet. */
  hoursToBook: ReportedEntry[];
  /** Reported hours that could not be booked for good and wait for somebody to mend the cause. */
  failedHours: ReportedEntry[];
  /** A command has changed hours: the balance is to be read anew, and the statements of these closed years are corrected. */
  changedHours?: { corrected: number[] };
  /** Approved prices of the next period that are not stored and announced yet. */
  approvals: Approval[];
  /** The price of the next period that the customer was last told, and how many mails were sent for that alone. */
  announcedPrice?: { minor: number; count: number };
  /** Journal entries whose writing failed for good, with their year. */
  failedJournal: { year: number; entries: JournalEntry[] }[];
  /** Thresholds of the hour bank, in per cent, that were alerted. */
  alerted: number[];
  /** Messages that came before there was a plan. */
  inbox: { name: string; input: unknown }[];
  journal: JournalEntry[];
  /** Parts of the journal whose writing failed for good, and which somebody asked to write again. */
  journalAgain: { year: number; entries: JournalEntry[] }[];
  /** The agreement has ended within this year; only the mails about it are left to send. */
  ended?: true;
  /** Alerts that run, and how many more than these, as the dispatcher last told. */
  alerts?: { alerts: RunningAlert[]; more: number };
  /** Numbers journal entries and hour entries within the year. */
  sequence: number;
  attention: Attention[];
  rejected: Rejection[];
  last: { at: Instant; text: string }[];
  balance?: HourBalance;
  /** Hours that the manager was asked to give back, in seconds by the `ref` to give them under. */
  offers?: Record<string, number>;
  /** Questions about lines that wait for an answer, by the number of their entry. */
  questions?: number[];
  /** What waits beyond the hour bank for the customer's order. */
  ordering?: Ordering;
  /** When the checks of an integration were last asked for, by the key of its part, until they answer. */
  monitored?: Record<string, Instant>;
  /** The upgrade that the year before left unfinished, until the year is planned. */
  carried?: CarriedUpgrade;
  termination?: Termination;
  announcement?: Announcement;
}

/** Hours beyond the bank that wait: how much, and how long after the question people are told again, in milliseconds. */
export interface Ordering {
  seconds: number;
  days: { remind: number; decide: number };
}

export interface AgreementYearInput {
  agreement: string;
  /** Left out when the agreement starts: the year that today falls in. */
  yearNumber?: number;
  /** Milliseconds added to Temporal's clock; 0 in production. */
  clockOffset: number;
  /** Language of what Temporal's Web UI shows. */
  language: Language;
  /** What an earlier run hands over. */
  state?: Partial<YearState>;
}

/** The state a run begins with. */
export function initialState(handedOver: Partial<YearState> = {}): YearState {
  return {
    closed: {},
    meetings: {},
    actions: {},
    improvements: {},
    checks: {},
    pauses: {},
    upgrades: {},
    steps: [],
    heldMails: [],
    entryNumbers: {},
    counters: { action: 0, improvement: 0, step: 0, extra: 0, rejection: 0 },
    rejectedToTell: [],
    sent: [],
    owedMails: [],
    failedMails: [],
    replannedAfter: [],
    hoursToBook: [],
    failedHours: [],
    approvals: [],
    failedJournal: [],
    alerted: [],
    inbox: [],
    journal: [],
    journalAgain: [],
    sequence: 0,
    attention: [],
    rejected: [],
    last: [],
    ...handedOver,
  };
}

/** What the next year takes over of an unfinished upgrade. */
export type HandedUpgrade = Required<Pick<YearState, 'carried' | 'checks' | 'upgrades'>>;

/** What the next agreement year takes over from this one: what is still owed to people, never what was closed. */
export function stateForNextYear(
  state: YearState,
  announcement: Announcement,
  upgrade?: HandedUpgrade,
): Partial<YearState> {
  return {
    ...upgrade,
    owedMails: state.owedMails,
    failedMails: state.failedMails,
    inbox: state.inbox,
    actions: openOf(state.actions, ({ done }) => done !== true),
    improvements: openOf(state.improvements, (one) => one.state === 'proposed' || one.state === 'accepted'),
    pauses: state.pauses,
    heldMails: state.heldMails.map((held) => ({
      ...held,
      mail: { year: state.plan?.yearNumber ?? 1, ...held.mail },
    })),
    counters: state.counters,
    rejectedToTell: state.rejectedToTell,
    ...(state.toldOfRejected === undefined ? {} : { toldOfRejected: state.toldOfRejected }),
    hoursToBook: state.hoursToBook,
    failedHours: state.failedHours,
    approvals: state.approvals.map((approval) => ({
      forYear: (state.plan?.yearNumber ?? 1) + 1,
      ...approval,
    })),
    ...(state.approvals.length > 0 && state.announcedPrice && { announcedPrice: state.announcedPrice }),
    failedJournal: state.failedJournal,
    attention: state.attention.filter(({ code }) => code !== 'hours-low'),
    ...(state.offers && { offers: state.offers }),
    ...(state.questions && { questions: state.questions }),
    ...(state.ordering && { ordering: state.ordering }),
    ...(state.changedHours && { changedHours: state.changedHours }),
    last: state.last,
    ...(state.termination ? { termination: state.termination } : {}),
    ...(state.alerts && { alerts: state.alerts }),
    announcement,
  };
}

/** Bytes that one run may hand to the next: the server takes 65,536. */
const mostHandedOver = 60_000;

/**
 * What a run hands over. If that is too large, it leaves out what is only shown: the last rejections and events,
 * which PostgreSQL has as well, and the steps, which can then no longer be undone.
 */
export function fitting(state: Partial<YearState>): Partial<YearState> {
  if (byteLength(JSON.stringify(state)) <= mostHandedOver) return state;
  const { rejectedToTell = [], attention = [], ...rest } = state;
  return {
    ...rest,
    rejected: [],
    last: [],
    steps: [],
    rejectedToTell: rejectedToTell.slice(0, 1),
    attention: attention.map((item) => ({ ...item, detail: cutBytes(item.detail, 60) })),
  };
}

const openOf = <T>(slice: Record<string, T>, isOpen: (one: T) => boolean): Record<string, T> =>
  Object.fromEntries(Object.entries(slice).filter(([, one]) => isOpen(one)));
