/** The ways on from a part or a phase of the upgrade that failed, each with the message that takes it. */
import type { UpgradeWay } from '../../rules/engine/upgrade/ways';
import { postponing } from '../../rules/engine/upgrade/ways';
import { goesTo, upgradeOfKey } from '../../rules/engine/plan/goes-to';
import { shortId } from '../../rules/engine/basics/short-id';
import type { Part } from '../../rules/engine/upgrade/parts';
import { monitorsIn } from '../../rules/engine/upgrade/monitored';
import { missingParts } from '../../rules/engine/upgrade/parts';
import type { TestField } from '../../templates/ui/upgrade-reasons';
import { upgradeReasons } from '../../templates/ui/upgrade-reasons';
import { completionShown } from '../year/completion-shown';
import type { Passing } from '../year/tell';
import type { RunningPhase } from '../year/upgrades';
import { isFinished, isTouched, phaseWithGo, phasesOfUpgrade, runningPhase } from '../year/upgrades';
import type { Year } from '../year/year';

/** Most parts that failed of which a mail says how they are reported as passed. */
const mostParts = 5;

/** Phases that one can go back to, and the one with the decision to go, from which on nothing is rolled back. */
export function phasesBefore(year: Year, { id, upgrade }: RunningPhase): { before: string[]; live?: string } {
  const phases = phasesOfUpgrade(year, upgrade);
  const live = phaseWithGo(year, upgrade);
  const before = phases.slice(live === undefined ? 0 : phases.indexOf(live) + 1, phases.indexOf(id));
  return { before, ...(live !== undefined && { live }) };
}

/** Whether there is anything to roll back. Plans made before tests had cases do not ask. */
export const hasBegun = (year: Year, upgrade: string): boolean =>
  year.plan.upgrade?.cases === undefined || isTouched(year, upgrade);

/** The field of a message that names what is tested. */
export const testField = ({ plan }: Year): TestField => (plan.upgrade?.cases ? 'case' : 'module');

/** The message to send once a part works. */
export function passing(year: Year, obligation: string, { kind, id, key }: Part): Passing {
  // What a check of the monitoring has found is overruled with a reason.
  const why = monitorsIn(year.state.checks[key]?.by) && { note: '' };
  if (kind === 'integration')
    return { name: 'integrationChecked', fields: { integration: id, ok: true, ...why } };
  if (kind === 'module') return { name: 'customerTested', fields: { [testField(year)]: id, ok: true } };
  const { targets } = goesTo(year.plan.upgrade, upgradeOfKey(key));
  const target = kind === 'system' ? targets[id] : undefined;
  const version = target !== undefined && { version: target };
  const contact = kind === 'smokeTested' && { contact: '' };
  return {
    name: 'upgradePartChecked',
    fields: { phase: shortId(obligation), part: id, ok: true, ...version, ...contact },
  };
}

/** What a part is called where people read of it: its phase, its words, and the id that messages take. */
export function calledPart(year: Year, obligation: string, part: Part): string {
  const { language } = year.input;
  const called = year.plan.called?.integrations[part.id];
  return upgradeReasons.partOf(obligation, part, called, year.phaseNames)[language];
}

/**
 * Every way that is open from a phase of which something failed. What has to be said by somebody is left blank, and is
 * refused while it is.
 *
 * @param reason what was said of it
 * @param taken the way that was just taken, which is not offered again
 */
export function waysOn(year: Year, id: string, reason = '', taken?: 'again'): UpgradeWay[] {
  const running = runningPhase(year, id);
  if (!running) return [];
  const { upgrade, parts } = running;
  const { failed } = missingParts(parts, year.state.checks);
  const passes = failed.slice(0, mostParts).map((part): UpgradeWay => ({
    ...{ way: 'passes', part: calledPart(year, id, part) },
    ...passing(year, id, part),
  }));
  const phases = phasesOfUpgrade(year, upgrade);
  const isLeft = phases.some((one) => !year.isClosed(one));
  const isOn = phases.slice(0, phases.indexOf(id)).every((one) => year.isClosed(one));
  if (!isLeft) return passes;
  const phase = shortId(id);
  const fail = (then: string, more: object = {}): Passing => ({
    name: 'upgradePhaseFailed',
    fields: { phase, then, reason, ...more },
  });
  const { before, live } = phasesBefore(year, running);
  const back = before.map((one): UpgradeWay => ({
    ...{ way: 'back', phase: shortId(one) },
    ...fail(shortId(one)),
  }));
  const undone: UpgradeWay[] =
    live === undefined
      ? hasBegun(year, upgrade)
        ? [{ way: 'rollBack', ...fail('roll-back') }]
        : []
      : [{ way: 'restore', ...fail('restore', { contact: '', lostSince: '' }) }];
  const accept: UpgradeWay = {
    ...{ way: 'accept', name: 'upgradePhaseCompleted' },
    fields: {
      ...(completionShown(year, id)?.message ?? { phase }),
      ...exceptThose(failed),
      ...{ acceptedBy: '', reason: '' },
    },
  };
  return [
    ...passes,
    ...(isOn
      ? [
          ...(taken === 'again' ? [] : [{ way: 'again' as const, ...fail('again') }]),
          ...back,
          ...undone,
          accept,
        ]
      : []),
    ...(isFinished(year, upgrade) ? [] : [postponing]),
  ];
}

/** Parts that failed, as the message that completes their phase names them. */
function exceptThose(failed: readonly Part[]): { except?: string[] } {
  const ticked = failed.filter(({ kind }) => /^(check|integration|module)$/.test(kind));
  return ticked.length > 0 ? { except: ticked.map(({ id }) => id) } : {};
}
