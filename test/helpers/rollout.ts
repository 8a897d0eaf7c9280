/**
 * Takes one release to many agreements in virtual time: a campaign places their windows, and each upgrade meets a fate
 * drawn from a seed. Problems come back as sentences.
 */
import { randomBytes } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { Client, Connection } from '@temporalio/client';
import { finishOutboxRows, storeSignedContract } from '../../activities/agreements/agreements';
import {
  applyRuleset,
  beginLooking,
  publishRuleset,
  termsAtSigning,
} from '../../activities/agreements/rulesets';
import { campaignCalendars } from '../../activities/years/campaign-candidates';
import { keepWindows, readWindows } from '../../activities/years/upgrade-windows';
import type { UpgradeOfAgreement } from '../../rules/engine/upgrade/portfolio';
import { readUpgrades } from '../../activities/years/upgrades';
import { instantAt, localDateOf } from '../../rules/engine/calendar/calendar';
import { addDays, isoWeek } from '../../rules/engine/calendar/dates';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import { inPhaseOrder } from '../../rules/engine/upgrade/in-phase-order';
import type { Overview } from '../../templates/ui/overview';
import { simulationNamespace, startSimulationWorker } from '../../worker/simulation/simulate';
import { VirtualTime } from '../../worker/simulation/virtual-time';
import { startAgreement, workflowIdOf } from '../../worker/temporal/start-agreement';
import { changedLevel, rule, rulesetOf, when } from './changed-rules';
import { completedPhase } from './completed-phase';
import { exampleContract } from './example';
import { openMailbox } from './mailbox';
import { random } from './random-year';
import { freshDatabase, testStack } from './stack';

/** What becomes of an upgrade, in one of its phases. */
const fates = [
  ...(['well', 'again', 'accepted', 'rolledBack', 'restored'] as const),
  ...(['declined', 'postponed', 'silent', 'ended'] as const),
];
export type Fate = (typeof fates)[number];

const phases = ['plan', 'precheck', 'technical', 'integrations', 'test', 'approval', 'after-check'];
/** Phases in which a fate can be met: what has been approved is not rolled back or declined. */
const placesOf = (fate: Fate): string[] => {
  if (fate === 'ended') return ['approval'];
  if (fate === 'accepted') return ['precheck', 'technical', 'integrations', 'test', 'after-check'];
  if (fate === 'rolledBack' || fate === 'declined') return ['plan', 'precheck', 'technical'];
  // People work in the new version by then: only their management has it taken away.
  if (fate === 'restored') return ['integrations', 'test', 'approval'];
  return fate === 'postponed' ? phases.slice(0, -2) : phases;
};

const signedOn = '2027-04-12';
const plannedOn = '2027-04-13';
/** Until when everything has come to its end; those that nobody reports are escalated by then. */
const lastDay = '2027-12-10';

export interface Rollout {
  /** By agreement. */
  fates: Record<string, { fate: Fate; phase: string }>;
  portfolio: UpgradeOfAgreement[];
  problems: string[];
}

/** One agreement that is played. */
class Upgraded {
  /** Its fate was met. */
  met = false;
  over = false;
  /** Number of messages: more than any fate needs are refused ones. */
  sent = 0;
  readonly handle: WorkflowHandle;

  constructor(
    readonly agreement: string,
    readonly fate: Fate,
    readonly phase: string,
    readonly time: VirtualTime,
    client: Client,
  ) {
    this.handle = client.workflow.getHandle(workflowIdOf(agreement));
  }

  async send(signal: string, input: unknown): Promise<void> {
    this.over ||= ++this.sent > 25;
    await this.handle.signal(signal, input);
    await this.time.untilIdle();
  }

  /** Says of the open phase what its fate has it say. */
  async act(phase: string, on: LocalDate): Promise<void> {
    const isIts = phase === this.phase && !this.met;
    const completed = completedPhase(phase, on);
    if (!isIts || this.fate === 'well') return this.send('upgradePhaseCompleted', completed);
    this.met = true;
    switch (this.fate) {
      case 'again':
        return this.send('upgradePhaseFailed', { phase, then: 'again', reason: 'it did not work' });
      case 'rolledBack':
        return this.send('upgradePhaseFailed', { phase, then: 'roll-back', reason: 'the backup was needed' });
      case 'restored':
        return this.send('upgradePhaseFailed', {
          ...{ phase, then: 'restore', contact: 'contact-1', reason: 'the figures are wrong' },
          lostSince: `${addDays(on, -1)} 16:00`,
        });
      case 'declined':
        return this.send('upgradeDeclined', { contact: 'contact-1', reason: 'not this year' });
      case 'postponed':
        return this.send('upgradePostponed', {
          until: addDays(on, 40),
          contact: 'contact-1',
          reason: 'stocktaking',
        });
      case 'accepted': {
        const [first] = { integrations: ['webshop-orders'], test: ['visma-business'] }[phase] ?? ['1'];
        const accepted = { except: [first], acceptedBy: 'Erik Holm', reason: 'mended in the autumn' };
        return this.send('upgradePhaseCompleted', { ...completed, ...accepted });
      }
      case 'ended':
        return this.send('upgradePhaseCompleted', {
          phase,
          acceptedBy: 'Erik Holm',
          reason: 'the customer does not answer',
        });
      case 'silent':
        this.over = true;
    }
  }
}

