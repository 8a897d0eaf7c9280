/**
 * A running agreement year without a server: a real plan, a real state, and the SDK's own record of what a workflow asks
 * for. Nothing that is asked for outside is ever done. Import this file before any file of `workflows/`.
 */
import './workflow-globals';
import type { WorkflowInfo } from '@temporalio/workflow';
import { TypedSearchAttributes, defaultPayloadConverter } from '@temporalio/common';
import { setActivator } from '@temporalio/workflow/lib/global-attributes';
import { Activator } from '@temporalio/workflow/lib/internals';
import { tryUnblockConditions } from '@temporalio/workflow/lib/worker-interface';
import type { Language, Text } from '../../rules/engine/basics/text';
import { balanceOf, toCentihours } from '../../rules/engine/hours/hour-bank';
import type { StoredPlan } from '../../rules/engine/plan/plan';
import type { Fields } from '../../workflows/messages/fields';
import { readFields } from '../../workflows/messages/fields';
import type { MessageName } from '../../workflows/messages/messages';
import { messages } from '../../workflows/messages/messages';
import type { Detail, Verdict } from '../../workflows/year/steps';
import { takeStep } from '../../workflows/year/steps';
import { Year } from '../../workflows/year/year';
import type { YearState } from '../../workflows/year/year-state';
import { exampleContract, fivePhases, guldTerms, plan } from '../rules/fixtures';

let asked: Activator;

/** Testbolaget's first year as it was planned when it was signed, under the terms of Guld. */
export async function guldPlan(): Promise<StoredPlan> {
  const contractedHours = toCentihours(exampleContract().hourBank.hours);
  const balance = balanceOf([{ kind: 'contracted', hours: contractedHours }]);
  return { ...plan({ terms: await guldTerms() }), contractedHours, balance };
}

/** The same year as it was planned before plans told the parts of the upgrade: five phases that close unasked. */
export async function planWithoutParts(): Promise<StoredPlan> {
  const contractedHours = toCentihours(exampleContract().hourBank.hours);
  const balance = balanceOf([{ kind: 'contracted', hours: contractedHours }]);
  const planned = plan({ terms: fivePhases(await guldTerms()) });
  delete planned.upgrade;
  return { ...planned, contractedHours, balance };
}

export interface Situation {
  /** The plan the year has; none yet if it is `null`. */
  plan: StoredPlan | null;
  state?: Partial<YearState>;
  language?: Language;
}

/** A year at an instant. Its clock stands still until `goOnTo`. */
export function yearAt(now: string, { plan, state, language = 'en' }: Situation): Year {
  asked = activator();
  setActivator(asked);
  // Patches are asked about only in a workflow that has begun.
  asked.workflow = () => Promise.resolve();
  jest.spyOn(Date, 'now').mockReturnValue(0);
  const given = structuredClone({ ...(plan && { plan }), ...state });
  return new Year({ agreement: 'testbolaget-2027', clockOffset: Date.parse(now), language, state: given });
}

/** What the SDK keeps for one run, as a worker makes it. */
function activator(): Activator {
  const info: Partial<WorkflowInfo> = {
    workflowId: 'testbolaget-2027',
    workflowType: 'agreementYear',
    namespace: 'default',
    taskQueue: 'agreements',
    historyLength: 3,
    continueAsNewSuggested: false,
    searchAttributes: {},
    typedSearchAttributes: new TypedSearchAttributes(),
    unsafe: { now: () => 0, isReplaying: false } as WorkflowInfo['unsafe'],
  };
  const made = new Activator({
    info: info as WorkflowInfo,
    now: 0,
    randomnessSeed: [1],
    registeredActivityNames: new Set(['default']),
    showStackTraceSources: false,
    stackTracesEnabled: false,
    sourceMap: { version: 3, sources: [], names: [], mappings: '', file: '' },
    getTimeOfDay: () => 0n,
  });
  // A run that has begun: only there code asks for patches.
  made.workflow = () => Promise.resolve();
  return made;
}

/** Lets everything run that does not wait. */
async function settle(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    tryUnblockConditions();
  }
}

/** Lets the clock of a year go on to an instant, and every timer fire that is due then. */
export async function goOnTo(year: Year, now: string): Promise<void> {
  await settle();
  year.input.clockOffset = Date.parse(now);
  for (const seq of asked.completions.timer.keys()) asked.fireTimer({ seq });
  await settle();
}

/** Answers what was asked for last and not answered yet. */
export async function answer(value: unknown): Promise<void> {
  await settle();
  const seq = Math.max(...asked.completions.activity.keys());
  asked.resolveActivity({
    seq,
    result: { completed: { result: defaultPayloadConverter.toPayload(value) } },
  });
  await settle();
}

/** Fails for good what was asked for last and not answered yet. */
export async function fail(message: string): Promise<void> {
  await settle();
  const seq = Math.max(...asked.completions.activity.keys());
  const applicationFailureInfo = { type: 'NotFound', nonRetryable: true };
  const cause = { message, applicationFailureInfo };
  asked.resolveActivity({
    seq,
    result: {
      failed: { failure: { message, cause, activityFailureInfo: { activityType: { name: 'any' } } } },
    },
  });
  await settle();
}

/** Handlers that the year has registered for signals and updates. */
export function handlers(): Pick<
  Activator,
  'signalHandlers' | 'updateHandlers' | 'defaultSignalHandler' | 'defaultUpdateHandler'
> {
  return asked;
}

/** What the year has asked for outside so far, in order: the activity and its input. */
export async function askedFor(): Promise<{ name: string; input: Record<string, unknown> }[]> {
  await settle();
  const { commands } = asked.concludeActivation();
  return commands.flatMap(({ scheduleLocalActivity: activity }) => {
    const payload = activity?.arguments?.[0];
    return activity && payload
      ? [{ name: activity.activityType ?? '', input: defaultPayloadConverter.fromPayload(payload) }]
      : [];
  });
}

/** The search attributes the year has set, by name. */
export function searchAttributesSet(): Readonly<Record<string, unknown>> {
  return asked.info.searchAttributes ?? {};
}

/** Why the year is planned again, as far as that was asked for. */
export async function replansAskedFor(): Promise<unknown[]> {
  return (await askedFor()).flatMap(({ name, input }) =>
    name === 'planAgreementYear' ? [input.reason] : [],
  );
}

type Judge = (year: Year, fields: Fields) => Verdict;

/** Sends a message to the function that judges it, as it would be read from a signal. */
export function messageTo(
  name: MessageName,
  judge: Judge,
): {
  /** Takes it. @returns what is written down about it @throws with the reason if it is refused */
  take: (year: Year, input?: Record<string, unknown>) => Detail;
  /** Why it is refused. @throws if it would be taken */
  refusal: (year: Year, input?: Record<string, unknown>) => Text;
} {
  const judged = (year: Year, input: Record<string, unknown> = {}): Verdict => {
    const fields = readFields(input, year.agreement, messages[name].fields);
    if ('rejected' in fields) return fields;
    const before = JSON.stringify(year.state);
    const verdict = judge(year, fields.value);
    expect(JSON.stringify(year.state)).toBe(before);
    return verdict;
  };
  return {
    take: (year, input) => {
      const verdict = judged(year, input);
      if ('rejected' in verdict) throw new Error(verdict.rejected.en);
      return takeStep(year, name, verdict.accept);
    },
    refusal: (year, input) => {
      const verdict = judged(year, input);
      if ('accept' in verdict) throw new Error(`${name} would be taken`);
      return verdict.rejected;
    },
  };
}
