import http from 'node:http';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openDb } from '../../../activities/db';
import { takeDeliveries } from '../../../activities/signings/inbox';
import { signingServices } from '../../../rules/engine/signing/signing';
import { boundBytes } from '../../../worker/intake/bytes-in-flight';
import { mostInFlight } from '../../../worker/intake/signings';
import { openSecret, partsOf } from '../../../worker/settings/secret';
import { eventually, signAndPlan } from '../../activities/signed-agreement';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import type { Listening } from './listening';
import { agreement, clock, morning } from './listening';
import type { Answer, Sent } from './sending';
import {
  allKeys,
  converse,
  envelope,
  figure,
  fromDocusign,
  fromOneflow,
  fromOthers,
  fromScrive,
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

interface Kept {
  id: number;
  service: string;
  state: string;
  times: number;
  headers: Record<string, string>;
  body: Buffer;
  reasons: { about?: string; message: { sv: string; en: string } }[];
}

const kept = (): Promise<Kept[]> =>
  database.db.query<Kept>(
    'select id, service, state, times, headers, body, reasons from deliveries order by id',
  );
const deliver = (sent: Sent): Promise<Answer> => send(intake.url, sent);
const answered = async (sent: Sent): Promise<[number, string]> => {
  const { status, text } = await deliver(sent);
  return [status, text];
};
const whyRefused = async (): Promise<(string | undefined)[]> =>
  (await kept()).map(({ reasons }) => reasons[0]?.message.en);
const inFlight = (): Promise<number> => figure(intake.url, 'serviceavtal_intake_bytes_in_flight');
const counted = (service: string, answer: string): Promise<number> =>
  figure(intake.url, `serviceavtal_signing_deliveries_total{service="${service}",answer="${answer}"}`);

/** One genuine delivery of each service. */
const genuine: [string, () => Sent][] = [
  ['docusign', () => fromDocusign(envelope('e-1'))],
  ['oneflow', () => fromOneflow({ id: 17 })],
  ['scrive', () => fromScrive('8222', keys.scrive[0], { document_json: '{"å":1}' })],
  ['signed', () => fromOthers('{"event":"completed","document":{"id":"d"}}')],
];

describe('a genuine delivery', () => {
  it.each(genuine)(
    'of %s is kept byte for byte, announced, and answered with its number',
    async (service, sent) => {
      const heard: string[] = [];
      const silence = await database.db.listen(
        'serviceavtal_signings',
        () => heard.push('new'),
        () => undefined,
      );
      const { status, text, headers } = await deliver(sent());
      expect([status, text]).toEqual([200, 'received']);
      const [row] = await kept();
      expect(row).toMatchObject({ service, state: 'received', times: 1, reasons: [] });
      expect(row?.body.equals(Buffer.from(sent().body))).toBe(true);
      expect(headers['serviceavtal-delivery']).toBe(String(row?.id));
      await eventually('it was announced', () => heard.length === 1);
      silence();
      const taken = await takeDeliveries(database.db, row?.service as 'signed', 10);
      expect(taken.map(({ id }) => id)).toEqual([row?.id]);
    },
  );

  it.each(genuine)('of %s that comes five times is kept once, and counted', async (service, sent) => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => deliver(sent())));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(answers.map(({ text }) => text).sort()).toEqual(['known', 'known', 'known', 'known', 'received']);
    expect(new Set(answers.map(({ headers }) => headers['serviceavtal-delivery'])).size).toBe(1);
    expect((await kept()).map(({ times }) => times)).toEqual([5]);
    expect([await counted(service, 'received'), await counted(service, 'known')]).toEqual([1, 4]);
  });

  it.each(genuine)(
    'of %s may be of no use: what is wrong is found out later, if at all',
    async (service, sent) => {
      const odd: Record<string, Sent> = {
        docusign: fromDocusign(Buffer.from([0xff, 0xfe, 0x00, 0x7b])),
        oneflow: fromOneflow({ id: 'ö' }, keys.oneflow[0], 9_007_199_254_740_991, { events: 'none' }),
        scrive: { ...fromScrive('x'), body: 'document_id=%E5%&&=&document_id=2' },
        signed: fromOthers('"a text\u0000"'),
      };
      expect(sent().path).toContain(service);
      expect((await answered(odd[service]!))[0]).toBe(200);
      expect((await kept())[0]).toMatchObject({ service, state: 'received' });
    },
  );

  it('is kept without headers that are nobody’s business', async () => {
    const sent = fromDocusign(envelope('e-1'));
    const more = {
      authorization: 'Basic c2VjcmV0',
      cookie: 'a=b',
      'user-agent': 'docusign/1',
      'x-other': 'y',
    };
    await deliver({ ...sent, headers: { ...sent.headers, ...more } });
    expect(Object.keys((await kept())[0]?.headers ?? {}).sort()).toEqual([
      'content-type',
      'user-agent',
      'x-docusign-signature-1',
      'x-docusign-signature-2',
    ]);
    await deliver(fromScrive('1'));
    expect(JSON.stringify(await database.db.query('select to_jsonb(d) from deliveries d'))).not.toContain(
      keys.scrive[0],
    );
  });

  it('may come two hundred times at once from one address, each of them another', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => deliver(fromDocusign(envelope(`e-${index}`)))),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(200);
    expect(await kept()).toHaveLength(200);
    expect(await inFlight()).toBe(0);
  });

  it('may be ten megabytes, of DocuSign and in our own form; one, of the others', async () => {
    const filled = (bytes: number, id: string): string =>
      envelope(id, { x: '' }).replace('"x":""', `"x":"${'x'.repeat(bytes)}"`);
    const ten = 10 * 1024 * 1024;
    const exactly = filled(ten - filled(0, 'e').length, 'e');
    expect((await answered(fromDocusign(exactly)))[0]).toBe(200);
    expect((await answered(fromOthers(exactly)))[0]).toBe(200);
    expect((await answered(fromDocusign(`${exactly} `)))[0]).toBe(413);
    expect((await answered(fromOthers(`${exactly} `)))[0]).toBe(413);
    const oneflow = fromOneflow({ id: 1 });
    const most = 1024 * 1024;
    const padded = `${oneflow.body as string}${' '.repeat(most - oneflow.body.length)}`;
    expect((await answered({ ...oneflow, body: padded }))[0]).toBe(200);
    expect((await answered({ ...oneflow, body: `${padded} ` }))[0]).toBe(413);
    expect((await answered(fromScrive('1', keys.scrive[0], { x: 'x'.repeat(most) })))[0]).toBe(413);
    expect((await kept()).map(({ body }) => body.length)).toEqual([ten, ten, most]);
    expect(await inFlight()).toBe(0);
  });

  it('may come in pieces without saying how long it is, but not for ever', async () => {
    const sent = fromDocusign(envelope('e-1'));
    const chunked = { 'transfer-encoding': 'chunked' };
    expect((await answered({ ...sent, headers: { ...sent.headers, ...chunked } }))[0]).toBe(200);
    const large = fromOneflow({ id: 1 }, keys.oneflow[0], 1, { x: 'x'.repeat(2 * 1024 * 1024) });
    const answer = await deliver({ ...large, headers: { ...large.headers, ...chunked } });
    expect([answer.status, answer.headers.connection]).toEqual([413, 'close']);
    expect(await kept()).toHaveLength(1);
    expect(await inFlight()).toBe(0);
  });
});

