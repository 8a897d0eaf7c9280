/** What each message does. Handlers never throw: what cannot be taken is rejected with the reason, on the page. */
import { setDefaultSignalHandler, setHandler, uuid4 } from '@temporalio/workflow';
import { toCentihours } from '../rules/hour-bank';
import { perform, reasonOf } from './activities';
import type { Fields } from './fields';
import { clean, quote, readFields } from './fields';
import { clear, record, reject } from './journal';
import { retryFailures } from './failures';
import type { MessageName } from './messages';
import { messages, signals } from './messages';
import { closeObligation } from './obligations';
import { replanYear } from './plan-year';
import { takeApproval } from './strands/renewal';
import type { Year } from './year';

/** Most hours one entry can report: a year's working time, so that a slip of the decimal point is caught. */
const mostHours = 2000;

/** Fields that a message takes besides those of its example. */
const alsoTaken: Partial<Record<MessageName, string[]>> = {
  attentionCleared: ['subject'],
  upgradePhaseCompleted: ['note'],
  startStepCompleted: ['note'],
};

type Taken = { detail: Record<string, unknown> } | { rejected: string };

/** Registers every handler; called before the run first waits, so that nothing sent early is lost. */
export function listenToPeople(year: Year): void {
  for (const name of Object.keys(messages) as MessageName[])
    setHandler(signals[name], (input?: unknown) => take(year, name, input), {
      description: `${messages[name].description} ${JSON.stringify({ agreement: year.agreement, ...messages[name].example })}`,
    });
  setDefaultSignalHandler((name) => {
    reject(year, clean(name), `expected one of ${Object.keys(messages).join(', ')}, found "${clean(name)}"`);
  });
}

/** Takes what came before there was a plan. */
export function takeInbox(year: Year): void {
  for (const { name, input } of year.state.inbox.splice(0)) take(year, name as MessageName, input);
}

function take(year: Year, name: MessageName, input: unknown): void {
  if (name === 'failuresRetried' && !year.state.plan) clear(year, 'plan-failed');
  if (!year.state.plan) {
    year.state.inbox.push({ name, input });
    return;
  }
  if (year.phase === 'closing' && year.terminatedInYear()) {
    reject(year, name, 'the agreement has ended; nothing about it changes any more');
    return;
  }
  const fields = readFields(input, year.agreement, [
    ...Object.keys(messages[name].example),
    ...(alsoTaken[name] ?? []),
    'by',
    'agreement',
  ]);
  const taken: Taken = 'rejected' in fields ? fields : handlers[name](year, fields.value);
  if ('rejected' in taken) reject(year, name, taken.rejected);
  else
    record(year, {
      kind: 'signal',
      ref: name,
      detail: { by: by(fields), ...taken.detail, input: quote(input) },
    });
}

const by = (fields: ReturnType<typeof readFields>): string =>
  'value' in fields ? (fields.value.text('by') ?? 'consultant (assumed)') : 'consultant (assumed)';

const handlers: Record<MessageName, (year: Year, fields: Fields) => Taken> = {
  meetingHeld: (year, fields) => {
    const number = fields.number('meeting');
    return complete(year, 'meetings', number === undefined ? undefined : `meeting-${number}`, fields);
  },

  upgradePhaseCompleted: (year, fields) => {
    const phase = fields.text('phase');
    return complete(year, 'upgrade', phase === undefined ? undefined : `upgrade/${phase}`, fields);
  },

  startStepCompleted: (year, fields) => {
    const step = fields.text('step');
    return complete(year, 'start', step === undefined ? undefined : `start/${step}`, fields);
  },

  hoursUsed: (year, fields) => {
    const hours = fields.number('hours');
    if (hours === undefined || !(hours > 0) || hours > mostHours)
      return {
        rejected: `hours: expected a number above 0 and at most ${mostHours}, found ${String(hours)}`,
      };
    if (year.now() < year.plan.startsAt)
      return { rejected: `the agreement year begins on ${year.plan.from}; hours can be used from then` };
    try {
      year.state.hoursToBook.push({
        entryId: uuid4(),
        hours: toCentihours(hours),
        by: fields.text('by') ?? 'consultant',
        byAssumed: fields.text('by') === undefined,
        asOf: year.now(),
        ...fields.optional({ service: 'kind', note: 'note', ref: 'ref' }),
      });
    } catch (error) {
      return { rejected: (error as Error).message };
    }
    return { detail: { hours } };
  },

  priceApproved: takeApproval,

  agreementTerminated: (year, fields) => {
    const on = fields.text('on');
    const reason = fields.text('reason') ?? 'no reason given';
    if (on === undefined) year.state.termination = { at: year.now(), reason };
    else void terminateOn(year, on, reason);
    return { detail: { on: on ?? 'now', reason } };
  },

  failuresRetried: (year) => {
    const replan = year.state.attention.some(({ code }) => code === 'replan-failed');
    const detail = retryFailures(year);
    if (replan) void replanYear(year, 'tried again');
    return { detail };
  },

  attentionCleared: (year, fields) => {
    const code = fields.text('code');
    const shown = [...new Set(year.state.attention.map((item) => item.code))];
    const cleared = code === undefined ? 0 : clear(year, code, fields.text('subject'));
    if (cleared === 0)
      return {
        rejected: `code: expected one that is shown (${shown.join(', ') || 'none'}), found ${code ?? 'nothing'}`,
      };
    return { detail: { code, cleared } };
  },

  contractChanged: (year, fields) => {
    const change = fields.number('change');
    clear(year, 'address-refused');
    void replanYear(year, `the contract changed (${String(change ?? 'no number')})`);
    return { detail: { change } };
  },

  termsChanged: (year, fields) => {
    const ruleset = fields.text('ruleset') ?? 'unnamed';
    void replanYear(year, `the rules changed (${ruleset})`);
    return { detail: { ruleset } };
  },
};

/** Closes the named obligation of a strand, or the one that is open. */
function complete(
  year: Year,
  strand: 'start' | 'meetings' | 'upgrade',
  named: string | undefined,
  fields: Fields,
): Taken {
  const all = year.obligations(strand);
  const id = named ?? year.open(strand)[0]?.id;
  if (id === undefined) return { rejected: `nothing of "${strand}" is open` };
  const obligation = all.find((other) => other.id === id);
  if (!obligation)
    return { rejected: `expected one of ${all.map((other) => other.id).join(', ')}, found ${id}` };
  const closed = year.state.closed[id];
  if (closed && closed.state !== 'done')
    return { rejected: `${id} was closed as ${closed.state} on ${closed.at}` };
  if (closed) return { detail: { obligation: id, repeat: true } };
  if (obligation.after !== undefined && !year.isClosed(obligation.after))
    return { rejected: `${obligation.after} has to be completed before ${id}` };
  const note = fields.text('note');
  closeObligation(year, id, {
    state: 'done',
    by: fields.text('by') ?? 'consultant',
    ...(note === undefined ? {} : { note }),
  });
  return { detail: { obligation: id } };
}

/** An end on a given day is the end of that day in Sweden; the calendar is asked outside the workflow. */
async function terminateOn(year: Year, on: string, reason: string): Promise<void> {
  try {
    const at = await perform(year, 'endOfDay', { date: on });
    if (at > year.now()) year.state.termination = { at, reason };
    else reject(year, 'agreementTerminated', `on: expected today or a later day, found ${on}`);
  } catch (error) {
    reject(year, 'agreementTerminated', `on: ${reasonOf(error)}`);
  }
}
