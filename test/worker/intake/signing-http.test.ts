/** What a sender may do on its connection: only what it was asked for is taken, and nothing is smuggled in. */
import { docusign } from '../../../worker/intake/signatures/docusign';
import { signed } from '../../../worker/intake/signatures/signed';
import { eventually } from '../../activities/signed-agreement';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import type { Listening } from './listening';
import { clock, morning } from './listening';
import type { Sent } from './sending';
import {
  allKeys,
  converse,
  envelope,
  figure,
  fromDocusign,
  fromOneflow,
  fromOthers,
  keys,
  listenToServices,
  send,
} from './sending';

let database: FreshDatabase;
let intake: Listening;

beforeEach(async () => {
  clock.now = morning;
  database = await freshDatabase();
  intake = await listenToServices(database.db);
});

afterEach(async () => {
  await intake.stop();
  await database.close();
});

const kept = (): Promise<{ state: string; headers: Record<string, string>; body: string }[]> =>
  database.db.query(
    `select state, headers, convert_from(body, 'UTF8') as body from deliveries where state <> 'refused' order by id`,
  );

/** A request as it goes over the wire; a header that is undefined is left out. */
function wire(
  { path, method = 'POST', headers, body }: Sent,
  more: Record<string, string | undefined> = {},
): string {
  const length = String(Buffer.byteLength(body));
  const all = Object.entries({ Host: 'a', ...headers, 'Content-Length': length, ...more });
  const lines = all
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${String(value)}`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body.toString()}`;
}

const last = 'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const statuses = (answer: string): number[] =>
  [...answer.matchAll(/^HTTP\/1\.1 (\d+) /gm)].map(([, status]) => Number(status));

describe('a body that is not taken', () => {
  const inside = (): string => wire(fromDocusign(envelope('smuggled')));

  it.each<[string, number, () => Sent]>([
    [
      'the kind of its content',
      415,
      () => ({ ...docusignOf(inside()), headers: { 'Content-Type': 'text/xml' } }),
    ],
    ['its method', 405, () => ({ ...docusignOf(inside()), method: 'PUT' })],
    ['its address', 404, () => ({ ...docusignOf(inside()), path: '/signings/nobody' })],
    ['a signature it lacks', 401, () => ({ ...docusignOf(inside()), ...fromDocusign(inside(), []) })],
    ['another key', 401, () => fromDocusign(inside(), ['another key'])],
  ])('for %s (%d) is never read as the next request on its connection', async (_, status, sent) => {
    expect(statuses(await converse(intake.url, wire(sent()) + last))).toEqual([status, 200]);
    expect(await kept()).toEqual([]);
  });

  it('of a service that is not set up, or beyond what is answered a minute, is not either', async () => {
    const other = await listenToServices(database.db, { signing: { ...allKeys, docusign: () => [] } });
    expect(statuses(await converse(other.url, wire(docusignOf(inside())) + last))).toEqual([404, 200]);
    await other.stop();
    for (let count = 0; count < 60; count++) await send(intake.url, fromDocusign(`${count}`, []));
    const forged = wire(fromDocusign(inside(), []));
    expect(statuses(await converse(intake.url, forged + last))).toEqual([429, 200]);
    expect(await kept()).toEqual([]);
  });

  it('ends its connection where it is too large: what follows it is not looked at', async () => {
    const large = wire(docusignOf(''), { 'Content-Length': String(11 * 1024 * 1024) });
    const answer = await converse(intake.url, large + inside());
    expect(statuses(answer)).toEqual([413]);
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(await kept()).toEqual([]);
  });
});

describe('a body whose length is said wrongly', () => {
  it('is not taken while it is shorter, or said twice or in two ways', async () => {
    const sent = fromDocusign(envelope('e-1'));
    const longer = String(sent.body.length + 10);
    await converse(intake.url, wire(sent, { 'Content-Length': longer }), { end: true });
    await eventually(
      'it counts as aborted',
      async () =>
        (await figure(
          intake.url,
          'serviceavtal_signing_deliveries_total{service="docusign",answer="aborted"}',
        )) === 1,
    );
    const twice = wire(sent).replace('Content-Length', 'Content-Length: 2\r\nContent-Length');
    const inBothWays = wire(sent, { 'Transfer-Encoding': 'chunked' });
    for (const wrong of [twice, inBothWays])
      expect(statuses(await converse(intake.url, wrong))).toEqual([400]);
    expect(await kept()).toEqual([]);
    expect(await figure(intake.url, 'serviceavtal_intake_bytes_in_flight')).toBe(0);
  });

  it('is taken up to that where it is longer', async () => {
    const sent = fromDocusign(envelope('e-1'));
    // What follows is no request: its connection ends at once, whether the delivery has been answered by then or not.
    const more = 'and more\r\n\r\n';
    expect(statuses(await converse(intake.url, wire(sent) + more)).at(-1)).toBe(400);
    await eventually('it is kept', async () => (await kept()).length === 1);
    expect(await kept()).toMatchObject([{ state: 'received', body: sent.body }]);
  });
});