describe('a delivery that is not genuine', () => {
  const body = envelope('e-1');
  const otherKey = 'a key of somebody else';
  const changed = (sent: Sent, text: string): Sent => ({ ...sent, body: text });
  const header = (value: string | string[]): Sent => ({
    ...fromOthers(body),
    headers: { 'content-type': 'application/json', 'Serviceavtal-Signature': value },
  });
  const t = morning / 1_000;
  const hex = 'a'.repeat(64);

  it.each<[string, () => Sent, string]>([
    [
      'DocuSign, another key',
      () => fromDocusign(body, [otherKey]),
      'expected a signature by one of our keys, found 1 signature that none of 2 keys gives',
    ],
    [
      'DocuSign, another body',
      () => changed(fromDocusign(body), `${body} `),
      'expected a signature by one of our keys, found 2 signatures that none of 2 keys gives',
    ],
    [
      'DocuSign, no signature',
      () => fromDocusign(body, []),
      'expected a signature by one of our keys, found none',
    ],
    [
      'DocuSign, an empty key',
      () => fromDocusign(body, ['']),
      'expected a signature by one of our keys, found 1 signature that none of 2 keys gives',
    ],
    [
      'our form, another key',
      () => fromOthers(body, [otherKey]),
      'expected a signature by one of our keys, found 1 signature that none of 2 keys gives',
    ],
    [
      'our form, another body',
      () => changed(fromOthers(body), body.replace('e-1', 'e-2')),
      'expected a signature by one of our keys, found 1 signature that none of 2 keys gives',
    ],
    [
      'our form, no header',
      () => ({ ...fromOthers(body), headers: { 'content-type': 'application/json' } }),
      'expected t=<seconds>,v1=<64 hex>[,v1=<64 hex>], found none',
    ],
    [
      'Oneflow, another key',
      () => fromOneflow({ id: 1 }, otherKey),
      'expected a signature by one of our keys, found 1 signature that none of 1 key gives',
    ],
    [
      'Oneflow, no signature',
      () => changed(fromOneflow({ id: 1 }), '{"contract":{"id":1}}'),
      'expected callback_id and signature, found none',
    ],
    [
      'Oneflow, a signature that is no text',
      () => changed(fromOneflow({ id: 1 }), '{"callback_id":"a","signature":["x"]}'),
      'expected callback_id and signature, found none',
    ],
    [
      'Scrive, another secret',
      () => fromScrive('1', otherKey.replace(/ /g, '-')),
      'expected one of our secrets at its end, found another',
    ],
    [
      'Scrive, half a secret',
      () => fromScrive('1', keys.scrive[0]!.slice(0, 16)),
      'expected one of our secrets at its end, found another',
    ],
  ])('is answered 401, without saying why, and kept with the reason: %s', async (_, sent, reason) => {
    expect(await answered(sent())).toEqual([401, 'not accepted']);
    expect(await whyRefused()).toEqual([reason]);
    expect((await kept())[0]).toMatchObject({ state: 'refused', times: 1 });
    expect(await takeDeliveries(database.db, 'docusign', 10)).toEqual([]);
  });

  it('has a header that is not exactly in our form', async () => {
    const wrong = [
      '',
      'v1=' + hex,
      `t=${t}`,
      `t=${t},`,
      `t=${t},v1=`,
      `t=${t},v1=${hex}0`,
      `t=${t},v1=${hex.slice(1)}`,
      `t=${t},v1=${hex.slice(1)}g`,
      `t=${t}, v1=${hex}`,
      ` t=${t},v2=${hex}`,
      `t=${t},v1=${hex},`,
      `v1=${hex},t=${t}`,
      `t=0${t},v1=${hex}`,
      `t=-${t},v1=${hex}`,
      `t=${t}.5,v1=${hex}`,
      `t=1e9,v1=${hex}`,
      `t=${'9'.repeat(13)},v1=${hex}`,
      `t=${t},t=${t},v1=${hex}`,
      `t=${t}${`,v1=${hex}`.repeat(11)}`,
      `t=${t};v1=${hex}`,
      [`t=${t},v1=${hex}`, `t=${t},v1=${hex}`],
    ];
    for (const value of wrong) expect([value, (await answered(header(value)))[0]]).toEqual([value, 401]);
    // All have the same body: one row, with the reason of the last.
    expect(await kept()).toMatchObject([{ state: 'refused', times: wrong.length }]);
    expect(await whyRefused()).toEqual([
      'expected t=<seconds>,v1=<64 hex>[,v1=<64 hex>], found something else',
    ]);
  });

  it.each([
    [-301, 'expected a time within 300 s of our clock, found one that is 301 s old'],
    [301, 'expected a time within 300 s of our clock, found one that is 301 s ahead'],
    [-86_400 * 30, 'expected a time within 300 s of our clock, found one that is 2592000 s old'],
  ])('was signed %d s from our clock', async (seconds, reason) => {
    expect(await answered(fromOthers(body, keys.signed, morning + seconds * 1_000))).toEqual([
      401,
      'not accepted',
    ]);
    expect(await whyRefused()).toEqual([reason]);
  });

  it.each([-300, 0, 300])(
    'is genuine %d s from our clock, again and again; not a second later',
    async (seconds) => {
      const sent = fromOthers(body, keys.signed.slice(1), morning + seconds * 1_000);
      expect([await answered(sent), await answered(sent)]).toEqual([
        [200, 'received'],
        [200, 'known'],
      ]);
      clock.now = morning + (301 + seconds) * 1_000;
      expect((await answered(sent))[0]).toBe(401);
      // What was genuine once stays what it became of it.
      expect(await kept()).toMatchObject([{ state: 'received', times: 3, reasons: [] }]);
    },
  );

  it('is genuine if any of its signatures is by any of our keys', async () => {
    expect((await answered(fromOthers('{"a":1}', [otherKey, keys.signed[1]!])))[0]).toBe(200);
    expect((await answered(fromDocusign('{"a":2}', [otherKey, keys.docusign[1]!])))[0]).toBe(200);
    const upper = fromOthers('{"a":3}');
    const [, digits = ''] = String(upper.headers['Serviceavtal-Signature']).split('v1=');
    const signature = String(upper.headers['Serviceavtal-Signature']).replace(digits, digits.toUpperCase());
    expect(
      (await answered({ ...upper, headers: { ...upper.headers, 'Serviceavtal-Signature': signature } }))[0],
    ).toBe(200);
    const twice = fromDocusign('{"a":4}', [keys.docusign[0]!]);
    const values = ['bm90IGl0', String(twice.headers['X-DocuSign-Signature-1'])];
    expect(
      (await answered({ ...twice, headers: { ...twice.headers, 'X-DocuSign-Signature-1': values } }))[0],
    ).toBe(200);
  });

  it('is told when the address of Scrive lacks its secret', async () => {
    for (const where of ['/signings/scrive', '/signings/scrive/'])
      expect(await answered({ ...fromScrive('1'), path: where })).toEqual([
        401,
        'the address lacks its secret: /signings/scrive/<secret>',
      ]);
  });

  it('is told what it lacks where it proves little: 400, kept as refused', async () => {
    const cases: [Sent, string][] = [
      [changed(fromOneflow({ id: 1 }), 'not json'), 'expected a JSON object in UTF-8, found something else'],
      [changed(fromOneflow({ id: 1 }), '[]'), 'expected a JSON object in UTF-8, found something else'],
      [
        { ...fromOneflow({ id: 1 }), body: Buffer.from([0x7b, 0xff, 0x7d]) },
        'expected a JSON object in UTF-8, found something else',
      ],
      [changed(fromOneflow({ id: 1 }), ''), 'expected a JSON object in UTF-8, found something else'],
      [
        changed(fromOneflow({ id: 1 }), '{"callback_id":1,"contract":{"id":1,"\\u0069d":2}}'),
        'expected each property once, found "id" again',
      ],
      [fromOneflow({ id: '' }), 'expected contract.id, found none'],
      [fromOneflow({ id: 1.5 }), 'expected contract.id, found none'],
      [fromOneflow([]), 'expected contract.id, found none'],
      [fromOneflow('x'), 'expected contract.id, found none'],
      [fromScrive(' '), 'expected document_id, found none'],
      [changed(fromScrive('1'), 'document_json={}'), 'expected document_id, found none'],
    ];
    for (const [sent, told] of cases) expect(await answered(sent)).toEqual([400, told]);
    // Two of them are the same bytes.
    expect((await kept()).every(({ state }) => state === 'refused')).toBe(true);
    expect(await counted('oneflow', 'unreadable')).toBe(9);
  });

  it('is taken up when the same bytes come again, and a key of now gives the signature', async () => {
    let known: string[] = [];
    const other = await listenToServices(database.db, { signing: { ...allKeys, docusign: () => known } });
    known = ['old'];
    expect((await send(other.url, fromDocusign(body, ['new']))).status).toBe(401);
    known = ['old', 'new'];
    expect(await send(other.url, fromDocusign(body, ['new']))).toMatchObject({
      status: 200,
      text: 'received',
    });
    expect(await kept()).toMatchObject([{ state: 'received', times: 2, reasons: [] }]);
    expect(await send(other.url, fromDocusign(body, ['new']))).toMatchObject({ status: 200, text: 'known' });
    await other.stop();
  });

  it('is kept sixty times a minute from one address, then neither kept nor answered more than 429; genuine ones are', async () => {
    const forged = (index: number): Sent =>
      [
        fromDocusign(envelope(`f-${index}`), ['forged']),
        fromDocusign(envelope(`f-${index}`), []),
        fromScrive(`${index}`, 'forged'),
        fromOneflow({ id: index }, 'forged'),
      ][index % 4]!;
    const answers = await Promise.all(Array.from({ length: 80 }, (_, index) => deliver(forged(index))));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(60);
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited).toHaveLength(20);
    expect(limited.every(({ headers }) => headers['retry-after'] === '60')).toBe(true);
    expect(await kept()).toHaveLength(60);
    for (const [, sent] of genuine) expect((await answered(sent()))[0]).toBe(200);
    expect(await inFlight()).toBe(0);
  });

  it('fills the database with so many bytes an hour and no more, from however many addresses', async () => {
    const most = await listenToServices(database.db, { refusedBytesPerHour: 1_000 });
    const forged = async (index: number, bytes: number): Promise<number> =>
      (await send(most.url, fromDocusign(`${index}`.padStart(bytes, ' '), ['forged']))).status;
    const statuses = [await forged(1, 400), await forged(2, 400), await forged(3, 400), await forged(4, 200)];
    expect(statuses).toEqual([401, 401, 429, 401]);
    expect(await kept()).toHaveLength(3);
    expect((await send(most.url, fromDocusign(envelope('genuine')))).status).toBe(200);
    clock.now += 3_599_999;
    expect(await forged(5, 1)).toBe(429);
    clock.now += 1;
    expect(await forged(6, 1_000)).toBe(401);
    await most.stop();
  });
});

