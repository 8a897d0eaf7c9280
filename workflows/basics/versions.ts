/**
 * How a run goes on under another version of the worker: it is told to, ends at its next quiet point, and goes on there
 * as a new run. A run that nobody tells stays on the version that it began with, through continue-as-new as well.
 */
import type { InitialVersioningBehavior } from '@temporalio/common';
import { defineSignal, makeContinueAsNewFunc, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Workflow } from '@temporalio/workflow';

/** What is sent: the version to go on with, by its build id, and whether it is the ramping one or the current one. */
export interface VersionOffer {
  to: string;
  ramping: boolean;
}

/** A run on another version is to go on with this one. */
export const versionOffered = defineSignal<[unknown]>('versionOffered');

/** Where a run goes on that was told to move; empty until then. */
export interface Move {
  to?: InitialVersioningBehavior;
}

/** Listens for the version to go on with. @returns what was said so far */
export function listenForVersions(move: Move = {}): Move {
  setHandler(versionOffered, (sent: unknown) => {
    const { to, ramping } = (sent ?? {}) as Partial<Record<keyof VersionOffer, unknown>>;
    const here = workflowInfo().currentDeploymentVersion;
    // A worker without a deployment has nothing to move from; the server gives its runs to the current version itself.
    if (typeof to !== 'string' || !here?.deploymentName) return;
    if (to === here.buildId) delete move.to;
    else move.to = ramping === true ? 'USE_RAMPING_VERSION' : 'AUTO_UPGRADE';
  });
  return move;
}

/** Whether a run is to end at its next quiet point: its history has grown long, or it was told to move. */
export const isToEnd = (move: Move): boolean =>
  workflowInfo().continueAsNewSuggested || move.to !== undefined;

/** Goes on as a new run, on the version that was offered last, else on the same. */
export function goOnAs<F extends Workflow>(move: Move, ...input: Parameters<F>): Promise<never> {
  return makeContinueAsNewFunc<F>(move.to === undefined ? {} : { initialVersioningBehavior: move.to })(
    ...input,
  );
}