/**
 * @param count agreements; every fifth pair shares an installation
 * @param seed decides the fates
 */
export async function playRollout(count: number, seed: number): Promise<Rollout> {
  const stack = testStack();
  const id = randomBytes(3).toString('hex');
  const next = random(seed);
  const problems: string[] = [];
  const cleanUp: (() => Promise<unknown>)[] = [];
  const numberOf = (index: number): string => `utrullning-${id}-${String(index).padStart(2, '0')}`;
  const numbers = Array.from({ length: count }, (_, index) => numberOf(index));
  const shares = numbers.flatMap((number, index) => {
    const other = numbers[index + 1];
    return index % 10 === 0 && other !== undefined ? [[number, other]] : [];
  });
  try {
    const database = await freshDatabase();
    cleanUp.push(database.close);
    const { db } = database;
    const mailbox = await openMailbox();
    cleanUp.push(() => mailbox.close());
    const connection = await Connection.connect({ address: stack.temporalAddress });
    cleanUp.push(() => connection.close());
    const client = new Client({ connection, namespace: simulationNamespace });
    const taskQueue = `rollout-${id}`;
    const worker = await startSimulationWorker({
      ...{ temporalAddress: stack.temporalAddress, taskQueue, databaseUrl: database.databaseUrl },
      ...{
        smtpUrl: mailbox.smtpUrl,
        cacheDir: stack.cacheDir,
        staffLanguage: 'sv',
        link: 'http://127.0.0.1',
      },
    });
    cleanUp.push(() => worker.stop());

    const few = changedLevel((level) => {
      level.rules.push(
        rule('meetings', { perYear: 1 }),
        rule('hourBank', { statementsPerYear: 1 }),
        rule('notices', { digests: { consultant: 'never', manager: 'never' } }),
        rule('upgrade', { round: 'pilots' }, [when('customer', 'equal', 'kund-0')]),
      );
    });
    await publishRuleset(db, few, { author: 'test', message: 'without a campaign' });
    const clockOffset = Date.parse(instantAt(signedOn, '09:00')) - Date.now();
    const all = new Map<string, Upgraded>();
    for (const [index, agreement] of numbers.entries()) {
      const example = exampleContract();
      const contract = {
        ...example,
        ...{ agreement, signedOn, monitors: [] },
        customer: { ...example.customer, id: `kund-${index}`, name: `Kund ${index}` },
        contacts: {
          ...example.contacts,
          customer: example.contacts.customer.map((one) => ({
            ...one,
            email: one.email.replace('testbolaget', `kund-${index}`),
          })),
          // Ten customers a consultant, as many as upgrade in one month.
          consultant: { ...example.contacts.consultant, id: `konsult-${1 + Math.floor(index / 10)}` },
        },
      };
      await storeSignedContract(db, contract, { ...(await termsAtSigning(db, contract)), start: false });
      await startAgreement(client, contract, { taskQueue, language: 'sv', clockOffset });
      const time = new VirtualTime(client, workflowIdOf(agreement), clockOffset);
      // Those that share have one fate that concerns the installation: the first one's.
      const isSecond = shares.some(([, second]) => second === agreement);
      const fate = isSecond ? 'well' : fates[(index + Math.floor(next() * 2)) % fates.length]!;
      const places = placesOf(fate);
      const upgraded = new Upgraded(
        agreement,
        fate,
        places[Math.floor(next() * places.length)]!,
        time,
        client,
      );
      all.set(agreement, upgraded);
      cleanUp.push(() => upgraded.handle.terminate().catch(() => undefined));
    }
    await Promise.all([...all.values()].map(({ time }) => time.untilIdle()));

    /** Brings to the workflows what waits for them in the outbox, at the time of who caused it. */
    const deliver = async (at: Instant, to: readonly string[]): Promise<void> => {
      const rows = await db.query<{
        id: string;
        agreement: string;
        kind: string;
        payload: Record<string, unknown>;
      }>(
        `select id, agreement, kind, payload from outbox where done_at is null and kind in ('page', 'terms-changed')
            and agreement = any ($1) order by id`,
        [to],
      );
      await Promise.all(
        [...new Set(rows.map(({ agreement }) => agreement))].map(async (agreement) => {
          const told = all.get(agreement)!;
          await told.time.advanceTo(at);
          for (const { kind, payload } of rows.filter((row) => row.agreement === agreement))
            await (kind === 'page'
              ? told.send(String(payload.signal), payload.input)
              : told.send('termsChanged', payload));
        }),
      );
      await finishOutboxRows(db, rows.map((row) => row.id) as never);
    };

    const withCampaign = rulesetOf({
      ...few.texts,
      'campaigns/vartur-2027.json': JSON.stringify(campaign),
      ...Object.fromEntries(
        shares.map((pair, index) => [
          `installations/drift-${index}.json`,
          JSON.stringify(installation(pair)),
        ]),
      ),
    });
    const asOf = instantAt(plannedOn, '10:00');
    const calendars = (await campaignCalendars(db, withCampaign, asOf)).map(({ calendar }) => calendar);
    const since = await beginLooking(db);
    await applyRuleset(
      db,
      withCampaign,
      { author: 'test', message: 'the campaign' },
      [],
      { hash: few.hash, since },
      { besides: (tx) => keepWindows(tx, calendars, asOf) },
    );
    await deliver(asOf, numbers);
    const placed = await readWindows(db);
    for (const { notPlaced, problems: said } of calendars) {
      problems.push(...said.map(({ en }) => `the calendar says: ${en}`));
      problems.push(...notPlaced.map(({ installation: one, why }) => `${one} has no window: ${why.en}`));
    }
    problems.push(...tooMany(placed), ...(await plannedElsewhere(db)));

    const groups = numbers
      .filter((number) => !shares.some(([, second]) => second === number))
      .map((number) => (shares.find(([first]) => first === number) ?? [number]).map((one) => all.get(one)!));
    const waiting = [...groups];
    const playNext = async (): Promise<void> => {
      for (let group = waiting.shift(); group; group = waiting.shift()) await playGroup(group);
    };
    const openPhase = async (
      agreement: string,
    ): Promise<{ phase: string; at: Instant; on: LocalDate } | undefined> => {
      const open = await db.query<{ id: string; opensAt: Instant; dueOn: LocalDate; after: string | null }>(
        `select id, opens_at as "opensAt", due_on as "dueOn", after from obligations
          where agreement = $1 and strand = 'upgrade' and state = 'open' order by due_on, id`,
        [agreement],
      );
      const [first] = inPhaseOrder(open);
      return first && { phase: first.id.split('/')[1]!, at: first.opensAt, on: first.dueOn };
    };
    const playGroup = async (group: Upgraded[]): Promise<void> => {
      for (;;) {
        const coming = await Promise.all(
          group
            .filter(({ over }) => !over)
            .map(async (one) => ({ one, open: await openPhase(one.agreement) })),
        );
        const due = coming.flatMap(({ one, open }) => {
          if (!open) one.over = true;
          return open ? [{ one, ...open }] : [];
        });
        due.sort((a, b) => (a.on < b.on ? -1 : Number(a.on > b.on)));
        const [first] = due;
        if (!first) break;
        const now = await first.one.time.now();
        const noon = instantAt(first.on, '12:00');
        await first.one.time.advanceTo(now > noon ? now : noon);
        const on = localDateOf(await first.one.time.now());
        const agreed = placed.find(({ agreement }) => agreement === first.one.agreement)?.from;
        const day =
          first.phase === 'plan' && agreed !== undefined && localDateOf(agreed) > on
            ? localDateOf(agreed)
            : on;
        await first.one.act(first.phase, day);
        await deliver(
          await first.one.time.now(),
          group.map(({ agreement }) => agreement),
        );
      }
      for (const { time } of group) await time.advanceTo(instantAt(lastDay, '12:00'));
    };
    await Promise.all(Array.from({ length: 6 }, playNext));

    const portfolio = await readUpgrades(db, instantAt(lastDay, '12:00'));
    for (const one of all.values()) {
      const row = portfolio.find(({ agreement }) => agreement === one.agreement);
      const overview = (await one.handle.query('overview')) as Overview;
      problems.push(...disagreements(one, row, overview));
      problems.push(
        ...overview.rejected.map(({ signal, reason }) => `${one.agreement} refused ${signal}: ${reason}`),
      );
    }
    problems.push(...(await upgradedTwice(db, shares)), ...mailedTwice(mailbox.mails));
    return {
      fates: Object.fromEntries(
        [...all.values()].map(({ agreement, fate, phase }) => [agreement, { fate, phase }]),
      ),
      portfolio,
      problems,
    };
  } finally {
    for (const clean of cleanUp.reverse()) await clean();
  }
}

