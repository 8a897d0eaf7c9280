/** Replaces the dedicated consultant of agreements, for good or during a leave: first a preview, then the record. */
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { expectedFound, joined } from '../../rules/engine/basics/text';
import type { Text } from '../../rules/engine/basics/text';
import { instantAt } from '../../rules/engine/calendar/calendar';
import { addDays } from '../../rules/engine/calendar/dates';
import type { ContractChange } from '../../rules/engine/contract/change-contract';
import { applyContractChanges } from '../../rules/engine/contract/change-contract';
import type { Contract, Instant, LocalDate, Person } from '../../rules/engine/contract/contract';
import { readContract } from '../../rules/engine/contract/read-contract';
import { decideReplacement } from '../../rules/engine/change/replace-consultant';
import type {
  Consultant,
  RecordedReplacement,
  ReplacementRequest,
} from '../../rules/engine/change/replace-consultant';
import type { Db, Queryable } from '../db';
import { announceOutbox } from '../outbox';
import { ofConsultant } from './consultant-changes';
import { openStepsOf } from './list-consultants';

/** A replacement as asked for. It begins today at the earliest, and the stand-in may be new to us. */
export interface AskedReplacement extends ReplacementRequest {
  today: LocalDate;
  /** Name and address of the stand-in, where no agreement has them. */
  person?: Person;
}

export interface BookedMeeting {
  id: string;
  at: Instant;
  minutes: number | null;
  place: string | null;
}

/** What a replacement does to one agreement. */
export interface ReplacedAgreement {
  agreement: string;
  customer: string;
  old: Consultant;
  /** Open steps of the consultant in the running year, until the last day of a leave. */
  openSteps: number;
  /** Meetings booked and not held, in the same time. */
  meetings: BookedMeeting[];
}

export interface ReplacementPlan {
  from: LocalDate;
  until: LocalDate | null;
  /** The stand-in; nobody where nothing is to be done. */
  new: Consultant | null;
  agreements: ReplacedAgreement[];
  /** Numbers of agreements for which it is recorded already, or has happened. */
  recorded: string[];
  /** When the stand-in is away as well. */
  away: { from: LocalDate; until: LocalDate | null }[];
}

/** A replacement overlaps with what is recorded, or what was shown has changed. */
export class ReplacementError extends BilingualError {
  override readonly name = 'ReplacementError';
}

interface ConcernedRow {
  agreement: string;
  contract: Contract;
  year: number | null;
}

interface Concerned extends ConcernedRow {
  onFrom: Contract['contacts']['consultant'];
  replacements: RecordedReplacement[];
  /** Ids of replacements that began and are over, because the agreement has a third consultant. */
  over: number[];
  changesOn: LocalDate[];
}

/**
 * What a replacement would do, all agreements of the consultant together. Writes nothing.
 *
 * @throws ReplacementError where another change of consultant falls into the time
 * @throws where nobody knows one of the two, or they are one
 */
export async function planReplacement(db: Queryable, asked: AskedReplacement): Promise<ReplacementPlan> {
  return (await lookAt(db, asked)).plan;
}

async function lookAt(
  db: Queryable,
  asked: AskedReplacement,
): Promise<{ plan: ReplacementPlan; concerned: Concerned[] }> {
  const request = { ...asked, from: asked.from < asked.today ? asked.today : asked.from };
  const { old, from, until } = request;
  if (old === request.new)
    throw new BilingualError(
      expectedFound(
        { sv: 'två konsulter', en: 'two consultants' },
        { sv: `${old} två gånger`, en: `${old} twice` },
      ),
    );
  if (until !== undefined && until < from)
    throw new BilingualError(
      joined('--until: ', expectedFound({ sv: `${from} eller senare`, en: `${from} or later` }, until)),
    );
  const all = await readConcerned(db, old, from);
  if (all.length === 0 && !(await isKnown(db, old)))
    throw new BilingualError(
      joined(
        expectedFound({ sv: 'id för en dedikerad konsult', en: 'the id of a dedicated consultant' }, old),
        {
          sv: '; `serviceavtal consultants list` visar dem',
          en: '; `serviceavtal consultants list` shows them',
        },
      ),
    );
  const decisions = all.map((one) => ({ one, decision: decideReplacement(one, request) }));
  refuseOverlaps(decisions, request);
  const concerned = decisions.flatMap(({ one, decision }) => (decision === 'replace' ? [one] : []));
  const recorded = decisions.flatMap(({ one, decision }) => (decision === 'recorded' ? [one.agreement] : []));
  const consultant = concerned[0] ? await personOf(db, request) : null;
  if (consultant && concerned[0]) checkPerson(concerned[0].contract, consultant);
  const agreements = await Promise.all(concerned.map((one) => effectOn(db, one, until ?? null)));
  const plan: ReplacementPlan = {
    from,
    until: until ?? null,
    new: consultant,
    agreements,
    recorded,
    away: await awayOf(db, request),
  };
  return { plan, concerned };
}

