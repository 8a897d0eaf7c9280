/** Compares what a running year says of itself with what PostgreSQL has of it. */
import { expectedFound } from '../../rules/engine/basics/text';
import type { Text } from '../../rules/engine/basics/text';
import type { Instant } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';
import { hourBalance } from '../hours/facts';
import type { AuditFinding } from './findings';

/** A running year as it says itself; codes and ids only. */
export interface RunStanding {
  year: number;
  /** Of its plan; 0 before there is one. */
  revision: number;
  /** Nothing that it has decided is on its way to PostgreSQL. */
  atRest: boolean;
  /** What is owed by its plan, by id: `open`, or how it was closed. */
  owed: Record<string, { state: RecordedState; at?: Instant; by?: string }>;
  attention: { code: string; subject: string; detail: string }[];
  /** Mails of its plan that it has sent. */
  sent: MailOfRun[];
  /** Mails of its plan that have been due for a day and were not sent. */
  overdue: MailOfRun[];
  /** In hundredths of an hour. */
  hours?: { contracted: number; used: number };
  /** Hours that are reported and could not be booked. */
  unbooked: number;
}

export interface MailOfRun {
  obligation: string;
  step: string;
  revision: number;
}

type RecordedState = 'open' | 'done' | 'missed' | 'cancelled' | 'declined' | 'carried';

/** The same as PostgreSQL has it. */
export interface KeptStanding {
  revision: number;
  obligations: { id: string; state: RecordedState }[];
  attention: { code: string; subject: string; detail: string }[];
  mails: MailOfRun[];
  hours: { contracted: number; used: number };
}

/** Reads what PostgreSQL has of a year. */
export async function readKeptStanding(
  db: Queryable,
  agreement: string,
  year: number,
  asOf: Instant,
): Promise<KeptStanding> {
  const [plan] = await db.query<{ revision: number }>(
    'select max(revision) as revision from plans where agreement = $1 and year = $2',
    [agreement, year],
  );
  const { contracted, used } = await hourBalance(db, agreement, year, asOf);
  return {
    revision: plan?.revision ?? 0,
    obligations: await db.query(
      'select id, state from obligations where agreement = $1 and year = $2 order by id',
      [agreement, year],
    ),
    attention: await db.query(
      'select code, subject, detail from attention where agreement = $1 and cleared_at is null order by code, subject',
      [agreement],
    ),
    mails: await db.query(
      'select distinct obligation, step, revision from mails where agreement = $1 and year = $2',
      [agreement, year],
    ),
    hours: { contracted, used },
  };
}

/** What differs. A year that has something on its way is compared another time, in what that may change. */
export function compareRun(agreement: string, run: RunStanding, kept: KeptStanding): AuditFinding[] {
  const findings = [...mailsOfRun(agreement, run, kept), ...unbooked(agreement, run)];
  if (!run.atRest || run.revision === 0) return findings;
  return [
    ...findings,
    ...planRevision(agreement, run, kept),
    ...(run.revision === kept.revision ? obligationStates(agreement, run, kept) : []),
    ...attention(agreement, run, kept),
    ...hours(agreement, run, kept),
  ];
}

function planRevision(
  agreement: string,
  { year, revision }: RunStanding,
  kept: KeptStanding,
): AuditFinding[] {
  if (revision === kept.revision) return [];
  const detail = expectedFound(
    { sv: `revision ${kept.revision} som sparad`, en: `revision ${kept.revision} as kept` },
    String(revision),
  );
  return [{ kind: 'planRevision', subject: `${agreement}/${year}`, agreement, detail }];
}

