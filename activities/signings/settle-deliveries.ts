/**
 * What becomes of deliveries: a completed document starts one agreement, or proposes a change to the one it names; what
 * cannot be used waits for a person. Deliveries are judged one by one and written together.
 */
import { eInvoiceProblems } from '../../rules/engine/invoicing/billed-to';
import type { Contract, LocalDate } from '../../rules/engine/contract/contract';
import { TermsError } from '../../rules/engine/terms/effective-terms';
import { readDocument } from '../../rules/engine/signing/read-document';
import { notJson, readPayload } from '../../rules/engine/signing/read-payload';
import type { SigningMapping } from '../../rules/engine/signing/mapping';
import { doubtfulOrgNumbers, mapSigning } from '../../rules/engine/signing/map-signing';
import { deliveredDocument } from '../../rules/engine/signing/delivered-document';
import type {
  Read,
  SigningDocument,
  SigningOutcome,
  SigningReason,
  SigningService,
} from '../../rules/engine/signing/signing';
import type { Decide } from '../../rules/engine/terms/terms-for';
import { rememberingDecide, termsFor } from '../../rules/engine/terms/terms-for';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import { levelsOf } from '../../rules/engine/ruleset/ruleset-paths';
import { PriceError, yearPrices } from '../../rules/engine/hours/year-prices';
import type { SignedAgreement } from '../agreements/agreements';
import { contractHash, enqueueStarts, insertAgreements, knownOrgNumbers } from '../agreements/agreements';
import type { Db, Queryable } from '../db';
import { loadRuleset, requireRulesetInForce } from '../agreements/rulesets';
import { storable } from '../storable';
import { judgeAmendment, recordAmendment } from './amendments';
import { storeFiles } from './papers';
import type { Delivery } from './inbox';
import { holdDeliveries, takeDeliveries } from './inbox';
import type { SigningApis } from './service-api';
import { ServiceError } from './service-api';
import { textOf } from '../../rules/engine/basics/bilingual-error';
import { keptReason } from '../../templates/words/kept-reasons';
import { signedFarAhead } from '../../rules/engine/plan/read-signable';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { joined } from '../../rules/engine/basics/text';

export interface SigningDeps {
  db: Db;
  /** Services that can be asked. */
  apis: SigningApis;
  /** The mapping in use for a service, or why there is none. */
  mappingOf: (service: SigningService) => Read<SigningMapping>;
}

/** Most attempts after unexpected failures before a person is asked, and the longest wait between two, in seconds. */
const mostAttempts = 12;
const longestWait = 900;

/** How a delivery ends. */
interface Settled {
  delivery: number;
  state: 'waiting' | 'done' | 'refused';
  result?: 'started' | 'amendment' | 'duplicate' | 'recorded';
  reasons: SigningReason[];
  document?: string;
  outcome?: SigningOutcome;
  agreement?: string;
  fetched?: Buffer;
}

/** A completed document that gives a contract whose terms are known. */
interface Signed {
  delivery: number;
  document: SigningDocument;
  fetched?: Buffer;
  agreement: SignedAgreement & { signedRuleset: string };
  /** The day from which an amendment shall hold. */
  from?: LocalDate;
}

/** To be tried again. */
interface Postponed {
  delivery: number;
  failure: string;
  /** Seconds that the service asked to be left alone. */
  after?: number;
}

type Judgement = { settled: Settled } | { signed: Signed } | { postponed: Postponed };

/** A delivery and its judgement. */
interface Judged {
  delivery: Delivery;
  judgement: Judgement;
}

/**
 * Takes deliveries of a service that are due and settles them, together. The service is asked before anything is
 * locked: a slow one holds up neither the database nor a sender who delivers the same again.
 *
 * @returns how many were taken
 */
