/** An amendment as a document: what it changes in the contract, and what becomes of the agreement. Pure. */
import type { AmendedValue } from '../../rules/engine/change/amend-contract';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { formatHoursWithUnit } from '../words/numbers';
import { toCentihours } from '../../rules/engine/hours/hour-bank';
import type { AmendmentPreview } from '../../rules/engine/change/preview-amendment';
import { agreementBlock, showValue } from './document';
import type { PreviewBlock, PreviewLine } from './document';
import { previewWords } from './wording';

interface AmendmentWords {
  contract: string;
  noDifference: string;
  added: (hours: string) => string;
  nextPeriod: string;
  meanwhile: (value: string) => string;
  title: (number: number) => string;
  document: (service: string, document: string, title: string | null) => string;
  signed: (when: string, by: string) => string;
  nobody: string;
  from: (day: string) => string;
  state: Record<'proposed' | 'approved' | 'rejected', string>;
  decided: (state: 'approved' | 'rejected', by: string, on: string, reason: string | null) => string;
  refused: (reason: string) => string;
  question: (agreement: string, number: number) => string;
  choice: string;
  approved: (agreement: string) => string;
  told: (day: string | undefined, running: boolean) => string;
  already: (by: string, on: string) => string;
  declined: (number: number, again: boolean) => string;
  unchanged: string;
  none: string;
  decide: (number: number) => string;
}

export const amendmentWords: Record<Language, AmendmentWords> = {
  sv: {
    contract: 'avtalet',
    noDifference: 'Avtalet säger redan det som tillägget säger.',
    added: (hours) => `${hours} läggs till i timbanken då`,
    nextPeriod: 'den löpande perioden behåller sitt',
    meanwhile: (value) => `när tillägget kom gällde ${value}`,
    title: (number) => `Tilläggsavtal ${number}`,
    document: (service, document, title) =>
      `Dokument ${service}/${document}${title === null ? '' : ` ”${title}”`}`,
    signed: (when, by) => `Undertecknat ${when} av ${by}`,
    nobody: 'okända',
    from: (day) => `Gäller från ${day}.`,
    state: { proposed: 'väntar', approved: 'godkänt', rejected: 'avböjt' },
    decided: (state, by, on, reason) =>
      `${state === 'approved' ? 'Godkänt' : 'Avböjt'} ${on} av ${by}${reason === null ? '' : `: ${reason}`}.`,
    refused: (reason) => `Kan inte godkännas: ${reason}`,
    question: (agreement, number) => `Godkänna tilläggsavtal ${number} till ${agreement}?`,
    choice: '[j/N]',
    approved: (agreement) => `Godkänt; ${agreement} är ändrat.`,
    told: (day, running) =>
      `Det löpande året får veta det ${day === undefined ? 'nu' : day}${running ? '' : ', när `npm start` körs igen'}.`,
    already: (by, on) => `Tillägget godkändes redan ${on} av ${by}; inget är ändrat.`,
    declined: (number, again) =>
      again
        ? `Tilläggsavtal ${number} är redan avböjt.`
        : `Tilläggsavtal ${number} är avböjt; avtalet gäller som förut.`,
    unchanged: 'Inget är ändrat.',
    none: 'Inget tilläggsavtal väntar, och inget har kommit.',
    decide: (number) =>
      `Inget är ändrat. Godkänn: npx serviceavtal amendments approve ${number}; avböj: npx serviceavtal amendments decline ${number} --reason …`,
  },
  en: {
    contract: 'contract',
    noDifference: 'The agreement says already what the amendment says.',
    added: (hours) => `${hours} added to the hour bank then`,
    nextPeriod: 'the running period keeps its own',
    meanwhile: (value) => `when the amendment came it was ${value}`,
    title: (number) => `Amendment ${number}`,
    document: (service, document, title) =>
      `Document ${service}/${document}${title === null ? '' : ` "${title}"`}`,
    signed: (when, by) => `Signed ${when} by ${by}`,
    nobody: 'unknown',
    from: (day) => `Holds from ${day}.`,
    state: { proposed: 'waits', approved: 'approved', rejected: 'declined' },
    decided: (state, by, on, reason) =>
      `${state === 'approved' ? 'Approved' : 'Declined'} ${on} by ${by}${reason === null ? '' : `: ${reason}`}.`,
    refused: (reason) => `Cannot be approved: ${reason}`,
    question: (agreement, number) => `Approve amendment ${number} of ${agreement}?`,
    choice: '[y/N]',
    approved: (agreement) => `Approved; ${agreement} is changed.`,
    told: (day, running) =>
      `The running year is told ${day === undefined ? 'now' : `on ${day}`}${running ? '' : ', when `npm start` runs again'}.`,
    already: (by, on) => `The amendment was approved ${on} by ${by} already; nothing was changed.`,
    declined: (number, again) =>
      again
        ? `Amendment ${number} is declined already.`
        : `Amendment ${number} is declined; the agreement stays as it is.`,
    unchanged: 'Nothing was changed.',
    none: 'No amendment waits, and none has come.',
    decide: (number) =>
      `Nothing was changed. Approve: npx serviceavtal amendments approve ${number}; decline: npx serviceavtal amendments decline ${number} --reason …`,
  },
};

