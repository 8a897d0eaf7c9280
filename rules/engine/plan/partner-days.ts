/** How long partners are given to answer for their integrations. */
import type { UpgradeTerms } from '../ruleset/terms';
import type { PartnerDays } from './plan';

/** The days where the terms do not say. */
export const usualPartnerDays: PartnerDays = {
  remindDays: 2,
  silentDays: 4,
  soonDays: 14,
  earlyRemindDays: 5,
  earlySilentDays: 10,
};

/** The days by which partners are reminded, and the consultant is told of their silence. */
export const partnerDaysOf = ({ partners }: UpgradeTerms): PartnerDays => ({
  ...usualPartnerDays,
  ...partners,
});
