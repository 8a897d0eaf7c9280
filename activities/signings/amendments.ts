/** Contracts signed later for an existing agreement: proposed to the manager, in force when approved. */
import type {
  AmendedValue,
  PendingChange,
  StandingAgreement,
} from '../../rules/engine/change/amend-contract';
import {
  amendedValues,
  amendingChanges,
  contractThen,
  isSigned,
  judgeAmendedContract,
  pricedYear,
  sameAmendment,
  signedRate,
} from '../../rules/engine/change/amend-contract';
import { instantAt, localDateOf } from '../../rules/engine/calendar/calendar';
import { canonicalJson } from '../../rules/engine/basics/canonical-json';
import type { ContractChange } from '../../rules/engine/contract/change-contract';
import { applyContractChanges } from '../../rules/engine/contract/change-contract';
import type { Contract, Instant, LocalDate } from '../../rules/engine/contract/contract';
import { TermsError } from '../../rules/engine/terms/effective-terms';
import { formatFinding } from '../../rules/engine/reading/format-finding';
import { amendedFloor, previewAmendment } from '../../rules/engine/change/preview-amendment';
import type { AmendmentPreview } from '../../rules/engine/change/preview-amendment';
import { readContract } from '../../rules/engine/contract/read-contract';
import type { Signer, SigningReason, SigningService } from '../../rules/engine/signing/signing';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import type { Text } from '../../rules/engine/basics/text';
import { PriceError } from '../../rules/engine/hours/year-prices';
import { pendingAmendments, recordContractChange } from '../agreements/agreements';
import type { AgreementRow } from '../agreements/agreements';
import type { Db, Queryable } from '../db';
import { readOne } from '../agreements/previews';
import { loadRuleset, requireRulesetInForce } from '../agreements/rulesets';
import { textOf } from '../../rules/engine/basics/bilingual-error';

/** A contract that was signed under the number of an existing agreement. */
export interface SignedLater {
  service: string;
  document: string;
  contract: Contract;
  /** The day from which it shall hold, where the document says one. */
  from?: LocalDate;
}

/**
 * - `amendment`: changes the agreement if a manager approves it
 * - `unchanged`: says what is in force, or what is already proposed; nothing to decide
 * - `unusable`: cannot become this agreement's contract
 */
export type Judged =
  | { outcome: 'amendment'; contract: Contract; from: LocalDate }
  | { outcome: 'unchanged' }
  | { outcome: 'unusable'; reasons: SigningReason[] };

/**
 * Judges a contract signed later against the agreement as it is. Writes nothing; locks the agreement until the
 * transaction ends.
 */
export async function judgeAmendment(
  tx: Queryable,
  { contract: signed, from }: SignedLater,
  today = localDateOf(new Date().toISOString()),
): Promise<Judged> {
  const standing = await holdAgreement(tx, signed.agreement);
  const judged = judgeAmendedContract(
    standing,
    { contract: signed, ...(from !== undefined && { from }) },
    today,
  );
  if (judged.outcome !== 'amendment') return judged;
  const proposed = await tx.query<{ contract: Contract; from: LocalDate }>(
    `select contract, from_date as from from amendments where agreement = $1 and state = 'proposed'`,
    [signed.agreement],
  );
  if (proposed.some((one) => sameAmendment(one, judged))) return { outcome: 'unchanged' };
  return { outcome: 'amendment', contract: judged.contract, from: judged.from };
}

/** Keeps an amendment for the manager to decide; its document must have a row in `signings`. @returns its number */
export async function recordAmendment(
  tx: Queryable,
  { service, document }: SignedLater,
  { contract, from }: Extract<Judged, { outcome: 'amendment' }>,
  today = localDateOf(new Date().toISOString()),
): Promise<number> {
  const { agreement } = contract;
  const standing = await holdAgreement(tx, agreement);
  const [row] = await tx.query<{ id: number }>(
    `insert into amendments (agreement, service, document, contract, from_date, changes)
     values ($1, $2, $3, $4, $5, $6) returning id`,
    [
      agreement,
      service,
      document,
      JSON.stringify(contract),
      from,
      JSON.stringify(amendingChanges(standing, contract, from, today)),
    ],
  );
  if (!row) throw new Error('expected the amendment to be kept, found no row');
  return row.id;
}

