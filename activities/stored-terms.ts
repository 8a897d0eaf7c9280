import type {
  HourBankTerms,
  MeetingTerms,
  NoticeTerms,
  SupportTerms,
  Terms,
  UpgradeTerms,
} from '../rules/terms';

type Before<Topic, Later extends keyof Topic> = Omit<Topic, Later> & Partial<Pick<Topic, Later>>;

type LaterMeetingTerms =
  'preparationMinutes' | 'followUpMinutes' | 'agendaDaysBefore' | 'bookingEscalation' | 'drawsFromHourBank';

/** Terms of a stored plan, perhaps from before the catalogue had all that it has now. */
export interface StoredTerms extends Omit<
  Terms,
  'meetings' | 'upgrade' | 'hourBank' | 'support' | 'notices'
> {
  meetings: Before<MeetingTerms, LaterMeetingTerms>;
  notices: Before<NoticeTerms, 'holdMinutes'>;
  upgrade: Before<UpgradeTerms, 'testCases'>;
  hourBank: Before<HourBankTerms, 'roundToMinutes' | 'orderOfUse'>;
  support: Before<SupportTerms, 'closedDays' | 'halfDays' | 'halfDayCloses' | 'outsideHours'>;
}

/** The terms of a stored plan; what activities read and the catalogue did not have then gets the value that changes nothing. */
export function completeTerms(stored: StoredTerms): Terms {
  const { meetings, upgrade, hourBank, support, notices } = stored;
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
    support: {
      closedDays: [],
      halfDays: [],
      halfDayCloses: support.closes,
      outsideHours: 'hold',
      ...support,
    },
  };
}
