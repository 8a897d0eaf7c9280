import type { CheckTerms } from '../../rules/engine/contract/monitor';
import type {
  HourBankTerms,
  MeetingTerms,
  MonitoringTerms,
  NoticeTerms,
  SupportTerms,
  Terms,
  UpgradeTerms,
} from '../../rules/engine/ruleset/terms';

type Before<Topic, Later extends keyof Topic> = Omit<Topic, Later> & Partial<Pick<Topic, Later>>;

type LaterMeetingTerms =
  'preparationMinutes' | 'followUpMinutes' | 'agendaDaysBefore' | 'bookingEscalation' | 'drawsFromHourBank';

type EarlierMonitoringTerms =
  Exclude<keyof CheckTerms, 'failuresWithin' | 'retrySeconds' | 'goodBeforeRecovery'> | 'kinds';

/** Terms of a stored plan, perhaps from before the catalogue had all that it has now. */
export interface StoredTerms extends Omit<
  Terms,
  'meetings' | 'upgrade' | 'hourBank' | 'support' | 'monitoring' | 'notices'
> {
  meetings: Before<MeetingTerms, LaterMeetingTerms>;
  notices: Before<NoticeTerms, 'holdMinutes'>;
  upgrade: Before<UpgradeTerms, 'testCases'>;
  hourBank: Before<HourBankTerms, 'roundToMinutes' | 'orderOfUse'>;
  monitoring: Before<MonitoringTerms, Exclude<keyof MonitoringTerms, EarlierMonitoringTerms>>;
  support: Before<SupportTerms, 'closedDays' | 'halfDays' | 'halfDayCloses' | 'outsideHours'>;
}

/** The terms of a stored plan; what activities read and the catalogue did not have then gets the value that changes nothing. */
export function completeTerms(stored: StoredTerms): Terms {
  const { meetings, upgrade, hourBank, support, monitoring, notices } = stored;
  return {
    ...stored,
    meetings: {
      preparationMinutes: 0,
      followUpMinutes: 0,
      agendaDaysBefore: Math.min(5, meetings.inviteDaysBefore),
      bookingEscalation: [],
      drawsFromHourBank: 'none',
      ...meetings,
    },
    notices: { holdMinutes: 0, ...notices },
    upgrade: { testCases: {}, ...upgrade },
    hourBank: { roundToMinutes: 0, orderOfUse: 'rolledFirst', ...hourBank },
    ...completeDeskTerms({ support, monitoring }),
  };
}

/** The same of what a support desk goes by. */
export function completeDeskTerms({
  support,
  monitoring,
}: Pick<StoredTerms, 'support' | 'monitoring'>): Pick<Terms, 'support' | 'monitoring'> {
  return {
    monitoring: {
      failuresWithin: monitoring.failuresBeforeAlert,
      retrySeconds: 60,
      goodBeforeRecovery: 1,
      outsideHours: 'hold',
      takeWithinMinutes: 0,
      escalateTo: 'manager',
      stormIncidents: 20,
      flapping: { recoveries: 3, withinMinutes: 60 },
      morningDigest: false,
      monthlyNoise: false,
      pauseDuringUpgrade: [],
      checks: {},
      ...monitoring,
    },
    support: {
      closedDays: [],
      halfDays: [],
      halfDayCloses: support.closes,
      outsideHours: 'hold',
      ...support,
    },
  };
}
