/** Agreements with what is watched of them, as a support desk sees them. */
import { periodOf } from '../../rules/engine/calendar/agreement-period';
import type { Contract, Instant } from '../../rules/engine/contract/contract';
import type { DeskAgreement, DeskCheck } from '../../rules/engine/monitoring/desk-view';
import type { WatchedCheck } from '../../rules/engine/monitoring/watched';
import type { Terms } from '../../rules/engine/ruleset/terms';
import type { Queryable } from '../db';

/** An agreement of the desk with what its mails say of it. */
export interface OwnAgreement extends DeskAgreement {
  state: 'signed' | 'live' | 'ended';
  contract: Pick<Contract, 'agreement' | 'level' | 'customer' | 'contacts' | 'startsOn'>;
  year: { number: number; from: string; to: string };
  /** Names of its checks, and what the mails say to do. */
  watched: ReadonlyMap<string, WatchedCheck>;
}

/** Agreements by number as they stand, with their newest terms, checks and pauses; those without a plan are left out. */
export async function loadAgreements(
  tx: Queryable,
  numbers: readonly string[],
): Promise<Map<string, OwnAgreement>> {
  if (numbers.length === 0) return new Map();
  // One statement: a desk is attended often, and what counts then are the ways to the database and back.
  const rows = await tx.query<AgreementRow>(
    `select number as agreement, state, contract - array['monitors', 'systems', 'integrations'] as contract,
            year_number as "yearNumber", newest.terms,
            coalesce((select jsonb_agg(jsonb_build_object('id', id, 'place', place, 'watched', watched,
                                                          'configuredAt', configured_at))
                        from monitors where agreement = number), '[]') as checks,
            coalesce((select jsonb_agg(jsonb_build_object('monitor', monitor, 'from', from_at, 'until', until_at))
                        from monitor_pauses where agreement = number), '[]') as pauses,
            -- A phase is on its way from its opening, once the one before it is closed.
            coalesce((select jsonb_agg(jsonb_build_object('phase', split_part(phase.id, '/', 2), 'from', phase.opens_at))
                        from obligations phase
                       where phase.agreement = number and phase.year = year_number and phase.strand = 'upgrade'
                         and phase.state = 'open'
                         -- On a copy nobody works: what people work in is watched on.
                         and not coalesce(jsonb_path_exists(
                               case when phase.id like 'upgrade/%' then newest.upgrade else newest.upgrade -> 'carried' end,
                               '$.phases[*] ? (@.id == $id && @.installs == "copy")',
                               jsonb_build_object('id', split_part(phase.id, '/', 2))), false)
                         and not exists (select 1 from obligations before
                                          where before.agreement = number and before.year = year_number
                                            and before.id = phase.after and before.state = 'open')), '[]') as upgrades
       from agreements join lateral (select jsonb_build_object('support', terms -> 'support', 'monitoring', terms -> 'monitoring')
                                            as terms, plan -> 'upgrade' as upgrade
                                       from plans where agreement = number and year = year_number
                                      order by revision desc limit 1) as newest on true
      where number = any ($1) order by number`,
    [numbers],
  );
  return new Map(rows.map((row) => [row.agreement, ownAgreement(row)]));
}

interface CheckRow {
  id: string;
  place: string;
  watched: WatchedCheck;
  configuredAt: string;
}

interface AgreementRow {
  agreement: string;
  state: OwnAgreement['state'];
  contract: OwnAgreement['contract'];
  yearNumber: number;
  terms: Pick<Terms, 'support' | 'monitoring'>;
  checks: CheckRow[];
  pauses: { monitor: string; from: string; until: string }[];
  upgrades: { phase: string; from: string }[];
}

/** A point in time as JSON out of the database has it. */
const instantOf = (text: string): Instant => new Date(text).toISOString();

function ownAgreement(row: AgreementRow): OwnAgreement {
  const { agreement, state, contract, yearNumber, checks, pauses, upgrades } = row;
  const { support, monitoring } = row.terms;
  return {
    agreement,
    state,
    contract,
    year: { number: yearNumber, ...periodOf(contract.startsOn, yearNumber) },
    customer: contract.customer.id,
    support,
    monitoring,
    checks: new Map(checks.map((check) => [check.id, checkOf(check)])),
    watched: new Map(checks.map(({ id, watched }) => [id, watched])),
    pauses: pauses.map(({ monitor, from, until }) => ({
      monitor,
      from: instantOf(from),
      until: instantOf(until),
    })),
    upgradesFrom: upgrades
      .filter(({ phase }) => monitoring.pauseDuringUpgrade.some((each) => each === phase))
      .map(({ from }) => instantOf(from)),
    manager: contract.contacts.manager.email,
    consultant: contract.contacts.consultant.email,
  };
}

function checkOf(row: CheckRow): DeskCheck {
  const { check, settings } = row.watched;
  return {
    id: row.id,
    kind: check.kind,
    place: row.place,
    dependsOn: check.dependsOn ?? [],
    maintenance: check.maintenance ?? [],
    configuredAt: instantOf(row.configuredAt),
    settings,
  };
}