function refuseOverlaps(
  decisions: { one: Concerned; decision: ReturnType<typeof decideReplacement> }[],
  { from, until }: ReplacementRequest,
): void {
  const lines = decisions.flatMap(({ one: { agreement }, decision }): Text[] => {
    if (typeof decision === 'string') return [];
    const { overlaps } = decision;
    if (typeof overlaps === 'string')
      return [
        {
          sv: `  ${agreement}: kontraktet byter konsult ${overlaps}`,
          en: `  ${agreement}: the contract changes its consultant on ${overlaps}`,
        },
      ];
    const { old, new: standIn, from: first, until: last } = overlaps;
    return [
      {
        sv: `  ${agreement}: ${old.id} ersätts av ${standIn.id} från ${first}${last === null ? '' : ` till och med ${last}`}`,
        en: `  ${agreement}: ${old.id} is replaced by ${standIn.id} from ${first}${last === null ? '' : ` until ${last}`}`,
      },
    ];
  });
  if (lines.length === 0) return;
  throw new ReplacementError({
    sv:
      `förväntade inget annat byte av konsult från ${from}${until === undefined ? '' : ` till och med ${until}, och dagen efter`}, ` +
      `hittade\n${lines.map(({ sv }) => sv).join('\n')}\n` +
      'Välj andra dagar, eller ge de här avtalen sin konsult med `serviceavtal change`.',
    en:
      `expected no other change of consultant from ${from}${until === undefined ? ' on' : ` until ${until}, and the day after`}, ` +
      `found\n${lines.map(({ en }) => en).join('\n')}\n` +
      'Choose other days, or give these agreements their consultant by `serviceavtal change`.',
  });
}

/**
 * Records a replacement for all agreements of a consultant, with the way back where it is for leave, and has the running
 * years told on its day: all of it or nothing.
 *
 * @param seen the agreements it was to concern when somebody looked at it
 * @throws ReplacementError if it concerns others by now
 */
