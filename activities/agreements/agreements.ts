/** Agreements in PostgreSQL: signing, changing, the outbox that tells Temporal. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../rules/engine/basics/canonical-json';
import type { PendingChange } from '../../rules/engine/change/amend-contract';
import { contractThen } from '../../rules/engine/change/amend-contract';
import type { ContractChange } from '../../rules/engine/contract/change-contract';
import {
  applyContractChanges,
  assignContactIds,
  diffContract,
} from '../../rules/engine/contract/change-contract';
import type { Contract, Instant, LocalDate } from '../../rules/engine/contract/contract';
import { signedForm } from '../../rules/engine/contract/contract-form';
import type { AgreedTakeOver } from '../../rules/engine/plan/take-over';
import type { Terms } from '../../rules/engine/ruleset/terms';
import type { Db, Queryable } from '../db';
import { wakeDigestClocks } from './digest-readers';
import { announceOutbox } from '../outbox';
import { findPlan } from './plans';
import { requirePrice } from './prices';

export interface OutboxRow {
  id: number;
  agreement: string;
  kind:
    | 'start'
    | 'contract-changed'
    | 'terms-changed'
    | 'mail-returned'
    | 'hours-changed'
    | 'monitoring'
    | 'watch'
    | 'digests'
    | 'page';
  payload: Record<string, unknown>;
  attempts: number;
}

export interface AgreementRow {
  number: string;
  state: 'signed' | 'live' | 'ended';
  contract: Contract;
  yearNumber: number | null;
  /** What was done before we took it over in the middle of a year. */
  takeover: AgreedTakeOver | null;
}

/** Fingerprint of a contract as signed; the order of its properties does not matter. */
export function contractHash(contract: Contract): string {
  return createHash('sha256')
    .update(canonicalJson(signedForm(contract)))
    .digest('hex');
}

/** The contract with this number, or nothing. */
export async function findAgreement(db: Queryable, number: string): Promise<AgreementRow | undefined> {
  const [row] = await db.query<AgreementRow>(
    `select number, state, contract, year_number as "yearNumber", takeover from agreements where number = $1`,
    [number],
  );
  return row;
}

/** Those of the organisation numbers that agreements have. */
export async function knownOrgNumbers(db: Queryable, numbers: readonly string[]): Promise<string[]> {
  if (numbers.length === 0) return [];
  const rows = await db.query<{ number: string }>(
    `select distinct contract #>> '{customer,orgNumber}' as number from agreements
      where contract #>> '{customer,orgNumber}' = any ($1)`,
    [numbers],
  );
  return rows.map(({ number }) => number);
}

/** A contract that was signed, with what held then. */
export interface SignedAgreement {
  contract: Contract;
  /** The terms it is signed with, a floor for every later change; without them, its first plan's. */
  signedTerms?: Terms | undefined;
  /** The ruleset that gave them. */
  signedRuleset?: string | undefined;
  /** What was done before it came to us in the middle of a year. */
  takeOver?: AgreedTakeOver | undefined;
}

/**
 * Adds agreements whose numbers are free; each stands once in the list.
 * @returns the numbers that were added
 */
export async function insertAgreements(tx: Queryable, signed: SignedAgreement[]): Promise<string[]> {
  const rows = signed.map(({ contract, signedTerms, signedRuleset, takeOver }) => ({
    number: contract.agreement,
    contract: assignContactIds(contract),
    signed_hash: contractHash(contract),
    signed_terms: signedTerms ?? null,
    signed_ruleset: signedRuleset ?? null,
    takeover: takeOver ?? null,
  }));
  // In order of their numbers: two transactions that add the same agreements wait for each other without a deadlock.
  rows.sort((a, b) => (a.number < b.number ? -1 : 1));
  const added = await tx.query<{ number: string }>(
    `insert into agreements (number, contract, signed_hash, signed_terms, signed_ruleset, takeover)
     select number, contract, signed_hash, nullif(signed_terms, 'null'), signed_ruleset, nullif(takeover, 'null')
       from jsonb_to_recordset($1::jsonb)
            as r(number text, contract jsonb, signed_hash text, signed_terms jsonb, signed_ruleset text, takeover jsonb)
     on conflict (number) do nothing returning number`,
    [JSON.stringify(rows)],
  );
  return added.map(({ number }) => number);
}

