/** What mails say of an upgrade: its checks, how its parts went, and the message that completes a phase. */
import { neededOf } from '../../rules/engine/releases/goes-with';
import { begunFrom } from '../../rules/engine/plan/begun-from';
import { fittingVersions, goesTo } from '../../rules/engine/plan/goes-to';
import { grouped } from '../../rules/engine/basics/grouped';
import type { Language } from '../../rules/engine/basics/text';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Contract, Integration } from '../../rules/engine/contract/contract';
import type { TemplateId } from '../../rules/engine/plan/plan';
import type { Completion } from '../../rules/engine/plan/completion';
import { completionOf } from '../../rules/engine/plan/completion';
import { morningAfter } from '../../rules/engine/campaign/morning-after';
import { phaseInPlan, technicalOf } from '../../rules/engine/plan/phase-in-plan';
import type { PartKind } from '../../rules/engine/upgrade/parts';
import { changesProduction, isOnCopy, phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import type { MailData, MailModule, MailUpgrade } from '../../templates/mails/mail-data';
import type { Queryable } from '../db';
import { testCasesOf } from '../../rules/engine/upgrade/test-cases';
import { partName, processName } from '../years/part-name';
import { contactName, personOf } from '../years/person-of';
import { readWindows } from '../years/upgrade-windows';
import type { MailContext, SendNoticeInput } from './notice';
import { bringsReport } from './upgrade-report';

/** What to send when a phase is done: the message with all it owes, or in older plans with its name alone. */
export function phaseSignal(
  { plan, asOf, session }: MailContext,
  obligation: string,
): Completion | undefined {
  const of = phaseOfUpgrade(obligation);
  const day = session ? localDateOf(session.at) : undefined;
  return (
    completionOf(plan, obligation, asOf, 'shown', undefined, day) ??
    (of && { message: { phase: of.phase }, toFill: [] })
  );
}

/** What the mails of a phase list: its checks, and for the test the cases of what the customer has. */
export function phaseData(
  context: MailContext,
  obligation: string,
): Pick<MailData, 'checks' | 'testCases' | 'freeze' | 'onCopy' | 'goesLive'> {
  const of = phaseOfUpgrade(obligation);
  if (!of) return {};
  const { terms } = context;
  const planned = phaseInPlan(context.plan, obligation)?.planned;
  const checks = planned?.checks ?? terms.upgrade.phases[of.phase]?.checks ?? [];
  const isTest = planned ? planned.kind === 'test' : of.phase === 'test';
  const { phases = [], carried, freeze } = context.plan.upgrade ?? {};
  const all = of.leftBy === undefined ? phases : (carried?.phases ?? []);
  return {
    checks,
    ...(isTest && { testCases: testCasesFor(context) }),
    ...(planned && (planned.kind === 'plan' || changesProduction(planned)) && freeze && { freeze }),
    ...(planned && isOnCopy(all, planned) && { onCopy: true as const }),
    ...(planned?.kind === 'production' && { goesLive: true as const }),
  };
}

/** The test cases, process by process; in plans that tell none, those of the terms. */
function testCasesFor({ contract, terms, testCases = [] }: MailContext): MailModule[] {
  const all =
    testCases.length > 0 ? testCases : testCasesOf({ contract, terms: terms.upgrade, releases: [] });
  const processes = [...new Set(all.map(({ process }) => process))];
  return processes.flatMap((id) => {
    const of = all.filter(({ process }) => process === id);
    const name = processName(contract, of[0]!);
    const cases = of.flatMap(({ title }) => (title ? [title] : []));
    return cases.length > 0 ? [{ id, ...(name && { name }), cases }] : [];
  });
}

interface PartRow {
  phase: string;
  part: string;
  kind: PartKind;
  ok: boolean;
  from: string | null;
  version: string | null;
  waivedBy: string | null;
  waivedReason: string | null;
}

/** What the customer sees of the parts: what they know by name, and whatever somebody accepted as it is. */
const shownKinds: readonly PartKind[] = ['system', 'integration', 'module'];

/** The mails that say how parts went, or which nobody has told of. */
const tellParts: readonly TemplateId[] = ['upgrade-news', 'upgrade-approval', 'upgrade-risk'];

/** The mails that say from which version each system goes to which. */
const tellVersions: readonly TemplateId[] = [
  'upgrade-plan',
  'upgrade-precheck',
  'upgrade-technical',
  'upgrade-integrations',
];

/** From which version each system goes to which: the reported one or, until it is, the one that the releases give. */
const versionsOf = (
  { contract, plan }: MailContext,
  upgrade: string,
  rows: readonly PartRow[],
): NonNullable<MailData['systems']> =>
  Object.entries(contract.systems).map(([id, { version }]) => {
    const reported = rows.find(({ kind, part, ok }) => kind === 'system' && part === id && ok)?.version;
    const { systems } = begunFrom(plan.upgrade, upgrade);
    const { targets, goesWith } = goesTo(plan.upgrade, upgrade);
    const from = systems[id] ?? version;
    const to = reported ?? targets[id] ?? neededOf(goesWith, id, systems);
    return { id, version: from, ...(to !== undefined && to !== from && { to }) };
  });

/** Integrations that we do not answer for, and of which nobody has said how they are. */
function silentOf({ integrations }: Contract, rows: readonly PartRow[]): Integration[] {
  const isTold = (id: string): boolean =>
    rows.some(({ kind, part }) => kind === 'integration' && part === id);
  return integrations.filter(({ id, owner }) => owner !== 'supplier' && !isTold(id));
}

/** The mails that say when the system goes down. */
const tellWindow: readonly TemplateId[] = [
  'upgrade-plan',
  'upgrade-technical',
  'upgrade-phase',
  'upgrade-news',
];

/**
 * The window of the phase that takes the system down, while it is planned for that. Who is on call, and with whom the
 * installation is shared, is for our own people.
 */
async function windowOf(
  db: Queryable,
  { contract, plan }: MailContext,
  { obligation, template, to, news }: SendNoticeInput,
): Promise<Pick<MailData, 'window'>> {
  const { window, installation } = plan.upgrade ?? {};
  const isDown = technicalOf(plan, obligation)?.opensAt === window?.from;
  const isAbout =
    template === 'upgrade-plan' ||
    news?.kind === 'planned' ||
    technicalOf(plan, obligation)?.id === obligation;
  if (!window || !isDown || !isAbout || !tellWindow.includes(template)) return {};
  const { from, to: until } = window;
  if (to === 'customer') return { window: { from, to: until, shared: [] } };
  const kept = await readWindows(db, [contract.agreement]);
  const one = kept.find(({ campaign }) => campaign === window.campaign);
  return {
    window: {
      ...{ from, to: until, shared: installation?.with ?? [] },
      ...(one && { onCall: one.onCall, present: one.present, morning: morningAfter(until) }),
    },
  };
}

/** How an upgrade goes, for the mails that tell the customer or ask them to approve. */
export async function upgradeData(
  db: Queryable,
  context: MailContext,
  input: SendNoticeInput,
): Promise<Pick<MailData, 'upgrade' | 'freeze' | 'silent' | 'systems' | 'window'>> {
  const { obligation, template, news } = input;
  const of = phaseOfUpgrade(obligation);
  if (!of) return {};
  const window = await windowOf(db, context, input);
  if (!tellParts.includes(template) && !tellVersions.includes(template)) return window;
  const { contract, plan, asOf } = context;
  const rows = await db.query<PartRow>(
    `select * from (
       select distinct on (phase, part) at, phase, part, kind, ok, version_from as "from", version,
              waived_by as "waivedBy", waived_reason as "waivedReason"
         from upgrade_parts where agreement = $1 and of_year = $2 and at <= $3 order by phase, part, year desc) as latest
      order by at, phase, part`,
    [contract.agreement, of.leftBy ?? plan.yearNumber, asOf],
  );
  if (template === 'upgrade-risk') return { silent: silentOf(contract, rows) };
  if (tellVersions.includes(template)) return { systems: versionsOf(context, of.upgrade, rows), ...window };
  // When the system is up again, what follows is still to come.
  const kinds: readonly PartKind[] = news?.kind === 'upgraded' ? ['system'] : shownKinds;
  const shown = rows.filter(
    ({ kind, waivedBy }) =>
      kinds.includes(kind) || (waivedBy !== null && kind !== 'decision' && news?.kind !== 'upgraded'),
  );
  const freeze = news?.kind === 'planned' && plan.upgrade?.freeze;
  return {
    ...(freeze && { freeze }),
    ...window,
    upgrade: {
      ...(news && { news: { ...newsOf(contract, news), ...versionsAgain(context, of.upgrade, news.kind) } }),
      ...(plan.upgrade && bringsReport(news?.kind) && { report: true as const }),
      parts:
        news?.kind === 'planned' || news?.kind === 'completed'
          ? []
          : acceptedOnce(shown.map((row) => partOf(context, of.upgrade, row))),
    },
  };
}

/** What a partner is asked of its integration, with the versions as far as they are known. */
export async function partnerData(
  db: Queryable,
  { contract, plan }: MailContext,
  { obligation, partner }: SendNoticeInput,
): Promise<Pick<MailData, 'partner'>> {
  const integration = contract.integrations.find(({ id }) => id === partner?.integration);
  if (!partner || !integration) return {};
  const of = phaseOfUpgrade(obligation);
  const upgrade = of?.upgrade ?? 'upgrade';
  const { systems } = begunFrom(plan.upgrade, upgrade);
  const going = goesTo(plan.upgrade, upgrade);
  const ofYear = of?.leftBy ?? plan.yearNumber;
  const reported = await db.query<{ part: string; version: string }>(
    `select distinct on (part) part, version from upgrade_parts
      where agreement = $1 and of_year = $2 and kind = 'system' and version is not null order by part, year desc`,
    [contract.agreement, ofYear],
  );
  const installed = Object.fromEntries(reported.map(({ part, version }) => [part, version]));
  const fitting = fittingVersions(going, integration.id, installed);
  return {
    partner: {
      ...partner,
      integration: integration.name,
      systems: Object.entries(systems).map(([id, from]) => {
        const to = installed[id] ?? going.targets[id];
        return { id, from, ...(to !== undefined && { to }) };
      }),
      ...(fitting.length > 0 && { fitting }),
    },
  };
}

type MailPart = MailUpgrade['parts'][number];

/** The parts; those that the same person accepted for the same reason are told in one line. */
function acceptedOnce(parts: readonly MailPart[]): MailPart[] {
  const groups = grouped(parts, (part) => (part.waived ? JSON.stringify(part.waived) : part));
  return [...groups.values()].map(([first, ...others]) => {
    if (others.length === 0) return first!;
    const { kind, ok, waived } = first!;
    const named = (language: Language): string =>
      [first!, ...others].map(({ name }) => (typeof name === 'string' ? name : name[language])).join(', ');
    return { kind, ok, name: { sv: named('sv'), en: named('en') }, ...(waived && { waived }) };
  });
}

function newsOf(
  { contacts }: Contract,
  { contact, ...news }: NonNullable<SendNoticeInput['news']>,
): NonNullable<MailUpgrade['news']> {
  const by = contact === undefined ? undefined : contactName(contacts.customer, contact);
  return { ...news, ...(by !== undefined && { by }) };
}

/** The versions that a restored system has again, and its integrations. */
function versionsAgain(
  { contract, plan }: MailContext,
  upgrade: string,
  kind: string,
): Pick<NonNullable<MailUpgrade['news']>, 'versions'> {
  const { systems, integrations = {} } = begunFrom(plan.upgrade, upgrade);
  if (kind !== 'restored') return {};
  const known = upgrade === 'upgrade' ? plan.upgrade : plan.upgrade?.carried;
  const named = (of: PartKind, versions: Readonly<Record<string, string>>) =>
    Object.entries(versions).map(([part, version]) => ({
      name: partName({ kind: of, phase: '', part }, known, contract.integrations),
      version,
    }));
  return { versions: [...named('system', systems), ...named('integration', integrations)] };
}

function partOf(
  { contract, plan }: MailContext,
  upgrade: string,
  { phase, part, kind, ok, from, version, waivedBy, waivedReason }: PartRow,
): MailUpgrade['parts'][number] {
  const of = upgrade === 'upgrade' ? plan.upgrade : plan.upgrade?.carried;
  return {
    kind,
    name: partName({ kind, phase, part }, of, contract.integrations),
    ok,
    ...(from !== null && { from }),
    ...(version !== null && { version }),
    ...(waivedBy !== null && {
      waived: { by: personOf(contract.contacts, waivedBy), reason: waivedReason ?? '' },
    }),
  };
}
