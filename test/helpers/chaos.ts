/**
 * Whole years of many agreements in virtual time, while whatever carries them is killed, stopped, made slow, cut off or out of
 * disk at moments made up from a seed. What comes of it is for the auditor.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { Db } from '../../activities/db';
import { openDb } from '../../activities/db';
import type { Contract } from '../../rules/engine/contract/contract';
import { retryWhileOpen } from '../../worker/basics/retry-while-open';
import { simulationNamespace } from '../../worker/simulation/simulate';
import { VirtualTime } from '../../worker/simulation/virtual-time';
import { workflowIdOf } from '../../worker/temporal/start-agreement';
import type { Agreement, Evidence, SignedContract } from '../auditor/evidence';
import { readMails, readRows, readRuns, readTerms } from '../auditor/gather';
import { startBreakableStack } from './breakable-stack';
import { rule, writeSleeplessRules } from './changed-rules';
import type { Breakable } from './chaos-faults';
import { everything, faultsOf, shuffledFaults } from './chaos-faults';
import { ChaosPerson, deedsOf, untilDone } from './chaos-person';
import { exampleContract } from './example';
import { openLink } from './link';
import { random } from './random-year';
import { deliverUntilTaken } from './signing-burst';
import { startSmtpProcess } from './smtp-process';

export interface Chaos {
  seed: number;
  agreements: number;
  years: number;
  /** How often something happens to a part; each thing happens once before any happens again. */
  faults: number;
  /** Folder in which the stack's own folder is made. */
  folder: string;
  /** Whether the disk runs full, too: that takes root, on Linux. */
  smallDisk?: boolean;
  /** How much people do, 1 by default. */
  share?: number;
  onProgress?: (text: string) => void;
}

const key = 'the key of years of chaos, known to both sides';
/** Agreements that are played at the same time. */
const lanes = 8;
/** Milliseconds for one look at a workflow or one way to its next timer, on a server that may not answer. */
const stepWithin = 120_000;

/** The contract of one of the agreements: no two have a word in common that tells customers apart. */
function contractOf(index: number, seed: number, startsOn: string): Contract {
  const example = exampleContract();
  const name = `kund${seed}x${index}x`;
  const [first, last] = [`Fornamn${index}x`, `Efternamn${index}x`];
  return {
    ...example,
    agreement: `kaos-${seed}-${index}-x`,
    monitors: [],
    ...{ signedOn: new Date().toISOString().slice(0, 10), startsOn },
    customer: { ...example.customer, id: name, name: `${name} AB` },
    contacts: {
      ...example.contacts,
      customer: example.contacts.customer.map((one, number) => ({
        ...one,
        name: `${first}${number} ${last}${number}`,
        email: `${number}.${name}@kund.example.com`,
      })),
    },
    // A small bank has more hours used than it holds.
    hourBank: { ...example.hourBank, hours: index % 3 === 2 ? 20 : 120 },
  };
}

/** Counts what has been done, and lets faults wait for so much of it. */
class Progress {
  done = 0;
  over = false;
  tick = (): void => void (this.done += 1);
  async reach(count: number): Promise<void> {
    while (this.done < count && !this.over) await pause(20);
  }
}

interface World extends Breakable {
  db: Db;
  client: Client;
  progress: Progress;
  say: (text: string) => void;
}

/** How much is done for an agreement in a year, about. */
const ticksPerYear = 30;

/** Has the faults happen, spread over what is done; now and then the next comes before the one before is over. */
async function disturb(world: World, { seed, faults, agreements, years }: Chaos): Promise<void> {
  const { progress, say } = world;
  const next = random(seed * 7 + 1);
  const expected = agreements * years * ticksPerYear;
  const underWay = new Map<string, Promise<void>>();
  const failed: string[] = [];
  let count = 0;
  for (const { part, what, happen } of shuffledFaults(faultsOf(world, next), faults, next)) {
    const isAlone = next() < 0.7;
    await progress.reach(((count += 1) / (faults + 1)) * expected);
    if (progress.over) break;
    // What happens to one part happens one after the other, as it has to be there again.
    const isBefore = (other: string): boolean => [part, other].includes(everything) || other === part;
    await Promise.all([...underWay].filter(([other]) => isBefore(other)).map(([, happening]) => happening));
    say(`${what}, after ${progress.done} deeds`);
    const happening = happen()
      .catch((error: Error) => void failed.push(`${what}: ${error.message}`))
      .finally(() => underWay.delete(part));
    underWay.set(part, happening);
    if (isAlone) await happening;
  }
  await Promise.all(underWay.values());
  if (failed.length > 0) throw new Error(failed.join('; '));
}

/** When a year is closed and summed up, also over holidays. */
const closedBy = (year: number): string => `${year + 1}-01-28T12:00:00.000Z`;

interface Lived extends Pick<Agreement, 'story' | 'abandoned'> {
  contract: Contract;
  settle: () => Promise<void>;
  now: () => Promise<string>;
}