/** Has the workflows of agreements started, in the transaction that added them. */
export async function enqueueStarts(tx: Queryable, agreements: string[]): Promise<void> {
  await tx.query(`insert into outbox (agreement, kind) select unnest($1::text[]), 'start'`, [agreements]);
  await announceOutbox(tx);
}

/**
 * Stores a signed contract and its outbox row in one transaction.
 * @param options.start `false` leaves the outbox alone: the caller starts the workflow itself
 * @returns `signed`; `already-signed` when the very same contract was signed before; `refused` when this number
 *   was signed with another content
 * @throws PriceError if neither the contract nor the ordinary prices give a price per hour
 */
export async function storeSignedContract(
  db: Db,
  contract: Contract,
  { start = true, ...signed }: Omit<SignedAgreement, 'contract'> & { start?: boolean } = {},
): Promise<'signed' | 'already-signed' | 'refused'> {
  return db.transaction(async (tx) => {
    const [inserted] = await insertAgreements(tx, [{ contract, ...signed }]);
    if (inserted === undefined) return (await signedBefore(tx, contract, signed.takeOver)) ?? 'refused';
    await requirePrice(tx, contract);
    if (start) await enqueueStarts(tx, [inserted]);
    return 'signed';
  });
}

/**
 * Whether this number was signed before, and with the same content.
 * @returns nothing for a number that is new
 */
export async function signedBefore(
  db: Queryable,
  contract: Contract,
  takeOver?: AgreedTakeOver,
): Promise<'already-signed' | 'refused' | undefined> {
  const [known] = await db.query<{ hash: string; takeover: AgreedTakeOver | null }>(
    'select signed_hash as hash, takeover from agreements where number = $1',
    [contract.agreement],
  );
  if (known === undefined) return undefined;
  const same = known.hash === contractHash(contract) && toldIn(known.takeover) === toldIn(takeOver);
  return same ? 'already-signed' : 'refused';
}

/**
 * What was told of the time before the takeover, in a comparable form. When it was told makes no difference, nor does
 * an account that tells nothing.
 */
function toldIn(takeOver: AgreedTakeOver | null | undefined): string {
  const { year: _, meetingsHeld = [], ...told } = takeOver ?? { year: 0 };
  return canonicalJson({ ...told, meetingsHeld: [...meetingsHeld].sort() });
}

/**
 * Records a change that needs no new signature and tells the running year, at once or from a date.
 * @param dueAt when the change takes effect
 * @returns the contract as it will be
 */
export async function storeContractChange(
  db: Db,
  number: string,
  changed: Contract,
  fromDate: LocalDate,
  dueAt: Instant,
): Promise<Contract> {
  return db.transaction(async (tx) => {
    const [row] = await tx.query<{ contract: Contract }>(
      'select contract from agreements where number = $1 for update',
      [number],
    );
    if (!row) throw new Error(`expected a signed agreement, found none with number ${number}`);
    const contract = assignContactIds(changed, row.contract);
    await recordContractChange(tx, number, diffContract(row.contract, contract), fromDate, dueAt);
    return contract;
  });
}

/**
 * Records differences and has the running year told of them.
 * @returns the change's number
 */
export async function recordContractChange(
  tx: Queryable,
  number: string,
  changes: readonly ContractChange[],
  fromDate: LocalDate,
  dueAt: Instant,
): Promise<number> {
  const [change] = await tx.query<{ id: number }>(
    `insert into contract_changes (agreement, changes, from_date) values ($1, $2, $3) returning id`,
    [number, JSON.stringify(changes), fromDate],
  );
  if (!change) throw new Error('expected the change to be recorded, found no row');
  await tx.query(
    `insert into outbox (agreement, kind, payload, due_at) values ($1, 'contract-changed', $2, $3)`,
    [number, JSON.stringify({ change: change.id }), dueAt],
  );
  await announceOutbox(tx);
  return change.id;
}

