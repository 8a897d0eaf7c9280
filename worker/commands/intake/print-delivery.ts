/** Prints deliveries on the terminal. Control characters, and those that nobody sees, never reach it from what others sent. */
import { counted } from '../../../rules/engine/basics/counted';
import type {
  DeliveryDetail,
  DeliveryStatus,
  SignedPaper,
} from '../../../activities/signings/delivery-commands';
import { printable } from '../../../rules/engine/basics/one-line';
import type { Language, Text } from '../../../rules/engine/basics/text';
import type { SigningReason } from '../../../rules/engine/signing/signing';
import { formatMinute } from '../../../templates/words/dates';
import { deliveryStateName } from '../../../templates/words/delivery-states';
import { signingWords } from '../../../templates/words/signing-words';
import { keptReason } from '../../../templates/words/kept-reasons';

/** Most characters of a reason in a list, and of a value in a body. */
const longestReason = 100;
const longestValue = 200;
/** Most lines of a body that are shown. */
const mostLines = 40;

function cut(text: string, longest: number): string {
  const characters = Array.from(printable(text));
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : characters.join('');
}

const reasonLine = ({ about, message }: SigningReason, language: Language): string =>
  `${about === undefined ? '' : `${printable(about)}: `}${printable(message[language])}`;

/** A delivery's state and, if it is done, its result. */
const stateOf = ({ state, result }: DeliveryStatus, language: Language): string =>
  deliveryStateName(state, language) + (result === null ? '' : `: ${deliveryStateName(result, language)}`);

const said = {
  sv: {
    header: ['id', 'tjänst', 'mottagen', 'gånger', 'läge', 'dokument', 'avtal', 'skäl'],
    older: (count: number) => `(${count} äldre; --limit visar fler)`,
    delivery: 'Leverans',
    fields: {
      received: 'mottagen',
      processed: 'behandlad',
      told: 'berättad',
      by: 'av',
      due: 'nästa',
      error: 'fel',
      document: 'dokument',
      title: 'titel',
      outcome: 'utfall',
      signer: 'signerare',
      agreement: 'avtal',
      page: 'sida',
      paper: 'papper',
      amendment: 'tillägg',
      rejected: 'åsidolagd',
      reason: 'skäl',
      header: 'huvud',
      also: 'även',
      body: 'innehåll',
      fetched: 'hämtat',
    },
    times: (count: number, last: string) => `, ${count} gånger, senast ${last}`,
    attempts: (due: string, count: number) => `${due}, ${count} försök hittills`,
    bytes: (count: number) => `${count} byte`,
    ...signingWords.sv,
    kept: { wanted: 'väntas', kept: 'sparat', unavailable: 'finns inte' },
    outcomes: {
      completed: 'signerat',
      declined: 'avböjt',
      voided: 'makulerat',
      expired: 'utgånget',
      other: 'annat',
    },
    empty: 'Det är tomt',
    neither: 'Det är varken JSON eller ett formulär',
    asItCame: (command: string) => `som det kom: ${command}`,
    moreLines: (count: number) => `  … och ${counted(count, ['rad', 'rader'])} till`,
    whole: (command: string) => `Alltihop, som det kom: ${command}`,
    characters: 'tecken',
  },
  en: {
    header: ['id', 'service', 'received', 'times', 'state', 'document', 'agreement', 'reason'],
    older: (count: number) => `(${count} older; --limit shows more)`,
    delivery: 'Delivery',
    fields: {
      received: 'received',
      processed: 'processed',
      told: 'told',
      by: 'by',
      due: 'due',
      error: 'error',
      document: 'document',
      title: 'title',
      outcome: 'outcome',
      signer: 'signer',
      agreement: 'agreement',
      page: 'page',
      paper: 'paper',
      amendment: 'amendment',
      rejected: 'rejected',
      reason: 'reason',
      header: 'header',
      also: 'also',
      body: 'body',
      fetched: 'fetched',
    },
    times: (count: number, last: string) => `, ${count} times, last ${last}`,
    attempts: (due: string, count: number) => `${due}, ${counted(count, ['attempt', 'attempts'])} so far`,
    bytes: (count: number) => counted(count, ['byte', 'bytes']),
    ...signingWords.en,
    kept: { wanted: 'wanted', kept: 'kept', unavailable: 'unavailable' },
    outcomes: {
      completed: 'completed',
      declined: 'declined',
      voided: 'voided',
      expired: 'expired',
      other: 'other',
    },
    empty: 'It is empty',
    neither: 'It is neither JSON nor a form',
    asItCame: (command: string) => `as it came: ${command}`,
    moreLines: (count: number) => `  … and ${counted(count, ['more line', 'more lines'])}`,
    whole: (command: string) => `All of it, as it came: ${command}`,
    characters: 'characters',
  },
} as const;