export async function settleDeliveries(
  deps: SigningDeps,
  service: SigningService,
  limit: number,
): Promise<number> {
  const { db } = deps;
  const taken = await db.transaction(async (tx) => {
    const deliveries = await takeDeliveries(tx, service, limit);
    return deliveries.length > 0 ? { deliveries, rules: await rulesInForce(tx) } : undefined;
  });
  if (!taken) return 0;
  const judged = await Promise.all(
    taken.deliveries.map(async (delivery): Promise<Judged> => {
      const judgement = await judge(deps, taken.rules, delivery).catch((error: unknown) =>
        afterFailure(delivery, error),
      );
      return { delivery, judgement };
    }),
  );
  try {
    await settleAll(deps, judged);
  } catch {
    // One of them made the transaction fail: each is settled alone, and the failure is noted with the one that causes
    // it.
    for (const each of judged) await settleAlone(deps, each);
  }
  return judged.length;
}

async function settleAlone(deps: SigningDeps, judged: Judged): Promise<void> {
  const { delivery } = judged;
  try {
    await settleAll(deps, [judged]);
  } catch (error) {
    // If the database is gone, this fails as well, and the caller gets the error.
    await settleAll(deps, [{ delivery, judgement: afterFailure(delivery, error) }]);
  }
}

/** After an unexpected failure a delivery is tried again; after the last attempt a person is asked. */
function afterFailure(delivery: Delivery, error: unknown): Judgement {
  return delivery.attempts < mostAttempts
    ? { postponed: failed(delivery, error) }
    : { settled: waiting(delivery, [aboutAll(error)]) };
}

/** Writes the outcome of deliveries: all of it or nothing. */
async function settleAll(deps: SigningDeps, judged: readonly Judged[]): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const ours = await holdDeliveries(
      tx,
      judged.map(({ delivery }) => delivery),
    );
    const judgements = judged.flatMap(({ delivery, judgement }) =>
      ours.has(delivery.id) ? [judgement] : [],
    );
    const settled = judgements.flatMap((each) => ('settled' in each ? [each.settled] : []));
    const signed = judgements.flatMap((each) => ('signed' in each ? [each.signed] : []));
    settled.push(...(await keepSigned(deps, tx, signed)));
    await settle(tx, settled);
    await postpone(
      tx,
      judgements.flatMap((each) => ('postponed' in each ? [each.postponed] : [])),
    );
  });
}

interface RulesInForce {
  hash: string;
  ruleset: Ruleset;
  decide: Decide;
}

let known: RulesInForce | undefined;

/** The ruleset in force; terms that it gave are kept in memory, since many contracts have the same facts. */
async function rulesInForce(tx: Queryable): Promise<RulesInForce> {
  const hash = await requireRulesetInForce(tx);
  if (known?.hash !== hash) {
    const ruleset = await loadRuleset(tx, hash);
    known = { hash, ruleset, decide: rememberingDecide(ruleset) };
  }
  return known;
}

/** Judges one delivery by itself, without the others. */
async function judge(
  deps: SigningDeps,
  { hash, ruleset, decide }: RulesInForce,
  delivery: Delivery,
): Promise<Judgement> {
  const read = await readDelivery(deps, delivery);
  if ('postponed' in read || 'settled' in read) return read;
  const { document, fetched } = read;
  const about = {
    document: document.document,
    outcome: document.outcome,
    ...(fetched !== undefined && { fetched }),
  };
  const wait = (reasons: SigningReason[]): Judgement => ({
    settled: { ...waiting(delivery, reasons), ...about },
  });
  if (document.outcome !== 'completed') return { settled: { ...recorded(delivery), ...about } };
  const mapping = deps.mappingOf(delivery.service);
  if ('reasons' in mapping) return wait(mapping.reasons);
  const mapped = mapSigning(mapping.value, document, {
    levels: levelsOf(Object.keys(ruleset.texts)),
    orgNumbers: await knownOrgNumbers(deps.db, doubtfulOrgNumbers(document)),
  });
  if ('notOurs' in mapped)
    return { settled: { ...recorded(delivery), ...about, reasons: [{ message: mapped.notOurs }] } };
  if ('reasons' in mapped) return wait(mapped.reasons);
  const { contract, from } = mapped.value;
  try {
    const { terms } = await termsFor(contract, ruleset, 1, contract.startsOn, decide);
    yearPrices({ contract, terms: terms.hourBank, prices: ruleset.prices, yearNumber: 1 });
    const agreement = { contract, signedTerms: terms, signedRuleset: hash };
    return {
      signed: {
        delivery: delivery.id,
        document,
        agreement,
        ...(fetched !== undefined && { fetched }),
        ...(from !== undefined && { from }),
      },
    };
  } catch (error) {
    if (error instanceof TermsError) return wait([{ about: 'contract.level', message: textOf(error) }]);
    if (error instanceof PriceError) return wait([{ about: 'contract.hourBank', message: textOf(error) }]);
    throw error;
  }
}