/** Puts a recorded change into effect; doing it twice changes nothing. */
export async function applyContractChange(db: Db, change: number): Promise<void> {
  await db.transaction(async (tx) => {
    // The agreement is locked first, as when an amendment of it is approved.
    const [agreement] = await tx.query<{ number: string; contract: Contract; yearNumber: number | null }>(
      `select number, contract, year_number as "yearNumber" from agreements
        where number = (select agreement from contract_changes where id = $1) for update`,
      [change],
    );
    const [row] = await tx.query<{ changes: ContractChange[] }>(
      'update contract_changes set applied_at = now() where id = $1 and applied_at is null returning changes',
      [change],
    );
    if (!row || !agreement) return;
    const contract = applyContractChanges(agreement.contract, row.changes);
    await tx.query('update agreements set contract = $2 where number = $1', [
      agreement.number,
      JSON.stringify(contract),
    ]);
    const planned = await findPlan(tx, agreement.number, agreement.yearNumber ?? 0);
    if (planned) await wakeDigestClocks(tx, contract, planned.terms, new Date().toISOString());
  });
}

/** The contracts of several agreements, by their numbers. */
export async function findContracts(db: Queryable, numbers: string[]): Promise<Map<string, Contract>> {
  if (numbers.length === 0) return new Map();
  const rows = await db.query<{ number: string; contract: Contract }>(
    'select number, contract from agreements where number = any ($1::text[])',
    [numbers],
  );
  return new Map(rows.map(({ number, contract }) => [number, contract]));
}

/**
 * The contract that a year is planned by on a day. Approved amendments hold from their day on, also before the
 * running year has been told. A period that begins on that day begins with them.
 */
export async function contractOn(
  db: Queryable,
  { number, contract }: Pick<AgreementRow, 'number' | 'contract'>,
  day: LocalDate,
): Promise<Contract> {
  const pending = await pendingAmendments(db, number);
  return contractThen({ contract, pending, ended: false }, day);
}

/** Changes that approved amendments make and whose day has not come, in the order in which they will hold. */
export async function pendingAmendments(
  db: Queryable,
  number: string,
): Promise<(PendingChange & { id: number })[]> {
  return db.query(
    `select c.id, c.from_date as from, c.changes from contract_changes c
      where agreement = $1 and applied_at is null and exists (select 1 from amendments a where a.change = c.id)
      order by from_date, id`,
    [number],
  );
}

/** Kinds of rows that go to other workflows than the agreement's. */
const besides = `'monitoring', 'watch', 'digests'`;

/**
 * Outbox rows that are due, oldest first, locked for this transaction so that two dispatchers never take the same. Of
 * each agreement only the first: its workflow starts before it hears of a change, also when starting has to be tried
 * again. Rows for its monitoring and for its readers' clocks are taken apart from these: none waits for another kind.
 */
export async function takeOutboxRows(tx: Queryable, limit: number): Promise<OutboxRow[]> {
  return tx.query<OutboxRow>(
    `select id, agreement, kind, payload, attempts from outbox
      where done_at is null and due_at <= now()
        and not exists (select 1 from outbox earlier
                         where earlier.agreement = outbox.agreement and earlier.id < outbox.id and earlier.done_at is null
                           and (earlier.kind in (${besides})) = (outbox.kind in (${besides}))
                           and (earlier.kind = 'start' or earlier.attempts > 0 or earlier.due_at <= now()))
      order by id limit $1 for update skip locked`,
    [limit],
  );
}

/** Marks outbox rows as done. */
export async function finishOutboxRows(tx: Queryable, ids: number[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(
    'update outbox set done_at = now(), attempts = attempts + 1, last_error = null where id = any ($1::bigint[])',
    [ids],
  );
}

/** Postpones an outbox row after a failure; the wait doubles up to fifteen seconds. */
export async function postponeOutboxRow(tx: Queryable, id: number, reason: string): Promise<void> {
  await tx.query(
    `update outbox set attempts = attempts + 1, last_error = $2,
            due_at = now() + least(interval '15 seconds', interval '1 second' * power(2, least(attempts, 10)))
      where id = $1`,
    [id, reason],
  );
}