/** An agreement, locked until the transaction ends. */
interface HeldAgreement extends StandingAgreement {
  number: string;
  pending: (PendingChange & { id: number })[];
}

async function holdAgreement(tx: Queryable, number: string): Promise<HeldAgreement> {
  const [agreement] = await tx.query<Pick<AgreementRow, 'state' | 'contract'>>(
    'select state, contract from agreements where number = $1 for update',
    [number],
  );
  if (!agreement) throw new Error(`expected a signed agreement, found none with number ${number}`);
  const { state, contract } = agreement;
  return { number, contract, pending: await pendingAmendments(tx, number), ended: state === 'ended' };
}

export type AmendmentState = 'proposed' | 'approved' | 'rejected';

/** An amendment, and the document it came with. */
export interface AmendmentRow {
  id: number;
  agreement: string;
  customer: string;
  state: AmendmentState;
  from: LocalDate;
  service: SigningService;
  document: string;
  title: string | null;
  completedAt: Instant | null;
  signers: Signer[];
  recordedAt: Instant;
  reason: string | null;
  decidedAt: Instant | null;
  by: string | null;
  /** Number of the contract change it became. */
  change: number | null;
}

const columns = `m.id, m.agreement, m.contract #>> '{customer,name}' as customer, m.state, m.from_date as from, m.service,
  m.document, s.title, s.completed_at as "completedAt", coalesce(s.signers, '[]') as signers,
  m.recorded_at as "recordedAt", m.reason, m.decided_at as "decidedAt", m.by, m.change
  from amendments m left join signings s using (service, document)`;

/** All amendments: those that wait for a decision first, then the newest. */
export async function listAmendments(db: Queryable): Promise<AmendmentRow[]> {
  return db.query(`select ${columns} order by m.state <> 'proposed', m.id desc`);
}

/** An amendment as it looks now: what it would do, or what keeps it from being approved. */
export interface AmendmentLook {
  amendment: AmendmentRow;
  /** What it changes in the agreement as it stands; as it was approved, once it is. */
  values: AmendedValue[];
  /** Only of a proposed one that can be approved. */
  preview?: AmendmentPreview;
  /** Why a proposed one cannot be approved. */
  refused?: Text;
}

/** An amendment cannot be decided so; the message says why. */
export class AmendmentError extends BilingualError {
  override readonly name = 'AmendmentError';
}

/**
 * Looks at an amendment by the agreement and the rules as they are. Writes nothing.
 *
 * @param asOf when it would be approved
 * @throws AmendmentError where there is none with that number
 */
export async function lookAtAmendment(db: Db, id: number, asOf: Instant): Promise<AmendmentLook> {
  return db.transaction(async (tx) => (await look(tx, id, asOf)).look);
}

interface Looked {
  look: AmendmentLook;
  agreement: HeldAgreement;
  ruleset: string;
  /** What was promised before. */
  signed?: Terms;
  /** Ordinary price per hour of the running year, in minor units. */
  rate?: number;
}
type Terms = AmendmentPreview['promised']['before'];

async function look(tx: Queryable, id: number, asOf: Instant): Promise<Looked> {
  // Locked before it is read: waits for whoever decides about it meanwhile.
  const [own] = await tx.query<{ changes: ContractChange[] }>(
    'select changes from amendments where id = $1 for update',
    [id],
  );
  const [amendment] = await tx.query<AmendmentRow>(`select ${columns} where m.id = $1`, [id]);
  if (!amendment || !own)
    throw new AmendmentError({
      sv: `förväntade numret på ett tilläggsavtal, hittade ${id}; \`serviceavtal amendments list\` visar dem`,
      en: `expected the number of an amendment, found ${id}; \`serviceavtal amendments list\` shows them`,
    });
  const today = localDateOf(asOf);
  const agreement = await holdAgreement(tx, amendment.agreement);
  const ruleset = await requireRulesetInForce(tx);
  const values = amendedValues(agreement, own.changes, amendment.from, today);
  const one = await readOne(tx, amendment.agreement, today);
  if (!one) throw new Error(`expected the agreement ${amendment.agreement}, found none`);
  const looked = {
    agreement,
    ruleset,
    ...(one.signed && { signed: one.signed }),
    ...(one.decidedRateMinor !== undefined && { rate: one.decidedRateMinor }),
  };
  if (amendment.state !== 'proposed')
    return { ...looked, look: { amendment, values: own.changes.map(told) } };
  const contract = contractThen(agreement, amendment.from > today ? amendment.from : today);
  const amended = applyContractChanges(contract, values);
  const refused = whyRefused(agreement, amended);
  if (refused) return { ...looked, look: { amendment, values, refused } };
  try {
    const preview = await previewAmendment(
      { ...one, contract, amended, from: amendment.from },
      await loadRuleset(tx, ruleset),
      asOf,
    );
    return { ...looked, look: { amendment, values, preview } };
  } catch (error) {
    if (error instanceof TermsError)
      return { ...looked, look: { amendment, values, refused: textOf(error) } };
    if (error instanceof PriceError)
      return { ...looked, look: { amendment, values, refused: textOf(error) } };
    throw error;
  }

  function told(change: ContractChange): AmendedValue {
    return { ...change, on: amendment?.from ?? today };
  }
}

