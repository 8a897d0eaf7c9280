/** Hours that a command has moved or imported: the dispatcher tells, and the year reads its balance anew. */
import { defineSignal, setHandler } from '@temporalio/workflow';
import type { Year } from './year';

const hoursChanged = defineSignal<[unknown]>('hoursChanged');

/** Listens for hours that were changed by others than this run. */
export function listenForHours(year: Year): void {
  setHandler(hoursChanged, (sent: unknown) => {
    const { corrected } = (sent ?? {}) as { corrected?: unknown };
    const told: unknown[] = Array.isArray(corrected) ? corrected : [];
    const { changedHours } = year.state;
    // People can send it as well: it does no harm to look, and no more years are corrected than there were.
    const known = told.filter(
      (one): one is number => Number.isInteger(one) && Number(one) >= 1 && Number(one) < year.number,
    );
    year.state.changedHours = { corrected: [...new Set([...(changedHours?.corrected ?? []), ...known])] };
  });
}
