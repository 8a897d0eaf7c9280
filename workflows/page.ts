/** The agreement's page in the Web UI: details, and the search attributes it is found by. Codes and ids only. */
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import { patched, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { AgreementView } from '../templates/ui/wording';
import { currentDetails } from '../templates/ui/wording';
import { isOwedByPeople } from '../rules/owed-by-people';
import { messages } from './messages';
import type { Year } from './year';

const yearNumberKey = defineSearchAttributeKey('YearNumber', SearchAttributeType.INT);
const phaseKey = defineSearchAttributeKey('Phase', SearchAttributeType.KEYWORD);
const upgradePhaseKey = defineSearchAttributeKey('UpgradePhase', SearchAttributeType.KEYWORD);
const nextDueKey = defineSearchAttributeKey('NextDue', SearchAttributeType.DATETIME);
const attentionKey = defineSearchAttributeKey('Attention', SearchAttributeType.KEYWORD_LIST);

/** Most lines of what is next. */
const shownNext = 8;

/** Brings the page up to date. */
export function showPage(year: Year): void {
  setCurrentDetails(currentDetails(viewOf(year), year.input.language));
  if (!year.state.plan) return;
  const due = year.plan.obligations.find((owed) => isOwedByPeople(owed) && !year.isClosed(owed.id))?.dueAt;
  const codes = [...new Set(year.state.attention.map(({ code }) => code))].sort();
  const showsUpgrade = patched('show-upgrade-phase-2026-11-24');
  const upgrade = showsUpgrade ? upgradeUnderWay(year) : undefined;
  const attributes = JSON.stringify([year.number, year.phase, due, codes, upgrade]);
  if (attributes === year.shownAttributes) return;
  year.shownAttributes = attributes;
  upsertSearchAttributes([
    { key: yearNumberKey, value: year.number },
    { key: phaseKey, value: year.phase },
    { key: nextDueKey, value: due === undefined ? null : new Date(due) },
    { key: attentionKey, value: codes },
    ...(showsUpgrade ? [{ key: upgradePhaseKey, value: upgrade ?? null }] : []),
  ]);
}

/** The phase an upgrade is in, from the day its first one opens until its last one is closed. */
function upgradeUnderWay(year: Year): string | undefined {
  const all = year.obligations('upgrade');
  const open = all.find(({ id }) => !year.isClosed(id));
  if (open === undefined || (open === all[0] && open.opensAt > year.now())) return undefined;
  return open.id.split('/')[1];
}

function viewOf(year: Year): AgreementView {
  const { plan, closed, balance, attention, rejected, last } = year.state;
  const strands = ['start', 'meetings', 'upgrade', 'renewal'] as const;
  const open = (plan?.obligations ?? []).filter((owed) => isOwedByPeople(owed) && !(owed.id in closed));
  const now = year.now();
  return {
    agreement: year.agreement,
    yearNumber: year.number,
    from: plan?.from ?? '',
    to: plan?.to ?? '',
    state: year.phase,
    next: open.slice(0, shownNext).map(({ id, dueOn, dueAt, owner }) => ({
      id,
      on: dueOn,
      owner,
      overdue: dueAt < now,
    })),
    signals: signalsNow(year),
    ...(balance ? { hours: balance } : {}),
    strands: strands.flatMap((strand) => {
      const all = (plan?.obligations ?? []).filter(
        (owed) => owed.strand === strand && closed[owed.id]?.state !== 'cancelled',
      );
      const done = all.filter(({ id }) => closed[id]?.state === 'done').length;
      return all.length === 0 ? [] : [{ strand, done, total: all.length }];
    }),
    attention: attention.map(onDay),
    rejected: rejected.map(onDay),
    last: last.map(onDay),
    rulesetHash: plan?.rulesetHash ?? '',
  };
}

/** The page shows days. */
const onDay = <T extends { at: string }>(item: T): T => ({ ...item, at: item.at.slice(0, 10) });

/** For each thing that can be reported now: the signal and an example with this agreement's values. */
function signalsNow(year: Year): { name: string; example: string }[] {
  if (!year.state.plan || year.phase === 'closing') return [];
  const { agreement } = year;
  const first = (strand: 'start' | 'meetings' | 'upgrade'): string | undefined => year.open(strand)[0]?.id;
  const [step, meeting, phase] = [first('start'), first('meetings'), first('upgrade')];
  const examples: [string, Record<string, unknown>][] = [
    ...(step
      ? [['startStepCompleted', { step: step.split('/')[1] }] as [string, Record<string, unknown>]]
      : []),
    ...(meeting
      ? [['meetingHeld', { meeting: Number(meeting.split('-')[1]) }] as [string, Record<string, unknown>]]
      : []),
    ...(phase
      ? [['upgradePhaseCompleted', { phase: phase.split('/')[1] }] as [string, Record<string, unknown>]]
      : []),
    ...(asksForPrice(year)
      ? [['priceApproved', { pricePerHour: proposedPrice(year) }] as [string, Record<string, unknown>]]
      : []),
    ...(year.phase === 'running'
      ? [['hoursUsed', hoursExample(year)] as [string, Record<string, unknown>]]
      : []),
  ];
  return examples.map(([name, example]) => ({ name, example: JSON.stringify({ agreement, ...example }) }));
}

/** Shown from the day the manager is asked. */
function asksForPrice(year: Year): boolean {
  const asked = year.open('renewal').find(({ id }) => id === 'renewal/price');
  return asked !== undefined && asked.opensAt <= year.now();
}

const proposedPrice = ({ plan }: Year): number => (plan.renewal?.proposedRateMinor ?? 0) / 100;

/** With a reference of its own, so that a double click is told from two equal entries. */
function hoursExample({ agreement, number, state }: Year): Record<string, unknown> {
  return { ...messages.hoursUsed.example, ref: `${agreement}-${number}-${state.sequence + 1}` };
}
