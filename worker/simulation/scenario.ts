/** Scenarios: who does what on which day of a simulated year. */
import type { Db } from '../../activities/db';
import { findPlan } from '../../activities/agreements/plans';
import { nextOpenStep } from '../../activities/years/year-story';
import { instantAt } from '../../rules/engine/calendar/calendar';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import { completionOf } from '../../rules/engine/plan/completion';
import type { Finding } from '../../rules/engine/reading/finding';
import { explainAt } from '../../rules/engine/reading/explain-at';
import { isLocalDate } from '../../rules/engine/basics/is-local-date';
import { readJson } from '../../rules/engine/reading/read-json';
import { expectedFound } from '../../rules/engine/basics/text';
import type { Text, Wording } from '../../rules/engine/basics/text';
import { messages } from '../../workflows/messages/messages';

export interface ScenarioStep {
  on: LocalDate;
  signal: string;
  input: Record<string, unknown>;
}

/** Gives the next step that somebody takes in a year, or undefined if there is none. */
export type Scenario = (year: number, to: LocalDate) => Promise<ScenarioStep | undefined>;

/** When a step's signal arrives: at noon, after the morning's due times and before the close of business. */
export const signalledAt = ({ on }: ScenarioStep): Instant => instantAt(on, '12:00');

/** A scenario in which nobody does anything: reminders, escalations and the close of the year remain. */
export const silent: Scenario = () => Promise.resolve(undefined);

const signalOf: Record<string, (id: string) => Omit<ScenarioStep, 'on'>> = {
  start: (id) => ({ signal: 'startStepCompleted', input: { step: id.split('/')[1] } }),
  meetings: (id) => ({ signal: 'meetingHeld', input: { meeting: Number(id.split('-')[1]) } }),
  upgrade: (id) => ({ signal: 'upgradePhaseCompleted', input: { phase: id.split('/')[1] } }),
  renewal: () => ({ signal: 'priceApproved', input: {} }),
};

/**
 * Everybody does each step on its due day; a meeting is booked as planned on the day the consultant is asked to. Who is asked whether
 * something is right says yes.
 *
 * @throws Error where a step is refused all the same: it would be tried for ever
 */
export function diligent(db: Db, agreement: string): Scenario {
  let tried: { step: string; times: number } | undefined;
  const again = (step: ScenarioStep): ScenarioStep => {
    const said = JSON.stringify(step);
    tried = { step: said, times: tried?.step === said ? tried.times + 1 : 1 };
    if (tried.times > 2) throw new Error(`expected the agreement to take ${said}, found it refused`);
    return tried.times === 1 ? step : { ...step, input: { ...step.input, confirmed: true } };
  };
  return async (year) => {
    const next = await nextOpenStep(db, agreement, year, Object.keys(signalOf));
    const step =
      next &&
      (next.book
        ? booked(next.id)
        : ((await phaseDone(db, agreement, year, next)) ?? signalOf[next.strand]?.(next.id)));
    return next && step ? again({ on: next.on, ...step }) : undefined;
  };
}

/** A phase of the upgrade with all it owes, every system as its release says, or one main version up. */
async function phaseDone(
  db: Db,
  agreement: string,
  year: number,
  { id, on }: { id: string; on: LocalDate },
): Promise<Omit<ScenarioStep, 'on'> | undefined> {
  const plan = (await findPlan(db, agreement, year))?.plan;
  if (!plan?.upgrade) return undefined;
  const { systems, targets = {} } = plan.upgrade;
  const versions = Object.fromEntries(
    Object.entries(systems).map(([system, version]) => [system, targets[system] ?? nextMain(version)]),
  );
  const completion = completionOf(plan, id, instantAt(on, '12:00'), 'assumed', versions);
  return completion && { signal: 'upgradePhaseCompleted', input: completion.message };
}

/** The next main version: `18.0` after `17.4`. */
const nextMain = (version: string): string => `${Number.parseInt(version, 10) + 1 || version}.0`;

const booked = (id: string): Omit<ScenarioStep, 'on'> => ({
  signal: 'meetingBooked',
  input: { meeting: id.replace('meeting-', '') },
});

/** A scenario with the steps of a file, each once, in order of their dates. */
export function scripted(steps: ScenarioStep[]): Scenario {
  const left = [...steps].sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  return (_year, to) => Promise.resolve(left[0] && left[0].on < to ? left.shift() : undefined);
}

/** Reads a scenario file. Findings hold all its errors, with their places. */
export function readScenario(text: string, file: string): { steps?: ScenarioStep[]; findings: Finding[] } {
  const { source, findings } = readJson(text, file);
  if (!source) return { findings };
  const { value } = source;
  if (!Array.isArray(value))
    return {
      findings: [
        explainAt(
          source,
          [],
          expectedFound({ sv: 'en lista av steg', en: 'a list of steps' }, describe(value)),
        ),
      ],
    };
  const wrong = value.flatMap((step: unknown, index) =>
    problemsOf(step).map(([field, message]) =>
      explainAt(source, field === undefined ? [`${index}`] : [`${index}`, field], message),
    ),
  );
  if (wrong.length > 0) return { findings: wrong };
  return {
    steps: (value as ScenarioStep[]).map((step) => ({ ...step, input: step.input ?? {} })),
    findings: [],
  };
}

/** The problems of one step: the field, if it concerns one, with what was expected and found. */
function problemsOf(step: unknown): [string | undefined, Text][] {
  if (step === null || typeof step !== 'object' || Array.isArray(step))
    return [[undefined, expectedFound('{ "on", "signal", "input" }', describe(step))]];
  const { on, signal, input, ...rest } = step as Record<string, unknown>;
  const problems: [string | undefined, Text][] = Object.keys(rest).map((name) => [
    name,
    expectedFound({ sv: 'bara on, signal, input', en: 'only on, signal, input' }, `"${name}"`),
  ]);
  if (typeof on !== 'string' || !isLocalDate(on))
    problems.push([
      'on',
      expectedFound({ sv: 'ett datum som ÅÅÅÅ-MM-DD', en: 'a date as YYYY-MM-DD' }, describe(on)),
    ]);
  const names = Object.keys(messages);
  if (!names.includes(signal as string))
    problems.push([
      'signal',
      expectedFound({ sv: `ett av ${names.join(', ')}`, en: `one of ${names.join(', ')}` }, describe(signal)),
    ]);
  if (input !== undefined && (input === null || typeof input !== 'object' || Array.isArray(input)))
    problems.push(['input', expectedFound({ sv: 'ett objekt', en: 'an object' }, describe(input))]);
  return problems;
}

function describe(value: unknown): Wording {
  return value === undefined ? { sv: 'ingenting', en: 'nothing' } : JSON.stringify(value).slice(0, 80);
}
