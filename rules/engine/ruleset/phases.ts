/** What a phase of the upgrade owes beside its own checks. */
export const phaseKinds = [
  'plan',
  'checks',
  'technical',
  'integrations',
  'test',
  'approval',
  'production',
] as const;
export type PhaseKind = (typeof phaseKinds)[number];

/** Where an upgrade is installed and tested: on a copy that goes into production afterwards, or in production at once. */
export const environments = ['copy', 'production'] as const;
export type Environment = (typeof environments)[number];

/** Kind and place of the phases that the agreement's text names, where the rules do not say them. */
export const knownPhases: Readonly<Record<string, { kind: PhaseKind; order: number }>> = {
  plan: { kind: 'plan', order: 10 },
  precheck: { kind: 'checks', order: 20 },
  integrations: { kind: 'integrations', order: 30 },
  technical: { kind: 'technical', order: 40 },
  test: { kind: 'test', order: 50 },
  approval: { kind: 'approval', order: 60 },
  'go-live': { kind: 'production', order: 65 },
};

/** Whom a phase that is overdue can be escalated to beside our own people and the customer's contacts who are told of the upgrade. */
export const customerManagement = 'customer-management' as const;

/** What a rule can say of a phase that fails; anything else is the phase to go back to. */
export const failureWays = ['again', 'roll-back'] as const;

/** Steps of the start, in the order they fall due. */
export const startStepOrder = ['consultant', 'kickoff', 'monitoring'] as const;
export type StartStepId = (typeof startStepOrder)[number];
