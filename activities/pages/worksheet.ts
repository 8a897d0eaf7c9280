/** An upgrade with all its phases and parts as they are now, as the worksheet reads them. */
import type { Text } from '../../rules/engine/basics/text';
import { neededOf } from '../../rules/engine/releases/goes-with';
import { begunFrom } from '../../rules/engine/plan/begun-from';
import { goesTo } from '../../rules/engine/plan/goes-to';
import type { Contract, Instant, LocalDate, Party } from '../../rules/engine/contract/contract';
import { contactId } from '../../rules/engine/contract/change-contract';
import type { CarriedUpgrade, UpgradePlan, YearPlan } from '../../rules/engine/plan/plan';
import type { Part, PartResult } from '../../rules/engine/upgrade/parts';
import { partsOf, supportOf } from '../../rules/engine/upgrade/parts';
import type { PlannedPhase, UpgradeStands } from '../../rules/engine/upgrade/phases';
import { isOnCopy } from '../../rules/engine/upgrade/phases';
import type { AgreementRow } from '../agreements/agreements';
import { findAgreement } from '../agreements/agreements';
import { findPlan } from '../agreements/plans';
import type { Queryable } from '../db';
import { testerNames } from '../agreements/testers';
import type { AskedEvent } from './answers';
import { lastAsked } from './answers';
import type { Said } from './test-thread';
import { readThreads } from './test-thread';

export interface WorksheetPart extends Part {
  /** The version before, and the one that the releases give. */
  from?: string;
  target?: string;
  /** Which versions fit with the release that the others go to, where that of today does not. */
  needed?: Text;
  result?: PartResult & { at: Instant; by?: string };
  /** What people have said of a test case, oldest first. */
  thread?: Said[];
  /** Checks of the monitoring that can be asked for it now. */
  monitors?: readonly string[];
  /** Why the monitoring says nothing of it, where that was told. */
  unmonitored?: string;
}

export interface WorksheetPhase {
  /** Id of its obligation. */
  id: string;
  planned: PlannedPhase;
  parts: WorksheetPart[];
  state: 'open' | 'done' | 'missed' | 'cancelled' | 'declined' | 'carried';
  owner: Party;
  /** None where an earlier year closed it. */
  dueOn?: LocalDate;
}

export interface Worksheet {
  contract: Contract;
  /** The year that the upgrade belongs to. */
  ofYear: number;
  /** In their order. */
  phases: WorksheetPhase[];
  /** The phase that is on; none once all are closed. */
  on?: WorksheetPhase;
  /** How it stands where it does not simply go on. */
  stands?: UpgradeStands;
  /** Names of the contract's people by the ids that messages carry. */
  people: Readonly<Record<string, string>>;
  /** Names of those whom the customer has invited to test, by id. */
  testers: Readonly<Record<string, string>>;
  /** Ids of the contacts who may approve it. */
  approvers: readonly string[];
  /** What checks of the monitoring are called, by their ids. */
  checks: Readonly<Record<string, string>>;
  /** The host of the servers, where it has not said yes to the upgrade. */
  noConsent?: string;
  /** What was last sent by the link that is followed, and the answer. */
  last?: AskedEvent;
}

/**
 * The upgrade that a year began, wherever it goes on.
 * @param link what came by which is shown too
 * @returns undefined if there is none, or its plan tells no parts
 */
export async function readWorksheet(
  db: Queryable,
  agreement: string,
  { ofYear, link }: { ofYear: number; link: number | null },
): Promise<Worksheet | undefined> {
  const known = await findAgreement(db, agreement);
  if (!known) return undefined;
  const found =
    (await phasesIn(db, known, ofYear, known.yearNumber ?? ofYear)) ??
    (await phasesIn(db, known, ofYear, ofYear));
  if (!found) return undefined;
  const { contract } = known;
  const on = found.phases.find(({ state }) => state === 'open');
  const [standing] = await db.query<{ stands: UpgradeStands }>(
    `select jsonb_strip_nulls(jsonb_build_object('attempt', attempt, 'state', state, 'from', from_day, 'reason', reason,
              'lostSince', to_char(lost_since at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) as stands
       from upgrades where agreement = $1 and of_year = $2 order by year desc limit 1`,
    [agreement, ofYear],
  );
  const last = link === null ? undefined : await lastAsked(db, link);
  return {
    ...{ contract, ofYear },
    ...found,
    ...(on && { on }),
    ...(standing && { stands: standing.stands }),
    people: peopleOf(contract),
    testers: await testerNames(db, agreement),
    ...(last && { last }),
  };
}

function peopleOf({ contacts }: Contract): Record<string, string> {
  const { customer, consultant, manager, support } = contacts;
  return Object.fromEntries([
    ...customer.map((one, index) => [contactId(one, index), one.name]),
    ...Object.entries({ consultant, manager, support }).map(([id, { name }]) => [id, name]),
    ...[consultant].flatMap(({ id, name }) => (id === undefined ? [] : [[id, name]])),
  ]) as Record<string, string>;
}

interface ObligationRow {
  id: string;
  owner: Party;
  state: WorksheetPhase['state'];
  dueOn: LocalDate;
}

