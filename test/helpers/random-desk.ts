/**
 * Plays a made-up world through the product: transitions into a real database, the desk's activities run by two
 * processes at once whenever something happened or fell due, and a mail server that sometimes fails. The mails that
 * arrived are compared with those that the naive model predicts; differences come back as sentences.
 */
import type { Db } from '../../activities/db';
import { openDb } from '../../activities/db';
import type { MailDeps } from '../../activities/mail/compose';
import { createDeskActivities } from '../../activities/desk/desk';
import { recordTransitions } from '../../activities/monitors/incidents';
import { createSendMessage } from '../../activities/mail/smtp';
import type { Contract } from '../../rules/engine/contract/contract';
import type { Transition } from '../../rules/engine/monitoring/check-state';
import type { WatchedCheck } from '../../rules/engine/monitoring/watched';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { signAndPlan } from '../activities/signed-agreement';
import { central } from '../../activities/monitors/places';
import type { World, WorldAgreement, WorldCheck } from './desk-world';
import { Watch, instantOf, tickSeconds } from './desk-world';
import { exampleContract } from './example';
import type { Mailbox } from './mailbox';
import { openMailbox } from './mailbox';
import type { PredictedMail } from './naive-desk';
import { predictMails } from './naive-desk';
import { random } from './random-year';
import { freshDatabase } from './stack';

/** The result of a play. */
export interface DeskPlay {
  problems: string[];
  /** Number of mails by kind, so that a test can check that every kind occurred. */
  mails: Record<string, number>;
  attended: number;
}

const shiftOf = ({ start }: World, instant: string): number =>
  (Date.parse(instant) - Date.parse(start)) / (tickSeconds * 1000);

/** Plays a world, and compares the mails with the prediction. */
export async function playDesk(world: World): Promise<DeskPlay> {
  const [database, mailbox] = await Promise.all([freshDatabase(), openMailbox()]);
  const second = openDb(database.databaseUrl);
  try {
    await prepare(database.db, world);
    const play = await run(world, [database.db, second], mailbox);
    const arrived = await arrivedMails(database.db, world, mailbox);
    const unsettled = await database.db.query<{ kind: string }>(
      'select kind from desk_mails where sent_at is null',
    );
    const unlogged = await database.db.query<{ id: number }>(
      `select id from incidents where opened_at >= $1
          and not exists (select 1 from incident_log where incident = incidents.id and what = 'opened')`,
      [world.start],
    );
    const counts: Record<string, number> = {};
    for (const { kind, storm } of arrived.mails)
      counts[storm ? `storm-${kind}` : kind] = (counts[storm ? `storm-${kind}` : kind] ?? 0) + 1;
    return {
      problems: [
        ...arrived.problems,
        ...differences(world, predictMails(world), arrived.mails),
        ...unsettled.map(({ kind }) => `decided and never sent: ${kind}`),
        ...unlogged.map(({ id }) => `incident ${id} is not in the log`),
      ],
      mails: counts,
      attended: play,
    };
  } finally {
    await second.close();
    await Promise.all([database.close(), mailbox.close()]);
  }
}