const text = (said: string): { sv: string; en: string } => ({ sv: said, en: said });

const campaign = {
  about: text('utrullning i prov'),
  ...{ product: 'visma-business', release: '18.10.0', from: '2027-04-19', to: '2027-08-31' },
  rounds: [
    { id: 'pilots', ...text('pilot') },
    { id: 'rest', ...text('övriga') },
  ],
};

const installation = (agreements: readonly string[]): object => ({
  about: text('delad drift'),
  product: 'visma-business',
  agreements: Object.fromEntries(agreements.map((number) => [number, { companies: [number] }])),
});

type Db = Parameters<typeof readWindows>[0];

/** Weeks in which a consultant has more windows than the terms of Guld allow. */
function tooMany(windows: Awaited<ReturnType<typeof readWindows>>): string[] {
  const weeks = new Map<string, Set<string>>();
  for (const { consultant, from, installation: one } of windows) {
    const week = `${consultant} in week ${isoWeek(localDateOf(from))}`;
    weeks.set(week, (weeks.get(week) ?? new Set()).add(one));
  }
  return [...weeks].flatMap(([week, all]) => (all.size > 2 ? [`${week} has ${all.size} windows`] : []));
}

/** Technical phases that the running years do not have in their windows. */
async function plannedElsewhere(db: Db): Promise<string[]> {
  const rows = await db.query<{ agreement: string; from: Instant; opensAt: Instant }>(
    `select w.agreement, w.from_at as "from", o.opens_at as "opensAt" from upgrade_windows w
       join obligations o on o.agreement = w.agreement and o.id = 'upgrade/technical' where o.opens_at <> w.from_at`,
  );
  return rows.map(
    ({ agreement, from, opensAt }) => `${agreement} has its window at ${from}, the year at ${opensAt}`,
  );
}

