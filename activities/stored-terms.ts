import type { HourBankTerms, MeetingTerms, SupportTerms, Terms, UpgradeTerms } from '../rules/terms';

type Before<Topic, Later extends keyof Topic> = Omit<Topic, Later> & Partial<Pick<Topic, Later>>;

/** Terms of a stored plan, perhaps from before the catalogue had all that it has now. */
export interface StoredTerms extends Omit<Terms, 'meetings' | 'upgrade' | 'hourBank' | 'support'> {
  meetings: Before<MeetingTerms, 'preparationMinutes' | 'followUpMinutes'>;
  upgrade: Before<UpgradeTerms, 'testCases'>;
  hourBank: Before<HourBankTerms, 'roundToMinutes' | 'orderOfUse'>;
  support: Before<SupportTerms, 'closedDays' | 'halfDays' | 'halfDayCloses' | 'outsideHours'>;
}

/** The terms of a stored plan; what activities read and the catalogue did not have then gets the value that changes nothing. */
export function completeTerms(stored: StoredTerms): Terms {
  const { meetings, upgrade, hourBank, support } = stored;
  return {
    ...stored,
    meetings: { preparationMinutes: 0, followUpMinutes: 0, ...meetings },
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
