/** Messages that complete the phases of Testbolaget's upgrade, each with all that it owes. */
const owed: Record<string, Record<string, unknown>> = {
  technical: { versions: { 'visma-business': '18.0.2', 'pector-import': '6.0' } },
  approval: { contact: 'contact-1' },
};

/** What changing the production owes, on a day. */
export const inProduction = (on: string): Record<string, unknown> => ({
  ...{ began: `${on} 07:00`, ended: `${on} 11:00` },
  ...{ smokeTested: 'contact-1', go: 'contact-1', goAt: `${on} 10:30` },
});

/**
 * The input of `upgradePhaseCompleted`.
 * @param on a day on which it is sent, after eleven, for a phase that asks for one
 */
export const completedPhase = (phase: string, on?: string): Record<string, unknown> => ({
  phase,
  ...owed[phase],
  ...(/^(technical|go-live)$/.test(phase) && inProduction(on ?? '2027-01-04')),
  // A day before the agreed one is asked about.
  ...(phase === 'technical' && on === undefined && { confirmed: true }),
  ...dated(phase, on ?? '2027-12-30'),
  ...(phase !== 'approval' && { passed: 'all' }),
});

const dated = (phase: string, on: string): Record<string, unknown> => ({
  ...(phase === 'plan' && { on }),
  ...(phase === 'test' && { session: on }),
});
