/**
 * Signs contracts in a burst while parts are killed at random, from a seed. Afterwards every contract must have exactly
 * one agreement, and its customer exactly one welcome. Problems come back as sentences.
 */
import { createHmac } from 'node:crypto';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { createMailActivities } from '../../activities/mail/mail';
import type { Db } from '../../activities/db';
import type { Contract } from '../../rules/engine/contract/contract';
import { openDb } from '../../activities/db';
import { createSendMessage } from '../../activities/mail/smtp';
import { settleMail } from '../../worker/commands/mails/settle-mails';
import type { BreakablePart, BreakableStack } from './breakable-stack';
import { breakableParts, startBreakableStack } from './breakable-stack';
import { writeSleeplessRules } from './changed-rules';
import { exampleContract } from './example';
import type { Mailbox } from './mailbox';
import { openMailbox } from './mailbox';
import { random } from './random-year';

export interface Burst {
  seed: number;
  signings: number;
  /** Number of kills in the burst. */
  kills: number;
  /** Folder in which the stack's own folder is made. */
  folder: string;
  onProgress?: (text: string) => void;
}

const key = 'the key of a burst of signings, known to both sides';
/** Deliveries at the same time, and the share that is delivered once more, as services do. */
const lanes = 8;
const repeated = 0.3;
/** Milliseconds for everything to be done after the last delivery, and in addition for each agreement. */
const settledWithin = 120_000;
const perAgreement = 3_000;

const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

/** Plays the burst. @returns the problems; empty if there are none */
export async function playBurst({ seed, signings, kills, folder, onProgress }: Burst): Promise<string[]> {
  const next = random(seed);
  const say = onProgress ?? ((): void => undefined);
  const mailbox = await openMailbox();
  const stack = await startBreakableStack(folder, {
    SMTP_URL: mailbox.smtpUrl,
    SERVICEAVTAL_RULES: writeSleeplessRules(path.join(folder, `rules-${seed}`)),
    SERVICEAVTAL_SIGNED_KEYS: Buffer.from(key).toString('base64url'),
    SERVICEAVTAL_MAIL_FROM: 'avtal@serviceavtal.example',
  });
  const db = openDb(stack.databaseUrl, { maxConnections: 4 });
  try {
    const numbers = Array.from({ length: signings }, (_, index) => `burst-${seed}-${index}`);
    const killed = await deliverAll(stack, numbers, kills, next, say);
    await untilSettled(db, signings, stack, say);
    await settleUnknown(db, mailbox);
    say(`killed: ${killed.join(', ')}`);
    return await problemsOf(db, stack, mailbox, numbers);
  } finally {
    await db.close();
    await stack.stop();
    await mailbox.close();
  }
}

/** Delivers every contract until it is accepted, some twice, while parts are killed. @returns the killed parts */
async function deliverAll(
  stack: BreakableStack,
  numbers: string[],
  kills: number,
  next: () => number,
  say: (text: string) => void,
): Promise<BreakablePart[]> {
  const deliveries = shuffled(
    numbers.flatMap((number) => (next() < repeated ? [number, number] : [number])),
    next,
  );
  // Every part is killed once before any is killed again.
  const rounds = Math.ceil(kills / breakableParts.length);
  const victims = Array.from({ length: rounds }, () => shuffled([...breakableParts], next))
    .flat()
    .slice(0, kills);
  let taken = 0;
  let working = true;
  const killing = (async (): Promise<void> => {
    for (const [index, victim] of victims.entries()) {
      // The kills are spread over the burst; the last ones come after it, while work goes on.
      const due = ((index + 0.5) / Math.max(1, kills - 1)) * deliveries.length;
      while (working && taken < due) await pause(20);
      say(`${victim} is killed after ${taken} of ${deliveries.length} deliveries`);
      await stack.kill(victim);
    }
  })();
  const left = [...deliveries.entries()];
  const lane = async (): Promise<void> => {
    for (let each = left.shift(); each; each = left.shift()) {
      const [attempt, number] = each;
      const contract = exampleContract({ agreement: number });
      await deliverUntilTaken({ intakeUrl: stack.intakeUrl, key }, contract, attempt);
      taken += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  working = false;
  await killing;
  return victims;
}

/** The items in a random order. */
function shuffled<T>(items: T[], next: () => number): T[] {
  for (let index = items.length - 1; index > 0; index -= 1) {
    const other = Math.floor(next() * (index + 1));
    [items[index], items[other]] = [items[other]!, items[index]!];
  }
  return items;
}

/**
 * Delivers a signed contract as a signing service does: again and again until the answer is good.
 * @param intake where to, and the key that both sides know
 * @param attempt tells deliveries of one contract apart
 */
export async function deliverUntilTaken(
  { intakeUrl, key }: { intakeUrl: string; key: string },
  contract: Contract,
  attempt: number,
): Promise<void> {
  const number = contract.agreement;
  const body = JSON.stringify({
    event: 'completed',
    attempt,
    document: {
      id: `document-of-${number}`,
      title: `Serviceavtal ${number}`,
      completedAt: '2026-12-01T10:00:00.000Z',
      signers: [{ name: 'Karin Ek', email: 'karin.ek@testbolaget.example.com' }],
      files: [
        { kind: 'contract', name: 'avtal.pdf', mediaType: 'application/pdf', base64: pdf.toString('base64') },
      ],
    },
    contract,
  });
  for (let tries = 0; ; tries += 1) {
    const seconds = Math.floor(Date.now() / 1000);
    const signature = createHmac('sha256', Buffer.from(key).toString('base64url'))
      .update(`${seconds}.${body}`)
      .digest('hex');
    const status = await fetch(`${intakeUrl}/signings/signed`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'serviceavtal-signature': `t=${seconds},v1=${signature}`,
      },
      body,
      signal: AbortSignal.timeout(10_000),
    }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      () => 0,
    );
    if (status === 200) return;
    if (status !== 0 && status < 500 && status !== 429)
      throw new Error(`expected delivery ${number} to be taken, the intake answered ${status}`);
    await pause(Math.min(1_000, 100 * (tries + 1)));
  }
}

