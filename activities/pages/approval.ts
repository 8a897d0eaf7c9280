/** What the customer approves of an upgrade, as the page shows it: every part with its result, and the hash of all of them. */
import type { Instant } from '../../rules/engine/contract/contract';
import { isOnCopy } from '../../rules/engine/upgrade/phases';
import { resultsHash } from '../../rules/engine/upgrade/results-hash';
import type { Queryable } from '../db';
import type { Worksheet, WorksheetPart, WorksheetPhase } from './worksheet';
import { readWorksheet } from './worksheet';

export interface ApprovalPage {
  sheet: Worksheet;
  approval: WorksheetPhase;
  /** What was decided last: by whom, or that a manager ended it without the customer. */
  decided?: NonNullable<WorksheetPart['result']>;
  /** What is approved: the phases before it, in their order. */
  shown: WorksheetPhase[];
  /** The hash of their results as they are now. */
  hash: string;
  /** It can be approved now: all before it is closed. */
  isOpen: boolean;
  onCopy: boolean;
  /** What was approved before, for other results than those of now. */
  before?: Approved;
}

interface Approved {
  at: Instant;
  contact: string;
  shown: string;
}

/** @returns undefined if there is no such upgrade, or nobody is asked to approve it */
export async function readApprovalPage(
  db: Queryable,
  agreement: string,
  { ofYear, link }: { ofYear: number; link: number | null },
): Promise<ApprovalPage | undefined> {
  const sheet = await readWorksheet(db, agreement, { ofYear, link });
  const approval = sheet?.phases.find(({ planned }) => planned.kind === 'approval');
  if (!sheet || !approval) return undefined;
  const { phases, on } = sheet;
  const told = phases.map((phase) => ({
    ...phase,
    // What a partner says before the upgrade is owed by no phase.
    parts: phase.parts.filter(({ kind }) => kind !== 'support'),
  }));
  const results = new Map(
    told.flatMap(({ parts }) => parts.map(({ key, result }) => [key, result] as const)),
  );
  const hash = resultsHash(
    told.map(({ planned, parts }) => ({ id: planned.id, kind: planned.kind, parts })),
    (key) => results.get(key),
  );
  const decided = approval.parts.find(({ kind }) => kind === 'decision')?.result;
  const approved = decided ? undefined : await lastApproved(db, agreement, ofYear);
  return {
    ...{ sheet, approval, hash, isOpen: on === approval },
    ...(decided && { decided }),
    shown: told.slice(0, phases.indexOf(approval)),
    onCopy: isOnCopy(
      phases.map(({ planned }) => planned),
      approval.planned,
    ),
    ...(approved && approved.shown !== hash && { before: approved }),
  };
}

/** What was approved last, and stands for other results than those of now. */
async function lastApproved(db: Queryable, agreement: string, ofYear: number): Promise<Approved | undefined> {
  const [row] = await db.query<Approved>(
    `select at, contact, shown from upgrade_parts where agreement = $1 and of_year = $2 and kind = 'lapsed'
      order by year desc limit 1`,
    [agreement, ofYear],
  );
  return row;
}