/** The document of a delivery, read from its body or from what its service answers when it is asked. */
async function readDelivery(
  { apis }: SigningDeps,
  delivery: Delivery,
): Promise<{ document: SigningDocument; fetched?: Buffer } | Exclude<Judgement, { signed: Signed }>> {
  const { service, body } = delivery;
  if (service === 'docusign' || service === 'signed') {
    const read = readJson(service, body);
    return 'reasons' in read ? { settled: waiting(delivery, read.reasons) } : { document: read.value };
  }
  const id = deliveredDocument(service, body.toString());
  if (id === undefined) return { settled: waiting(delivery, [says.noDocument]) };
  const api = apis[service];
  if (!api) return { settled: { ...waiting(delivery, [says.noApi]), document: id } };
  try {
    const fetched = await api.fetchDocument(id);
    const read = readJson(service, fetched);
    if ('reasons' in read) return { settled: { ...waiting(delivery, read.reasons), document: id, fetched } };
    return { document: read.value, fetched };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.permanent) return { settled: { ...waiting(delivery, [aboutAll(error)]), document: id } };
    // A service that is down comes back: no person is asked, however long it takes.
    return { postponed: failed(delivery, error) };
  }
}

function readJson(service: SigningService, bytes: Buffer): Read<SigningDocument> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { reasons: [notJson({ sv: 'byte som inte är UTF-8', en: 'bytes that are not UTF-8' })] };
  }
  const payload = readPayload(text);
  return 'reasons' in payload ? payload : readDocument(service, payload.value);
}

const says = {
  noDocument: {
    message: {
      sv: 'förväntade dokumentets id, hittade inget',
      en: "expected the document's id, found none",
    },
  },
  noApi: {
    message: {
      sv: 'förväntade inställningar för tjänstens API, att hämta dokumentet med, hittade inga',
      en: "expected settings of the service's API, to fetch the document with, found none",
    },
  },
  sameContent: {
    message: {
      sv: 'samma innehåll är redan undertecknat; papperen sparas med avtalet',
      en: 'the same content is signed already; the papers are kept with the agreement',
    },
  },
  knownDocument: {
    message: { sv: 'dokumentet är redan mottaget', en: 'the document was taken in before' },
  },
} satisfies Record<string, SigningReason>;

/** What a person does about a day of signing that is right, though it looks like a slip. */
const signByCommand = {
  sv: ' Är det rätt: skriv avtalet med `intake test`, signera det med `sign`, och försök sedan igen.',
  en: ' If it is: write the contract with `intake test`, sign it with `sign`, and try again.',
};

/**
 * Adds the agreements of completed documents, each once; for an existing agreement a document is an amendment, or
 * nothing new.
 */
