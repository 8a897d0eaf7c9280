/** Plays agreement years on the test stack. */
import type { Simulation, SimulationOptions } from '../../worker/simulate';
import { simulate } from '../../worker/simulate';
import { silent } from '../../worker/scenario';
import { exampleContract, workingRules } from './example';
import { testStack } from './stack';

/** `simulate` with the example, the working rules and nobody acting, unless told otherwise. */
export function play(options: Partial<SimulationOptions> = {}): Promise<Simulation> {
  const stack = testStack();
  return simulate({
    contract: exampleContract(),
    rules: workingRules(),
    years: 1,
    scenario: () => silent,
    stack,
    cacheDir: stack.cacheDir,
    staffLanguage: 'sv',
    ...options,
  });
}
