/** Brings what becomes of a shared installation to the other agreements' running years, through the outbox. */
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';
import { announceOutbox } from '../outbox';

/** What becomes of an installation that agreements share, as one of them has it. */
export interface ToldTogether {
  /** Number of the agreement in whose year it was said. */
  of: string;
  state: 'planned' | 'upgraded' | 'rolledBack' | 'postponed' | 'declined' | 'undone';
  /** What is undone. */
  what?: ToldTogether['state'];
  /** The agreed day, also of one that is upgraded, or the one to which it is postponed. */
  on?: LocalDate;
  /** The phase that upgraded it: of the copy, or of what people work in. */
  kind?: 'technical' | 'production';
  versions?: Record<string, string>;
  /** When the system was taken down, when it was decided that the new version stays, and when people were let in. */
  began?: Instant;
  goAt?: Instant;
  ended?: Instant;
  /** Of the roll-back: the attempt that begins. */
  attempt?: number;
  reason?: string;
  /** The system was restored after people had worked in it: what was done since then is lost. */
  lostSince?: Instant;
}

/** Where the agreements are told, in the journal. */
export interface RecordedTogether {
  others: string[];
  told: ToldTogether;
}

/** Has the live ones among the others told. An entry that is written again tells nobody again. @param id of the entry */
export async function tellTogether(
  tx: Queryable,
  id: string,
  { others, told }: RecordedTogether,
): Promise<void> {
  const rows = await tx.query(
    `insert into outbox (agreement, kind, payload)
     select number, 'page', jsonb_build_object('signal', 'upgradedTogether', 'input', $2::jsonb, 'id', $3::text) from agreements
      where number = any ($1) and state = 'live'
        and not exists (select 1 from outbox where agreement = number and kind = 'page' and payload->>'id' = $3)
     returning id`,
    [others, JSON.stringify(told), id],
  );
  if (rows.length > 0) await announceOutbox(tx);
}