async function keepSigned(deps: SigningDeps, tx: Queryable, signed: Signed[]): Promise<Settled[]> {
  if (signed.length === 0) return [];
  const taken = await takenDocuments(tx, signed);
  const documents = new Map<string, Signed>();
  for (const each of signed) {
    const name = documentName(each);
    if (!taken.has(name) && !documents.has(name)) documents.set(name, each);
  }
  const first = await keepDocuments(deps, tx, [...documents.values()]);
  const again = signed.flatMap((each) => {
    const name = documentName(each);
    const agreement = taken.get(name);
    if (agreement !== undefined) return [duplicate(each, agreement, says.knownDocument)];
    const begun = documents.get(name);
    const same = begun && first.get(begun);
    return begun === each || !same ? [] : [sameAs(each, same)];
  });
  // A document that came without its papers at first may come with them later.
  const known = new Set(again.flatMap(({ state, delivery }) => (state === 'done' ? [delivery] : [])));
  const late = signed.filter(({ delivery, document }) => known.has(delivery) && document.files.length > 0);
  if (late.length > 0)
    await storeFiles(
      tx,
      late.map((each) => papersOf(deps, each)),
    );
  const settled = [...first.values(), ...again];
  await settleTwins(tx, signed[0]?.document.service, settled);
  return settled;
}

/** Takes in documents that are new, each once. @returns what became of each */
async function keepDocuments(
  deps: SigningDeps,
  tx: Queryable,
  documents: Signed[],
): Promise<Map<Signed, Settled>> {
  const kept = new Map<Signed, Settled>();
  // Of several documents under one number the first starts the agreement.
  const first = new Map<string, Signed>();
  for (const each of documents) {
    const number = numberOf(each);
    if (!first.has(number)) first.set(number, each);
  }
  for (const [each, asked] of await askAboutSlips(tx, [...first.values()])) {
    kept.set(each, asked);
    first.delete(numberOf(each));
  }
  const added = new Set(
    await insertAgreements(
      tx,
      [...first.values()].map(({ agreement }) => agreement),
    ),
  );
  const started = documents.filter((each) => added.has(numberOf(each)) && first.get(numberOf(each)) === each);
  if (started.length > 0) {
    await insertSignings(tx, 'original', started);
    await storeFiles(
      tx,
      started.map((each) => papersOf(deps, each)),
    );
    await enqueueStarts(tx, [...added]);
    for (const each of started)
      kept.set(each, done(each, 'started', numberOf(each), eInvoiceReasons(each.agreement.contract)));
  }
  // In order of their numbers: two transactions that lock the same agreements wait for each other without a deadlock.
  const later = documents
    .filter((each) => !kept.has(each))
    .sort((one, other) => (numberOf(one) < numberOf(other) ? -1 : numberOf(one) > numberOf(other) ? 1 : 0));
  for (const each of later) kept.set(each, await keepLater(deps, tx, each));
  return kept;
}

/**
 * Documents of new agreements that say they are signed far in the future, as a slip of the year has it: a person is asked
 * before anything starts. One who says that it is right signs the contract by command; then the document is its paper.
 *
 * @returns those that wait
 */
async function askAboutSlips(tx: Queryable, documents: readonly Signed[]): Promise<Map<Signed, Settled>> {
  const slips = documents.flatMap((each) => {
    const message = signedFarAhead(each.agreement.contract, dayOf(each.document));
    return message === undefined ? [] : [{ each, message }];
  });
  if (slips.length === 0) return new Map();
  const known = await tx.query<{ number: string }>('select number from agreements where number = any ($1)', [
    slips.map(({ each }) => numberOf(each)),
  ]);
  const asked = slips.filter(({ each }) => !known.some(({ number }) => number === numberOf(each)));
  return new Map(
    asked.map(({ each, message }) => {
      const { agreement: _, ...settled } = done(each, 'started', numberOf(each), [
        { about: 'contract.signedOn', message: joined(message, signByCommand) },
      ]);
      return [each, { ...settled, state: 'waiting' as const }];
    }),
  );
}

/** The day on which a document was completed, or today if that is later. */
const dayOf = ({ completedAt }: SigningDocument): LocalDate =>
  [completedAt ?? '', new Date().toISOString()]
    .map((at) => (at === '' ? '' : localDateOf(at)))
    .sort()
    .at(-1)!;

