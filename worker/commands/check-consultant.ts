/** Whether an option names a dedicated consultant that there is. */
import type { Db } from '../../activities/db';
import { consultantIds } from '../../activities/agreements/list-consultants';
import { spoken } from '../basics/spoken';

const unknown = {
  sv: (known: string[], found: string) =>
    `--consultant: förväntade id för en dedikerad konsult (${known.join(', ') || 'det finns inget avtal än'}), hittade "${found}"`,
  en: (known: string[], found: string) =>
    `--consultant: expected the id of a dedicated consultant (${known.join(', ') || 'there is no agreement yet'}), found "${found}"`,
};

/** Throws unless somebody is the dedicated consultant of an agreement that has not ended. */
export async function checkConsultant(db: Db, consultant: string): Promise<void> {
  const known = await consultantIds(db);
  if (!known.includes(consultant)) throw new Error(unknown[spoken()](known, consultant));
}