export async function storeReplacement(
  db: Db,
  asked: AskedReplacement,
  seen: readonly string[],
): Promise<ReplacementPlan> {
  return db.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('serviceavtal-consultants'))`);
    const { plan, concerned } = await lookAt(tx, asked);
    const found = plan.agreements.map(({ agreement }) => agreement);
    if (found.join() !== seen.join())
      throw new ReplacementError({
        sv:
          `förväntade att ersätta ${asked.old} i ${seen.join(', ')}, hittade nu ${found.join(', ') || 'inget'}; ` +
          'inget är ändrat, titta igen',
        en:
          `expected to replace ${asked.old} in ${seen.join(', ')}, found ${found.join(', ') || 'none'} by now; ` +
          'nothing was changed, look again',
      });
    const { from, until, new: standIn } = plan;
    if (!standIn) return plan;
    await endWaysBack(
      tx,
      concerned.flatMap(({ over }) => over),
    );
    for (const { agreement, old } of plan.agreements) {
      const there = { agreement, old, new: standIn, from, until };
      const replacement = await recordChange(tx, there, asked.today);
      if (until === null) continue;
      const back = { agreement, old: standIn, new: old, from: addDays(until, 1), until: null };
      await recordChange(tx, back, asked.today, replacement);
    }
    await announceOutbox(tx);
    return plan;
  });
}

/** Voids the way back of replacements that are over already: there is nobody to bring back. */
async function endWaysBack(tx: Queryable, replacements: readonly number[]): Promise<void> {
  await tx.query(
    `update consultant_changes set void_at = now() from contract_changes
      where way_back_of = any ($1::bigint[]) and contract_changes.id = change and applied_at is null and void_at is null`,
    [replacements],
  );
}

/** @returns the id of the change of consultant */
async function recordChange(
  tx: Queryable,
  change: { agreement: string; old: Consultant; new: Consultant; from: LocalDate; until: LocalDate | null },
  today: LocalDate,
  wayBackOf: number | null = null,
): Promise<number> {
  const { agreement, old, from, until } = change;
  const { phone = old.phone } = change.new;
  const fields = [
    ...(['id', 'name', 'email'] as const),
    ...(phone === undefined ? [] : (['phone'] as const)),
  ];
  const changes = fields.map((field): ContractChange => ({
    path: `contacts.consultant.${field}`,
    from: old[field],
    to: change.new[field],
    allowed: true,
  }));
  const [recorded] = await tx.query<{ id: number; change: number }>(
    `with change as (insert into contract_changes (agreement, changes, from_date) values ($1, $2, $5) returning id)
     insert into consultant_changes (agreement, change, old, new, from_on, until_on, way_back_of)
     select $1, id, $3, $4, $5, $6, $7 from change returning id, change`,
    [
      agreement,
      JSON.stringify(changes),
      JSON.stringify(old),
      JSON.stringify(change.new),
      from,
      until,
      wayBackOf,
    ],
  );
  if (!recorded) throw new Error(`the change of consultant of ${agreement} was not recorded`);
  const payload = { change: recorded.change, replacement: recorded.id, until };
  const dueAt = from <= today ? new Date().toISOString() : instantAt(from, '00:00');
  await tx.query(
    `insert into outbox (agreement, kind, payload, due_at) values ($1, 'contract-changed', $2, $3)`,
    [agreement, JSON.stringify(payload), dueAt],
  );
  return recorded.id;
}

/** The agreements that have to do with a consultant; in a transaction their rows are locked. */
async function readConcerned(db: Queryable, id: string, from: LocalDate): Promise<Concerned[]> {
  const rows = await db.query<ConcernedRow>(
    `select number as agreement, contract, year_number as year from agreements
      where state <> 'ended'
        and (contract #>> '{contacts,consultant,id}' = $1
             or exists (select 1 from consultant_changes
                         where agreement = number and void_at is null and $1 in (old ->> 'id', new ->> 'id'))
             or exists (select 1 from contract_changes where agreement = number and applied_at is null
                          and changes @> jsonb_build_array(jsonb_build_object(
                                'path', 'contacts.consultant.id', 'to', $1::text))))
      order by number for update`,
    [id],
  );
  const numbers = rows.map(({ agreement }) => agreement);
  const replacements = await db.query<RecordedReplacement & { agreement: string; begun: boolean }>(
    `select c.id, c.agreement, old, new, from_on as "from", until_on as until, applied_at is not null as begun
       from consultant_changes c join contract_changes k on k.id = change
      where c.agreement = any ($1) and way_back_of is null and void_at is null order by from_on, c.id`,
    [numbers],
  );
  const pending = await db.query<{
    agreement: string;
    from: LocalDate;
    changes: ContractChange[];
    replaces: boolean;
  }>(
    `select k.agreement, from_date as "from", changes, c.id is not null as replaces
       from contract_changes k left join consultant_changes c on c.change = k.id
      where k.agreement = any ($1) and applied_at is null and void_at is null
        and exists (select 1 from jsonb_array_elements(changes) as one where ${ofConsultant})
      order by from_date, k.id`,
    [numbers],
  );
  return rows.map((row) => {
    const isOwn = ({ agreement }: { agreement: string }): boolean => agreement === row.agreement;
    const own = replacements.filter(isOwn);
    const current = row.contract.contacts.consultant.id;
    const isOver = (one: (typeof own)[number]): boolean => one.begun && one.new.id !== current;
    const early = pending.filter((one) => isOwn(one) && one.from <= from);
    const onFrom = applyContractChanges(
      row.contract,
      early.flatMap(({ changes }) => changes),
    ).contacts.consultant;
    return {
      ...row,
      onFrom,
      replacements: own.filter((one) => !isOver(one) || one.until === null),
      over: own.filter(isOver).map((one) => one.id),
      changesOn: pending
        .filter((one) => isOwn(one) && !one.replaces && one.from > from)
        .map((one) => one.from),
    };
  });
}

/** Whether anybody of this id is or was a consultant. */
async function isKnown(db: Queryable, id: string): Promise<boolean> {
  const rows = await db.query(
    `select 1 from agreements where contract #>> '{contacts,consultant,id}' = $1
     union all select 1 from consultant_changes where $1 in (old ->> 'id', new ->> 'id') limit 1`,
    [id],
  );
  return rows.length > 0;
}

type Found = Omit<Person, 'phone'> & { phone: string | null };

/** The stand-in: as told, else as agreements have them now, else as they were last recorded. */
async function personOf(db: Queryable, asked: AskedReplacement): Promise<Consultant> {
  const { new: id, person } = asked;
  if (person) return { id, name: person.name, email: person.email };
  const known = await db.query<Found>(
    `select contract #>> '{contacts,consultant,name}' as name, contract #>> '{contacts,consultant,email}' as email,
            max(contract #>> '{contacts,consultant,phone}') as phone
       from agreements where state <> 'ended' and contract #>> '{contacts,consultant,id}' = $1 group by 1, 2`,
    [id],
  );
  if (known.length > 1)
    throw new BilingualError(
      joined(
        `${id}: `,
        expectedFound(
          { sv: 'ett namn och en adress', en: 'one name and address' },
          known.map(({ name, email }) => `${name} <${email}>`).join(', '),
        ),
        { sv: '; ange vilket med --name och --email', en: '; say which with --name and --email' },
      ),
    );
  const [last] = await db.query<Found>(
    `select who ->> 'name' as name, who ->> 'email' as email, who ->> 'phone' as phone
       from consultant_changes cross join lateral (values (old), (new)) as both_sides(who)
      where who ->> 'id' = $1 order by id desc limit 1`,
    [id],
  );
  const { name, email, phone } = known[0] ?? last ?? {};
  if (name !== undefined && email !== undefined) return { id, name, email, ...(phone && { phone }) };
  throw new BilingualError({
    sv: `${id} är inte konsult i något avtal som löper: förväntade ett namn och en adress, med --name och --email`,
    en: `${id} is not the consultant of any live agreement: expected a name and an address, with --name and --email`,
  });
}