/** Signs and plans one agreement, and copies its rows for every agreement of the world. */
async function prepare(db: Db, world: World): Promise<void> {
  const { contract, plan } = await signAndPlan(db);
  const [stored] = await db.query<{ terms: Terms }>('select terms from plans where agreement = $1', [
    contract.agreement,
  ]);
  const terms = stored!.terms;
  await db.query(`update agreements set state = 'ended' where number = $1`, [contract.agreement]);
  const rows = world.agreements.map((of) => ({
    number: of.agreement,
    contract: contractOf(of),
    plan: { ...plan, agreement: of.agreement },
    terms: termsOf(of, terms),
  }));
  await db.query(
    `with given as (select * from jsonb_to_recordset($1) as given(number text, contract jsonb, plan jsonb, terms jsonb)),
          signed as (insert into agreements (number, state, contract, signed_hash, year_number)
                     select number, 'live', contract, 'x', 1 from given)
     insert into plans (agreement, year, revision, plan, terms, as_of) select number, 1, 1, plan, terms, now() from given`,
    [JSON.stringify(rows)],
  );
  const checks = world.agreements.flatMap((of) => of.checks.map((check) => ({ of, check })));
  await db.query(
    `insert into monitors (agreement, id, customer, place, shard, state, watched, configured_at)
     select agreement, id, customer, place, 1, 'watched', watched, at
       from jsonb_to_recordset($1) as given(agreement text, id text, customer text, place text, watched jsonb, at timestamptz)`,
    [
      JSON.stringify(
        checks.map(({ of, check }) => ({
          agreement: of.agreement,
          id: check.id,
          customer: of.customer,
          place: check.place === 'central' ? central : check.place,
          watched: watchedOf(of, check),
          at: instantOf(world, check.configuredAt),
        })),
      ),
    ],
  );
  for (const { agreement, upgrade } of world.agreements)
    if (upgrade)
      await db.query(
        `insert into obligations (agreement, year, id, strand, owner, opens_at, due_on, due_at, revision, late)
         values ($1, 1, 'upgrade/technical', 'upgrade', 'consultant', $2, '2027-12-01', '2027-12-01T12:00:00Z', 1, false)`,
        [agreement, instantOf(world, upgrade.from)],
      );
  for (const { agreement, check, at } of world.past)
    await db.query(
      `insert into incidents (agreement, monitor, class, severity, since, opened_at, message, confirmed_at, closed_at,
                              told_at, told_severity, recovery_told_at)
       values ($1, $2, 'customer', 'down', $3, $3, '{"sv": "", "en": ""}', $3, $3, $3, 'down', $3)`,
      [agreement, check, at],
    );
  await db.query(`insert into sites (id) select distinct place from monitors where place <> $1`, [central]);
}

function contractOf(of: WorldAgreement): Contract {
  const example = exampleContract();
  return {
    ...example,
    agreement: of.agreement,
    customer: { ...example.customer, id: of.customer, name: `Kund ${of.customer}` },
    contacts: {
      ...example.contacts,
      support: { name: 'Pector Support', email: of.desk },
      manager: { name: 'Chefen', email: of.manager },
      consultant: { name: 'Konsulten', email: of.consultant },
    },
    monitors: of.checks.map(({ id, kind }) => ({ id, kind, name: `Kontroll ${id}` })),
  };
}

function termsOf(of: WorldAgreement, terms: Terms): Terms {
  return {
    ...terms,
    support: { ...terms.support, ...of.support },
    monitoring: {
      ...terms.monitoring,
      repeatMinutes: 240,
      groupBy: 'customer',
      outsideHours: of.outsideHours,
      takeWithinMinutes: of.takeWithinMinutes,
      escalateTo: of.escalateTo,
      stormIncidents: of.stormIncidents,
      morningDigest: of.morningDigest,
      monthlyNoise: of.monthlyNoise,
      pauseDuringUpgrade: ['technical'],
    },
  };
}

function watchedOf(of: WorldAgreement, check: WorldCheck): WatchedCheck {
  return {
    agreement: of.agreement,
    customer: of.customer,
    closedDays: of.support.closedDays,
    check: {
      id: check.id,
      kind: check.kind,
      name: `Kontroll ${check.id}`,
      dependsOn: check.dependsOn,
      maintenance: check.maintenance,
      runbook: 'Starta om tjänsten.',
    },
    settings: {
      intervalMinutes: 5,
      failuresBeforeAlert: 2,
      failuresWithin: 3,
      retrySeconds: 60,
      goodBeforeRecovery: 2,
      graceMinutes: check.graceMinutes,
      repeatMinutes: check.repeatMinutes,
      groupBy: check.groupBy,
      flapping: { recoveries: 3, withinMinutes: 60 },
    },
  };
}

