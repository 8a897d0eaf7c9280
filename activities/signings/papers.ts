/** The signed papers: kept as they came, fetched where they did not, and shown with what proves them. */
import { createHash } from 'node:crypto';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { EnclosedFile, Signer, SigningService } from '../../rules/engine/signing/signing';
import type { Db, Queryable } from '../db';
import { storable } from '../storable';
import type { SigningApis } from './service-api';
import { ServiceError } from './service-api';
import { isPdf, nameOf } from './services/ask';

export type PaperKind = EnclosedFile['kind'];
const kinds: readonly PaperKind[] = ['contract', 'certificate'];

/** Papers of a document, as its delivery brought them. */
export interface DeliveredFiles {
  service: SigningService;
  document: string;
  files: readonly EnclosedFile[];
  /** Whether the service's API can be asked for what was not enclosed. */
  api: boolean;
}

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** Bytes of a paper, and of all papers in one statement. */
const mostBytes = 25_000_000;
const mostAtOnce = 16_000_000;

/** A row of `signed_files` as it begins. */
interface NewFile {
  service: string;
  document: string;
  kind: PaperKind;
  state: 'wanted' | 'kept' | 'unavailable';
  name: string | null;
  content: Buffer | null;
  digest: string | null;
  error: string | null;
}

/** @returns the content, or what is wrong with it */
function contentOf({ base64 }: EnclosedFile): Buffer | string {
  const packed = base64.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) return 'expected base64, found other characters';
  const content = Buffer.from(packed, 'base64');
  if (content.length > mostBytes) return `expected at most ${mostBytes} bytes, found ${content.length}`;
  return isPdf(content) ? content : `expected a PDF, found ${content.length} bytes of something else`;
}

/** Papers that are nowhere to be had, and why. */
const partOfContract: Partial<Record<SigningService, Partial<Record<PaperKind, string>>>> = {
  scrive: {
    certificate: "scrive seals the evidence into the contract's own PDF; there is no separate certificate",
  },
  oneflow: {
    certificate:
      "oneflow has no separate certificate for it: since January 2024 it is part of the contract's PDF",
  },
};

/** The row that a paper of a document begins with. */
function begun({ service, document, files, api }: DeliveredFiles, kind: PaperKind): NewFile {
  const row = { service, document, kind, name: null, content: null, digest: null };
  const tried = files
    .filter((file) => file.kind === kind)
    .map((file) => ({ name: file.name, content: contentOf(file) }));
  for (const { name, content } of tried)
    if (typeof content !== 'string') {
      const shortName = storable(name.trim().slice(0, 200)) || nameOf(service, document, kind);
      return { ...row, state: 'kept', name: shortName, content, digest: sha256(content), error: null };
    }
  const [first] = tried;
  const found = first ? `enclosed, but ${first.content as string}` : 'not enclosed';
  if (api) return { ...row, state: 'wanted', error: first ? found : null };
  const why = service === 'signed' ? '' : `, and the API of ${service} is not set up`;
  return { ...row, state: 'unavailable', error: partOfContract[service]?.[kind] ?? `${found}${why}` };
}

/**
 * Keeps papers that came inside the deliveries, and notes those that did not: wanted where an API can be asked,
 * unavailable with the reason otherwise. A paper that is stored already stays as it is. The documents must have rows
 * in `signings`.
 */
export async function storeFiles(tx: Queryable, delivered: readonly DeliveredFiles[]): Promise<void> {
  const rows = new Map<string, NewFile>();
  for (const each of delivered)
    for (const kind of kinds) {
      const row = begun(each, kind);
      const key = JSON.stringify([row.service, row.document, kind]);
      if (rows.get(key)?.state !== 'kept') rows.set(key, row);
    }
  for (const batch of batches([...rows.values()])) await insert(tx, batch);
}

/** As many rows at once as one statement may carry. */
function batches(rows: NewFile[]): NewFile[][] {
  const made: NewFile[][] = [];
  let bytes = Infinity;
  for (const row of rows) {
    const size = row.content?.length ?? 0;
    if (bytes + size > mostAtOnce) {
      made.push([]);
      bytes = 0;
    }
    made.at(-1)?.push(row);
    bytes += size;
  }
  return made;
}