/** Deliveries as a table. @param older the number of older ones that are not shown */
export function printDeliveries(
  deliveries: readonly DeliveryStatus[],
  older: number,
  language: Language,
): string {
  const { header, older: olderOnes } = said[language];
  const rows = deliveries.map((delivery) => {
    const { id, service, receivedAt, times, document, agreement, reasons, lastError } = delivery;
    const reason = reasons[0] ? reasonLine(reasons[0], language) : (lastError ?? '');
    return [
      String(id),
      service,
      formatMinute(receivedAt),
      String(times),
      stateOf(delivery, language),
      cut(document ?? '-', 40),
      agreement ?? '-',
      cut(reason, longestReason),
    ];
  });
  const table = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...(older > 0 ? [olderOnes(older)] : []), ...lines].join('\n');
}

/** Everything about one delivery except its body. */
export function printDelivery(
  delivery: DeliveryDetail,
  link: string | undefined,
  language: Language,
): string {
  const { id, service, times, receivedAt, lastReceivedAt, document, title, signers, agreement, signing } =
    delivery;
  const { reasons, attempts, dueAt, lastError, processedAt, toldAt, by, state, headers, related } = delivery;
  const words = said[language];
  const field = (name: keyof typeof words.fields, value: string | false | null | undefined): string[] =>
    value === false || value === null || value === undefined || value === ''
      ? []
      : [`  ${words.fields[name].padEnd(10)} ${value}`];
  const papers = delivery.papers.map(
    ({ kind, state: kept, name, digest, lastError: failure }: SignedPaper) =>
      `${words.papers[kind]} ${words.kept[kept]}${name === null ? '' : `, ${printable(name)}`}${digest === null ? '' : `, sha256 ${digest}`}` +
      `${failure === null ? '' : `, ${printable(keptReason(failure, language))}`}`,
  );
  const whose = agreement ?? signing?.agreement;
  return [
    `${words.delivery} ${id}  ${service}: ${stateOf(delivery, language)}`,
    ...field(
      'received',
      formatMinute(receivedAt) + (times > 1 ? words.times(times, formatMinute(lastReceivedAt)) : ''),
    ),
    ...field('processed', processedAt && formatMinute(processedAt)),
    ...field('told', toldAt && formatMinute(toldAt)),
    ...field('by', by && printable(by)),
    ...(state === 'received' ? field('due', words.attempts(formatMinute(dueAt), attempts)) : []),
    ...field('error', lastError && printable(keptReason(lastError, language))),
    ...field('document', document && printable(document)),
    ...field('title', title && printable(title)),
    ...field('outcome', delivery.outcome && words.outcomes[delivery.outcome]),
    ...signers.flatMap(({ name, email, signedAt }) =>
      field(
        'signer',
        `${printable(name)} <${printable(email)}>${signedAt === undefined ? '' : `, ${formatMinute(signedAt)}`}`,
      ),
    ),
    ...field('agreement', whose && `${whose}${signing ? ` (${words.kinds[signing.kind]})` : ''}`),
    ...field('page', link),
    ...papers.flatMap((paper) => field('paper', paper)),
    ...delivery.amendments.flatMap((each) =>
      field('amendment', `${each.id}, ${words.amendments[each.state]}`),
    ),
    ...reasons.flatMap((reason, index) =>
      field(state === 'rejected' && index === 0 ? 'rejected' : 'reason', reasonLine(reason, language)),
    ),
    ...Object.entries(headers).flatMap(([name, value]) =>
      field('header', `${printable(name)}: ${printable(value)}`),
    ),
    ...related.flatMap((each) =>
      field('also', `${each.id}  ${formatMinute(each.receivedAt)}  ${stateOf(each, language)}`),
    ),
    ...field('body', `${words.bytes(delivery.bytes)}, sha256 ${delivery.digest}`),
    ...field('fetched', delivery.fetchedBytes !== null && words.bytes(delivery.fetchedBytes)),
    '',
  ].join('\n');
}

