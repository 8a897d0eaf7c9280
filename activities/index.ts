/** All activities, made from what they need; the worker composes them. */
import { createClashActivities } from './agreements/find-clash';
import { createPeopleActivities } from './agreements/find-people';
import { createDigestActivities } from './mail/digest-clock';
import { createHoursActivities } from './hours/hours';
import type { MailDeps } from './mail/compose';
import { createMailActivities } from './mail/mail';
import { withPermanentDbErrors } from './permanent';
import { createProgressActivities } from './years/progress';
import { createRenewalActivities } from './years/renewal';
import { createTermsActivities } from './years/terms';

export type ActivityDeps = MailDeps;

export function createActivities(deps: ActivityDeps) {
  return withPermanentDbErrors({
    ...createTermsActivities(deps),
    ...createPeopleActivities(deps),
    ...createClashActivities(deps),
    ...createHoursActivities(deps),
    ...createProgressActivities(deps),
    ...createRenewalActivities(deps),
    ...createMailActivities(deps),
    ...createDigestActivities(deps),
  });
}

export type Activities = ReturnType<typeof createActivities>;
