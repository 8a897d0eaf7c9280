/** Hours that our correction freed too late: the manager is asked to give them back. */
import type { FreedHours } from '../../activities/hours/freed-hours';
import { toLookAt } from '../../templates/ui/reasons';
import { clear, raise } from './journal';
import type { Year } from './year';

const offered = 'goodwill-offered';
const askedAgain = 'offer-again';

/** The manager has said no: nobody is asked again. @param ref of one of them; all without it */
export function declineGoodwill(year: Year, ref: string | undefined): void {
  const { state } = year;
  state.heldMails = state.heldMails.filter(
    ({ mail }) => mail.step !== askedAgain || (ref !== undefined && mail.obligation !== `hours/${ref}`),
  );
}

/**
 * Asks the manager, on the page and by mail, about each, and once more after some weeks; again where it has become more. What is given, or is not
 * free any more, is no longer asked about. Who clears the question has said no.
 *
 * @param freed all that there is now
 * @param about the year that it is about, where it is not the running one
 */
export function offerGoodwill(year: Year, freed: readonly FreedHours[], about: { year?: number } = {}): void {
  const { state } = year;
  const before = state.offers ?? {};
  const isSame = ({ ref, seconds }: FreedHours): boolean => before[ref] === seconds;
  for (const ref of Object.keys(before).filter(
    (name) => !freed.some((one) => one.ref === name && isSame(one)),
  )) {
    clear(year, offered, ref);
    state.heldMails = state.heldMails.filter(({ mail }) => mail.obligation !== `hours/${ref}`);
  }
  state.offers = Object.fromEntries(freed.map(({ ref, seconds }) => [ref, seconds]));
  for (const one of freed.filter((each) => !isSame(each))) {
    const { ref, seconds, remindAt } = one;
    const detail = toLookAt.hoursFreed(ref, seconds)[year.input.language];
    raise(year, offered, ref, detail);
    if (seconds <= (before[ref] ?? 0)) continue;
    const mail = {
      ...about,
      obligation: `hours/${ref}`,
      step: 'offer',
      revision: state.sequence,
      template: 'attention',
      to: 'manager',
      attention: { code: offered, detail },
    } as const;
    state.heldMails.push({ at: year.heldUntil(), step: 0, mail });
    // Answers of before 0.3.0 do not say when.
    if (remindAt !== undefined)
      state.heldMails.push({ at: remindAt, step: 0, mail: { ...mail, step: askedAgain } });
  }
}
