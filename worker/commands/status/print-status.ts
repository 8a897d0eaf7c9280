/** What `serviceavtal status` prints. */
import type { Looking, SickWorkflow } from '../../../activities/health/health';
import { troubleOfLooking } from '../../../activities/health/health';
import type { AgreementStatus, SignedStatus } from '../../../activities/health/read-status';
import { replaceControls } from '../../../rules/engine/basics/one-line';
import type { SigningService } from '../../../rules/engine/signing/signing';
import { formatHours } from '../../../templates/words/numbers';
import { sickWords } from '../../../templates/words/sick-words';

/** What is not well, for a terminal; nothing where all is. */
export function printHealth(sick: readonly SickWorkflow[], looking: Looking | undefined): string {
  const trouble = troubleOfLooking(looking);
  return [
    ...(trouble === undefined ? [] : [`NOT LOOKED AFTER: ${trouble}`]),
    ...sick.map((each) => `SICK  ${printSick(each)}`),
  ].join('\n');
}

/** What is wrong with a workflow, since when, and what to do, on one line. */
export function printSick({ workflowId, kind, since, code, detail }: SickWorkflow): string {
  const words = sickWords(code, detail).en;
  return `${workflowId} (${kind} since ${since}): ${words}. npx serviceavtal agreements cure ${workflowId}`;
}

/** The same for a terminal. */
export function printStatus(statuses: AgreementStatus[]): string {
  if (statuses.length === 0)
    return 'No agreement yet. Sign one: npx serviceavtal sign examples/testbolaget.json\n';
  return statuses.map(printOne).join('\n');
}

function before({ done, passed }: { done: number; passed: number }): string {
  const parts = [...(done > 0 ? [`${done} done`] : []), ...(passed > 0 ? [`${passed} passed`] : [])];
  return `; ${parts.join(', ')} before the takeover`;
}

function printOne(status: AgreementStatus): string {
  const hours = (amount: number): string => formatHours(Math.round(amount * 100), 'en');
  const period = status.from ? `, year ${status.year} (${status.from} to ${status.to})` : '';
  return [
    `${status.agreement}  ${status.customer}: ${status.state}${period}`,
    ...(status.signed ? [`  signed     ${printSigned(status.signed)}`] : []),
    ...status.strands.map(
      ({ strand, done, missed, takenOver, total }) =>
        `  ${strand.padEnd(10)} ${done} of ${total} done${missed > 0 ? `, ${missed} not delivered` : ''}` +
        (takenOver ? before(takenOver) : ''),
    ),
    ...(status.hours
      ? [
          `  hours      ${hours(status.hours.used)} used of ${hours(status.hours.contracted)} contracted` +
            ` + ${hours(status.hours.rolledIn)} rolled in` +
            (status.hours.overage > 0 ? `, ${hours(status.hours.overage)} beyond` : ''),
        ]
      : []),
    ...status.next.map(
      ({ id, dueOn, owner, overdue, late }) =>
        `  next       ${dueOn}  ${id.padEnd(22)} ${owner}${overdue ? '  OVERDUE' : late ? '  (later than meant)' : ''}`,
    ),
    ...status.sick.map((each) => `  SICK       ${printSick(each)}`),
    ...status.attention.map(({ code, subject, detail }) => `  attention  ${code} ${subject}: ${detail}`),
    ...status.mails.map(({ key, state, recipient }) => `  mail       ${state}: ${key} to ${recipient}`),
    '',
  ].join('\n');
}

/** "signed signed" would say nothing. */
const placeOf = (service: SigningService): string => (service === 'signed' ? 'another system' : service);

function printSigned({ service, document, on, ruleset, papers, amendments }: SignedStatus): string {
  const { kept, wanted, unavailable } = papers;
  const all = kept + wanted + unavailable;
  const missing = unavailable > 0 ? `, ${unavailable} not to be had` : '';
  return [
    service === undefined ? 'by file' : `${placeOf(service)}, document ${replaceControls(document ?? '')}`,
    on,
    ...(ruleset === undefined ? [] : [`ruleset ${ruleset.slice(0, 8)}`]),
    ...(all === 0 ? [] : [`${kept} of ${all} papers kept${missing}`]),
    ...(amendments.length === 0
      ? []
      : [`open amendments: ${amendments.join(', ')} (npx serviceavtal amendments list)`]),
  ].join(', ');
}
