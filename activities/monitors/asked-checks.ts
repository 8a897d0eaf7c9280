/** Which checks can be made now for somebody who asks how an integration is. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { Text } from '../../rules/engine/basics/text';
import type { WatchedCheck } from '../../rules/engine/monitoring/watched';
import { unmonitored } from '../../templates/ui/unmonitored';
import type { Db } from '../db';
import type { MonitorRow } from './overview';
import { monitorsOf } from './overview';

/** A check with the place where it is made, or why it is not made. */
export interface AskedCheck {
  name: string;
  place?: string;
  watched?: WatchedCheck;
  why?: Text;
}

export function createAskedCheckActivities({ db }: { db: Db }) {
  return {
    /** The checks by their ids, in that order. One that is not watched, or that a person has paused, is not made. */
    async readAskedChecks({
      agreement,
      monitors,
      asOf,
    }: {
      agreement: string;
      monitors: string[];
      asOf: Instant;
    }): Promise<AskedCheck[]> {
      const rows = await monitorsOf(db, { agreement, now: asOf });
      return monitors.map((id) =>
        askedCheck(
          id,
          rows.find((row) => row.id === id),
        ),
      );
    },
  };
}

function askedCheck(id: string, row: MonitorRow | undefined): AskedCheck {
  if (!row) return { name: id, why: unmonitored.notWatched };
  const { name, place, watched, status, message, pausedUntil } = row;
  if (status === 'notPossible') return { name, why: message ?? unmonitored.notWatched };
  if (status === 'notSetUp') return { name, why: unmonitored.notSetUp };
  return pausedUntil === undefined ? { name, place, watched } : { name, why: unmonitored.paused };
}