/** A name or address that a contract may not have is refused as it would be there. */
function checkPerson(contract: Contract, consultant: Consultant): void {
  const contacts = { ...contract.contacts, consultant };
  const { findings } = readContract(JSON.stringify({ ...contract, contacts }), 'contract');
  const wrong = findings.filter(({ message }) => message.startsWith('contacts.consultant'));
  if (wrong.length > 0)
    throw new BilingualError({
      sv: wrong.map(({ messageSv }) => messageSv).join('\n'),
      en: wrong.map(({ message }) => message).join('\n'),
    });
}

async function effectOn(
  db: Queryable,
  { agreement, contract, year, onFrom }: Concerned,
  until: LocalDate | null,
): Promise<ReplacedAgreement> {
  const open = await openStepsOf(db, agreement, year);
  const meetings = await db.query<BookedMeeting>(
    `select id, booked_at as at, minutes, place from meetings
      where agreement = $1 and year = $2 and booked_at is not null and held_on is null
        and ($3::date is null or (booked_at at time zone 'Europe/Stockholm')::date <= $3) order by booked_at, id`,
    [agreement, year, until],
  );
  const { id = '' } = onFrom;
  return {
    agreement,
    customer: contract.customer.name,
    old: { ...onFrom, id },
    openSteps: open.filter(({ dueOn }) => until === null || dueOn <= until).length,
    meetings,
  };
}

async function awayOf(
  db: Queryable,
  { new: id, from, until }: ReplacementRequest,
): Promise<ReplacementPlan['away']> {
  return db.query(
    `select distinct from_on as "from", until_on as until from consultant_changes
      where old ->> 'id' = $1 and way_back_of is null and void_at is null and until_on >= $2
        and ($3::date is null or from_on <= $3) order by from_on, until_on`,
    [id, from, until ?? null],
  );
}
