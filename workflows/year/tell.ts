/** Mails our own people at once about something that they have to look at. */
import type { UpgradeWay } from '../../rules/engine/upgrade/ways';
import type { MessageName } from '../messages/messages';
import { hold } from './steps';
import type { Year } from './year';

/** The message that says of a part that it passes now. */
export interface Passing {
  name: MessageName;
  fields: Record<string, unknown>;
}

/**
 * Mails our own people at once, each time anew: attention raised again after it was cleared is told again.
 * @param more the message to send once it is mended, and every way on
 */
export function tell(
  year: Year,
  id: string,
  code: string,
  detail: string,
  parties: readonly ('consultant' | 'manager')[],
  more: { signal?: Passing; ways?: readonly UpgradeWay[] } = {},
): void {
  const { signal, ways = [] } = more;
  for (const to of parties)
    hold(year, undefined, {
      obligation: id,
      step: `${code}-${to}`,
      revision: year.state.sequence,
      template: 'attention',
      to,
      attention: { code, detail, ...(signal && { signal }), ...(ways.length > 0 && { ways: [...ways] }) },
    });
}
