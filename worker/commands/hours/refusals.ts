/** Why hours are not booked, in words: the same for every command that books some. */
import type { NeedsManager, Outside } from '../../../activities/hours/ledger';
import type { Text } from '../../../rules/engine/basics/text';
import { expectedFound } from '../../../rules/engine/basics/text';

/** What is to be done about what needs a manager. */
const approve: Text = {
  sv: 'ange --approved-by med chefens namn',
  en: "add --approved-by with the manager's name",
};

/** Why an agreement does not take work of a day. */
export function refusalInWords(agreement: string, refusal: NeedsManager | Outside): Text {
  if ('outside' in refusal) {
    const { on, first, last } = refusal.outside;
    return expectedFound(
      {
        sv: `arbete från ${first}${last === undefined ? '' : ` till ${last}`}, då ${agreement} löper här`,
        en: `work from ${first}${last === undefined ? '' : ` to ${last}`}, when ${agreement} runs here`,
      },
      on,
    );
  }
  const { needsManager: need } = refusal;
  return 'year' in need
    ? {
        sv: `år ${need.year} av ${agreement} är avslutat och kunden fick slutbeskedet ${need.told}: mer tid på det kräver en chef; ${approve.sv}`,
        en: `year ${need.year} of ${agreement} is closed and the customer got its final statement on ${need.told}: more time on it needs a manager; ${approve.en}`,
      }
    : {
        sv: `${need.on} är mer än ${need.days} dagar sedan, vilket kräver en chef; ${approve.sv}`,
        en: `${need.on} is more than ${need.days} days ago, which needs a manager; ${approve.en}`,
      };
}

/** That no year of an agreement is planned. */
export const unplanned = (agreement: string): Text => ({
  sv: `inget år är planerat för ${agreement} än`,
  en: `no year of ${agreement} is planned yet`,
});
