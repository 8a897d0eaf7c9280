/**
 * Uppgradering: once a year to the latest main version. "I samband med detta kontrolleras och uppgraderas även
 * integrationer … efter den tekniska uppgraderingen testleder vi kunden." One phase after the other; one that is
 * finished late moves those that follow.
 */
import { condition } from '@temporalio/workflow';
import { remindUntilClosed } from '../mails';
import { replanYear } from '../plan-year';
import type { Year } from '../year';

export async function annualUpgrade(year: Year): Promise<void> {
  const { replannedAfter } = year.state;
  const finished = new Set<string>();
  await year.each('upgrade', async (phase) => {
    const before = year.obligation(phase)?.after;
    await condition(() => year.over || before === undefined || finished.has(before));
    await remindUntilClosed(year, phase);
    if (year.isDoneLate(phase) && !replannedAfter.includes(phase)) {
      replannedAfter.push(phase);
      await replanYear(year, `${phase} was completed late`);
    }
    finished.add(phase);
  });
}
