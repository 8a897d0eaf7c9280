/** Prints deliveries on the terminal. Control characters in what others sent never reach it. */
import type { DeliveryDetail, DeliveryStatus } from '../../../activities/signings/delivery-commands';
import type { Language } from '../../../rules/engine/basics/text';
import type { SigningReason } from '../../../rules/engine/signing/signing';
import { formatMinute } from '../../../templates/words/dates';

/** Most characters of a reason in a list, and of a value in a body. */
const longestReason = 100;
const longestValue = 200;
/** Most lines of a body that are shown. */
const mostLines = 40;

const plain = (text: string): string =>
  text.replace(/[\r\n\t\u2028\u2029]+/g, ' ').replace(/\p{Cc}/gu, '\ufffd');

function cut(text: string, longest: number): string {
  const characters = Array.from(plain(text));
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : characters.join('');
}

const reasonLine = ({ about, message }: SigningReason, language: Language): string =>
  `${about === undefined ? '' : `${plain(about)}: `}${plain(message[language])}`;

/** A delivery's state or, if it is done, its result. */
const stateOf = ({ state, result }: DeliveryStatus): string =>
  result === null ? state : `${state}: ${result}`;

const header = ['id', 'service', 'received', 'times', 'state', 'document', 'agreement', 'reason'];

/** Deliveries as a table. @param older the number of older ones that are not shown */
export function printDeliveries(
  deliveries: readonly DeliveryStatus[],
  older: number,
  language: Language,
): string {
  const rows = deliveries.map((delivery) => {
    const { id, service, receivedAt, times, document, agreement, reasons, lastError } = delivery;
    const reason = reasons[0] ? reasonLine(reasons[0], language) : (lastError ?? '');
    return [
      String(id),
      service,
      formatMinute(receivedAt),
      String(times),
      stateOf(delivery),
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
  return [...(older > 0 ? [`(${older} older; --limit shows more)`] : []), ...lines].join('\n');
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
  const field = (name: string, value: string | false | null | undefined): string[] =>
    value === false || value === null || value === undefined || value === ''
      ? []
      : [`  ${name.padEnd(10)} ${value}`];
  const papers = delivery.papers.map(
    ({ kind, state: kept, name, digest, lastError: failure }) =>
      `${kind} ${kept}${name === null ? '' : `, ${plain(name)}`}${digest === null ? '' : `, sha256 ${digest}`}` +
      `${failure === null ? '' : `, ${plain(failure)}`}`,
  );
  const whose = agreement ?? signing?.agreement;
  return [
    `Delivery ${id}  ${service}: ${stateOf(delivery)}`,
    ...field(
      'received',
      formatMinute(receivedAt) + (times > 1 ? `, ${times} times, last ${formatMinute(lastReceivedAt)}` : ''),
    ),
    ...field('processed', processedAt && formatMinute(processedAt)),
    ...field('told', toldAt && formatMinute(toldAt)),
    ...field('by', by && plain(by)),
    ...(state === 'received' ? field('due', `${formatMinute(dueAt)}, ${attempts} attempts so far`) : []),
    ...field('error', lastError && plain(lastError)),
    ...field('document', document && plain(document)),
    ...field('title', title && plain(title)),
    ...field('outcome', delivery.outcome),
    ...signers.flatMap(({ name, email, signedAt }) =>
      field(
        'signer',
        `${plain(name)} <${plain(email)}>${signedAt === undefined ? '' : `, ${formatMinute(signedAt)}`}`,
      ),
    ),
    ...field('agreement', whose && `${whose}${signing ? ` (${signing.kind})` : ''}`),
    ...field('page', link),
    ...papers.flatMap((paper) => field('paper', paper)),
    ...delivery.amendments.flatMap((each) => field('amendment', `${each.id}, ${each.state}`)),
    ...reasons.flatMap((reason, index) =>
      field(state === 'rejected' && index === 0 ? 'rejected' : 'reason', reasonLine(reason, language)),
    ),
    ...Object.entries(headers).flatMap(([name, value]) => field('header', `${plain(name)}: ${plain(value)}`)),
    ...related.flatMap((each) =>
      field('also', `${each.id}  ${formatMinute(each.receivedAt)}  ${stateOf(each)}`),
    ),
    ...field('body', `${delivery.bytes} bytes, sha256 ${delivery.digest}`),
    ...field('fetched', delivery.fetchedBytes !== null && `${delivery.fetchedBytes} bytes`),
    '',
  ].join('\n');
}

/** The commands that apply to a delivery now, one a line. */
export function nextSteps(delivery: DeliveryDetail): string[] {
  const { id, service, state, result, amendments } = delivery;
  const retry = `npx serviceavtal intake retry ${id}`;
  const reject = `npx serviceavtal intake reject ${id} --reason "…"`;
  switch (state) {
    case 'waiting':
      return [
        `Mend rules/signing/${service}.json, or what the reasons say; then: ${retry}`,
        `If nothing is to become of it: ${reject}`,
      ];
    case 'received':
      return [`To have it tried now: ${retry}`, `If nothing is to become of it: ${reject}`];
    case 'rejected':
      return [`To take it up again: ${retry}`];
    case 'refused':
      return [
        `Its signature is checked again only when it is delivered again: put SERVICEAVTAL_${service.toUpperCase()}_KEYS ` +
          'right, then have the service send it again.',
      ];
    case 'done':
      return [
        ...amendments
          .filter((each) => each.state === 'proposed')
          .map((each) => `Waits for approval: npx serviceavtal amendments show ${each.id}`),
        ...(result === 'recorded' ? [`Nothing was to be done; to have it read again: ${retry}`] : []),
      ];
  }
}

/** The beginning of a body, laid out; papers and other long values are shortened. */
export function showContent(
  content: Buffer,
  { id }: Pick<DeliveryDetail, 'id'>,
  which: 'body' | 'fetched',
): string {
  const whole = `npx serviceavtal intake show ${id}${which === 'fetched' ? ' --fetched' : ''} --raw -`;
  const lines = laidOut(readContent(content));
  if (lines === undefined)
    return `${content.length === 0 ? 'It is empty' : 'It is neither JSON nor a form'}; as it came: ${whole}\n`;
  const more = lines.length - mostLines;
  return [
    ...lines.slice(0, mostLines).map((line) => `  ${plain(line)}`),
    ...(more > 0 ? [`  … and ${more} more lines`] : []),
    `All of it, as it came: ${whole}`,
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

function laidOut(value: unknown): string[] | undefined {
  if (value === undefined) return undefined;
  try {
    return JSON.stringify(value, shortened, 2).split('\n');
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

function shortened(_key: string, value: unknown): unknown {
  if (typeof value !== 'string' || value.length <= longestValue) return value;
  return `${value.slice(0, longestValue / 4)}… (${value.length} characters)`;
}
