/**
 * An upgrade from an earlier version, as an operator does it: that version's own program runs agreements, today's takes over
 * and is killed in the middle, all goes back, and forward again. Hours are reported all the while.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { describe, isFailing, reasonOfFailing } from '../../worker/health/workflows';
import { projectRoot } from '../../worker/settings/configuration';
import { listRuns } from '../../worker/temporal/deployment';
import { workflowIdOf } from '../../worker/temporal/start-agreement';
import type { EarlierUpgrade, Program, World } from './earlier-program';
import { closeServices, hasEnded, openServices, runProgram, startProgram, until } from './earlier-program';

/** Has the earlier version sign agreements that begin today. */
async function signAll(world: World): Promise<void> {
  const { options, numbers, db } = world;
  const today = localDateOf(new Date().toISOString());
  const example = readFileSync(path.join(options.earlier, 'examples/testbolaget.json'), 'utf8');
  const contract = { ...(JSON.parse(example) as object), signedOn: today, startsOn: today, monitors: [] };
  for (const agreement of numbers) {
    const file = path.join(options.folder, `${agreement}.json`);
    writeFileSync(file, JSON.stringify({ ...contract, agreement, $schema: undefined }));
    const signing = runProgram(world, options.earlier, 'earlier', ['sign', file]);
    await once(signing.child, 'close');
    if (signing.child.exitCode !== 0) throw new Error(signing.said());
  }
  await until('all are planned', async () => (await db.query('select from plans')).length >= numbers.length);
}

interface Reporting {
  /** How many were reported to each agreement. */
  sent(): number;
  /** Reports them again, from one on. */
  again(from: number): Promise<void>;
  stop(): Promise<void>;
}

/** Reports a little time to each agreement in turn, on and on, each until it is taken. */
function startReporting(world: World): Reporting {
  let [sent, going] = [0, true];
  const report = async (agreement: string, ref: string): Promise<void> => {
    for (;;)
      try {
        await world.client.workflow
          .getHandle(workflowIdOf(agreement))
          .signal('hoursUsed', { hours: 0.02, ref, by: agreement });
        return;
      } catch {
        // The services are away; who reports tries again.
        await pause(300);
      }
  };
  const reportAll = async (count: number): Promise<void> => {
    for (const agreement of world.numbers) await report(agreement, `entry-${count}`);
  };
  const loop = (async () => {
    for (; going; await pause(500)) {
      await reportAll(sent);
      sent += 1;
    }
  })();
  return {
    sent: () => sent,
    again: async (from) => {
      for (let count = from; count < sent; count += 1) await reportAll(count);
    },
    stop: async () => {
      going = false;
      await loop;
    },
  };
}

/** References of an agreement's entries, in the tables of either version. */
async function booked({ db }: World, agreement: string): Promise<string[]> {
  const [table] = await db.query<{ ledger: boolean }>(
    `select to_regclass('hour_entry_refs') is not null as ledger`,
  );
  const rows = await db.query<{ ref: string }>(
    table?.ledger
      ? 'select ref from hour_entries join hour_entry_refs on entry = id where agreement = $1'
      : 'select ref from hour_entries where agreement = $1 and ref is not null',
    [agreement],
  );
  return rows.map(({ ref }) => ref);
}

/** Waits until each agreement has booked an entry that is reported from now on. */
async function goesOn(world: World, reporting: Reporting): Promise<void> {
  const from = reporting.sent() + 1;
  for (const agreement of world.numbers)
    await until(`${agreement} books entry-${from}`, async () =>
      (await booked(world, agreement)).includes(`entry-${from}`),
    );
}

/** Versions that the agreements' years are on; `none` where it is none. */
async function versions({ client, numbers }: World): Promise<string[]> {
  const found = await Promise.all(numbers.map((number) => describe(client, workflowIdOf(number))));
  return [...new Set(found.map((run) => run?.build ?? 'none'))];
}

/** What does not hold at the end. */
async function problemsOf(world: World, sent: number): Promise<string[]> {
  const { db, client, numbers, stack } = world;
  const problems: string[] = [];
  for (const agreement of numbers) {
    const refs = await booked(world, agreement);
    const lost = Array.from({ length: sent }, (_none, count) => `entry-${count}`).filter(
      (ref) => !refs.includes(ref),
    );
    if (lost.length > 0) problems.push(`${agreement}: lost ${lost.join(', ')}`);
    if (new Set(refs).size < refs.length) problems.push(`${agreement}: an entry is booked twice`);
  }
  for (const { workflowId, build } of await listRuns({ client, taskQueue: 'serviceavtal' })) {
    const run = await describe(client, workflowId);
    if (run !== undefined && !isFailing(run)) continue;
    const why = run && (await reasonOfFailing(client, workflowId, run.runId));
    problems.push(`${workflowId} fails its tasks (${build ?? 'none'}): ${JSON.stringify(why)}`);
  }
  for (const { agreement, code, detail } of await db.query<Record<'agreement' | 'code' | 'detail', string>>(
    `select agreement, code, detail from attention where cleared_at is null`,
  ))
    problems.push(`${agreement}: ${code}: ${detail}`);
  const twice = await db.query<{ key: string }>(`select key from mails where state = 'unknown'`);
  problems.push(...twice.map(({ key }) => `${key} is unknown`));
  return stack.embedded.postgres ? problems : ['expected services of its own'];
}

