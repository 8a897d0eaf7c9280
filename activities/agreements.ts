/** Agreements in PostgreSQL: signing, changing, the outbox that tells Temporal. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../rules/canonical-json';
import type { ContractChange } from '../rules/change-contract';
import { applyContractChanges, assignContactIds, diffContract } from '../rules/change-contract';
import type { Contract, Instant, LocalDate } from '../rules/contract';
import type { AgreedTakeOver } from '../rules/take-over';
import type { Terms } from '../rules/terms';
import type { Db, Queryable } from './db';
import { announceOutbox } from './outbox';
import { requirePrice } from './prices';

export interface OutboxRow {
  id: number;
  agreement: string;
  kind: 'start' | 'contract-changed' | 'terms-changed' | 'monitoring' | 'watch';
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
  return createHash('sha256').update(canonicalJson(contract)).digest('hex');
}

/** The contract with this number, or nothing. */
export async function findAgreement(db: Queryable, number: string): Promise<AgreementRow | undefined> {
  const [row] = await db.query<AgreementRow>(
    `select number, state, contract, year_number as "yearNumber", takeover from agreements where number = $1`,
    [number],
  );
  return row;
}

/**
 * Stores a signed contract and its outbox row in one transaction.
 * @param options.signedTerms the terms it is signed with, a floor for every later change; without them, its first plan's
 * @param options.takeOver what was done before it came to us in the middle of a year
 * @param options.start `false` leaves the outbox alone: the caller starts the workflow itself
 * @returns `signed`; `already-signed` when the very same contract was signed before; `refused` when this number
 *   was signed with another content
 * @throws PriceError if neither the contract nor the ordinary prices give a price per hour
 */
export async function storeSignedContract(
  db: Db,
  contract: Contract,
  { signedTerms, takeOver, start = true }: SigningOptions = {},
): Promise<'signed' | 'already-signed' | 'refused'> {
  return db.transaction(async (tx) => {
    const inserted = await tx.query(
      `insert into agreements (number, contract, signed_hash, signed_terms, takeover) values ($1, $2, $3, $4, $5)
       on conflict (number) do nothing returning number`,
      [
        contract.agreement,
        JSON.stringify(assignContactIds(contract)),
        contractHash(contract),
        signedTerms === undefined ? null : JSON.stringify(signedTerms),
        takeOver === undefined ? null : JSON.stringify(takeOver),
      ],
    );
    if (inserted.length === 0) return (await signedBefore(tx, contract, takeOver)) ?? 'refused';
    await requirePrice(tx, contract);
    if (start) {
      await tx.query(`insert into outbox (agreement, kind) values ($1, 'start')`, [contract.agreement]);
      await announceOutbox(tx);
    }
    return 'signed';
  });
}

interface SigningOptions {
  signedTerms?: Terms | undefined;
  takeOver?: AgreedTakeOver | undefined;
  start?: boolean;
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

/** What was told of the time before, in a form that compares. When it was told decides nothing, nor does telling nothing. */
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
    const [change] = await tx.query<{ id: number }>(
      `insert into contract_changes (agreement, changes, from_date) values ($1, $2, $3) returning id`,
      [number, JSON.stringify(diffContract(row.contract, contract)), fromDate],
    );
    await tx.query(
      `insert into outbox (agreement, kind, payload, due_at) values ($1, 'contract-changed', $2, $3)`,
      [number, JSON.stringify({ change: change?.id }), dueAt],
    );
    await announceOutbox(tx);
    return contract;
  });
}

/** Puts a recorded change into effect; doing it twice changes nothing. */
export async function applyContractChange(db: Db, change: number): Promise<void> {
  await db.transaction(async (tx) => {
    const [row] = await tx.query<{ agreement: string; changes: ContractChange[] }>(
      'update contract_changes set applied_at = now() where id = $1 and applied_at is null returning agreement, changes',
      [change],
    );
    if (!row) return;
    const [agreement] = await tx.query<{ contract: Contract }>(
      'select contract from agreements where number = $1 for update',
      [row.agreement],
    );
    if (!agreement) return;
    const contract = applyContractChanges(agreement.contract, row.changes);
    await tx.query('update agreements set contract = $2 where number = $1', [
      row.agreement,
      JSON.stringify(contract),
    ]);
  });
}

/**
 * Outbox rows that are due, oldest first, locked for this transaction so that two dispatchers never take the same.
 * Of one agreement only the first: it starts before it hears of a change, also when starting has to be tried again.
 * Its monitoring is told apart: neither waits for the other.
 */
export async function takeOutboxRows(tx: Queryable, limit: number): Promise<OutboxRow[]> {
  return tx.query<OutboxRow>(
    `select id, agreement, kind, payload, attempts from outbox
      where done_at is null and due_at <= now()
        and not exists (select 1 from outbox earlier
                         where earlier.agreement = outbox.agreement and earlier.id < outbox.id and earlier.done_at is null
                           and (earlier.kind in ('monitoring', 'watch')) = (outbox.kind in ('monitoring', 'watch'))
                           and (earlier.kind = 'start' or earlier.attempts > 0 or earlier.due_at <= now()))
      order by id limit $1 for update skip locked`,
    [limit],
  );
}

/** Marks an outbox row as done. */
export async function finishOutboxRow(tx: Queryable, id: number): Promise<void> {
  await tx.query(
    'update outbox set done_at = now(), attempts = attempts + 1, last_error = null where id = $1',
    [id],
  );
}

/** Puts an outbox row off after a failure; the wait doubles up to fifteen seconds. */
export async function postponeOutboxRow(tx: Queryable, id: number, reason: string): Promise<void> {
  await tx.query(
    `update outbox set attempts = attempts + 1, last_error = $2,
            due_at = now() + least(interval '15 seconds', interval '1 second' * power(2, least(attempts, 10)))
      where id = $1`,
    [id, reason],
  );
}