/** The commands that apply to a delivery now, one a line. */
export function nextSteps(delivery: DeliveryDetail): Text[] {
  const { id, service, state, result, amendments } = delivery;
  const retry = `npx serviceavtal intake retry ${id}`;
  const reject = `npx serviceavtal intake reject ${id} --reason "…"`;
  const putAside = {
    sv: `Om inget ska bli av den: ${reject}`,
    en: `If nothing is to become of it: ${reject}`,
  };
  switch (state) {
    case 'waiting':
      return [
        {
          sv: `Rätta rules/signing/${service}.json, eller det som skälen säger; sedan: ${retry}`,
          en: `Mend rules/signing/${service}.json, or what the reasons say; then: ${retry}`,
        },
        putAside,
      ];
    case 'received':
      return [{ sv: `För ett försök nu: ${retry}`, en: `To have it tried now: ${retry}` }, putAside];
    case 'rejected':
      return [{ sv: `För att ta upp den igen: ${retry}`, en: `To take it up again: ${retry}` }];
    case 'refused':
      return [
        {
          sv:
            `Dess signatur kontrolleras igen först när den levereras igen: rätta SERVICEAVTAL_${service.toUpperCase()}_KEYS, ` +
            'och låt sedan tjänsten skicka den igen.',
          en:
            `Its signature is checked again only when it is delivered again: put SERVICEAVTAL_${service.toUpperCase()}_KEYS ` +
            'right, then have the service send it again.',
        },
      ];
    case 'done':
      return [
        ...amendments
          .filter((each) => each.state === 'proposed')
          .map((each) => ({
            sv: `Väntar på godkännande: npx serviceavtal amendments show ${each.id}`,
            en: `Waits for approval: npx serviceavtal amendments show ${each.id}`,
          })),
        ...(result === 'recorded'
          ? [
              {
                sv: `Inget skulle göras; för att läsa den igen: ${retry}`,
                en: `Nothing was to be done; to have it read again: ${retry}`,
              },
            ]
          : []),
      ];
  }
}

/** The beginning of a body, laid out; papers and other long values are shortened. */
export function showContent(
  content: Buffer,
  { id }: Pick<DeliveryDetail, 'id'>,
  which: 'body' | 'fetched',
  language: Language,
): string {
  const words = said[language];
  const whole = `npx serviceavtal intake show ${id}${which === 'fetched' ? ' --fetched' : ''} --raw -`;
  const lines = laidOut(readContent(content), words.characters);
  if (lines === undefined)
    return `${content.length === 0 ? words.empty : words.neither}; ${words.asItCame(whole)}\n`;
  const more = lines.length - mostLines;
  return [
    ...lines.slice(0, mostLines).map((line) => `  ${printable(line)}`),
    ...(more > 0 ? [words.moreLines(more)] : []),
    words.whole(whole),
    '',
  ].join('\n');
}

/** Reads a body as JSON, or as a form whose fields may hold JSON. */
function readContent(content: Buffer): unknown {
  const text = content.toString('utf8');
  const json = parsed(text);
  if (json !== undefined) return json;
  if (!/^[\w.~%+*-]+=[\x21-\x7e]*$/.test(text.slice(0, 1_000).trim())) return undefined;
  const fields = [...new URLSearchParams(text.trim())].map(([name, value]) => [name, parsed(value) ?? value]);
  return Object.fromEntries(fields) as unknown;
}

/** @param characters what the length of a value that is cut is counted in */
function laidOut(value: unknown, characters: string): string[] | undefined {
  if (value === undefined) return undefined;
  try {
    return JSON.stringify(value, shortened(characters), 2).split('\n');
  } catch {
    // Nested too deeply to be laid out: this is no contract.
    return undefined;
  }
}

function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the caller shows it as text.
    return undefined;
  }
}

const shortened =
  (characters: string) =>
  (_key: string, value: unknown): unknown =>
    typeof value !== 'string' || value.length <= longestValue
      ? value
      : `${value.slice(0, longestValue / 4)}… (${value.length} ${characters})`;