/** What an e-invoice by a contract that starts would be refused for: it starts all the same, and whoever handles it is told. */
const eInvoiceReasons = (contract: Contract): SigningReason[] =>
  eInvoiceProblems(contract).map(({ about, message }) => ({ about: `contract.${about}`, message }));

const numberOf = ({ agreement }: Signed): string => agreement.contract.agreement;

/** Settles a second delivery of the same document like the first: if the first waits, the second waits as well. */
function sameAs(signed: Signed, same: Settled): Settled {
  if (same.state === 'done') return duplicate(signed, same.agreement ?? numberOf(signed), says.knownDocument);
  return { ...same, delivery: signed.delivery };
}

/** Settles deliveries that waited about documents which have been taken in since: nothing is left to do about them. */
async function settleTwins(
  tx: Queryable,
  service: SigningService | undefined,
  settled: readonly Settled[],
): Promise<void> {
  const known = settled.flatMap(({ state, document }) => (state === 'done' ? [document] : []));
  if (known.length === 0) return;
  // A delivery that another transaction holds is left to it.
  await tx.query(
    `update deliveries d set state = 'done', result = 'duplicate', agreement = s.agreement, reasons = $3,
            processed_at = now()
       from signings s
      where s.service = d.service and s.document = d.document and d.id in
            (select id from deliveries
              where state = 'waiting' and (service, document) in (select $1, unnest($2::text[]))
              for update skip locked)`,
    [service, known, JSON.stringify([says.knownDocument])],
  );
}

const documentName = ({ document: { service, document } }: Signed): string => `${service}/${document}`;

/** Those of the documents that were taken in before, with their agreements. */
async function takenDocuments(tx: Queryable, signed: Signed[]): Promise<Map<string, string>> {
  const rows = await tx.query<{ service: string; document: string; agreement: string }>(
    `select service, document, agreement from signings
      where (service, document) in (select * from unnest($1::text[], $2::text[]))`,
    [signed.map(({ document }) => document.service), signed.map(({ document }) => document.document)],
  );
  return new Map(rows.map(({ service, document, agreement }) => [`${service}/${document}`, agreement]));
}

/** Takes in a document under the number of an existing agreement. */
async function keepLater(deps: SigningDeps, tx: Queryable, signed: Signed): Promise<Settled> {
  const { contract } = signed.agreement;
  // Waits until no other transaction changes this agreement.
  await tx.query('select 1 from agreements where number = $1 for update', [contract.agreement]);
  const taken = (await takenDocuments(tx, [signed])).get(documentName(signed));
  if (taken !== undefined) return duplicate(signed, taken, says.knownDocument);
  if (await isAsSigned(tx, contract)) return keepCopy(deps, tx, signed);
  const { service, document } = signed.document;
  const later = { service, document, contract, ...(signed.from !== undefined && { from: signed.from }) };
  const judged = await judgeAmendment(tx, later);
  if (judged.outcome === 'unchanged') return keepCopy(deps, tx, signed);
  if (judged.outcome === 'unusable')
    return { ...done(signed, 'amendment', contract.agreement, judged.reasons), state: 'waiting' };
  await insertSignings(tx, 'amendment', [signed]);
  await storeFiles(tx, [papersOf(deps, signed)]);
  await recordAmendment(tx, later, judged);
  return done(signed, 'amendment', contract.agreement, []);
}

async function isAsSigned(tx: Queryable, contract: Contract): Promise<boolean> {
  const [row] = await tx.query<{ hash: string }>(
    'select signed_hash as hash from agreements where number = $1',
    [contract.agreement],
  );
  return row?.hash === contractHash(contract);
}

async function keepCopy(deps: SigningDeps, tx: Queryable, signed: Signed): Promise<Settled> {
  await insertSignings(tx, 'copy', [signed]);
  await storeFiles(tx, [papersOf(deps, signed)]);
  return duplicate(signed, signed.agreement.contract.agreement, says.sameContent);
}