/**
 * Why an amendment cannot be approved any more: since it was judged the agreement has ended, or other changes make
 * the amended contract invalid.
 */
function whyRefused({ number, ended }: HeldAgreement, amended: Contract): Text | undefined {
  if (ended)
    return {
      sv: `${number} har upphört; inget om det ändras mer`,
      en: `${number} has ended; nothing about it changes any more`,
    };
  const { findings } = readContract(JSON.stringify(amended), number);
  const [wrong] = findings;
  return wrong && { sv: formatFinding(wrong, 'sv'), en: formatFinding(wrong, 'en') };
}

/** What somebody has seen of an amendment, as a text: if it differs when they approve, they have to look again. */
export function seenOf({ values, amendment: { from } }: AmendmentLook): string {
  return canonicalJson([from, values.map(({ path, from: was, to }) => [path, was ?? null, to ?? null])]);
}

export type Approved =
  | { outcome: 'approved'; change: number | null; from: LocalDate; values: AmendedValue[] }
  | { outcome: 'already'; by: string | null; at: Instant | null };

/**
 * Approves an amendment: the contract's change is recorded, the running year told on its day, the price of the next
 * period fixed, the promised terms replaced; all of it or nothing. A second time changes nothing.
 *
 * @param options.seen `seenOf` what was looked at
 * @throws AmendmentError if it was declined, cannot be approved, or has become another one since it was looked at
 */
export async function approveAmendment(
  db: Db,
  id: number,
  { by, asOf, seen }: { by: string; asOf: Instant; seen?: string },
): Promise<Approved> {
  return db.transaction(async (tx) => {
    const looked = await look(tx, id, asOf);
    const { amendment, preview, refused, values } = looked.look;
    if (amendment.state === 'approved')
      return { outcome: 'already', by: amendment.by, at: amendment.decidedAt };
    if (amendment.state === 'rejected')
      throw new AmendmentError({
        sv: `tilläggsavtal ${id} avböjdes: ${amendment.reason ?? ''}; det krävs en ny underskrift`,
        en: `amendment ${id} was declined: ${amendment.reason ?? ''}; it takes a new signature`,
      });
    if (refused || !preview)
      throw new AmendmentError({
        sv: `tilläggsavtal ${id} går inte att godkänna: ${refused?.sv ?? 'det har ingen förhandsvisning'}`,
        en: `amendment ${id} cannot be approved: ${refused?.en ?? 'it has no preview'}`,
      });
    if (seen !== undefined && seen !== seenOf(looked.look))
      throw new AmendmentError({
        sv: `${amendment.agreement} har ändrats under tiden. Inget är ändrat; titta igen.`,
        en: `${amendment.agreement} was changed meanwhile. Nothing was changed; look again.`,
      });
    const { from } = amendment;
    const change = values.length === 0 ? null : await putInForce(tx, looked, asOf);
    await tx.query(
      `update amendments set state = 'approved', decided_at = $2, by = $3, change = $4 where id = $1`,
      [id, asOf, by, change],
    );
    await fixPrice(tx, looked, by, asOf);
    await replaceFloor(tx, looked, preview);
    return { outcome: 'approved', change, from, values };
  });
}

/**
 * Records the change, and takes the values it sets out of changes that were signed before for a later day.
 * @returns its number
 */