/** What is told of an amendment, wherever it comes from. */
export interface ToldAmendment {
  id: number;
  agreement: string;
  customer: string;
  state: 'proposed' | 'approved' | 'rejected';
  from: LocalDate;
  service: string;
  document: string;
  title: string | null;
  completedAt: Instant | null;
  signers: { name: string; email: string }[];
  reason: string | null;
  decidedAt: Instant | null;
  by: string | null;
}

/** Title and lines above what it changes: which document, who signed, from when, what was decided. */
export function amendmentHeader(one: ToldAmendment, language: Language): { title: string; lines: string[] } {
  const words = amendmentWords[language];
  const { id, service, document, title, signers, completedAt, from, state, decidedAt, by, reason } = one;
  const names = signers.map(({ name, email }) => `${name} <${email}>`).join(', ');
  const day = (at: Instant | null): string => (at === null ? '-' : localDateOf(at));
  return {
    title: words.title(id),
    lines: [
      words.document(service, document, title),
      words.signed(day(completedAt), names === '' ? words.nobody : names),
      words.from(from),
      ...(state === 'proposed' ? [] : [words.decided(state, by ?? '-', day(decidedAt), reason)]),
    ],
  };
}

/** What it changes in the contract, and through that in terms, plan, mails, hours and money. */
export function amendmentBlock(
  { agreement, customer }: Pick<ToldAmendment, 'agreement' | 'customer'>,
  values: readonly AmendedValue[],
  preview: AmendmentPreview | undefined,
  language: Language,
): PreviewBlock {
  const words = amendmentWords[language];
  const contract = {
    title: words.contract,
    lines: values.map((value) => amendedLine(value, language)),
    ...(values.length === 0 && { note: words.noDifference }),
  };
  if (!preview) return { sign: '~', title: agreement, subtitle: customer, groups: [contract] };
  const block = agreementBlock(preview, language);
  return { ...block, groups: [contract, ...block.groups] };
}

function amendedLine(
  { path, from, to, on, effect, signedAgainst }: AmendedValue,
  language: Language,
): PreviewLine {
  const words = amendmentWords[language];
  const show = (value: unknown): string => showValue(value, language);
  const notes = [
    ...(effect === 'addedToBank'
      ? [words.added(formatHoursWithUnit(toCentihours(Number(to)) - toCentihours(Number(from)), language))]
      : []),
    ...(effect === 'nextPeriod' ? [words.nextPeriod] : []),
  ];
  return {
    sign: signedAgainst ? '!' : from === undefined ? '+' : to === undefined ? '-' : '~',
    what: path,
    change: [`${show(from)} → ${show(to)}, ${previewWords[language].from(on)}`, ...notes].join('; '),
    ...(signedAgainst && { where: words.meanwhile(show(signedAgainst.value)) }),
  };
}