/** How an upgrade stands by the portfolio against the workflow, and against what its fate has to lead to. */
function disagreements(
  { agreement, fate, phase }: Upgraded,
  row: UpgradeOfAgreement | undefined,
  overview: Overview,
): string[] {
  if (!row) return [`${agreement} is not in the portfolio`];
  const strand = overview.strands.find((one) => one.strand === 'upgrade');
  const stands = overview.upgrades?.[0];
  const expected: Record<Fate, UpgradeOfAgreement['standing'][]> = {
    ...{ well: ['approved'], again: ['approved'], accepted: ['approved'] },
    ...{ rolledBack: ['approved'], restored: ['approved'] },
    ...{ declined: ['declined'], postponed: ['approved'], silent: ['overdue'], ended: ['ended'] },
  };
  const say = (what: string, found: unknown, wanted: unknown): string[] =>
    JSON.stringify(found) === JSON.stringify(wanted)
      ? []
      : [`${agreement} (${fate} in ${phase}): ${what} is ${String(found)}, expected ${String(wanted)}`];
  const escalated = overview.attention.some(({ code }) => code === 'step-overdue');
  return [
    ...(expected[fate].includes(row.standing)
      ? []
      : [
          `${agreement} (${fate} in ${phase}) is ${row.standing}: ${JSON.stringify(row)}, ${JSON.stringify(overview.last)}`,
        ]),
    ...(fate === 'declined' ? [] : say('phases closed', row.done, strand?.done)),
    ...say('phases', row.phases, strand?.total),
    ...say('the attempt', row.attempt, stands?.attempt ?? 1),
    ...(fate === 'silent' ? say('escalated', escalated, true) : []),
    ...(/rolledBack|restored/.test(fate) ? say('the attempt', row.attempt, 2) : []),
  ];
}

/** Shared installations of which the technical phase was reported by both. */
async function upgradedTwice(db: Db, shares: readonly string[][]): Promise<string[]> {
  const closed = await db.query<{ agreement: string; by: string }>(
    `select agreement, closed_by as by from obligations where id = 'upgrade/technical' and state = 'done'`,
  );
  return shares.flatMap(([first = '', second = '']) => {
    const [one, other] = [first, second].map((number) =>
      closed.find(({ agreement }) => agreement === number),
    );
    // One that declines leaves the installation to the other.
    if (!one || !other) return [];
    const told = Number(one.by === second) + Number(other.by === first);
    return told === 1 ? [] : [`${first} and ${second} were upgraded ${2 - told} times`];
  });
}

/** Mails that came twice: by key, or word by word without a roll-back in between, after which a day is told anew. */
function mailedTwice(mails: Awaited<ReturnType<typeof openMailbox>>['mails']): string[] {
  const keys = new Set<string>();
  const said = new Map<string, Set<string>>();
  return mails.flatMap(({ messageId = '', subject = '', text: body = '', to }) => {
    const whom = JSON.stringify(to && 'value' in to ? to.value : to);
    const words = said.get(whom) ?? new Set();
    if (/återställ/.test(subject)) words.clear();
    const again = keys.has(messageId) || words.has(`${subject} ${body}`);
    keys.add(messageId);
    said.set(whom, words.add(`${subject} ${body}`));
    return again ? [`mailed twice: ${subject} to ${whom}`] : [];
  });
}