/** Stops the services, does something with their data, and starts them again. */
async function atRest(world: World, work: (data: string, copy: string) => void): Promise<void> {
  await closeServices(world);
  work(...(['services', 'copy'].map((name) => path.join(world.options.folder, name)) as [string, string]));
  Object.assign(world, await openServices(world.options.folder));
}

const copyAll = (from: string, to: string): void => {
  rmSync(to, { recursive: true, force: true });
  execFileSync('cp', ['-a', from, to]);
};

/** Stops reporting. @returns what does not hold once the last is booked */
async function finish(world: World, reporting: Reporting): Promise<string[]> {
  await reporting.stop();
  const last = `entry-${reporting.sent() - 1}`;
  for (const agreement of world.numbers)
    await until(`${agreement} books ${last}`, async () => (await booked(world, agreement)).includes(last));
  return problemsOf(world, reporting.sent());
}

/** Today's version migrates while the earlier one works. What that one could not book is booked when it is told to. */
async function runBeside(
  world: World,
  reporting: Reporting,
  before: Program,
  start: () => Promise<Program>,
): Promise<string[]> {
  const { options, client, numbers, db } = world;
  await start();
  await until('all are on a version', async () => !(await versions(world)).includes('none'));
  await before.end();
  await goesOn(world, reporting);
  const failed = await db.query<{ agreement: string }>(
    `select agreement from attention where code = 'hours-failed' and cleared_at is null order by 1`,
  );
  options.onProgress(`hours that the earlier version could not book: in ${failed.length} agreements`);
  for (const number of numbers)
    await client.workflow.getHandle(workflowIdOf(number)).signal('failuresRetried', {});
  await goesOn(world, reporting);
  return finish(world, reporting);
}

/** Plays it. @returns what did not hold */
export async function playEarlierUpgrade(options: EarlierUpgrade): Promise<string[]> {
  const { folder, earlier, onProgress: tell } = options;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const numbers = Array.from({ length: options.agreements }, (_none, index) => `upgraded-${index + 1}`);
  const world: World = { options, numbers, ...(await openServices(folder)) };
  const programs: Program[] = [];
  const run = async (code: string, name: string): Promise<Program> => {
    const program = await startProgram(world, code, name);
    programs.push(program);
    return program;
  };
  try {
    const before = await run(earlier, 'earlier');
    await signAll(world);
    const reporting = startReporting(world);
    await goesOn(world, reporting);
    tell(
      `the earlier version runs ${numbers.length} agreements, on versions: ${(await versions(world)).join()}`,
    );

    if (options.beside) return await runBeside(world, reporting, before, () => run(projectRoot, 'today'));

    await before.end();
    const copiedAt = reporting.sent();
    await atRest(world, copyAll);
    tell(`stopped and copied, at entry-${copiedAt}; today's version takes over, and is killed`);

    const killed = await run(projectRoot, 'today');
    await until('one is on a version', async () => (await versions(world)).some((each) => each !== 'none'));
    await killed.end('SIGKILL');

    const refused = runProgram(world, earlier, 'earlier', ['start']);
    await until('the earlier version ends', () => hasEnded(refused));
    tell(
      `without the copy it ends with ${String(refused.child.exitCode)}: ${refused.said().trim().slice(-260)}`,
    );
    if (refused.child.exitCode !== 1 || !refused.said().includes('newer version')) return [refused.said()];

    await atRest(world, (data, copy) => copyAll(copy, data));
    const back = await run(earlier, 'earlier');
    await goesOn(world, reporting);
    await reporting.again(copiedAt);
    await goesOn(world, reporting);
    tell(
      `gone back, on versions: ${(await versions(world)).join()}; what came since entry-${copiedAt} was reported again`,
    );

    await back.end();
    await run(projectRoot, 'today');
    await until('all are on a version', async () => !(await versions(world)).includes('none'));
    await goesOn(world, reporting);
    tell(`forward again, on versions: ${(await versions(world)).join()}`);
    return await finish(world, reporting);
  } catch (error) {
    // Why it does not go on: what fails, and what the program said last.
    const found = await problemsOf(world, 0);
    return [(error as Error).message, ...found, programs.at(-1)?.said().slice(-2_000) ?? ''];
  } finally {
    for (const program of programs) await program.end('SIGKILL');
    await closeServices(world);
  }
}