/** The phases as a year has them. @returns undefined if it has none of this upgrade */
async function phasesIn(
  db: Queryable,
  { number: agreement }: AgreementRow,
  ofYear: number,
  year: number,
): Promise<Pick<Worksheet, 'phases' | 'approvers' | 'checks' | 'noConsent'> | undefined> {
  const stored = await findPlan(db, agreement, year);
  const upgrade = stored?.plan.upgrade;
  if (!stored || !upgrade) return undefined;
  const name = year === ofYear ? 'upgrade' : `upgrade-${ofYear}`;
  const carried = year === ofYear ? undefined : upgrade.carried;
  const { phases: planned = [], cases } =
    (year === ofYear ? upgrade : carried?.year === ofYear ? carried : undefined) ?? {};
  const rows = await db.query<ObligationRow>(
    `select id, owner, state, due_on as "dueOn" from obligations where agreement = $1 and year = $2 and strand = 'upgrade'`,
    [agreement, year],
  );
  const results = await resultsOf(db, agreement, ofYear);
  const threads = await readThreads(db, agreement, { ofYear, cases: (cases ?? []).map(({ id }) => id) });
  const unmonitored = await unmonitoredIn(db, agreement);
  const phases = planned.flatMap((phase): WorksheetPhase[] => {
    const id = `${name}/${phase.id}`;
    const row = rows.find((one) => one.id === id);
    if (!row && !carried?.closed.includes(phase.id)) return [];
    return [
      {
        id,
        planned: phase,
        parts: partsWith(stored.plan, { upgrade: name, phase, cases }, results).map((part) => {
          const thread = part.kind === 'module' ? threads.get(part.id) : undefined;
          return {
            ...part,
            ...(thread && { thread }),
            ...(part.kind === 'integration' && !isOnCopy(planned, phase) && monitorsFor(upgrade, part.id)),
            ...(part.kind === 'integration' && !part.result && unmonitored.get(part.id)),
          };
        }),
        state: row?.state ?? 'done',
        owner: row?.owner ?? phase.owner,
        ...(row && { dueOn: row.dueOn }),
      },
    ];
  });
  const { monitors: checks = {} } = stored.plan.called ?? {};
  const { approvers, noConsent } = upgrade;
  const host = noConsent !== undefined && { noConsent };
  return phases.length > 0 ? { phases, approvers, checks, ...host } : undefined;
}

/** The parts of a phase with what was last said of each. */
function partsWith(
  { upgrade, ids }: Pick<YearPlan, 'upgrade' | 'ids'>,
  { upgrade: name, phase, cases }: { upgrade: string; phase: PlannedPhase; cases: CarriedUpgrade['cases'] },
  results: ReadonlyMap<string, NonNullable<WorksheetPart['result']>>,
): WorksheetPart[] {
  const { partners = [] } = upgrade ?? {};
  const { targets, goesWith } = goesTo(upgrade, name);
  const { systems } = begunFrom(upgrade, name);
  const told = phase.kind === 'integrations' ? partners.map((id) => supportOf(name, id)) : [];
  const owed = partsOf(name, phase, { ...ids, systems: Object.keys(systems), cases });
  return [...owed, ...told].map((part) => {
    const result = results.get(`${phase.id} ${part.id}`);
    const [from, target] = part.kind === 'system' ? [systems[part.id], targets[part.id]] : [];
    const needed =
      part.kind === 'system' && target === undefined ? neededOf(goesWith, part.id, systems) : undefined;
    return {
      ...part,
      ...(from !== undefined && { from }),
      ...(target !== undefined && { target }),
      ...(needed && { needed }),
      ...(result && { result }),
    };
  });
}

const monitorsFor = ({ monitors = {} }: UpgradePlan, integration: string): Pick<WorksheetPart, 'monitors'> =>
  monitors[integration] ? { monitors: monitors[integration] } : {};

/** Why the monitoring says nothing of integrations, by their ids. */
async function unmonitoredIn(
  db: Queryable,
  agreement: string,
): Promise<Map<string, Pick<WorksheetPart, 'unmonitored'>>> {
  const rows = await db.query<{ subject: string; detail: string }>(
    `select subject, detail from attention
      where agreement = $1 and code = 'monitor-silent' and cleared_at is null`,
    [agreement],
  );
  return new Map(rows.map(({ subject, detail }) => [subject, { unmonitored: detail }]));
}

interface ResultRow {
  phase: string;
  part: string;
  result: NonNullable<WorksheetPart['result']>;
}

/** What was last said of each part, by phase and part. */
async function resultsOf(
  db: Queryable,
  agreement: string,
  ofYear: number,
): Promise<Map<string, ResultRow['result']>> {
  const rows = await db.query<ResultRow>(
    `select distinct on (phase, part) phase, part,
            jsonb_strip_nulls(jsonb_build_object('ok', ok, 'version', version, 'on', on_day, 'contact', contact,
              'shown', shown, 'notApplicable', nullif(not_applicable, false),
              'retest', nullif(retest, false), 'time', to_char(moment at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'note', note,
              'by', reported_by, 'at', to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'waived',
              case when waived_by is not null
                   then jsonb_build_object('by', waived_by, 'reason', coalesce(waived_reason, '')) end)) as result
       from upgrade_parts where agreement = $1 and of_year = $2 order by phase, part, year desc`,
    [agreement, ofYear],
  );
  return new Map(rows.map(({ phase, part, result }) => [`${phase} ${part}`, result]));
}
