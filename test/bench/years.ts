/** Agreement years a second and history events a year, product beside bare workflow. */
import { Client, Connection } from '@temporalio/client';
import { diligent, silent } from '../../worker/simulation/scenario';
import type { RunningSimulation, Simulation } from '../../worker/simulation/simulate';
import { simulate, simulationNamespace } from '../../worker/simulation/simulate';
import { exampleContract, workingRules } from '../helpers/example';
import type { BareBundle, PlayedBareYear } from './bare-year';
import { bundleBareYear, playBareYear } from './bare-year';
import type { BenchStack, Measured } from './measured';
import { compare, interleave } from './statistics';
import type { YearShape } from './year-shape';
import { readShape, removeRuns } from './year-shape';

export type ScenarioName = 'diligent' | 'silent';

interface PlayedYear {
  workflowId: string;
  simulation: Simulation;
  /** Seconds of the play alone: cloning the database and starting the worker happen before. */
  seconds: number;
}

async function playYear(stack: BenchStack, scenario: ScenarioName, keep: boolean): Promise<PlayedYear> {
  const contract = exampleContract();
  let running: RunningSimulation | undefined;
  let begun = 0;
  let ended = 0;
  const simulation = await simulate({
    contract,
    rules: workingRules(),
    years: 1,
    scenario: (db) => (scenario === 'silent' ? silent : diligent(db, contract.agreement)),
    stack,
    cacheDir: stack.cacheDir,
    staffLanguage: 'sv',
    keep,
    onStarted: (started) => {
      running = started;
      begun = performance.now();
    },
    // The last report comes when the year is summed up.
    onProgress: () => {
      ended = performance.now();
    },
  });
  if (!running) throw new Error('expected simulate to say when it started');
  return { workflowId: running.workflowId, simulation, seconds: (ended - begun) / 1000 };
}

interface Prepared {
  client: Client;
  bundle: BareBundle;
  shape: YearShape;
  historyEvents: number;
}

/** One year of each kind that is not counted: it warms the server up and tells what the bare year has to do. */
async function prepare(
  stack: BenchStack,
  client: Client,
  bundle: BareBundle,
  scenario: ScenarioName,
): Promise<Prepared> {
  const { workflowId, simulation } = await playYear(stack, scenario, true);
  const shape = await readShape(client, workflowId);
  await removeRuns(client, workflowId);
  return { client, bundle, shape, historyEvents: simulation.historyEvents };
}

const described = ({ counts, stops }: YearShape): string =>
  `${counts.timers} timers, ${counts.localActivities} local and ${counts.activities} ordinary activities, ` +
  `${counts.signals} signals, ${counts.workflowTasks} workflow tasks, ${stops.length} fast-forwards`;

export interface YearsOptions {
  repetitions: number;
  scenarios: readonly ScenarioName[];
  /** False: history events only. */
  speed: boolean;
  onProgress: (text: string) => void;
}

/** Measures years of each scenario. */
export async function measureYears(stack: BenchStack, options: YearsOptions): Promise<Measured[]> {
  const connection = await Connection.connect({ address: stack.temporalAddress });
  try {
    const client = new Client({ connection, namespace: simulationNamespace });
    const bundle = await bundleBareYear();
    const speeds: Measured[] = [];
    const events: Measured[] = [];
    for (const scenario of options.scenarios) {
      options.onProgress(`${scenario} year: reading its shape`);
      const prepared = await prepare(stack, client, bundle, scenario);
      const bareYear = await playBareYear(client, stack.temporalAddress, bundle, prepared.shape);
      events.push(eventsOf(scenario, prepared, bareYear));
      if (options.speed) speeds.push(await speedOf(stack, scenario, prepared, options));
    }
    return [...speeds, ...events];
  } finally {
    await connection.close();
  }
}

function eventsOf(scenario: ScenarioName, prepared: Prepared, bareYear: PlayedBareYear): Measured {
  return {
    id: `events-${scenario}`,
    name: `history events, ${scenario} year`,
    unit: 'events/year',
    product: prepared.historyEvents,
    bare: bareYear.historyEvents,
    ratio: prepared.historyEvents / bareYear.historyEvents,
    goal: { of: 'product', below: scenario === 'diligent' ? 350 : 300 },
    note: 'events of virtual time itself not counted',
  };
}

async function speedOf(
  stack: BenchStack,
  scenario: ScenarioName,
  { client, bundle, shape }: Prepared,
  { repetitions, onProgress }: YearsOptions,
): Promise<Measured> {
  const pairs = await interleave(
    repetitions,
    async () => 1 / (await playYear(stack, scenario, false)).seconds,
    async () => 1 / (await playBareYear(client, stack.temporalAddress, bundle, shape)).seconds,
    (done) => onProgress(`${scenario} year: ${done} of ${repetitions} pairs`),
  );
  return {
    id: `years-${scenario}`,
    name: `${scenario} years played`,
    unit: 'agreement-years/s',
    ...compare(pairs),
    ...(scenario === 'diligent' ? { goal: { of: 'ratio', atLeast: 0.7 } } : {}),
    note: `bare: ${described(shape)}`,
    pairs,
  };
}
