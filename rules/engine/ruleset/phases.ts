/** Phases of the annual upgrade, in the order the agreement text gives them. */
export const phaseOrder = ['precheck', 'integrations', 'technical', 'test', 'approval'] as const;
export type UpgradePhaseId = (typeof phaseOrder)[number];

/** Steps of the start, in the order they fall due. */
export const startStepOrder = ['consultant', 'kickoff', 'monitoring'] as const;
export type StartStepId = (typeof startStepOrder)[number];