describe('what is not taken', () => {
  it.each(signingServices)('is anything of a service without keys: %s', async (service) => {
    const other = await listenToServices(database.db, { signing: { ...allKeys, [service]: () => [] } });
    const [, sent] = genuine.find(([name]) => name === service)!;
    const { status, text } = await send(other.url, sent());
    expect([status, text]).toEqual([404, 'not set up here']);
    expect(await kept()).toEqual([]);
    for (const [name, one] of genuine.filter(([each]) => each !== service))
      expect([name, (await send(other.url, one())).status]).toEqual([name, 200]);
    await other.stop();
  });

  it.each(genuine)('is content of another kind, to %s', async (service, sent) => {
    const { headers } = sent();
    const json = service !== 'scrive';
    const wrong = [
      { 'content-type': 'text/xml' },
      { 'content-type': json ? 'application/x-www-form-urlencoded' : 'application/json' },
      { 'content-type': json ? 'application/json; charset=iso-8859-1' : 'multipart/form-data; boundary=x' },
      { 'content-type': 'application/jsonp' },
      { 'content-type': ';;;' },
      { 'content-encoding': 'gzip' },
      { 'content-encoding': 'identity, br' },
    ];
    for (const each of wrong)
      expect([each, await answered({ ...sent(), headers: { ...headers, ...each } })]).toEqual([
        each,
        [415, expect.stringMatching(/^expected /)],
      ]);
    const { 'content-type': type = '', ...without } = headers;
    expect((await answered({ ...sent(), headers: without }))[0]).toBe(415);
    expect(await kept()).toEqual([]);
    const odd = `${String(type).split(';')[0]?.toUpperCase()} ; charset="UTF-8"`;
    const fine = { ...headers, 'content-type': odd, 'content-encoding': 'Identity' };
    expect((await answered({ ...sent(), headers: fine }))[0]).toBe(200);
  });

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'is %s, which says what is possible',
    async (method) => {
      for (const [, sent] of [
        ...genuine,
        ['', () => ({ ...fromScrive('1'), path: '/signings/scrive' })] as const,
      ]) {
        const answer = await deliver({ ...sent(), method });
        expect([answer.status, answer.headers.allow]).toEqual([405, 'POST']);
      }
      expect(await kept()).toEqual([]);
    },
  );

  it('is anything while the database is away or hangs: in time, to be sent again, logged without secrets', async () => {
    const away = openDb('postgresql://nobody:secret@127.0.0.1:1/nothing');
    const hanging: typeof away = { ...away, query: () => new Promise(() => undefined) };
    for (const db of [away, hanging]) {
      const cut = await listenToServices(db);
      const answers = await Promise.all(genuine.map(([, sent]) => send(cut.url, sent())));
      expect(answers.map(({ status, headers }) => [status, headers['retry-after']])).toEqual(
        Array(4).fill([503, '10']),
      );
      expect(cut.logged.join('\n')).toContain('POST /signings/scrive/:secret');
      expect(cut.logged.join('\n')).not.toContain(keys.scrive[0]);
      // What a database that hangs has not taken yet is still in memory.
      const held = await figure(cut.url, 'serviceavtal_intake_bytes_in_flight');
      expect(held > 0).toBe(db === hanging);
      await cut.stop();
    }
    await away.close();
  });
});

