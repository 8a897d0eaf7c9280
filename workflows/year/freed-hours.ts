/** Hours that our correction freed too late: the manager is asked to give them back. */
import type { FreedHours } from '../../activities/hours/freed-hours';
import { toLookAt } from '../../templates/ui/reasons';
import { clear, raise } from './journal';
import type { Year } from './year';

const offered = 'goodwill-offered';

/** Asks the manager, on the page and by mail. @param about the year that it is about, where it is not the running one */
export function offerGoodwill(year: Year, freed: readonly FreedHours[], about: { year?: number } = {}): void {
  for (const { ref, seconds } of freed) {
    const detail = toLookAt.hoursFreed(ref, seconds)[year.input.language];
    raise(year, offered, ref, detail);
    const mail = {
      ...about,
      obligation: `hours/${ref}`,
      step: 'offer',
      revision: year.state.sequence,
      template: 'attention',
      to: 'manager',
      attention: { code: offered, detail },
    } as const;
    year.state.heldMails.push({ at: year.heldUntil(), step: 0, mail });
  }
}

/** The question is answered once hours are given under its name. */
export function clearOffer(year: Year, ref: string): void {
  clear(year, offered, ref);
}
