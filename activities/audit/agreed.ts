/** Audits what contracts and terms ask for of every live agreement: its checks, the clocks of its readers, its versions. */
import { instantAt } from '../../rules/engine/calendar/calendar';
import type { Contract, Instant } from '../../rules/engine/contract/contract';
import { expectedFound, inBoth } from '../../rules/engine/basics/text';
import { agreedChecks } from '../../rules/engine/monitoring/watched-checks';
import { digestReaders } from '../../rules/engine/plan/plan-digests';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { differencesIn } from '../../rules/engine/releases/declared-found';
import { readerKey } from '../agreements/digest-readers';
import type { Queryable } from '../db';
import { versionsOf } from '../monitors/found-versions';
import type { AuditFinding } from './findings';
import type { Mend } from './mend';

/** A live agreement with the terms of its newest plan, and what PostgreSQL has of what these ask for. */
export interface AgreedAndKept {
  number: string;
  contract: Contract;
  terms: Pick<Terms, 'monitoring' | 'support' | 'notices'>;
  /** State of each check, by id. */
  checks: Record<string, string>;
  /** Its monitoring has still to read its configuration. */
  configures: boolean;
  /** A version was found of something. */
  reports: boolean;
}

/** Agreements read at a time. */
const batch = 200;

async function* eachLive(db: Queryable): AsyncGenerator<AgreedAndKept> {
  for (let after = ''; ;) {
    const rows = await db.query<AgreedAndKept>(
      `select a.number, a.contract,
              jsonb_build_object('monitoring', p.terms -> 'monitoring', 'support', p.terms -> 'support', 'notices', p.terms -> 'notices') as terms,
              coalesce((select jsonb_object_agg(m.id, m.state) from monitors m where m.agreement = a.number), '{}') as checks,
              p.planned_at > now() - interval '10 minutes'
                or exists (select from outbox o where o.agreement = a.number and o.kind = 'monitoring'
                              and (o.done_at is null or o.done_at > now() - interval '10 minutes')) as configures,
              exists (select from found_versions f where f.agreement = a.number) as reports
         from agreements a
         join lateral (select terms, planned_at from plans where agreement = a.number and year = a.year_number
                        order by revision desc limit 1) as p on true
        where a.state = 'live' and a.number > $1 order by a.number limit ${batch}`,
      [after],
    );
    yield* rows;
    after = rows.at(-1)?.number ?? '';
    if (rows.length < batch) return;
  }
}

/** All that is asked for, in one pass over the agreements. */
export async function agreedIsKept(db: Queryable, asOf: Instant): Promise<AuditFinding[]> {
  const clocks = await db.query<{ reader: string }>('select reader from digest_clocks');
  const readers = new Set(clocks.map(({ reader }) => reader));
  const findings: AuditFinding[] = [];
  for await (const one of eachLive(db)) {
    findings.push(...missingReaders(one, readers), ...(one.configures ? [] : otherChecks(one, asOf)));
    if (one.reports) findings.push(...(await otherVersions(db, one)));
  }
  return findings;
}

/** Readers of an agreement's digests who have no clock. */
export function missingReaders(
  { number, contract, terms: { notices } }: Pick<AgreedAndKept, 'number' | 'contract' | 'terms'>,
  readers: ReadonlySet<string>,
): AuditFinding[] {
  return digestReaders
    .filter((to) => notices.digests[to] !== 'never')
    .map((to) => readerKey(contract, to))
    .filter((reader) => !readers.has(reader))
    .map((reader) => ({
      kind: 'readerMissing',
      subject: reader,
      agreement: number,
      detail: inBoth(number),
      mend: { how: 'clock', agreement: number, reader },
    }));
}

/** Checks that are agreed on and not there, there in another state, or there and not agreed on. */
export function otherChecks(
  { number, contract, terms, checks }: Pick<AgreedAndKept, 'number' | 'contract' | 'terms' | 'checks'>,
  asOf: Instant,
): AuditFinding[] {
  const isBegun = asOf >= instantAt(contract.startsOn, '00:00');
  const agreed = isBegun ? agreedChecks(contract, terms) : [];
  const mend: Mend = {
    how: 'tell',
    agreement: number,
    kind: 'monitoring',
    payload: { signal: 'configurationChanged' },
  };
  const ids = new Set(agreed.map(({ watched }) => watched.check.id));
  return [
    ...agreed
      .map(({ state, watched }) => ({ id: watched.check.id, state }))
      .filter(({ id, state }) => checks[id] !== state)
      .map(({ id, state }): AuditFinding => ({
        kind: 'checkMissing',
        subject: `${number}/${id}`,
        agreement: number,
        detail: expectedFound(state, checks[id] ?? '-'),
        mend,
      })),
    ...Object.keys(checks)
      .filter((id) => !ids.has(id))
      .map((id): AuditFinding => ({
        kind: 'checkUndeclared',
        subject: `${number}/${id}`,
        agreement: number,
        detail: expectedFound('-', checks[id] ?? ''),
        mend,
      })),
  ];
}

/** Versions that checks find now and the contract does not declare. */
async function otherVersions(db: Queryable, { number, contract }: AgreedAndKept): Promise<AuditFinding[]> {
  return differencesIn(await versionsOf(db, contract))
    .filter(({ isCurrent }) => isCurrent)
    .map(({ subject, monitor, version, declared }) => ({
      kind: 'versionDiffers',
      subject: `${number}/${subject}/${monitor}`,
      agreement: number,
      detail: expectedFound(declared ?? '-', version),
    }));
}