describe('the memory that deliveries take', () => {
  const ten = 10 * 1024 * 1024;
  /** Begins a delivery that never ends, with so many bytes of its body. */
  function begin(bytes: number, headers: Record<string, string> = {}): http.ClientRequest {
    const { hostname, port } = new URL(intake.url);
    const { path: where, headers: signed } = fromDocusign('{}');
    const request = http.request({
      hostname,
      port,
      path: where,
      method: 'POST',
      headers: { ...signed, ...headers },
      agent: false,
    });
    request.on('error', () => undefined);
    request.write(Buffer.alloc(bytes, 'x'));
    return request;
  }

  it('is what has arrived: three hundred that claim ten megabytes and send little hold up nobody', async () => {
    const open = Array.from({ length: 300 }, () => begin(1_000, { 'content-length': String(ten) }));
    await eventually('all are held', async () => (await inFlight()) === 300_000);
    for (const [, sent] of genuine) expect((await answered(sent()))[0]).toBe(200);
    expect((await answered(fromDocusign(envelope('x'.repeat(9 * 1024 * 1024)))))[0]).toBe(200);
    open[0]!.write('more');
    await eventually('what came later is held, too', async () => (await inFlight()) === 300_004);
    for (const request of open) request.destroy();
    await eventually('all is given back', async () => (await inFlight()) === 0);
    expect(await counted('docusign', 'aborted')).toBe(300);
  });

  it('is bounded: whoever passes the bound is told to come again, and hung up on', async () => {
    const six = Array.from({ length: 6 }, () => begin(ten));
    await eventually('six are held', async () => (await inFlight()) === 6 * ten);
    // Four megabytes are left.
    const five = fromDocusign(envelope('x'.repeat(5 * 1024 * 1024)));
    const { status, text, headers } = await deliver(five);
    expect([status, text]).toEqual([503, 'not now, try again']);
    expect([headers['retry-after'], headers.connection]).toEqual(['10', 'close']);
    expect(await counted('docusign', 'busy')).toBe(1);
    expect(intake.logged.join()).toContain('expected room for a body in memory, found none');
    await eventually('what came of it is given back', async () => (await inFlight()) === 6 * ten);
    expect((await answered(fromDocusign(envelope('x'.repeat(3 * 1024 * 1024)))))[0]).toBe(200);
    expect((await fetch(`${intake.url}/healthz`)).status).toBe(200);
    // Half of them hang up, the others end: either way all is given back.
    six.slice(0, 3).forEach((request) => request.destroy());
    await eventually('three hung up', async () => (await inFlight()) === 3 * ten);
    expect(await counted('docusign', 'aborted')).toBe(3);
    expect((await answered(five))[0]).toBe(200);
    six.slice(3).forEach((request) => request.end());
    await eventually('all is given back', async () => (await inFlight()) === 0);
    expect((await kept()).filter(({ state }) => state === 'received')).toHaveLength(2);
  });

  it('does not grow with the number of pieces: each of one byte, they are kept byte for byte', async () => {
    const { headers, body } = fromOthers(JSON.stringify({ x: 'åäö'.repeat(10_000) }));
    const pieces = Array.from(Buffer.from(body), (byte) =>
      Buffer.concat([Buffer.from('1\r\n'), Buffer.from([byte]), Buffer.from('\r\n')]),
    );
    const head = Object.entries({
      ...headers,
      host: 'a',
      'transfer-encoding': 'chunked',
      connection: 'close',
    })
      .map(([name, value]) => `${name}: ${String(value)}\r\n`)
      .join('');
    const answer = await converse(
      intake.url,
      Buffer.concat([
        Buffer.from(`POST /signings/signed HTTP/1.1\r\n${head}\r\n`),
        ...pieces,
        Buffer.from('0\r\n\r\n'),
      ]),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect((await kept()).map((each) => each.body.equals(Buffer.from(body)))).toEqual([true]);
  });

  it('stays within its bound under a flood of forged, slow, broken and genuine ones, and is given back', async () => {
    const quick = await listenToServices(database.db, { receiveWithin: 3_000 });
    const held = (): Promise<number> => figure(quick.url, 'serviceavtal_intake_bytes_in_flight');
    const megabyte = 'x'.repeat(1024 * 1024 - 200);
    const forged = Array.from({ length: 300 }, (_, index) =>
      send(quick.url, fromDocusign(envelope(megabyte, { index }), ['forged'])).then(
        ({ status }) => status,
        () => 0,
      ),
    );
    const slow = Array.from({ length: 5 }, () =>
      converse(
        quick.url,
        'POST /signings/docusign HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nx-docusign-signature-1: a\r\ncontent-length: 4000000\r\n\r\n',
        { drop: 'x' },
      ),
    );
    let most = 0;
    let done = false;
    const watched = (async () => {
      while (!done) {
        most = Math.max(most, await held());
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })();
    const statuses = await Promise.all(forged);
    const cut = await Promise.all(slow);
    done = true;
    await watched;
    // 408: on a busy machine some of the flood are slow themselves.
    expect(statuses.filter((status) => ![401, 408, 429, 503].includes(status))).toEqual([]);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(60);
    for (const answer of cut) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(mostInFlight);
    await eventually('all is given back', async () => (await held()) === 0);
    expect((await send(quick.url, fromDocusign(envelope('after')))).status).toBe(200);
    await quick.stop();
  });

  it('is counted exactly: nothing is given back twice, or taken after that', () => {
    const bytes = boundBytes(10);
    const [one, other] = [bytes.open(), bytes.open()];
    expect([one.take(2), one.take(4), other.take(5), other.take(4), one.take(1)]).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
    expect(bytes.held()).toBe(10);
    one.release();
    one.release();
    expect(bytes.held()).toBe(4);
    expect(one.take(1)).toBe(false);
    other.release();
    expect(bytes.held()).toBe(0);
  });
});

describe('the log of requests', () => {
  it('holds no secret of Scrive, whether it is right, wrong, or stands in an address that leads nowhere', async () => {
    const lines: string[] = [];
    const talkative = await listenToServices(database.db, {
      requestLog: { write: (line) => lines.push(line) },
    });
    const secret = keys.scrive[0]!;
    for (const where of [
      `/signings/scrive/${secret}`,
      `/signings/scrive/${secret}/`,
      `/signings/scrive/${secret}x`,
      `/signings/scrive/${secret}/more`,
      `/signings/scrive/${secret}%zz`,
      `/signing/scrive/${secret}`,
      `/signings/scrive?${secret}`,
      `/signings/scrive/${secret.repeat(200)}`,
    ])
      await send(talkative.url, { ...fromScrive('1'), path: where });
    await talkative.stop();
    expect(lines.join('')).toContain('/signings/scrive/:secret');
    expect(lines.join('') + talkative.logged.join('')).not.toContain(secret);
  });
});

describe('keys', () => {
  it('change without a restart: a delivery by the new one is taken as soon as it stands in the file', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'keys-'));
    const file = path.join(folder, 'docusign-keys');
    fs.writeFileSync(file, 'first\n');
    const secret = openSecret('SERVICEAVTAL_DOCUSIGN_KEYS', undefined, file);
    const other = await listenToServices(database.db, {
      signing: { ...allKeys, docusign: () => partsOf(secret) },
    });
    const by = async (key: string): Promise<number> =>
      (await send(other.url, fromDocusign(envelope(key), [key]))).status;
    expect([await by('first'), await by('second')]).toEqual([200, 401]);
    fs.writeFileSync(`${file}.new`, 'first second\n');
    fs.renameSync(`${file}.new`, file);
    await eventually('the new key is known', async () => (await by('second')) === 200);
    expect(await by('first')).toBe(200);
    fs.writeFileSync(file, 'second\n');
    await eventually('the old one is forgotten', async () => (await by('first')) === 401);
    expect(await by('second')).toBe(200);
    await other.stop();
    fs.rmSync(folder, { recursive: true });
  });
});

