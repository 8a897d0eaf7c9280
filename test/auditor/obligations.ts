/** Every obligation met, declined, escalated, or told as missed. */
import type { Agreement, ArrivedMail, Finding, LevelTerms } from './evidence';
import { acceptedOf } from './messages';
import { isEnded } from './workflows';

/** Milliseconds after which something due has been pointed out, also over holidays. */
const pointedOutWithin = 10 * 86_400_000;

/** Messages by which people meet an obligation, and the field that names it. */
const metBy: Record<string, [message: string, field: string]> = {
  meetings: ['meetingHeld', 'meeting'],
  start: ['startStepCompleted', 'step'],
};

/** What the first year has to hold by the agreement's text. */
function absent({ rows, contract }: Agreement, { meetings, statements }: LevelTerms): Finding[] {
  const first = Math.min(...rows.obligations.map(({ year }) => year));
  const ids = new Set(rows.obligations.filter(({ year }) => year === first).map(({ id }) => id));
  const promised = [
    ...Array.from({ length: meetings }, (_, index) => `meeting-${index + 1}`),
    ...Array.from({ length: statements - 1 }, (_, index) => `hours/statement-${index + 1}`),
    ...['upgrade/plan', 'upgrade/technical', 'upgrade/test', 'upgrade/approval', 'close'],
  ];
  return promised
    .filter((id) => !ids.has(id))
    .map((id) => ({
      kind: 'obligation-absent',
      agreement: contract.agreement,
      what: `${id} of year ${first}`,
    }));
}

/** What is due and open, with nobody told. */
function silent({ rows, now, contract }: Agreement): Finding[] {
  const running = rows.agreement.state === 'ended' ? Infinity : rows.agreement.year;
  // Of a step that waits for another, that one is pointed out.
  const isTold = (id: string, year: number): boolean =>
    rows.mails.some(
      (mail) =>
        mail.obligation === id && mail.year === year && /^(book|overdue|escalate|remind)/.test(mail.step),
    ) ||
    rows.obligations.some((one) => {
      const before = rows.obligations.find(({ id: other, year: of }) => other === one.after && of === year);
      return one.id === id && one.year === year && before?.state === 'open' && isTold(before.id, year);
    });
  return rows.obligations
    .filter(({ state, year, id, dueAt }) => {
      if (state !== 'open') return false;
      if (year < running) return true;
      return Date.parse(now) - Date.parse(dueAt) > pointedOutWithin && !isTold(id, year);
    })
    .map(({ id, year, dueAt }) => ({
      kind: 'obligation-open',
      agreement: contract.agreement,
      what: `${id} of year ${year}, due ${dueAt}, is open, and nobody was told`,
    }));
}

/** What is said to be done by nobody, and what somebody did and is not done. */
function disputed(agreement: Agreement): Finding[] {
  const { rows, contract } = agreement;
  const say = (what: string): Finding => ({ kind: 'obligation-wrong', agreement: contract.agreement, what });
  const first = Math.min(...rows.obligations.map(({ year }) => year));
  return rows.obligations.flatMap(({ id, strand, state, year }) => {
    const [message, field] = metBy[strand] ?? [];
    if (!message || !field || year !== first || /extra/.test(id)) return [];
    const met = acceptedOf(agreement, message).some(
      ({ input }) => (input as Record<string, unknown>)[field] === id,
    );
    if (state === 'done' && !met) return [say(`${id} is done, and nobody did it`)];
    return met && state !== 'done' ? [say(`${id} was done, and is ${state}`)] : [];
  });
}

/** What was missed and the customer's summary keeps quiet about. */
function untold({ rows, contract }: Agreement, mails: ReadonlyMap<string, ArrivedMail>): Finding[] {
  const years = [
    ...new Set(rows.obligations.filter(({ state }) => state === 'missed').map(({ year }) => year)),
  ];
  return years.flatMap((year) => {
    const missed = rows.obligations.filter((one) => one.year === year && one.state === 'missed').length;
    const came = rows.mails.flatMap(({ obligation, step, messageId, contact, ...row }) => {
      const mail = mails.get(messageId);
      const isSummary =
        obligation === 'close' && step === 'summary' && row.year === year && contact !== 'manager';
      return isSummary && mail ? [mail] : [];
    });
    return came
      .filter(({ text }) => (text.match(/INTE LEVERERAT/g) ?? []).length !== missed)
      .map(({ messageId }) => ({
        kind: 'missed-not-told' as const,
        agreement: contract.agreement,
        what: `${messageId} does not tell of the ${missed} that were missed in year ${year}`,
      }));
  });
}

/** All about obligations. */
export function auditObligations(
  agreement: Agreement,
  terms: LevelTerms,
  mails: ReadonlyMap<string, ArrivedMail>,
): Finding[] {
  return [
    ...(isEnded(agreement) ? [] : absent(agreement, terms)),
    ...silent(agreement),
    ...disputed(agreement),
    ...untold(agreement, mails),
  ];
}