/** Waits until nothing is left to do: every agreement runs, and no mail waits except for a person. */
async function untilSettled(
  db: Db,
  signings: number,
  stack: BreakableStack,
  say: (text: string) => void,
): Promise<void> {
  const giveUpAt = Date.now() + settledWithin + signings * perAgreement;
  let told = 0;
  for (;;) {
    const [row] = await db
      .query<{ live: number; open: number; unsent: number; unwelcomed: number }>(
        `select (select count(*) from agreements where state = 'live') as live,
                (select count(*) from deliveries where state = 'received') as open,
                (select count(*) from mails where state in ('queued', 'sending')) as unsent,
                (select count(*) from agreements
                  where not exists (select 1 from mails where agreement = number and template = 'welcome')) as unwelcomed`,
      )
      .catch(() => []);
    if (row && row.live === signings && row.open + row.unsent + row.unwelcomed === 0) return;
    if (Date.now() > giveUpAt)
      throw new Error(
        `expected ${signings} agreements to run and nothing to wait, found ${JSON.stringify(row)}\n${stack.said().slice(-2_000)}`,
      );
    if (Date.now() - told > 10_000) {
      told = Date.now();
      say(`waiting: ${JSON.stringify(row)}`);
    }
    await pause(250);
  }
}

/** Settles mails of unknown fate as a person would: confirms those that arrived, and resends the others. */
async function settleUnknown(db: Db, mailbox: Mailbox): Promise<void> {
  const arrived = new Set(mailbox.mails.map(({ messageId }) => messageId));
  const { sendNotice } = createMailActivities({
    db,
    sendMessage: createSendMessage(mailbox.smtpUrl),
    mailFrom: 'avtal@serviceavtal.example',
    staffLanguage: 'sv',
    agreementLink: (agreement) => `http://127.0.0.1/${agreement}`,
  });
  const unknown = await db.query<{ key: string; messageId: string }>(
    `select key, message_id as "messageId" from mails where state = 'unknown'`,
  );
  for (const { key: mail, messageId } of unknown)
    await settleMail(db, mail, arrived.has(messageId) ? 'confirm' : 'resend', sendNotice);
}

async function problemsOf(
  db: Db,
  stack: BreakableStack,
  mailbox: Mailbox,
  numbers: string[],
): Promise<string[]> {
  const problems: string[] = [];
  const expect = (what: string, expected: unknown, found: unknown): void => {
    if (JSON.stringify(expected) !== JSON.stringify(found))
      problems.push(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
  };
  const count = async (what: string, sql: string, expected: number): Promise<void> => {
    const [row] = await db.query<{ count: number }>(`select count(*) as count from ${sql}`);
    expect(what, expected, row?.count);
  };
  await count('agreements', 'agreements', numbers.length);
  await count('agreements that are those signed', `agreements where number like 'burst-%'`, numbers.length);
  await count('documents', 'signings', numbers.length);
  await count('papers kept', `signed_files where state = 'kept' and kind = 'contract'`, numbers.length);
  await count('deliveries that started an agreement', `deliveries where result = 'started'`, numbers.length);
  await count('deliveries left', `deliveries where state <> 'done'`, 0);
  await count('amendments', 'amendments', 0);
  problems.push(...(await mailProblems(db, mailbox, numbers)));
  const connection = await Connection.connect({ address: stack.temporalAddress });
  try {
    const client = new Client({ connection, namespace: stack.namespace });
    const query = `WorkflowType = 'agreementYear'`;
    // The server's lists lag behind.
    for (let tries = 0; tries < 50; tries += 1) {
      if ((await client.workflow.count(query)).count >= numbers.length) break;
      await pause(200);
    }
    expect('workflows', numbers.length, (await client.workflow.count(query)).count);
  } finally {
    await connection.close();
  }
  return problems;
}

/** Checks that each customer's contacts were welcomed once, and that no mail came twice. */
async function mailProblems(db: Db, mailbox: Mailbox, numbers: string[]): Promise<string[]> {
  const times = new Map<string, number>();
  for (const { messageId = '' } of mailbox.mails) times.set(messageId, (times.get(messageId) ?? 0) + 1);
  const twice = [...times].filter(([, often]) => often > 1).map(([id]) => id);
  const welcomes = await db.query<{ agreement: string; messageId: string }>(
    `select agreement, message_id as "messageId" from mails where template = 'welcome'`,
  );
  const welcomed = new Map<string, number>();
  for (const { agreement, messageId } of welcomes)
    welcomed.set(agreement, (welcomed.get(agreement) ?? 0) + (times.get(messageId) ?? 0));
  const expected = Math.max(0, ...welcomed.values());
  const wrong = numbers.filter((number) => expected === 0 || welcomed.get(number) !== expected);
  return [
    ...twice.map((id) => `${id} came twice`),
    ...wrong.map((number) => `${number}: expected ${expected} welcomes, found ${welcomed.get(number) ?? 0}`),
  ];
}
