/** Every hour once, and what they come to: by a reading of the story that knows nothing of the ledger. */
import type { Agreement, Finding, LevelTerms } from './evidence';
import { lastDay } from './workflows';

/** Seconds by what they were reported as. What was reported again under its name counts once, after the end nothing does. */
function reported(agreement: Agreement): Map<string, number> {
  const last = lastDay(agreement) ?? '9999-12-31';
  const hours = new Map<string, number>();
  for (const { at, name, input, answer, undoes, senseless } of agreement.story) {
    if (answer !== 'taken' || senseless || at.slice(0, 10) > last) continue;
    const { ref = '', hours: amount = 0 } = (input ?? {}) as { ref?: string; hours?: number };
    if (name === 'hoursUsed' && !hours.has(ref)) hours.set(ref, Math.round(amount * 3600));
    if (name === 'hoursCorrected' && hours.has(ref)) hours.set(ref, Math.round(amount * 3600));
    if (name === 'stepUndone' && undoes?.name === 'hoursUsed')
      hours.delete((undoes.input as { ref: string }).ref);
  }
  return hours;
}

/** The ledger's entries against what was reported. */
function entryFindings(agreement: Agreement, told: ReadonlyMap<string, number>): Finding[] {
  const { rows, contract } = agreement;
  const say = (kind: Finding['kind'], what: string): Finding => ({
    kind,
    agreement: contract.agreement,
    what,
  });
  const undone = new Set(rows.entries.filter(({ action }) => action === 'undo').map(({ target }) => target));
  const standing = rows.entries.filter(({ id }) => !undone.has(id));
  const uses = standing.filter(
    ({ action, ref }) => action === 'use' && ref !== null && !ref.startsWith('meeting-'),
  );
  const wrong = [...told].flatMap(([ref, seconds]) => {
    const named = uses.filter((entry) => entry.ref === ref);
    const [entry] = named;
    if (!entry) return [say('hour-lost', `${ref}: ${seconds} s were reported, and stand nowhere`)];
    if (named.length > 1) return [say('hour-twice', `${ref} stands ${named.length} times`)];
    const last =
      standing.filter(({ action, target }) => action === 'correction' && target === entry.id).at(-1) ?? entry;
    return last.seconds === seconds
      ? []
      : [say('hours-wrong', `${ref}: expected ${seconds} s, found ${last.seconds}`)];
  });
  const nobodys = uses.filter(({ ref }) => !told.has(ref ?? ''));
  return [
    ...wrong,
    ...nobodys.map(({ ref }) => say('hour-twice', `${ref}: nobody reported it, or it was taken back`)),
  ];
}

/** What the closed year said, against the agreement's text: 20 % of the contracted hours, never more than is unused. */
function closeFindings(agreement: Agreement, { rollover }: LevelTerms, used: number): Finding[] {
  const { rows, contract } = agreement;
  const say = (what: string): Finding => ({ kind: 'hours-wrong', agreement: contract.agreement, what });
  const closes = rows.events.filter(({ ref }) => ref === 'year-closed');
  const years = new Set(closes.map(({ year }) => year));
  if (closes.length > years.size) return [say(`${closes.length} closes of ${years.size} years`)];
  const [first] = closes.sort((a, b) => a.year - b.year);
  if (!first) return [];
  const contracted = contract.hourBank.hours * 3600;
  const left = Math.max(0, contracted - used);
  const terminated = rows.agreement.state === 'ended';
  const rolled = terminated ? 0 : Math.min(left, (contracted * rollover) / 100);
  const expected = {
    used,
    overage: Math.max(0, used - contracted),
    rolledOut: rolled,
    expired: left - rolled,
  };
  return Object.entries(expected).flatMap(([name, seconds]) => {
    const said = Number(first.detail[name]) * 36;
    // The close is told in hundredths of an hour.
    return Math.abs(said - seconds) <= 36
      ? []
      : [say(`${name} of year ${first.year}: expected ${seconds} s, found ${said}`)];
  });
}

function postingFindings({ rows, contract }: Agreement): Finding[] {
  const sums = new Map<string, { seconds: number; minor: number }>();
  for (const { transaction, seconds, minor } of rows.postings) {
    const sum = sums.get(transaction) ?? { seconds: 0, minor: 0 };
    sums.set(transaction, { seconds: sum.seconds + seconds, minor: sum.minor + minor });
  }
  return [...sums]
    .filter(([, { seconds, minor }]) => seconds !== 0 || minor !== 0)
    .map(([id, sum]) => ({
      kind: 'postings-wrong',
      agreement: contract.agreement,
      what: `${id} comes to ${sum.seconds} s and ${sum.minor} öre`,
    }));
}

/** All about hours. */
export function auditHours(agreement: Agreement, terms: LevelTerms): Finding[] {
  const told = reported(agreement);
  const used = [...told.values()].reduce((sum, seconds) => sum + seconds, 0);
  return [
    ...entryFindings(agreement, told),
    ...closeFindings(agreement, terms, used),
    ...postingFindings(agreement),
  ];
}