/** Plays all ticks. @returns how often the desk's activities ran */
async function run(world: World, connections: readonly [Db, Db], mailbox: Mailbox): Promise<number> {
  const [db] = connections;
  const next = random(world.seed + 1);
  const watch = new Watch(world);
  const deskOf = (of: Db) =>
    createDeskActivities({
      db: of,
      // Simulates a crash between a decision and its mail.
      sendMessage: moody(createSendMessage(mailbox.smtpUrl), next),
      mailFrom: 'avtal@pector.example',
      agreementLink: (agreement) => `http://temporal.example/agreement-${agreement}`,
      staffLanguage: 'sv',
      pageLinks: { key: 'a key of a test', url: (token) => `https://intake.example/pages/${token}` },
    });
  const [desk, other] = connections.map(deskOf) as [ReturnType<typeof deskOf>, ReturnType<typeof deskOf>];
  const dueAt = new Map<string, number>();
  let attended = 0;

  async function attend(by: typeof desk, agreement: string, tick: number): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        attended += 1;
        const { nextAt } = await by.attendDesk({ agreement, asOf: instantOf(world, tick) });
        if (nextAt === undefined) dueAt.delete(agreement);
        else dueAt.set(agreement, Math.ceil(shiftOf(world, nextAt)));
        return;
      } catch (error) {
        if (attempt === 50) throw error;
      }
    }
  }

  for (let tick = 0; tick < world.ticks; tick += 1) {
    const touched = new Set<string>();
    const at = instantOf(world, tick);
    for (const { site, from, until } of world.silences)
      if (from === tick || until === tick)
        for (const { agreement } of await silence(db, site, at, from === tick)) touched.add(agreement);
    const reports = watch.reports(tick);
    for (const { agreement } of reports) touched.add(agreement);
    if (reports.length > 0)
      await db.transaction((tx) =>
        recordTransitions(
          tx,
          reports.map(({ agreement, check, is }): Transition => ({
            agreement,
            monitor: check,
            at,
            from: 'pending',
            to: is,
            since: at,
            message: { sv: `väntade svar, fick ${is}`, en: `expected an answer, found ${is}` },
            answer: '<b>inget svar</b>',
          })),
        ),
      );
    for (const deed of world.deeds.filter((each) => each.tick === tick)) {
      touched.add(deed.agreement);
      const { agreement, check: monitor } = deed;
      if (deed.does === 'pause')
        await desk.pauseMonitor({
          agreement,
          monitor,
          untilAt: instantOf(world, deed.until),
          by: 'lina',
          asOf: at,
        });
      else if (deed.does === 'resume') await desk.resumeMonitor({ agreement, monitor, by: 'lina', asOf: at });
      else {
        const [open] = await db.query<{ id: number }>(
          `select id from incidents where agreement = $1 and monitor = $2 and class = 'customer' and closed_at is null`,
          [agreement, monitor],
        );
        const [answer, by] =
          deed.does === 'take' ? (['taken', deed.by] as const) : (['mended', deed.by] as const);
        if (open) await desk.answerIncident({ agreement, incident: open.id, answer, by, asOf: at });
      }
    }
    for (const { agreement, upgrade } of world.agreements)
      if (upgrade?.until === tick) {
        await db.query(`update obligations set state = 'done' where agreement = $1`, [agreement]);
        touched.add(agreement);
      }
    for (const { agreement } of world.agreements)
      if (tick === 0 || (dueAt.get(agreement) ?? Infinity) <= tick) touched.add(agreement);
    // Running the desk without a reason must change nothing.
    if (next() < 0.002)
      touched.add(world.agreements[Math.floor(next() * world.agreements.length)]!.agreement);
    if (touched.size === 0) continue;
    const [mine, theirs] = [
      [...touched].filter((_, index) => index % 2 === 0),
      [...touched].filter((_, index) => index % 2 === 1),
    ];
    const together = async (by: typeof desk, agreements: string[]): Promise<void> => {
      for (const agreement of agreements) await attend(by, agreement, tick);
    };
    await Promise.all([together(desk, mine), together(other, theirs)]);
    const wished = await db.query<{ agreement: string; id: string }>(
      'select agreement, id from monitors where recheck_at = $1',
      [at],
    );
    for (const { agreement, id } of wished) watch.wish(agreement, id, tick);
  }
  return attended;
}

