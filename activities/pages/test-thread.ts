/** What people have said of the test cases of an upgrade, in order: what they reported, and what we answered. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';
import { isOfUpgrade } from '../years/upgrade-events';

/** One report or answer. */
export interface Said {
  at: Instant;
  /** Id of a contact, a tester or one of ours, as the message had it. */
  by: string;
  kind: 'reported' | 'answered';
  /** What was reported; of an answer nothing. */
  ok?: boolean;
  notApplicable?: true;
  /** An answer that asks for a retest. */
  retest?: true;
  note?: string;
  /** SHA-256 of the pictures. */
  pictures: string[];
}

interface Detail {
  by: string;
  case?: string;
  /** All cases, or the ids of some, that were reported to have passed at once. */
  tested?: 'all' | string[];
  ok?: boolean;
  notApplicable?: true;
  retest?: true;
  note?: string;
  pictures?: string[];
}

/** What was said of each of the cases given, oldest first. @param ofYear the year that the upgrade belongs to */
export async function readThreads(
  db: Queryable,
  agreement: string,
  { ofYear, cases }: { ofYear: number; cases: readonly string[] },
): Promise<Map<string, Said[]>> {
  const rows = await db.query<{ at: Instant; ref: string; detail: Detail }>(
    `select at, ref, detail from events
      where agreement = $1 and kind = 'signal' and ref in ('customerTested', 'testAnswered')
        and ${isOfUpgrade('$2::int')}
      order by at, year, length(id), id`,
    [agreement, ofYear],
  );
  const threads = new Map<string, Said[]>(cases.map((id) => [id, []]));
  for (const { at, ref, detail } of rows) {
    const { by, tested, ok = true, notApplicable, retest, note, pictures = [] } = detail;
    const said: Said = {
      ...{ at, by, pictures },
      ...(ref === 'testAnswered' ? { kind: 'answered' } : { kind: 'reported', ok }),
      ...(notApplicable && { notApplicable }),
      ...(retest && { retest }),
      ...(note !== undefined && { note }),
    };
    const about = tested === 'all' ? cases : (tested ?? [detail.case ?? '']);
    for (const id of about) threads.get(id)?.push(said);
  }
  return threads;
}
