/** A way on from what failed in an upgrade, and the message that takes it. */
export interface UpgradeWay {
  way: 'passes' | 'again' | 'back' | 'rollBack' | 'restore' | 'accept' | 'postpone';
  /** What passes now. */
  part?: string;
  /** The phase to go back to. */
  phase?: string;
  name: string;
  fields: Record<string, unknown>;
}

/** The customer waits. */
export const postponing: UpgradeWay = {
  way: 'postpone',
  name: 'upgradePostponed',
  fields: { until: '', contact: '', reason: '' },
};