describe('figures of signings', () => {
  it('are nought before anything came, for every service and answer', async () => {
    for (const service of signingServices)
      for (const answer of ['received', 'known', 'refused', 'limited', 'failed'])
        expect(await counted(service, answer)).toBe(0);
    for (const state of ['received', 'waiting', 'refused'])
      expect(await figure(intake.url, `serviceavtal_signings{state="${state}"}`)).toBe(0);
    for (const name of ['signed_files_wanted', 'amendments_proposed', 'signing_mails_unsent'])
      expect(await figure(intake.url, `serviceavtal_${name}`)).toBe(0);
  });

  it('tell what papers are wanted, what amendments wait for an answer, and what mails have not gone out', async () => {
    const { db } = database;
    await signAndPlan(db);
    const [delivery] = await db.query<{ id: number }>(
      `insert into deliveries (service, headers, body, digest, state) values ('signed', '{}', '', '1', 'done') returning id`,
    );
    await db.query(
      `insert into signings (service, document, agreement, kind, delivery)
       select 'signed', d, $1, 'amendment', $2 from unnest(array['a', 'b', 'c', 'd']) as d`,
      [agreement, delivery?.id],
    );
    await db.query(
      `insert into signed_files (service, document, kind, state)
       values ('signed', 'a', 'contract', 'wanted'), ('signed', 'a', 'certificate', 'kept'), ('signed', 'b', 'contract', 'unavailable')`,
    );
    await db.query(
      `insert into amendments (agreement, service, document, contract, from_date, state, told_at)
       values ($1, 'signed', 'a', '{}', '2027-01-01', 'proposed', null), ($1, 'signed', 'b', '{}', '2027-01-01', 'proposed', now()),
              ($1, 'signed', 'c', '{}', '2027-01-01', 'proposed', now()), ($1, 'signed', 'd', '{}', '2027-01-01', 'approved', null)`,
      [agreement],
    );
    await db.query(
      `insert into signing_mails (name, recipient, deliveries, sent_at) values ('a', 'a@b.example', '{1}', now()), ('a', 'a@b.example', '{1}', null)`,
    );
    const found = ['signed_files_wanted', 'amendments_proposed', 'signing_mails_unsent'].map((name) =>
      figure(intake.url, `serviceavtal_${name}`),
    );
    expect(await Promise.all(found)).toEqual([1, 3, 2]);
  });

  it('tell what waits, for how long, and what papers are wanted', async () => {
    const { db } = database;
    await db.query(
      `insert into deliveries (service, headers, body, digest, state, received_at, processed_at)
       values ('signed', '{}', '', '1', 'received', now(), null),
              ('signed', '{}', '', '2', 'received', now() - interval '10 minutes', null),
              ('signed', '{}', '', '3', 'received', now() - interval '3 days', now()),
              ('signed', '{}', '', '4', 'waiting', now() - interval '2 hours', now() - interval '1 hour'),
              ('signed', '{}', '', '5', 'waiting', now() - interval '1 hour', null),
              ('signed', '{}', '', '6', 'done', now() - interval '9 days', null)`,
    );
    const of = async (name: string, state: string): Promise<number> =>
      Math.round(await figure(intake.url, `serviceavtal_${name}{state="${state}"}`));
    expect([await of('signings', 'received'), await of('signings', 'waiting')]).toEqual([1, 2]);
    const received = await of('signings_oldest_age_seconds', 'received');
    const waiting = await of('signings_oldest_age_seconds', 'waiting');
    expect([received >= 600 && received < 700, waiting >= 3_600 && waiting < 3_700]).toEqual([true, true]);
    expect([await of('signings', 'refused'), await of('signings_oldest_age_seconds', 'refused')]).toEqual([
      0, 0,
    ]);
  });
});
