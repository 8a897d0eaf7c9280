/** Every message that was taken is in a history, and in the journal as taken in or as refused. */
import { isDeepStrictEqual } from 'node:util';
import type { Agreement, Finding, Sent } from './evidence';

const messageEvents = ['WORKFLOW_EXECUTION_SIGNALED', 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED'];

/** Characters of a message that the journal notes. */
const notedLength = 200;

/** Whether the journal notes a message as taken in. */
const isNoted = ({ rows }: Agreement, { name, input }: Sent): boolean =>
  rows.events.some(
    ({ kind, ref, detail }) =>
      kind === 'signal' && ref === name && detail.input === JSON.stringify(input).slice(0, notedLength),
  );

/** The messages of a name that the agreement did as they asked, and that were not taken back. */
export function acceptedOf(agreement: Agreement, name: string): Sent[] {
  const undone = agreement.story.flatMap((sent) =>
    sent.undoes && isNoted(agreement, sent) ? [sent.undoes] : [],
  );
  return agreement.story.filter(
    (sent) =>
      sent.name === name &&
      !sent.senseless &&
      isNoted(agreement, sent) &&
      !undone.some((one) => isDeepStrictEqual(one, { name, input: sent.input })),
  );
}

/** All about messages. */
export function auditMessages(agreement: Agreement): Finding[] {
  const { story, runs, rows, contract } = agreement;
  const all = runs.flatMap(({ events }) => events).filter(({ type }) => messageEvents.includes(type));
  const lost = (what: string): Finding => ({ kind: 'message-lost', agreement: contract.agreement, what });
  const told = story.flatMap((sent) => {
    const { name, input, answer, via } = sent;
    const said = `${name} ${JSON.stringify(input)} of ${sent.at}`;
    if (answer === 'none') return [lost(`${said} was never answered`)];
    if (answer !== 'taken' || via === 'page') return [];
    if (!all.some((event) => event.name === name && isDeepStrictEqual(event.input ?? null, input ?? null)))
      return [lost(`${said} is in no history`)];
    const isRefused = rows.events.some(({ kind, ref }) => kind === 'rejected' && ref === name);
    return isRefused || isNoted(agreement, sent) ? [] : [lost(`${said} is in no journal`)];
  });
  return [...told, ...fromPages(agreement)];
}

/** What was written on a page reaches the workflow without its words, which may name people: as often as it was sent. */
function fromPages({ story, runs, rows, contract }: Agreement): Finding[] {
  const sent = story.filter(({ via, answer }) => via === 'page' && answer === 'taken').length;
  const inHistory = new Set(
    runs.flatMap(({ events }) =>
      events.filter(({ name }) => name === 'customerAsks').map(({ input }) => (input as { ref: string }).ref),
    ),
  ).size;
  const noted = rows.events.filter(({ ref }) => ref === 'customerAsks').length;
  return inHistory === sent && noted >= sent
    ? []
    : [
        {
          kind: 'message-lost',
          agreement: contract.agreement,
          what: `${sent} messages were sent from a page, ${inHistory} are in a history, ${noted} in the journal`,
        },
      ];
}
