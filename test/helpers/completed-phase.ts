/** Messages that complete the phases of Testbolaget's upgrade, each with all that it owes. */
const owed: Record<string, Record<string, unknown>> = {
  technical: { versions: { 'visma-business': '18.0.2', 'pector-import': '5.4' } },
  approval: { contact: 'contact-1' },
};

/**
 * The input of `upgradePhaseCompleted`.
 * @param on a day on which it is sent, for a phase that asks for one
 */
export const completedPhase = (phase: string, on = '2027-12-30'): Record<string, unknown> => ({
  phase,
  ...owed[phase],
  ...(phase === 'plan' && { on }),
  ...(phase === 'test' && { session: on }),
  ...(phase !== 'approval' && { passed: 'all' }),
});
