/**
 * Integrationer som en partner ansvarar för: the partner is asked before the upgrade, once its day is agreed, whether its integration
 * is supported and the date suits, after the technical upgrade whether it works, and where that was on a copy once more when it is live. Each
 * is asked again once; then the consultant is told.
 */
import { condition } from '@temporalio/workflow';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import { addDays, addMinutes } from '../../rules/engine/calendar/dates';
import { localIn } from '../../rules/engine/calendar/local-time';
import { usualPartnerDays } from '../../rules/engine/plan/partner-days';
import type { PhaseKind } from '../../rules/engine/ruleset/phases';
import { supportOf } from '../../rules/engine/upgrade/parts';
import { toLookAt } from '../../templates/ui/reasons';
import { timerSummary } from '../../templates/ui/wording';
import { clear, raise, untilWritten } from '../year/journal';
import { mail } from '../year/mails';
import { tell } from '../year/tell';
import type { RunningPhase } from '../year/upgrades';
import { phasesOfUpgrade, runningPhase } from '../year/upgrades';
import type { Year } from '../year/year';

const minutesOfDay = 24 * 60;

interface Due {
  at: Instant;
  partner: string;
  question: 'before' | 'after';
  step: 'ask' | 'again' | 'silent';
  /** The phase that was closed, and since when. */
  phase: RunningPhase;
  since: Instant;
}

export async function askPartners(year: Year): Promise<void> {
  const summary = timerSummary('partner', undefined, year.input.language);
  while (!year.over) {
    const next = nextDue(year);
    if (!next) {
      await condition(() => year.over || nextDue(year) !== undefined);
      continue;
    }
    const isSame = (): boolean => {
      const now = nextDue(year);
      return now !== undefined && nameOf(now) === nameOf(next) && now.at === next.at;
    };
    const came = await year.until(
      () => next.at,
      () => !isSame(),
      summary,
    );
    if (came && isSame()) await act(year, next);
  }
}

/** Names what is done, once for each time that the phase was closed. */
const nameOf = ({ phase, since, partner, question, step }: Due): string =>
  `${phase.id}#${since}/${question}-${step}-${partner}`;

/** The day that is agreed, where the phase is the one that asks for it. */
function dayOf(year: Year, { parts }: RunningPhase): LocalDate | undefined {
  const date = parts.find(({ kind }) => kind === 'date');
  return date && year.state.checks[date.key]?.on;
}

/** What is due first of all partners. */
function nextDue(year: Year): Due | undefined {
  const partners = year.plan.upgrade?.partners ?? [];
  if (partners.length === 0) return undefined;
  const due = year
    .obligations('upgrade')
    .flatMap(({ id }) => runningPhase(year, id) ?? [])
    .flatMap((phase) => partners.flatMap((partner) => dueOf(year, phase, partner) ?? []));
  return due.reduce<Due | undefined>(
    (first, one) => (first === undefined || one.at < first.at ? one : first),
    undefined,
  );
}

/** What is due of a partner since a phase was closed; nothing where the phase asks nothing, or it has answered, or the upgrade is over. */
function dueOf(year: Year, phase: RunningPhase, partner: string): Due | undefined {
  const { kind } = phase.planned;
  const closed = year.state.closed[phase.id];
  if (!asksAfter(year).includes(kind) || closed?.state !== 'done' || closed.by === 'takeover')
    return undefined;
  const phases = phasesOfUpgrade(year, phase.upgrade).flatMap((id) => runningPhase(year, id) ?? []);
  const isOpen = ({ id }: RunningPhase): boolean => !year.isClosed(id);
  const question = kind === 'plan' ? 'before' : 'after';
  const isAhead = ({ planned }: RunningPhase): boolean =>
    question === 'after' || planned.kind === 'technical' || planned.kind === 'production';
  // A copy that goes live in the last phase is asked about all the same.
  const isLast = kind === 'production' && phases.at(-1)?.id === phase.id;
  const isOver = !isLast && !phases.some((one) => isOpen(one) && isAhead(one));
  const asked: Question = {
    question,
    partner,
    upgrade: phase.upgrade,
    since: closed.at,
    live: kind === 'production',
  };
  if (isOver || isAnswered(year, phases, asked)) return undefined;
  const { again, silent } = daysGiven(year, dayOf(year, phase), closed.at);
  const times: Record<Due['step'], Instant> = {
    ask: year.heldUntil(closed.at),
    again: addMinutes(closed.at, again * minutesOfDay),
    silent: addMinutes(closed.at, silent * minutesOfDay),
  };
  const steps = Object.entries(times) as [Due['step'], Instant][];
  return steps
    .map(([step, at]): Due => ({ at, partner, question, step, phase, since: closed.at }))
    .find((one) => !year.state.sent.includes(nameOf(one)));
}

/** Phases whose end asks partners something; plans made before ask nothing once a copy is live. */
const asksAfter = ({ plan }: Year): PhaseKind[] => [
  'plan',
  'technical',
  ...(plan.upgrade?.partnerDays ? (['production'] as const) : []),
];

/** Days until a partner is asked again, and until the consultant is told. @param day of the upgrade, where that is to come */
function daysGiven(
  year: Year,
  day: LocalDate | undefined,
  since: Instant,
): { again: number; silent: number } {
  const days = year.plan.upgrade?.partnerDays ?? usualPartnerDays;
  const isFar = day !== undefined && day > addDays(localIn(year.calendar, since).on, days.soonDays);
  return isFar
    ? { again: days.earlyRemindDays, silent: days.earlySilentDays }
    : { again: days.remindDays, silent: days.silentDays };
}

interface Question {
  question: Due['question'];
  partner: string;
  upgrade: string;
  since: Instant;
  /** It is live: what was said of the copy answers nothing. */
  live: boolean;
}

/** Before, a new day asks anew; after, whoever has reported the integration has answered. */
function isAnswered(
  { state: { checks } }: Year,
  phases: readonly RunningPhase[],
  { question, partner, upgrade, since, live }: Question,
): boolean {
  if (question === 'before') return (checks[supportOf(upgrade, partner).key]?.at ?? '') >= since;
  const part = phases
    .flatMap(({ parts }) => parts)
    .find(({ kind, id }) => kind === 'integration' && id === partner);
  const said = part && checks[part.key];
  return !part || (live ? (said?.at ?? '') >= since : said !== undefined);
}

/** Asks, or tells the consultant that there is no answer. */
async function act(year: Year, due: Due): Promise<void> {
  const { partner, question, step, phase } = due;
  year.state.sent.push(nameOf(due));
  if (step === 'silent') {
    const name = question === 'before' ? 'integrationSupported' : 'integrationChecked';
    const detail = toLookAt.partnerSilent(question)[year.input.language];
    if (raise(year, 'partner-silent', partner, detail))
      tell(year, phase.id, 'partner-silent', `${partner}: ${detail}`, ['consultant'], {
        signal: { name, fields: { integration: partner, ok: true } },
      });
    return;
  }
  // Silence before is told no more; silence now will be told anew.
  if (step === 'ask') clear(year, 'partner-silent', partner);
  // The mail is made from PostgreSQL: what closed the phase has to be stored first.
  await untilWritten(year);
  const day = dayOf(year, phase);
  await mail(year, {
    obligation: phase.id,
    step: `partner-${question}-${step}-${partner}`,
    revision: year.state.counters.step,
    template: 'upgrade-partner',
    to: 'customer',
    partner: {
      ...{ integration: partner, question },
      ...(day !== undefined && { on: day }),
      ...(phase.planned.kind === 'production' && { live: true as const }),
      ...(step === 'again' && { reminds: true as const }),
    },
  });
}