describe('a body in pieces', () => {
  const inPieces = (sent: Sent, trailers: string): string => {
    const head = wire(
      { ...sent, body: '' },
      { 'Content-Length': undefined, 'Transfer-Encoding': 'chunked', Connection: 'close' },
    );
    const { body } = sent;
    return `${head}3;a=b\r\n${body.slice(0, 3).toString()}\r\n${(body.length - 3).toString(16)}\r\n${body.slice(3).toString()}\r\n0\r\n${trailers}\r\n`;
  };

  it('may end with trailers, which are not kept', async () => {
    const sent = fromDocusign(envelope('e-1'));
    const answer = await converse(
      intake.url,
      inPieces(sent, 'User-Agent: x\r\nX-DocuSign-Signature-9: y\r\n'),
    );
    expect(statuses(answer)).toEqual([200]);
    const [row] = await kept();
    expect(row?.body).toBe(sent.body);
    expect(Object.keys(row?.headers ?? {}).sort()).toEqual([
      'content-type',
      'x-docusign-signature-1',
      'x-docusign-signature-2',
    ]);
  });

  it('is not genuine by a signature among its trailers', async () => {
    const { headers, ...sent } = fromOthers('{"event":"completed"}');
    const { 'Serviceavtal-Signature': signature, ...others } = headers;
    const text = inPieces({ ...sent, headers: others }, `Serviceavtal-Signature: ${String(signature)}\r\n`);
    expect(statuses(await converse(intake.url, text))).toEqual([401]);
    expect(await kept()).toEqual([]);
  });
});

describe('whoever asks before sending a body', () => {
  const asking = (sent: Sent, more: Record<string, string> = {}): string =>
    wire(
      { ...sent, body: '' },
      { 'Content-Length': String(sent.body.length), Expect: '100-continue', ...more },
    );

  it('is told to go on, once, and then what came of it', async () => {
    const sent = fromDocusign(envelope('e-1'));
    const text = asking(sent, { Connection: 'close' });
    const answer = await converse(intake.url, text, { drop: sent.body.toString(), everyMs: 50 });
    expect(statuses(answer)).toEqual([100, 200]);
    expect(await kept()).toMatchObject([{ body: sent.body }]);
  });

  it.each<[string, number, () => string]>([
    ['too large', 413, () => asking(docusignOf(''), { 'Content-Length': String(11 * 1024 * 1024) })],
    ['of the wrong kind', 415, () => asking(docusignOf('x'), { 'Content-Type': 'text/xml' })],
    ['sent to where nothing is', 404, () => asking({ ...docusignOf('x'), path: '/signings/nobody' })],
    ['sent in the wrong way', 405, () => asking({ ...docusignOf('x'), method: 'PUT' })],
  ])('is answered before it, and hung up on, where it is %s', async (_, status, text) => {
    expect(statuses(await converse(intake.url, text()))).toEqual([status]);
  });

  it('is not told to go on where it speaks HTTP/1.0, which does not know of it', async () => {
    const sent = fromDocusign(envelope('e-1'));
    const text = (asking(sent) + sent.body.toString()).replace('HTTP/1.1', 'HTTP/1.0');
    expect(statuses(await converse(intake.url, text))).toEqual([200]);
  });

  it('is refused where it expects something else', async () => {
    const text = asking(docusignOf(''), { Expect: 'a-cake', Connection: 'close' });
    expect(statuses(await converse(intake.url, text))).toEqual([417]);
  });
});

describe('a header full of signatures', () => {
  const body = Buffer.from(envelope('e-1'));
  const arrived = (headers: Record<string, string>) => ({
    headers,
    keys: keys.docusign,
    now: morning,
    body,
  });

  it('is looked at up to a hundred of DocuSign, ten of ours', () => {
    const right = String(fromDocusign(body).headers['X-DocuSign-Signature-1']);
    const of = (count: number) =>
      docusign.refuse(
        arrived({ 'x-docusign-signature-7': [...Array(count - 1).fill('a'), right].join(' , ') }),
      )?.reason.message;
    expect(of(100)).toBeUndefined();
    expect(of(101)).toEqual({
      sv: 'förväntade högst 100 signaturer, hittade 101',
      en: 'expected at most 100 signatures, found 101',
    });
    const ours = String(fromOthers(body).headers['Serviceavtal-Signature']);
    const more = (count: number) =>
      signed.refuse({
        ...arrived({ 'serviceavtal-signature': ours + `,v1=${'a'.repeat(64)}`.repeat(count) }),
        keys: keys.signed,
      });
    expect([more(9), more(10)?.status]).toEqual([undefined, 401]);
  });

  it('is answered, or refused by its size, and the next one is taken', async () => {
    const many = (count: number): Sent => {
      const sent = fromDocusign(body, []);
      return {
        ...sent,
        headers: { ...sent.headers, 'X-DocuSign-Signature-1': Array(count).fill('a').join(',') },
      };
    };
    expect((await send(intake.url, many(7_000))).status).toBe(401);
    expect(statuses(await converse(intake.url, wire(many(10_000))))).toEqual([431]);
    const numbered = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`X-DocuSign-Signature-${index}`, 'a']),
    );
    const sent = fromDocusign(body, []);
    expect((await send(intake.url, { ...sent, headers: { ...sent.headers, ...numbered } })).status).toBe(401);
    expect((await send(intake.url, fromDocusign(body))).status).toBe(200);
    expect((await send(intake.url, fromOneflow({ id: 1 }))).status).toBe(200);
  });
});

/** To DocuSign's address, by nobody. */
function docusignOf(body: string): Sent {
  return { path: '/signings/docusign', headers: { 'Content-Type': 'application/json' }, body };
}
