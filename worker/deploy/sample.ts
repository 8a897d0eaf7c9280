/** Which running workflows a check of all looks at, where there are very many. */
import type { Run } from '../temporal/deployment';

/**
 * Gives all, or of very many an even share of every type on every version, always at least one of each.
 * @param most about how many there are to be
 */
export function sampleOf(runs: readonly Run[], most: number): Run[] {
  if (runs.length <= most) return [...runs];
  const step = Math.ceil(runs.length / most);
  const kinds = new Map<string, Run[]>();
  for (const run of runs) {
    const kind = `${run.type} ${run.build ?? ''}`;
    const alike = kinds.get(kind);
    if (alike) alike.push(run);
    else kinds.set(kind, [run]);
  }
  return [...kinds.values()].flatMap((alike) => alike.filter((_run, index) => index % step === 0));
}