function obligationStates(
  agreement: string,
  { year, owed }: RunStanding,
  kept: KeptStanding,
): AuditFinding[] {
  const known = new Map(kept.obligations.map(({ id, state }) => [id, state]));
  const about = (id: string, detail: Text): AuditFinding => ({
    kind: 'obligationState',
    subject: `${agreement}/${year}/${id}`,
    agreement,
    detail,
  });
  const differing = Object.entries(owed).flatMap(([id, { state, at, by }]): AuditFinding[] => {
    const found = known.get(id);
    if (found === state) return [];
    if (found === undefined) return [about(id, expectedFound(state, '-'))];
    const obligation = {
      id,
      state,
      ...(at !== undefined && { closedAt: at }),
      ...(by !== undefined && { by }),
    };
    return [
      {
        ...about(id, expectedFound(state, found)),
        mend: { how: 'project', agreement, year, entry: { obligation } },
      },
    ];
  });
  const needless = kept.obligations
    .filter(({ id, state }) => state === 'open' && !(id in owed))
    .map(({ id }): AuditFinding => ({
      ...about(id, expectedFound('cancelled', 'open')),
      mend: { how: 'project', agreement, year, entry: { obligation: { id, state: 'cancelled' } } },
    }));
  return [...differing, ...needless];
}

/** Only shown: a year whose journal fails says so on its page, and cannot write it down. */
const neverKept = ['journal-failed'];

function attention(agreement: string, run: RunStanding, kept: KeptStanding): AuditFinding[] {
  const key = ({ code, subject }: { code: string; subject: string }): string => `${code}/${subject}`;
  const [ofRun, ofKept] = [new Set(run.attention.map(key)), new Set(kept.attention.map(key))];
  const finding = (one: RunStanding['attention'][number], cleared: boolean): AuditFinding => ({
    kind: 'attentionDiffers',
    subject: `${agreement}/${key(one)}`,
    agreement,
    detail: cleared
      ? { sv: 'åtgärdat enligt året', en: 'settled as the year says' }
      : { sv: `fattas i databasen: ${one.detail}`, en: `the database lacks it: ${one.detail}` },
    mend: {
      how: 'project',
      agreement,
      year: run.year,
      entry: { attention: { code: one.code, subject: one.subject, detail: one.detail, cleared } },
    },
  });
  return [
    ...run.attention
      .filter((one) => !ofKept.has(key(one)) && !neverKept.includes(one.code))
      .map((one) => finding(one, false)),
    ...kept.attention.filter((one) => !ofRun.has(key(one))).map((one) => finding(one, true)),
  ];
}

function mailsOfRun(
  agreement: string,
  { year, sent, overdue }: RunStanding,
  kept: KeptStanding,
): AuditFinding[] {
  const key = ({ obligation, step, revision }: MailOfRun): string => `${obligation}/${step}/${revision}`;
  const known = new Set(kept.mails.map(key));
  const finding = (kind: 'mailGone' | 'mailOverdue', one: MailOfRun, detail: Text): AuditFinding => ({
    kind,
    subject: `${agreement}/${year}/${key(one)}`,
    agreement,
    detail,
  });
  return [
    ...sent
      .filter((one) => !known.has(key(one)))
      .map((one) =>
        finding('mailGone', one, { sv: 'inget mejl i databasen', en: 'no mail in the database' }),
      ),
    ...overdue.map((one) => finding('mailOverdue', one, { sv: 'har inte gått ut', en: 'has not gone out' })),
  ];
}

function hours(agreement: string, { hours: ofRun, year }: RunStanding, kept: KeptStanding): AuditFinding[] {
  if (!ofRun || (ofRun.contracted === kept.hours.contracted && ofRun.used === kept.hours.used)) return [];
  const told = ({ contracted, used }: KeptStanding['hours']): Text => ({
    sv: `${contracted / 100} h avtalade, ${used / 100} h använda`,
    en: `${contracted / 100} h contracted, ${used / 100} h used`,
  });
  return [
    {
      kind: 'hoursDiffer',
      subject: `${agreement}/${year}`,
      agreement,
      detail: expectedFound(told(kept.hours), told(ofRun)),
      mend: { how: 'tell', agreement, kind: 'hours-changed', payload: { corrected: [] } },
    },
  ];
}

function unbooked(agreement: string, { unbooked: count }: RunStanding): AuditFinding[] {
  if (count === 0) return [];
  const detail = { sv: `${count} rapporter`, en: `${count} reports` };
  return [{ kind: 'hoursWaiting', subject: agreement, agreement, detail }];
}