/** Records that a site's worker falls silent, or is heard again, as the product does. */
async function silence(db: Db, site: string, at: string, begins: boolean): Promise<{ agreement: string }[]> {
  return db.transaction(async (tx) => {
    await tx.query('update sites set silent_since = $2 where id = $1', [site, begins ? at : null]);
    const rows = begins
      ? await tx.query<{ id: number; agreement: string }>(
          `insert into incidents (agreement, monitor, class, severity, since, opened_at, message, confirmed_at)
           select distinct agreement, 'site:' || $1::text, 'ours', 'silent', $2::timestamptz, $2::timestamptz,
                  '{"sv": "hörs inte", "en": "not heard"}'::jsonb, $2::timestamptz
             from monitors where place = $1 returning id, agreement`,
          [site, at],
        )
      : await tx.query<{ id: number; agreement: string }>(
          `update incidents set closed_at = $2 where monitor = 'site:' || $1::text and closed_at is null returning id, agreement`,
          [site, at],
        );
    await tx.query(
      `insert into incident_log (incident, at, what) select id, $2, $3 from unnest($1::bigint[]) as id`,
      [rows.map(({ id }) => id), at, begins ? 'opened' : 'recovered'],
    );
    return rows;
  });
}

/** A sender of mails that sometimes fails before it sends. */
function moody(send: MailDeps['sendMessage'], next: () => number): MailDeps['sendMessage'] {
  return async (message, envelope) => {
    if (next() < 0.05) throw new Error('the connection was lost');
    return send(message, envelope);
  };
}

async function arrivedMails(
  db: Db,
  world: World,
  mailbox: Mailbox,
): Promise<{ mails: PredictedMail[]; problems: string[] }> {
  const incidents = new Map(
    (
      await db.query<{ id: number; agreement: string; monitor: string; class: string; at: string }>(
        'select id, agreement, monitor, class, opened_at as at from incidents',
      )
    ).map(({ id, agreement, monitor, class: of, at }) => [
      id,
      `${agreement}/${monitor}/${of}/${shiftOf(world, at)}`,
    ]),
  );
  const decided = new Map(
    (
      await db.query<{
        id: number;
        kind: string;
        incidents: number[];
        detail: { storm?: true; noise?: { agreement: string; monitor: string }[] };
      }>('select id, kind, incidents::float8[] as incidents, detail from desk_mails')
    ).map((row) => [row.id, row]),
  );
  const problems: string[] = [];
  const seen = new Set<string>();
  const mails = mailbox.mails.flatMap((mail): PredictedMail[] => {
    const id = mail.messageId ?? '';
    if (seen.has(id)) problems.push(`arrived twice: ${id}`);
    seen.add(id);
    const row = decided.get(Number(/^<desk\.(\d+)\./.exec(id)?.[1]));
    if (!row) {
      problems.push(`arrived and was never decided: ${id}`);
      return [];
    }
    const { kind, detail } = row;
    const named = [mail.references ?? []].flat().map((root) => Number(/^<incident\.(\d+)@/.exec(root)?.[1]));
    const isThread = kind !== 'digest' && kind !== 'noise';
    const expected = isThread ? row.incidents.slice(0, 20) : [];
    if (named.join() !== expected.join()) problems.push(`${id} names ${named.join()} for ${expected.join()}`);
    const about =
      kind === 'noise'
        ? (detail.noise ?? []).map(({ agreement, monitor }) => `${agreement}/${monitor}`)
        : row.incidents.map((incident) => incidents.get(incident) ?? `${incident}`);
    return [
      {
        tick: shiftOf(world, mail.date!.toISOString()),
        kind,
        storm: detail.storm === true,
        recipient:
          [mail.to ?? []].flat().flatMap(({ value }) => value.map(({ address }) => address ?? ''))[0] ?? '',
        about: about.sort(),
      },
    ];
  });
  return { mails, problems };
}

/** Mails that were predicted and did not come, and mails that came and were not predicted. */
function differences(
  world: World,
  predicted: readonly PredictedMail[],
  arrived: readonly PredictedMail[],
): string[] {
  const line = ({ tick, kind, storm, recipient, about }: PredictedMail): string =>
    `${instantOf(world, tick)} ${storm ? 'storm of ' : ''}${kind} to ${recipient}: ${about.join(' ')}`;
  const count = (mails: readonly PredictedMail[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const each of mails.map(line)) counts.set(each, (counts.get(each) ?? 0) + 1);
    return counts;
  };
  const [wanted, came] = [count(predicted), count(arrived)];
  const lines = [...new Set([...wanted.keys(), ...came.keys()])].sort();
  return lines.flatMap((each) => {
    const [many, found] = [wanted.get(each) ?? 0, came.get(each) ?? 0];
    return many === found ? [] : [`expected ${many}, found ${found}: ${each}`];
  });
}
