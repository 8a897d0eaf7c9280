/** What the mail about planning says of a year in which the releases have no newer version. */
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Text } from '../../rules/engine/basics/text';
import { releaseFor } from '../../rules/engine/releases/release-for';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import { postponing } from '../../rules/engine/upgrade/ways';
import type { MailData } from '../../templates/mails/mail-data';
import { label } from '../../templates/words/labels';
import { releasesInForce } from '../agreements/releases';
import type { Queryable } from '../db';
import type { MailContext, SendNoticeInput } from './notice';

/**
 * Why no system has a newer version to go to, and what can be sent then; for our own people alone.
 * @returns nothing where a system has one, or where the rules know no release of what the customer has
 */
export async function noReleaseData(
  db: Queryable,
  { contract, plan, asOf }: MailContext,
  { obligation, template, to }: SendNoticeInput,
): Promise<Pick<MailData, 'noRelease'>> {
  const { upgrade } = plan;
  const isOwn = phaseOfUpgrade(obligation)?.upgrade === 'upgrade';
  if (template !== 'upgrade-plan' || to === 'customer' || !isOwn || !upgrade) return {};
  if (Object.keys(upgrade.targets ?? {}).length > 0) return {};
  const releases = await releasesInForce(db);
  const known = Object.entries(upgrade.systems).filter(([id]) =>
    releases.some(({ product }) => product === id),
  );
  const chosen = known.map(([id, version]) => ({
    id,
    ...releaseFor(releases, id, version, localDateOf(asOf)),
  }));
  if (chosen.length === 0 || chosen.some(({ release }) => release)) return {};
  const { agreement } = contract;
  const message = (fields: Record<string, unknown>): string => JSON.stringify({ agreement, ...fields });
  return {
    noRelease: {
      why: chosen.map(({ id, because }) => called(because, id)),
      notNeeded: message({ reason: '' }),
      postponed: message(postponing.fields),
    },
  };
}

/** A reason with the name of the product instead of its id. */
const called = ({ sv, en }: Text, id: string): Text => ({
  sv: sv.replaceAll(id, label('system', id, 'sv')),
  en: en.replaceAll(id, label('system', id, 'en')),
});