const papersOf = ({ apis }: SigningDeps, { document: { service, document, files } }: Signed) => ({
  service,
  document,
  files,
  api: apis[service] !== undefined,
});

async function insertSignings(
  tx: Queryable,
  kind: 'original' | 'amendment' | 'copy',
  signed: Signed[],
): Promise<void> {
  const rows = signed.map(({ delivery, document, agreement }) => ({
    service: document.service,
    document: document.document,
    agreement: agreement.contract.agreement,
    delivery,
    title: document.title ?? null,
    completed_at: document.completedAt ?? null,
    signers: document.signers,
    ruleset_hash: agreement.signedRuleset,
  }));
  await tx.query(
    `insert into signings (service, document, agreement, kind, delivery, title, completed_at, signers, ruleset_hash)
     select service, document, agreement, $2, delivery, title, completed_at, signers, ruleset_hash
       from jsonb_to_recordset($1::jsonb)
            as r(service text, document text, agreement text, delivery bigint, title text, completed_at timestamptz,
                 signers jsonb, ruleset_hash text)`,
    [JSON.stringify(storable(rows)), kind],
  );
}

function done(
  { delivery, document, fetched }: Signed,
  result: 'started' | 'amendment' | 'duplicate',
  agreement: string,
  reasons: SigningReason[],
): Settled {
  return {
    delivery,
    state: 'done',
    result,
    reasons,
    document: document.document,
    outcome: document.outcome,
    agreement,
    ...(fetched !== undefined && { fetched }),
  };
}

const duplicate = (signed: Signed, agreement: string, reason: SigningReason): Settled =>
  done(signed, 'duplicate', agreement, [reason]);

const recorded = ({ id }: Delivery): Settled => ({
  delivery: id,
  state: 'done',
  result: 'recorded',
  reasons: [],
});

const waiting = ({ id }: Delivery, reasons: SigningReason[]): Settled => ({
  delivery: id,
  state: 'waiting',
  reasons,
});

const aboutAll = (error: unknown): SigningReason => ({
  message: { sv: keptReason(textOf(error).sv, 'sv'), en: textOf(error).en },
});

function failed(delivery: Delivery, error: unknown): Postponed {
  const after = error instanceof ServiceError ? error.retryAfter : undefined;
  return {
    delivery: delivery.id,
    failure: error instanceof Error ? error.message : String(error),
    ...(after !== undefined && { after }),
  };
}

async function settle(tx: Queryable, settled: Settled[]): Promise<void> {
  if (settled.length === 0) return;
  const rows = settled.map(({ fetched, result, document, outcome, agreement, ...rest }) => ({
    ...rest,
    result: rest.state === 'done' ? (result ?? null) : null,
    document: document ?? null,
    outcome: outcome ?? null,
    agreement: agreement ?? null,
    fetched: fetched === undefined ? null : fetched.toString('base64'),
  }));
  await tx.query(
    `update deliveries set state = r.state, result = r.result, reasons = r.reasons,
            document = coalesce(r.document, deliveries.document), outcome = coalesce(r.outcome, deliveries.outcome),
            agreement = r.agreement, fetched = coalesce(decode(r.fetched, 'base64'), deliveries.fetched),
            attempts = attempts + 1, last_error = null, processed_at = now()
       from jsonb_to_recordset($1::jsonb)
            as r(delivery bigint, state text, result text, reasons jsonb, document text, outcome text, agreement text,
                 fetched text)
      where id = r.delivery`,
    [JSON.stringify(storable(rows))],
  );
}

/** Postpones deliveries: each wait is longer, up to a quarter of an hour, or as long as the service asked for. */
async function postpone(tx: Queryable, postponed: Postponed[]): Promise<void> {
  for (const { delivery, failure, after = 0 } of postponed)
    await tx.query(
      `update deliveries set attempts = attempts + 1, last_error = $2,
              due_at = now() + greatest(least($4, power(2, least(attempts, 10))), $3) * interval '1 second'
        where id = $1`,
      [delivery, storable(failure), after, longestWait],
    );
}