/** Plays all years of one agreement. What cannot be played on is left where it is, and said. */
async function live(world: World, contract: Contract, options: Chaos, seed: number): Promise<Lived> {
  const { client, db, progress, smtp } = world;
  const { agreement } = contract;
  const time = new VirtualTime(client, workflowIdOf(agreement), 0);
  const step = <T>(work: () => Promise<T>): Promise<T> =>
    untilDone(() => client.connection.withDeadline(Date.now() + stepWithin, work), agreement);
  const now = (): Promise<string> => step(() => time.now());
  const person = new ChaosPerson({ client, db, agreement, now, mails: smtp.folder }, random(seed));
  const first = Number(contract.startsOn.slice(0, 4));
  const play = async (): Promise<void> => {
    for (let year = first; year < first + options.years; year += 1) {
      for (const { on, hour, act } of deedsOf(person, `${year}-01-01`, options.share)) {
        await step(() => time.advanceTo(`${on}T${String(hour).padStart(2, '0')}:00:00.000Z`));
        await act(person);
        progress.tick();
      }
      await step(() => time.advanceTo(closedBy(year)));
    }
  };
  const abandoned = await play().then(
    () => undefined,
    ({ message }: Error) => `it could not be played on: ${message}`,
  );
  return {
    ...{ contract, story: person.story, ...(abandoned !== undefined && { abandoned }) },
    settle: () => (abandoned === undefined ? step(() => time.untilIdle()) : Promise.resolve()),
    // The clock of one that has ended stands still.
    now: async () => [await now(), closedBy(first + options.years - 1)].sort().at(-1)!,
  };
}

/** Runs so much work at the same time. */
async function inLanes<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const left = [...items.entries()];
  const results: R[] = [];
  const lane = async (): Promise<void> => {
    for (let each = left.shift(); each; each = left.shift()) results[each[0]] = await work(each[1]);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

/** Waits until no mail is on its way any more. */
async function untilMailed(db: Db): Promise<void> {
  await untilDone(async () => {
    const left = await db.query(`select message_id from mails where state in ('queued', 'sending') limit 1`);
    if (left.length > 0) throw new Error('mails are on their way');
  }, 'all mails go out');
}

/** Plays it. @returns what the auditor goes by */
export async function playChaos(options: Chaos): Promise<Evidence> {
  mkdirSync(options.folder, { recursive: true });
  const folder = mkdtempSync(path.join(options.folder, 'chaos-'));
  const smtp = await startSmtpProcess(path.join(folder, 'mails'));
  const smtpLink = await openLink(() => smtp.port);
  const rulesDir = writeSleeplessRules(
    path.join(folder, 'rules'),
    rule('notices', { digests: { consultant: 'never', manager: 'never' } }),
  );
  const stack = await startBreakableStack(
    options.folder,
    {
      SMTP_URL: `smtp://127.0.0.1:${smtpLink.port}`,
      SERVICEAVTAL_RULES: rulesDir,
      SERVICEAVTAL_SIGNED_KEYS: Buffer.from(key).toString('base64url'),
      SERVICEAVTAL_MAIL_FROM: 'avtal@serviceavtal.example',
    },
    { namespace: simulationNamespace, ownDisk: options.smallDisk ?? false },
  );
  const db = openDb(stack.databaseUrl, { maxConnections: 4 });
  const connection = await Connection.connect({
    address: stack.temporalAddress,
    channelArgs: { 'grpc.max_receive_message_length': -1 },
    interceptors: [retryWhileOpen],
  });
  try {
    const world = {
      ...{ stack, smtp, links: { ...stack.links, smtp: smtpLink } },
      ...{ db, progress: new Progress(), say: options.onProgress ?? (() => undefined) },
      client: new Client({ connection, namespace: simulationNamespace }),
    };
    const lived = await liveAll(world, options);
    return await gather(world, lived, path.join(rulesDir, 'levels/guld.json'));
  } finally {
    await connection.close();
    await db.close();
    await stack.stop();
    await smtpLink.stop();
    await smtp.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Delivers a contract, and once more as services do; resolves when its first year is planned. */
async function sign({ stack, db }: World, contract: Contract): Promise<void> {
  const { agreement } = contract;
  for (const attempt of [1, 2])
    await deliverUntilTaken({ intakeUrl: stack.intakeUrl, key }, contract, attempt);
  await untilDone(async () => {
    const planned = await db.query('select 1 from plans where agreement = $1', [agreement]);
    if (planned.length === 0) throw new Error('it is not planned');
  }, `${agreement} is planned`);
}

/** Signs all, plays all, and waits until nothing is left to do. */
async function liveAll(world: World, options: Chaos): Promise<Lived[]> {
  const { progress, db, say } = world;
  const { seed, agreements } = options;
  // A virtual clock begins at the wall's and only goes forward.
  const startsOn = `${new Date().getUTCFullYear() + 1}-01-01`;
  const contracts = Array.from({ length: agreements }, (_, index) => contractOf(index, seed, startsOn));
  const disturbing = disturb(world, options);
  const lived = await inLanes(contracts, async (contract) => {
    await sign(world, contract);
    const one = await live(world, contract, options, seed * 1_000 + contracts.indexOf(contract));
    say(`${contract.agreement} is played`);
    return one;
  }).finally(() => (progress.over = true));
  await disturbing;
  await Promise.all(lived.map(({ settle }) => settle()));
  await untilMailed(db);
  return lived;
}

async function gather({ stack, smtp }: World, lived: readonly Lived[], levelFile: string): Promise<Evidence> {
  const { byAgreement, ownMails } = await readRows(
    stack.databaseUrl,
    lived.map(({ contract }) => contract.agreement),
  );
  const address = `${stack.temporalHttp}/api/v1/namespaces/${simulationNamespace}`;
  const agreements: Agreement[] = [];
  for (const { contract, story, now, abandoned } of lived)
    agreements.push({
      contract: contract as SignedContract,
      story,
      ...(abandoned !== undefined && { abandoned }),
      now: await now(),
      rows: byAgreement.get(contract.agreement)!,
      runs: await readRuns(address, workflowIdOf(contract.agreement)),
    });
  return { terms: readTerms(levelFile), agreements, ownMails, mails: await readMails(smtp.folder) };
}