async function insert(tx: Queryable, rows: readonly NewFile[]): Promise<void> {
  await tx.query(
    `insert into signed_files (service, document, kind, state, name, media_type, content, digest, last_error, kept_at)
     select service, document, kind, state, name, case when state = 'kept' then 'application/pdf' end, content, digest,
            error, case when state = 'kept' then now() end
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::text[], $8::text[])
            as given (service, document, kind, state, name, content, digest, error)
     on conflict (service, document, kind) do update
       set state = excluded.state, name = excluded.name, media_type = excluded.media_type,
           content = excluded.content, digest = excluded.digest, last_error = null, kept_at = excluded.kept_at
       where signed_files.state <> 'kept' and excluded.state = 'kept'`,
    (['service', 'document', 'kind', 'state', 'name', 'content', 'digest', 'error'] as const).map((column) =>
      rows.map((row) => row[column]),
    ),
  );
}

interface WantedFile {
  service: SigningService;
  document: string;
  kind: PaperKind;
  attempts: number;
}

/** Seconds for which a wanted paper is left to the process that took it; longer than any question to a service. */
const takenFor = 180;
/** Papers fetched at the same time: they are held in memory. */
const atOnce = 4;

/**
 * Fetches papers that are wanted and due from the services that can be asked. Nothing is locked meanwhile: a paper is
 * postponed before it is asked for, so that nobody else asks for it, and is due again if this process dies.
 *
 * @param limit at most so many
 * @returns how many were asked for; fewer than `limit` means that nothing more is due
 */
export async function fetchWantedFiles(db: Db, apis: SigningApis, limit: number): Promise<number> {
  const taken = await db.query<WantedFile>(
    `update signed_files set due_at = now() + make_interval(secs => $3), attempts = attempts + 1
      where (service, document, kind) in
            (select service, document, kind from signed_files
              where state = 'wanted' and due_at <= now() and service = any ($1::text[])
              order by due_at limit $2 for update skip locked)
      returning service, document, kind, attempts`,
    [Object.keys(apis), limit, takenFor],
  );
  const waiting = [...taken];
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file; file = waiting.shift()) await fetchOne(db, apis, file);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return taken.length;
}

async function fetchOne(db: Db, apis: SigningApis, file: WantedFile): Promise<void> {
  const { service, document, kind } = file;
  try {
    const found = await apis[service]?.fetchFile(document, kind);
    // Something was signed, so the service will have the contract later.
    if (!found && kind === 'contract')
      throw new ServiceError(`${service} has no signed PDF of it yet`, false);
    if (!found)
      return await settle(db, file, 'unavailable', {
        error: partOfContract[service]?.[kind] ?? `${service} has no ${kind} of it`,
      });
    const { name, mediaType, content } = found;
    return await settle(db, file, 'kept', { name, mediaType, content });
  } catch (error) {
    // Any other error is ours, such as a lost database: the caller tells it.
    if (!(error instanceof ServiceError)) throw error;
    if (error.permanent) return settle(db, file, 'unavailable', { error: error.message });
    return putOff(db, file, error);
  }
}

async function settle(
  db: Queryable,
  { service, document, kind }: WantedFile,
  state: 'kept' | 'unavailable',
  {
    name,
    mediaType,
    content,
    error,
  }: { name?: string; mediaType?: string; content?: Buffer; error?: string },
): Promise<void> {
  await db.query(
    `update signed_files set state = $4, name = $5, media_type = $6, content = $7, digest = $8, last_error = $9,
            kept_at = case when $4 = 'kept' then now() end
      where service = $1 and document = $2 and kind = $3 and state = 'wanted'`,
    [
      ...[service, document, kind, state, name, mediaType, content],
      ...[content && sha256(content), error === undefined ? undefined : storable(error)],
    ],
  );
}

const shortestWait = 30;
const longestWait = 3_600;

/** The wait doubles from half a minute to an hour; longer where the service asks for it. */
async function putOff(
  db: Queryable,
  { service, document, kind, attempts }: WantedFile,
  { message, retryAfter = 0 }: ServiceError,
): Promise<void> {
  const wait = Math.min(longestWait, shortestWait * 2 ** Math.min(20, attempts - 1));
  await db.query(
    `update signed_files set due_at = now() + make_interval(secs => $4), last_error = $5
      where service = $1 and document = $2 and kind = $3 and state = 'wanted'`,
    [service, document, kind, Math.max(wait, retryAfter), storable(message)],
  );
}

/** Has an agreement's missing papers asked for again, for example once an API is set up. @returns how many */
export async function wantFilesAgain(
  db: Queryable,
  agreement: string,
  services: readonly SigningService[],
): Promise<number> {
  const rows = await db.query(
    `update signed_files f set state = 'wanted', due_at = now(), attempts = 0, last_error = null
       from signings s
      where s.service = f.service and s.document = f.document and s.agreement = $1
        and f.state <> 'kept' and f.service = any ($2::text[])
      returning f.kind`,
    [agreement, services],
  );
  return rows.length;
}

