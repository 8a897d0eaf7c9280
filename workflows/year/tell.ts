/** Mails our own people at once about something that they have to look at. */
import type { MessageName } from '../messages/messages';
import { hold } from './steps';
import type { Year } from './year';

/** The message that says of a part that it passes now. */
export interface Passing {
  name: MessageName;
  fields: Record<string, unknown>;
}

/** Mails our own people at once, each time anew: attention raised again after it was cleared is told again. */
export function tell(
  year: Year,
  id: string,
  code: string,
  detail: string,
  parties: readonly ('consultant' | 'manager')[],
  signal?: Passing,
): void {
  for (const to of parties)
    hold(year, undefined, {
      obligation: id,
      step: `${code}-${to}`,
      revision: year.state.sequence,
      template: 'attention',
      to,
      attention: { code, detail, ...(signal && { signal }) },
    });
}
