/** Upgrades under way that keep phases which the rules have changed: which of them can move. */
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Contract, Instant } from '../../rules/engine/contract/contract';
import { movesOf } from '../../rules/engine/plan/move-upgrade';
import type { UpgradeMove } from '../../rules/engine/plan/move-upgrade';
import type { YearPlan } from '../../rules/engine/plan/plan';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { textOf } from '../../rules/engine/basics/bilingual-error';
import { rememberingDecide, yearTerms } from '../../rules/engine/terms/terms-for';
import type { Decide } from '../../rules/engine/terms/terms-for';
import type { Db, Queryable } from '../db';
import { announceOutbox } from '../outbox';

/** An agreement whose upgrades under way have other phases than the rules say. */
export interface AgreementMoves {
  agreement: string;
  customer: string;
  moves: UpgradeMove[];
}

interface UnderWay {
  agreement: string;
  contract: Contract;
  plan: YearPlan;
  terms: Terms;
  closed: string[];
  begun: boolean;
}

/** Agreements read at once. */
const batch = 200;

/** The running years of which something of an upgrade is done and something is left, after one number. */
const readUnderWay = (db: Queryable, after: string): Promise<UnderWay[]> =>
  db.query<UnderWay>(
    `select a.number as agreement, a.contract, p.plan, p.terms, o.closed, o.begun
       from agreements a
       join lateral (select plan, terms from plans where agreement = a.number and year = a.year_number
                      order by revision desc limit 1) p on true
       join lateral (select coalesce(array_agg(id) filter (where state <> 'open' and p.plan->'obligations' @>
                              jsonb_build_array(jsonb_build_object('id', id))), '{}') as closed,
                            count(*) filter (where state = 'open') as open,
                            exists (select 1 from upgrade_parts where agreement = a.number and year = a.year_number
                                       and upgrade = 'upgrade') as begun
                       from obligations where agreement = a.number and year = a.year_number and strand = 'upgrade') o on true
      where a.state = 'live' and a.number > $1 and o.open > 0
        and (o.begun or o.closed <> '{}' or p.plan->'upgrade' ? 'carried')
      order by a.number limit $2`,
    [after, batch],
  );

/**
 * The upgrades under way whose phases differ from what a ruleset says, and why those that cannot move keep theirs.
 *
 * @param asOf the instant they would move
 */
export async function readMoves(db: Queryable, ruleset: Ruleset, asOf: Instant): Promise<AgreementMoves[]> {
  const decide = rememberingDecide(ruleset);
  const found: AgreementMoves[] = [];
  for (
    let rows = await readUnderWay(db, '');
    rows.length > 0;
    rows = await readUnderWay(db, rows.at(-1)?.agreement ?? '')
  )
    for (const row of rows) {
      const moves = await movesOfYear(row, ruleset, asOf, decide);
      if (moves.length > 0)
        found.push({ agreement: row.agreement, customer: row.contract.customer.name, moves });
    }
  return found;
}

async function movesOfYear(
  { contract, plan, terms, closed, begun }: UnderWay,
  ruleset: Ruleset,
  asOf: Instant,
  decide: Decide,
): Promise<UpgradeMove[]> {
  const done = Object.fromEntries(closed.map((id) => [id, true]));
  try {
    const year = await yearTerms(contract, ruleset, plan.yearNumber, localDateOf(asOf), terms, decide);
    return movesOf(plan, done, year.terms.upgrade, begun);
  } catch (error) {
    // The rules give it no usable terms: it goes on by those it has.
    return [{ upgrade: 'upgrade', why: textOf(error) }];
  }
}

/** Has running years take the phases of the rules that are in force already. @returns how many are told */
export async function moveUpgradesOf(db: Db, agreements: readonly string[], hash: string): Promise<number> {
  return db.transaction(async (tx) => {
    const told = await tx.query(
      `insert into outbox (agreement, kind, payload)
       select number, 'terms-changed', jsonb_build_object('ruleset', left($2::text, 8), 'moveUpgrades', true) from agreements
        where state = 'live' and number = any ($1) returning agreement`,
      [agreements, hash],
    );
    if (told.length > 0) await announceOutbox(tx);
    return told.length;
  });
}
