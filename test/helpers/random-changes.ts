/** Changes the rules of a running year again and again, and checks that each preview predicted what happened. */
import { previewRuleset } from '../../activities/agreements/previews';
import { applyRuleset, loadRuleset, rulesetInForce } from '../../activities/agreements/rulesets';
import { readMoves } from '../../activities/agreements/upgrade-moves';
import { finishOutboxRows, takeOutboxRows } from '../../activities/agreements/agreements';
import { findPlan } from '../../activities/agreements/plans';
import { instantAt, localDateOf } from '../../rules/engine/calendar/calendar';
import { canonicalJson } from '../../rules/engine/basics/canonical-json';
import { diffPlans } from '../../rules/engine/plan/diff-plans';
import type { YearPlan } from '../../rules/engine/plan/plan';
import type { AgreementPreview } from '../../rules/engine/change/preview-change';
import { diffTerms } from '../../rules/engine/terms/running-terms';
import type { Terms } from '../../rules/engine/ruleset/terms';
import type { RunningSimulation } from '../../worker/simulation/simulate';
import { completedPhase } from './completed-phase';
import { play, replayAll } from './play';
import { random } from './random-year';
import { madeUpRuleset } from './random-rules';

interface State {
  plan: YearPlan;
  terms: Terms;
  closed: Record<string, string>;
}

async function stateOf({ db }: RunningSimulation, agreement: string): Promise<State> {
  const stored = await findPlan(db, agreement, 1);
  if (!stored) throw new Error('the year has no plan');
  const closed = await db.query<{ id: string; at: string }>(
    `select id, closed_at as at from obligations
      where agreement = $1 and year = 1 and (state in ('done', 'missed', 'declined') or state = 'cancelled' and id = any ($2))`,
    [agreement, stored.plan.obligations.map(({ id }) => id)],
  );
  return { ...stored, closed: Object.fromEntries(closed.map(({ id, at }) => [id, at])) };
}

const agreement = 'testbolaget-2027';

/** Previews a ruleset, puts it in force, and signals the running workflow. @returns wrong predictions */
async function change(running: RunningSimulation, next: () => number): Promise<string[]> {
  const { db, client, workflowId, time } = running;
  const proposed = madeUpRuleset(next);
  const hash = (await rulesetInForce(db)) ?? '';
  if (hash === proposed.hash) return [];
  const asOf = await time.now();
  const before = await stateOf(running, agreement);
  const move = next() < 0.5;
  let preview: AgreementPreview | undefined;
  for await (const result of previewRuleset(db, await loadRuleset(db, hash), proposed, asOf, move)) {
    // The ruleset may contradict itself for this agreement: it is then refused, and nothing changes.
    if (!result.preview && result.error !== undefined) return [];
    preview = result.preview;
  }
  if (preview && preview.broken.length > 0) return [];
  const told = preview?.running ? [agreement] : [];
  const since = new Date(Date.now() + 60_000).toISOString();
  const moving = move
    ? (await readMoves(db, proposed, asOf)).filter(({ moves }) => moves.some(({ why }) => !why))
    : [];
  const moved = moving.map((one) => one.agreement);
  await applyRuleset(
    db,
    proposed,
    { author: 'test', message: 'made up' },
    told,
    { hash, since },
    { moving: moved },
  );
  for (const row of await takeOutboxRows(db, 100)) {
    if (row.kind === 'terms-changed')
      await client.workflow.getHandle(workflowId).signal('termsChanged', row.payload);
    await finishOutboxRows(db, [row.id]);
  }
  await time.untilIdle();
  const after = await stateOf(running, agreement);
  return compare(before, after, preview, asOf);
}

function compare(before: State, after: State, preview: AgreementPreview | undefined, asOf: string): string[] {
  const expected = preview?.plan ?? { obligations: [], mails: [] };
  const happened = diffPlans(before, after, new Set(Object.keys(before.closed)), asOf);
  const day = localDateOf(asOf) < before.plan.from ? before.plan.from : localDateOf(asOf);
  const values = (preview?.values ?? [])
    .filter(({ on }) => on === day)
    .map(({ path, from, to }) => ({ path, from, to }));
  const told = after.plan.revision > before.plan.revision;
  return [
    ...differs('obligations and mails', expected, happened),
    ...differs('values', values, diffTerms(before.terms, after.terms)),
    ...differs('closed', before.closed, after.closed),
    ...(told === (preview?.running ?? false) ? [] : [`predicted running ${!told}, found ${told}`]),
  ];
}

function differs(what: string, expected: unknown, found: unknown): string[] {
  const [wanted, is] = [canonicalJson(expected), canonicalJson(found)];
  return wanted === is ? [] : [`${what}: predicted ${wanted}, found ${is}`];
}

/**
 * Plays the example's first year while its rules change at random days.
 * @returns wrong predictions of previews; empty if there are none
 */
export async function playChangingRules(seed: number, changes = 6): Promise<string[]> {
  const next = random(seed);
  const days = Array.from({ length: changes }, () => Math.floor(next() * 360)).sort((a, b) => a - b);
  const wrong: string[] = [];
  await play({
    onStarted: async (running) => {
      await running.time.untilIdle();
      for (const day of days) {
        const on = new Date(Date.UTC(2026, 11, 20 + day)).toISOString().slice(0, 10);
        if (instantAt(on, '12:00') > (await running.time.now()))
          await running.time.advanceTo(instantAt(on, '12:00'));
        await running.time.untilIdle();
        if (next() < 0.5) {
          const signals = ['meetingBooked', 'meetingHeld', 'meetingCancelled', 'upgradePhaseCompleted'];
          const signal = signals[Math.floor(next() * signals.length)]!;
          const handle = running.client.workflow.getHandle(running.workflowId);
          const accepted = { acceptedBy: 'Erik Holm', reason: 'made up' };
          if (signal === 'upgradePhaseCompleted') await handle.signal(signal, completedPhase('plan', on));
          await handle.signal(signal, signal === 'upgradePhaseCompleted' ? accepted : {});
          await running.time.untilIdle();
        }
        for (const problem of await change(running, next)) wrong.push(`${on}: ${problem}`);
      }
    },
    onPlayed: async (running) => {
      wrong.push(...(await mailProblems(running)));
      await replayAll(running);
    },
  });
  return wrong;
}

/** Checks that every mail of the year was sent once, and that all of the last plan were sent. */
async function mailProblems({ db }: RunningSimulation): Promise<string[]> {
  const twice = await db.query<{ key: string }>(
    `select obligation || '/' || step || '#' || revision || '/' || contact as key from mails where year = 1
      group by obligation, step, revision, contact having count(*) > 1`,
  );
  const unsent = await db.query<{ key: string; state: string }>(
    `select key, state from mails where year = 1 and state <> 'sent'`,
  );
  return [
    ...twice.map(({ key }) => `mailed twice: ${key}`),
    ...unsent.map(({ key, state }) => `mail ${key} is left ${state}`),
  ];
}
