/** What mails say of a question about a line of the hour bank, and of its answer. */
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { entryChanges } from '../../rules/engine/hours/entries';
import { questionsOf } from '../../rules/engine/hours/questions';
import type { MailData, MailLineQuestion } from '../../templates/mails/mail-data';
import type { Queryable } from '../db';
import { readHours } from '../hours/facts';
import { answerBy } from '../hours/questions';
import type { MailContext } from './notice';
import { findNames } from './person-names';

type ToldQuestion = Pick<MailData, 'question' | 'signal'>;

/** Tells of a question by the number of its entry; nothing where it was taken back. */
export async function questionData(
  db: Queryable,
  { contract, terms, plan }: MailContext,
  number: number,
): Promise<ToldQuestion> {
  const facts = await readHours(db, contract.agreement);
  const round = questionsOf(facts.entries).find(({ questions }) =>
    questions.some((one) => one.number === number),
  );
  const asked = round?.questions.find((one) => one.number === number);
  if (!round || !asked) return {};
  const { use, answer } = round;
  const said = [use, asked, ...(answer ? [answer] : [])].flatMap(({ by }) => by ?? []);
  const nameOf = await findNames(db, contract, said);
  const name = ({ by = 'customer', recordedAt }: typeof use): string => nameOf(by, localDateOf(recordedAt));
  // The line as it was when it was asked about, and as it is now.
  const secondsUntil = (last: number): number =>
    entryChanges(facts.entries)
      .filter((change) => change.use.id === use.id && change.entry.number <= last)
      .reduce((sum, { billable }) => sum + billable, 0);
  const [before, now] = [secondsUntil(number), secondsUntil(Infinity)];
  const toldOf = (settled: typeof answer): Partial<MailLineQuestion> => {
    if (!settled) return { answerBy: answerBy(localDateOf(asked.recordedAt), terms) };
    // Why a line was taken back may be about another customer, where it was moved.
    if (settled.action === 'undo') return { takenBack: true };
    return { answer: settled.note ?? '', answeredBy: name(settled), ...(now !== before && { now }) };
  };
  const question: MailLineQuestion = {
    ...{ line: use.number, on: use.on ?? '', kind: use.service ?? 'other', seconds: before },
    ...(use.by !== undefined && { by: name(use) }),
    ...(use.note !== undefined && { note: use.note }),
    ...{ words: asked.note ?? '', askedBy: name(asked), askedOn: localDateOf(asked.recordedAt) },
    ...toldOf(answer),
  };
  const example = JSON.stringify({ agreement: plan.agreement, entry: use.number, answer: '…' });
  return { question, ...(!answer && { signal: { name: 'questionSettled', example } }) };
}