async function putInForce(
  tx: Queryable,
  { look: { amendment, values }, agreement }: Looked,
  asOf: Instant,
): Promise<number> {
  const { from } = amendment;
  const now = values.map(({ path, from: was, to, allowed }) => ({ path, from: was, to, allowed }));
  const paths = new Set(now.filter(isSigned).map(({ path }) => path));
  for (const pending of agreement.pending) {
    if (pending.from <= from) continue;
    const kept = pending.changes.filter(({ path }) => !paths.has(path));
    if (kept.length < pending.changes.length)
      await tx.query('update contract_changes set changes = $2 where id = $1', [
        pending.id,
        JSON.stringify(kept),
      ]);
  }
  const dueAt = from <= localDateOf(asOf) ? asOf : instantAt(from, '00:00');
  return recordContractChange(tx, amendment.agreement, now, from, dueAt);
}

/**
 * Fixes a signed price for its period; no manager is asked for another. If only the discount is new, the period keeps
 * the price there is, unless a manager approves another one: the customer is told both.
 */
async function fixPrice(
  tx: Queryable,
  { look: { amendment, values }, agreement: { contract }, rate }: Looked,
  by: string,
  asOf: Instant,
): Promise<void> {
  const year = pricedYear(contract.startsOn, amendment.from, localDateOf(asOf));
  const signed = signedRate(values);
  const key = [amendment.agreement, year];
  if (signed !== undefined)
    await tx.query(
      `insert into approved_prices (agreement, year, price_minor, by, as_of, amendment) values ($1, $2, $3, $4, $5, $6)
       on conflict (agreement, year) do update set price_minor = excluded.price_minor, by = excluded.by,
              as_of = excluded.as_of, amendment = excluded.amendment`,
      [...key, signed, by, asOf, amendment.id],
    );
  else if (rate !== undefined && values.some(({ path }) => path === 'hourBank.discountPercent'))
    await tx.query(
      `insert into approved_prices (agreement, year, price_minor, by, as_of) values ($1, $2, $3, $4, $5)
       on conflict (agreement, year) do nothing`,
      [...key, rate, by, asOf],
    );
}

/** Replaces the terms that were promised; those until now are kept with the amendment. */
async function replaceFloor(
  tx: Queryable,
  { look: { amendment, values }, signed, ruleset }: Looked,
  { promised }: AmendmentPreview,
): Promise<void> {
  const before = signed ?? promised.before;
  const after = amendedFloor(
    before,
    promised,
    values.some(({ path }) => path === 'level'),
  );
  if (canonicalJson(after) === canonicalJson(before)) return;
  await tx.query(
    `update amendments set replaced_terms = $2, replaced_ruleset = a.signed_ruleset from agreements a
      where id = $1 and a.number = amendments.agreement`,
    [amendment.id, JSON.stringify(before)],
  );
  await tx.query('update agreements set signed_terms = $2, signed_ruleset = $3 where number = $1', [
    amendment.agreement,
    JSON.stringify(after),
    ruleset,
  ]);
}

/**
 * Declines an amendment: the agreement stays as it is.
 * @returns false if it was declined before
 * @throws AmendmentError if it is approved, or not there
 */
export async function declineAmendment(
  db: Db,
  id: number,
  { by, asOf, reason }: { by: string; asOf: Instant; reason: string },
): Promise<boolean> {
  const [declined] = await db.query(
    `update amendments set state = 'rejected', reason = $2, by = $3, decided_at = $4
      where id = $1 and state = 'proposed' returning id`,
    [id, reason, by, asOf],
  );
  if (declined) return true;
  const [known] = await db.query<{ state: AmendmentState }>('select state from amendments where id = $1', [
    id,
  ]);
  if (!known)
    throw new AmendmentError({
      sv: `förväntade numret på ett tilläggsavtal, hittade ${id}; \`serviceavtal amendments list\` visar dem`,
      en: `expected the number of an amendment, found ${id}; \`serviceavtal amendments list\` shows them`,
    });
  if (known.state === 'approved')
    throw new AmendmentError({
      sv: `tilläggsavtal ${id} är godkänt; det som det ändrade kräver ett nytt undertecknat tilläggsavtal`,
      en: `amendment ${id} is approved; what it changed takes another signed amendment`,
    });
  return false;
}