/** A paper, or why it is not here. */
export interface SignedFile {
  service: SigningService;
  document: string;
  kind: PaperKind;
  state: 'wanted' | 'kept' | 'unavailable';
  /** The sender's name for it: not safe to save a file under. */
  name: string | null;
  mediaType: string | null;
  /** Bytes. */
  size: number | null;
  /** sha256 of its content, hex. */
  digest: string | null;
  /** Whether its content still has that sha256. */
  intact: boolean | null;
  attempts: number;
  /** When it is asked for next, while it is wanted. */
  dueAt: Instant;
  lastError: string | null;
  keptAt: Instant | null;
}

/** Every paper of an agreement's documents, in the order in which they were recorded. */
export async function listFiles(db: Queryable, agreement: string): Promise<SignedFile[]> {
  return db.query<SignedFile>(
    `select f.service, f.document, f.kind, f.state, f.name, f.media_type as "mediaType",
            octet_length(f.content) as size, f.digest,
            encode(sha256(f.content), 'hex') = f.digest as intact, f.attempts, f.due_at as "dueAt",
            f.last_error as "lastError", f.kept_at as "keptAt"
       from signed_files f join signings s using (service, document)
      where s.agreement = $1
      order by s.recorded_at, f.service, f.document, f.kind desc`,
    [agreement],
  );
}

/** The content of a paper in the database has changed since it was kept. */
export class DamagedFileError extends BilingualError {
  override readonly name = 'DamagedFileError';
}

/**
 * The content of a paper that is here.
 * @throws DamagedFileError if it does not have the sha256 that was noted when it was kept
 */
export async function readFile(
  db: Queryable,
  { service, document, kind }: Pick<SignedFile, 'service' | 'document' | 'kind'>,
): Promise<{ content: Buffer; digest: string } | undefined> {
  const [row] = await db.query<{ content: Buffer; digest: string }>(
    `select content, digest from signed_files
      where service = $1 and document = $2 and kind = $3 and state = 'kept'`,
    [service, document, kind],
  );
  if (!row) return undefined;
  const found = sha256(row.content);
  if (found === row.digest) return row;
  throw new DamagedFileError({
    sv: `${kind === 'contract' ? 'avtalet' : 'intyget'} i ${service}, dokument ${document}, är SKADAT: förväntade sha256 ${row.digest} som det sparades, hittade ${found}`,
    en: `the ${kind} of ${service} document ${document} is DAMAGED: expected sha256 ${row.digest} as it was kept, found ${found}`,
  });
}

/** A document that was signed for an agreement. */
export interface SignedDocument {
  service: SigningService;
  document: string;
  /** `copy`: says what was in force already. */
  kind: 'original' | 'amendment' | 'copy';
  title: string | null;
  completedAt: Instant | null;
  signers: Signer[];
  /** Ruleset in force when it was processed. */
  ruleset: string | null;
  recordedAt: Instant;
  /** Only of an amendment. */
  amendment: Amendment | null;
}

interface Amendment {
  id: number;
  state: 'proposed' | 'approved' | 'rejected';
  from: LocalDate;
  reason: string | null;
  decidedAt: Instant | null;
  by: string | null;
}

/** Every document that was signed for an agreement, the earliest first. */
export async function listDocuments(db: Queryable, agreement: string): Promise<SignedDocument[]> {
  type Columns = Omit<SignedDocument, 'amendment'> & Omit<Amendment, 'id'> & { id: number | null };
  const rows = await db.query<Columns>(
    `select s.service, s.document, s.kind, s.title, s.completed_at as "completedAt", s.signers,
            s.ruleset_hash as ruleset, s.recorded_at as "recordedAt",
            a.id, a.state, a.from_date as "from", a.reason, a.decided_at as "decidedAt", a.by
       from signings s left join amendments a using (service, document)
      where s.agreement = $1
      order by s.recorded_at, s.service, s.document`,
    [agreement],
  );
  return rows.map(({ id, state, from, reason, decidedAt, by, ...document }) => ({
    ...document,
    amendment: id === null ? null : { id, state, from, reason, decidedAt, by },
  }));
}

/** Hash of the ruleset in force when an agreement was signed, where that was noted. */
export async function rulesetAtSigning(db: Queryable, agreement: string): Promise<string | undefined> {
  const [row] = await db.query<{ hash: string | null }>(
    'select signed_ruleset as hash from agreements where number = $1',
    [agreement],
  );
  return row?.hash ?? undefined;
}
