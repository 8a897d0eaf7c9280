/** Web servers that answer well, badly, slowly, endlessly or not at all. */
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { createHttpCheck } from '../../../activities/monitors/checks/http';
import type { HttpCheck } from '../../../activities/monitors/checks/http';
import { createRunCheck } from '../../../activities/monitors/checks/run-check';
import type { Check } from '../../../rules/engine/contract/monitor';
import {
  authority,
  checkDeps,
  selfSigned,
  tcpTarget,
  until,
  watchedCheck,
  webTarget,
} from '../../helpers/targets';
import type { Answering, Authority, Target } from '../../helpers/targets';

const closing: { close: () => unknown }[] = [];
let issuer: Authority;
let http: HttpCheck;
beforeAll(async () => {
  issuer = await authority();
});
beforeEach(() => {
  http = createHttpCheck({ trusted: [issuer.certificate] });
});
afterEach(async () => {
  http.close();
  await Promise.all(closing.splice(0).map((each) => each.close()));
});

const kept = <T extends Target>(target: T): T => {
  closing.push(target);
  return target;
};
const web = async (...given: Parameters<typeof webTarget>) => kept(await webTarget(...given));
const tcp = async (...given: Parameters<typeof tcpTarget>) => kept(await tcpTarget(...given));
const saying =
  (text: string, status = 200, headers: Record<string, string> = {}): Answering =>
  (_, response) => {
    response.writeHead(status, headers).end(text);
  };

const run = (check: Partial<Check>, deps = checkDeps(), signal = new AbortController().signal) =>
  createRunCheck({ http: http.check }, deps)(
    watchedCheck({ kind: 'http', timeoutSeconds: 2, ...check }),
    signal,
  );

describe('what a check expects', () => {
  const queue = '{"status":"ok","queues":[{"name":"orders","length":7}],"note":null,"open":true}';
  test.each<[string, string, number, Partial<Check>, string, string, string]>([
    ['200', 'hej', 200, {}, 'ok', 'svarade 200', 'answered 200'],
    ['204', '', 204, {}, 'ok', 'svarade 204', 'answered 204'],
    [
      '500',
      'oj',
      500,
      {},
      'down',
      'status: förväntade 200–299, hittade 500',
      'status: expected 200–299, found 500',
    ],
    ['a status that is wanted', '', 404, { status: [404, 410] }, 'ok', 'svarade 404', 'answered 404'],
    [
      'a status that is not',
      '',
      200,
      { status: [404, 410] },
      'down',
      'status: förväntade 404, 410, hittade 200',
      'status: expected 404, 410, found 200',
    ],
    ['a text', 'allt är väl', 200, { contains: 'är väl' }, 'ok', 'svarade 200', 'answered 200'],
    [
      'no such text',
      'allt är väl',
      200,
      { contains: 'klart' },
      'down',
      'svaret: förväntade texten "klart", hittade ett svar utan den',
      'the answer: expected the text "klart", found an answer without it',
    ],
    [
      'nothing at all',
      ' ',
      200,
      { contains: 'klart' },
      'down',
      'svaret: förväntade texten "klart", hittade ingenting',
      'the answer: expected the text "klart", found nothing',
    ],
    [
      'a text that must not be',
      'Fatal error',
      200,
      { lacks: 'error' },
      'down',
      'svaret: förväntade inte texten "error", hittade den',
      'the answer: expected not the text "error", found it',
    ],
    ['lacking it', 'fine', 200, { lacks: 'error' }, 'ok', 'svarade 200', 'answered 200'],
    [
      'all that is wrong, a line each',
      'Fatal error',
      500,
      { contains: 'OK', lacks: 'error' },
      'down',
      'status: förväntade 200–299, hittade 500\nsvaret: förväntade texten "OK", hittade ett svar utan den\nsvaret: förväntade inte texten "error", hittade den',
      'status: expected 200–299, found 500\nthe answer: expected the text "OK", found an answer without it\nthe answer: expected not the text "error", found it',
    ],
    [
      'JSON as expected',
      queue,
      200,
      {
        json: [
          { path: 'status', equals: 'ok' },
          { path: 'queues.0.length', above: 6, below: 8 },
          { path: 'queues.length', equals: 1 },
          { path: 'note', equals: null },
          { path: 'open', equals: true },
        ],
      },
      'ok',
      'svarade 200',
      'answered 200',
    ],
    [
      'JSON with other values',
      queue,
      200,
      {
        json: [
          { path: 'status', equals: 'fine' },
          { path: 'queues.0.length', below: 7 },
          { path: 'queues.0.length', above: 7, below: 100 },
          { path: 'queues.1.length', below: 7 },
          { path: 'status', above: 1 },
          { path: 'toString', equals: 'x' },
        ],
      },
      'down',
      'status: förväntade "fine", hittade "ok"\nqueues.0.length: förväntade ett tal under 7, hittade 7\nqueues.0.length: förväntade ett tal över 7 och ett tal under 100, hittade 7\nqueues.1.length: förväntade ett tal under 7, hittade ingenting\nstatus: förväntade ett tal över 1, hittade "ok"\ntoString: förväntade "x", hittade ingenting',
      'status: expected "fine", found "ok"\nqueues.0.length: expected a number below 7, found 7\nqueues.0.length: expected a number above 7 and a number below 100, found 7\nqueues.1.length: expected a number below 7, found nothing\nstatus: expected a number above 1, found "ok"\ntoString: expected "x", found nothing',
    ],
    [
      'something else than JSON',
      '<html>hej</html>',
      200,
      { json: [{ path: 'status', equals: 'ok' }] },
      'down',
      'svaret: förväntade JSON, hittade "<html>hej</html>"',
      'the answer: expected JSON, found "<html>hej</html>"',
    ],
    [
      'nothing instead of JSON',
      '',
      200,
      { json: [{ path: 'status', equals: 'ok' }] },
      'down',
      'svaret: förväntade JSON, hittade ingenting',
      'the answer: expected JSON, found nothing',
    ],
  ])('%s', async (_, text, status, check, outcome, sv, en) => {
    const { url } = await web(saying(text, status));
    expect(await run({ url, ...check })).toMatchObject({ outcome, message: { sv, en }, answer: text });
  });

  test('a slow answer is a warning', async () => {
    const { url } = await web((_, response) => setTimeout(() => response.end('late'), 80));
    const { outcome, message, measured } = await run({ url, slowSeconds: 0.05 });
    expect(outcome).toBe('warning');
    expect(message.sv).toMatch(/^svarstid: förväntade högst 0\.05 sekunder, hittade 0\.\d+$/);
    expect(measured?.seconds).toBeGreaterThanOrEqual(0.08);
  });
});

test.each<[string, string, object]>([
  ['a field of JSON', '{"app":{"version":"18.10.0"}}', { version: '18.10.0' }],
  ['a number', '{"app":{"version":5.2}}', { version: '5.2' }],
  ['no such field', '{"app":{}}', { problem: { en: 'expected a version, found none' } }],
  ['no version', '{"app":{"version":"latest"}}', { problem: { en: 'expected a version, found "latest"' } }],
  ['no JSON', 'hej', { problem: { sv: 'förväntade JSON, hittade ingenting' } }],
])('the version an answer tells: %s; the check is well all the same', async (_, text, version) => {
  const { url } = await web(saying(text));
  const found = await run({ url, reportsVersion: { of: 'visma-business', path: 'app.version' } });
  expect(found).toMatchObject({ outcome: 'ok', version: { of: 'visma-business', ...version } });
});

describe('what is sent', () => {
  const echo: Answering = (request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const { method, url, headers } = request;
      response.end(JSON.stringify({ method, url, headers, body }));
    });
  };
  const sent = async (check: Partial<Check>, secrets = {}) => {
    const { url } = await web(echo);
    const result = await run({ url: `${url}/orders?since=1`, ...check }, checkDeps({ secrets }));
    return JSON.parse(result.answer ?? '') as {
      method: string;
      headers: Record<string, string>;
      body: string;
    };
  };

  test('a plain GET says who asks', async () => {
    expect(await sent({})).toMatchObject({
      method: 'GET',
      url: '/orders?since=1',
      headers: { 'user-agent': 'serviceavtal-monitor', accept: '*/*', 'accept-encoding': 'identity' },
      body: '',
    });
  });
  test('a POST with a body and headers of its own', async () => {
    const check = {
      method: 'POST',
      body: '{"ping":"å"}',
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'kund' },
    } as const;
    expect(await sent(check)).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'kund', 'content-length': '13' },
      body: '{"ping":"å"}',
    });
  });
  test('a HEAD has no body', async () => {
    const { url } = await web(saying('not for you'));
    expect(await run({ url, method: 'HEAD' })).toMatchObject({ outcome: 'ok', answer: '' });
  });
  test('a header that cannot be sent is not sent, and its secret not told', async () => {
    const { url, connections } = await web(echo);
    const result = await run(
      { url, headers: { 'X-Token': { secret: 'TOKEN' } } },
      checkDeps({ secrets: { TOKEN: 'hemligt\n' } }),
    );
    expect(result).toMatchObject({
      outcome: 'unknown',
      message: {
        sv: 'rubriken X-Token har tecken som ingen rubrik kan ha, kanske en radbrytning',
        en: 'the header X-Token has characters no header can have, perhaps a line break',
      },
    });
    expect(connections()).toBe(0);
  });
  test('headers that do not fit together are told as ours', async () => {
    const { url } = await web(echo);
    const { outcome, message } = await run({
      url,
      headers: { 'Content-Length': '7' },
      method: 'POST',
      body: 'x',
    });
    expect(outcome).toBe('unknown');
    expect(message.sv).toMatch(/^frågan går inte att ställa: /);
    expect(message.en).toMatch(/^the request cannot be made: /);
  });
});

describe('servers that are not well', () => {
  test('one that hangs is down when the time is up', async () => {
    const { url, open } = await web(() => undefined);
    const result = await run({ url, timeoutSeconds: 1 });
    expect(result).toMatchObject({
      outcome: 'down',
      message: { sv: 'inget svar inom 1 sekund', en: 'no answer within 1 second' },
    });
    await until(() => open().length === 0);
  });

  test('one that drips is down when the time is up, however often something comes', async () => {
    const { url, open } = await web((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('x'), 200);
      response.on('close', () => clearInterval(drip));
      response.write('first');
    });
    const result = await run({ url, timeoutSeconds: 1 });
    expect(result).toMatchObject({
      outcome: 'down',
      message: {
        sv: 'svaret började (200) men var inte färdigt efter 1 sekund',
        en: 'the answer began (200) but was not complete after 1 second',
      },
      answer: expect.stringMatching(/^firstx{1,5}$/),
    });
    await until(() => open().length === 0);
  });

  test.each<[string, Parameters<typeof tcpTarget>[0], string, string]>([
    [
      'closes at once',
      (socket) => socket.end(),
      'anslutningen stängdes innan svaret började (UND_ERR_SOCKET)',
      'the connection was closed before the answer began (UND_ERR_SOCKET)',
    ],
    [
      'resets when it is asked',
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
      'anslutningen stängdes innan svaret började (ECONNRESET)',
      'the connection was closed before the answer began (ECONNRESET)',
    ],
    [
      'closes in the middle of its answer',
      (socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')),
      'svaret började (200) men anslutningen stängdes innan det var färdigt (UND_ERR_SOCKET)',
      'the answer began (200) but the connection was closed before it was complete (UND_ERR_SOCKET)',
    ],
    [
      'closes between two chunks',
      (socket) =>
        socket.once('data', () =>
          socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'),
        ),
      'svaret började (200) men anslutningen stängdes innan det var färdigt (UND_ERR_SOCKET)',
      'the answer began (200) but the connection was closed before it was complete (UND_ERR_SOCKET)',
    ],
    [
      'speaks something else',
      (socket) => socket.end('220 mail.test ESMTP\r\n'),
      'svaret är inte HTTP (Response does not match the HTTP/1.1 protocol (Expected HTTP/, RTSP/ or ICE/))',
      'the answer is not HTTP (Response does not match the HTTP/1.1 protocol (Expected HTTP/, RTSP/ or ICE/))',
    ],
    [
      'never ends its headers',
      (socket) => socket.end(`HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`),
      'svarets rubriker är för långa',
      "the answer's headers are too long",
    ],
  ])('one that %s is down', async (_, talk, sv, en) => {
    const { port } = await tcp(talk);
    expect(await run({ url: `http://127.0.0.1:${port}/` })).toMatchObject({
      outcome: 'down',
      message: { sv, en },
    });
  });

  test('an answer without a length ends where the connection does', async () => {
    const { port } = await tcp((socket) =>
      socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nall of it')),
    );
    expect(await run({ url: `http://127.0.0.1:${port}/` })).toMatchObject({
      outcome: 'ok',
      answer: 'all of it',
    });
  });

  test('one that sends ten gigabytes is listened to for a megabyte', async () => {
    const total = 10_000_000_000;
    const part = Buffer.alloc(1_000_000, 'x');
    const { url, written, open } = await web((_, response) => {
      response.writeHead(200, { 'Content-Length': total });
      response.write('begins here ');
      const more = (): void => {
        while (!response.destroyed && response.write(part));
      };
      response.on('drain', more);
      more();
    });
    const before = process.memoryUsage();
    expect(await run({ url, contains: 'begins here', json: [{ path: 'a', equals: 1 }] })).toMatchObject({
      outcome: 'down',
      message: {
        sv: 'svaret: förväntade JSON av högst 1 MB, hittade mer',
        en: 'the answer: expected JSON of at most 1 MB, found more',
      },
    });
    await until(() => open().length === 0);
    // What lay in buffers between the two is the rest: a few megabytes.
    expect(written()).toBeLessThan(32_000_000);
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(32_000_000);
  });

  test.each([
    [
      'gzip',
      gzipSync(Buffer.concat([Buffer.from('begins here '), Buffer.alloc(60_000_000), Buffer.from('ends')])),
    ],
    [
      'br',
      brotliCompressSync(
        Buffer.concat([Buffer.from('begins here '), Buffer.alloc(20_000_000), Buffer.from('ends')]),
      ),
    ],
  ])('one that sends a bomb of %s is unpacked for a megabyte', async (encoding, bomb) => {
    expect(bomb.length).toBeLessThan(100_000);
    const { url } = await web((_, response) =>
      response.writeHead(200, { 'Content-Encoding': encoding }).end(bomb),
    );
    const before = process.memoryUsage().arrayBuffers;
    expect(await run({ url, contains: 'begins here' })).toMatchObject({ outcome: 'ok' });
    expect(await run({ url, contains: 'ends' })).toMatchObject({
      outcome: 'down',
      message: {
        sv: 'svaret: förväntade texten "ends", hittade ett svar utan den i den första megabyten',
        en: 'the answer: expected the text "ends", found an answer without it in the first megabyte',
      },
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });

  test('packed answers are read though none was asked for; broken ones are down', async () => {
    const { url } = await web((request, response) => {
      const packed = gzipSync('allt är väl');
      const [, kind] = (request.url ?? '').split('/');
      response.setHeader('Content-Encoding', kind === 'odd' ? 'compress' : 'gzip');
      response.end(kind === 'broken' ? 'no gzip' : packed);
    });
    expect(await run({ url, contains: 'är väl' })).toMatchObject({ outcome: 'ok', answer: 'allt är väl' });
    expect(await run({ url: `${url}/broken` })).toMatchObject({
      outcome: 'down',
      message: {
        sv: 'svaret gick inte att packa upp (gzip: incorrect header check)',
        en: 'the answer could not be unpacked (gzip: incorrect header check)',
      },
    });
    expect(await run({ url: `${url}/odd` })).toMatchObject({
      outcome: 'down',
      message: {
        sv: 'förväntade ett svar som gzip, deflate, br eller opackat, hittade compress',
        en: 'expected an answer as gzip, deflate, br or plain, found compress',
      },
    });
  });

  const text = 'Tjänsten är uppe. '.repeat(50);
  test.each<[string, Buffer]>([
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    // Without the header of zlib, as browsers take it too.
    ['deflate', deflateRawSync(text)],
    ['Deflate', deflateRawSync(text, { level: 0 })],
    ['br', brotliCompressSync(text)],
    ['deflate, gzip', gzipSync(deflateRawSync(text))],
    ['identity, x-gzip', gzipSync(text)],
  ])('an answer packed as %s is unpacked', async (encoding, packed) => {
    const { url } = await web((_, response) =>
      response.writeHead(200, { 'Content-Encoding': encoding }).end(packed),
    );
    expect(await run({ url, contains: 'är uppe. Tjänsten' })).toMatchObject({ outcome: 'ok' });
  });

  test('an answer packed more than five times is down', async () => {
    const { url } = await web((_, response) =>
      response.writeHead(200, { 'Content-Encoding': 'br,'.repeat(6) }).end(brotliCompressSync(text)),
    );
    expect(await run({ url })).toMatchObject({
      outcome: 'down',
      message: { en: 'expected an answer as gzip, deflate, br or plain, found br,br,br,br,br,br,' },
    });
  });

  const swedish = 'Tjänsten är uppe';
  const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
  // A charset that nobody would guess.
  const mac = (text: string): Buffer => latin(text.replaceAll('ä', '\x8a').replaceAll('ö', '\x9a'));
  const page = (head: string): Buffer => mac(`<html><head>${head}</head><body>${swedish}</body>`);
  const html = 'text/html';
  const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
  test.each<[string, string | undefined, Buffer]>([
    ['the header', 'text/plain; charset=MACINTOSH', mac(swedish)],
    ['the header, in quotes', 'text/html; foo=bar; Charset="macintosh"', mac(swedish)],
    ['the header against a meta', 'text/html; charset=utf-8', Buffer.from(`<meta charset=latin1>${swedish}`)],
    ['a mark against the header', 'text/html; charset=latin1', Buffer.from(`\ufeff${swedish}`)],
    ['a mark of UTF-16', 'text/plain', utf16(`\ufeff${swedish}`)],
    ['a mark of UTF-16, the other way', html, utf16(`\ufeff${swedish}`).swap16()],
    ['a header nobody knows, then a meta', 'text/html; charset=none', page('<meta charset="macintosh">')],
    ['a meta', html, page('<title>ö</title><META CHARSET=mac />')],
    ['a meta of old', html, page("<meta http-equiv='Content-Type' content='text/html; charset=macintosh'>")],
    [
      'the meta that is not in a comment nor in a script',
      html,
      page('<!-- <meta charset=utf-8> --><script>"<meta charset=utf-8>"</script><meta charset=x-mac-roman>'),
    ],
    ['a meta that says UTF-16 and cannot be', html, Buffer.from(`<meta charset="utf-16">${swedish}`)],
    [
      'an XML declaration',
      'application/xml',
      mac(`<?xml version="1.0" encoding="Macintosh"?><a>${swedish}</a>`),
    ],
    ['an XML declaration of XHTML', html, mac(`<?xml version='1.0' encoding='macintosh'?><a>${swedish}</a>`)],
    [
      'an XML declaration in UTF-16',
      'text/xml',
      utf16(`<?xml version="1.0" encoding="utf-16"?><a>${swedish}</a>`),
    ],
    ['nothing, as UTF-8', html, Buffer.from(swedish)],
    ['nothing, as what is no UTF-8', html, latin(swedish)],
    ['nothing, without a type', undefined, latin(swedish)],
    [
      'nothing, in plain text that speaks of a meta',
      'text/plain',
      Buffer.from(`<meta charset=latin1>${swedish}`),
    ],
  ])('its charset is told by %s', async (_, type, body) => {
    const { url } = await web((__, response) =>
      response.writeHead(200, type === undefined ? {} : { 'Content-Type': type }).end(body),
    );
    const result = await run({ url, contains: swedish });
    expect(result.message.sv).toBe('svarade 200');
    expect(result.answer).toContain(swedish);
  });

  test.each([
    ['letters and their marks apart', swedish.normalize('NFD')],
    ['blanks that do not break', swedish.replaceAll(' ', '\u00a0')],
  ])('a text is found, and missed, as a reader sees it: %s', async (_, text) => {
    const { url } = await web((__, response) => response.end(text));
    expect(await run({ url, contains: swedish })).toMatchObject({ outcome: 'ok' });
    expect(await run({ url, lacks: swedish })).toMatchObject({ outcome: 'down' });
  });

  const xml = 'application/xml';
  test.each([
    ['entities by name', html, 'Tj&auml;nsten &auml;r uppe', 'Tjänsten är uppe'],
    ['one without its semicolon', html, 'Tj&aumlnsten', 'Tjänsten'],
    ['entities by number', html, 'Tj&#228;nsten &#xE4;r uppe', 'Tjänsten är uppe'],
    ['blanks that do not break', html, 'Tjänsten&nbsp;är&#160;uppe', 'Tjänsten är uppe'],
    ['an ampersand', html, 'Kund &amp; Co', 'Kund & Co'],
    ['an entity that is shown as one', html, 'Skriv &amp;auml;', 'Skriv &auml;'],
    ['words over a line', html, '<p>Tjänsten\r\n    är\tuppe</p>', 'Tjänsten är uppe'],
    ['a word in bold', html, 'Tj<b>än</b>sten <i>är</i> uppe', 'Tjänsten är uppe'],
    ['words in cells', html, '<td>Tjänsten</td><td>är uppe', 'Tjänsten är uppe'],
    ['a soft hyphen', html, 'Tjän&shy;sten', 'Tjänsten'],
    ['a page without a type', undefined, '<p>&Ouml;ppet', 'Öppet'],
    ['entities of XML', xml, '<a>Kund &amp; Co &#229;</a>', 'Kund & Co å'],
    ['the source', html, '<i data-state="up">', 'data-state="up"'],
    ['words with a comment between', html, 'Tjän<!-- x -->sten är <!--x\n-->uppe', 'Tjänsten är uppe'],
    ['what is no comment within a tag', html, '<i data<!-- x --><b>up</b>', '<i data<!-- x --><b>up'],
    ['what is no comment within a script', html, '<script>"<!-- up -->"</script>', '<!-- up -->'],
    ['what is no comment in plain text', 'text/plain', '<!-- up -->', 'up'],
  ])('a text is found, and missed, as the browser shows it: %s', async (_, type, page, shown) => {
    const { url } = await web((__, response) =>
      response.writeHead(200, type === undefined ? {} : { 'Content-Type': type }).end(page),
    );
    expect(await run({ url, contains: shown })).toMatchObject({ outcome: 'ok' });
    expect(await run({ url, lacks: shown })).toMatchObject({ outcome: 'down' });
  });

  test.each([
    ['plain text', 'text/plain', 'Tj&auml;nsten'],
    ['JSON', 'application/json', '{"note":"Tj&auml;nsten"}'],
    ['two words in two lines of a list', html, '<li>Tjän</li><li>sten</li>'],
    ['another entity', html, 'Tj&aring;nsten'],
    ['a comment', html, '<p>Fel<!-- Tjänsten är uppe --></p>'],
    ['a comment that does not end', html, '<p>Fel<!-- Tjänsten är uppe </p>'],
    ['a comment for old browsers', html, '<!--[if lt IE 9]><p>Tjänsten är uppe</p><![endif]-->'],
    ['a comment of XML', xml, '<a>Fel<!-- Tjänsten --></a>'],
    ['a comment of a page without a type', undefined, '<p>Fel<!-- Tjänsten är uppe --></p>'],
  ])('what the browser does not show so is not found: %s', async (_, type, page) => {
    const { url } = await web((__, response) =>
      response.writeHead(200, type === undefined ? {} : { 'Content-Type': type }).end(page),
    );
    expect(await run({ url, contains: 'Tjänsten' })).toMatchObject({ outcome: 'down' });
    expect(await run({ url, lacks: 'Tjänsten' })).toMatchObject({ outcome: 'ok' });
  });

  test('a text in a script alone is found in the source, and not where it is written as an entity', async () => {
    const page = '<script>const s = "Tj&auml;nsten nere";</script><p>Tjänsten är uppe';
    const { url } = await web((_, response) => response.writeHead(200, { 'Content-Type': html }).end(page));
    expect(await run({ url, lacks: 'Tjänsten nere' })).toMatchObject({ outcome: 'ok' });
    expect(await run({ url, contains: 'const s' })).toMatchObject({ outcome: 'ok' });
  });

  test('latin-1 is Windows-1252, as in browsers', async () => {
    const { url } = await web((_, response) =>
      response
        .writeHead(200, { 'Content-Type': 'text/plain; charset=latin1' })
        .end(Buffer.from([0x35, 0x20, 0x80, 0x20, 0x96, 0x20, 0xe5])),
    );
    expect(await run({ url, contains: '5 € – å' })).toMatchObject({ outcome: 'ok' });
  });
});

describe('redirects', () => {
  test('are followed, and each is looked at', async () => {
    const { url } = await web((request, response) => {
      if (request.url === '/there') response.end('here it is');
      else response.writeHead(302, { Location: '/there' }).end();
    });
    expect(await run({ url, contains: 'here it is' })).toMatchObject({
      outcome: 'ok',
      message: { en: 'answered 200' },
    });
  });

  test.each([
    ['UTF-8', Buffer.from('/tjänst/på?sök=å')],
    ['latin-1', Buffer.from('/tjänst/på?sök=å', 'latin1')],
  ])('to an address with raw %s lead there', async (_, location) => {
    const asked: string[] = [];
    const { url } = await web((request, response) => {
      asked.push(request.url ?? '');
      if (request.url !== '/') return void response.end('here');
      request.socket.end(
        Buffer.concat([
          Buffer.from('HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\nLocation: '),
          location,
          Buffer.from('\r\n\r\n'),
        ]),
      );
    });
    expect(await run({ url, contains: 'here' })).toMatchObject({ outcome: 'ok' });
    const escaped = [...location].map((byte) =>
      byte < 0x80 ? String.fromCharCode(byte) : `%${byte.toString(16)}`,
    );
    expect(asked).toEqual(['/', escaped.join('')]);
  });

  test('of a page that sets a cookie and leads to itself end, in each check anew', async () => {
    const seen: (string | undefined)[] = [];
    const { url } = await web((request, response) => {
      seen.push(request.headers.cookie);
      if (request.headers.cookie?.includes('seen=1')) response.end('welcome');
      else response.writeHead(302, { 'Set-Cookie': 'seen=1; Path=/; HttpOnly', Location: '/' }).end();
    });
    for (const _ of [1, 2]) expect(await run({ url, contains: 'welcome' })).toMatchObject({ outcome: 'ok' });
    expect(seen).toEqual([undefined, 'seen=1', undefined, 'seen=1']);
  });

  test('bring each server its own cookies, and none that ended', async () => {
    const seen: [string, string | undefined][] = [];
    const steps: Record<string, { location?: string; set?: string[] }> = {
      '/': {
        location: '/a/b',
        set: ['sid=2', 'low=1; Path=/a', 'safe=1; Secure', 'x=1; Domain=example.com', 'gone=1', 'empty='],
      },
      '/a/b': {
        location: '/end',
        set: ['gone=; Max-Age=0; Path=/', 'old=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
      },
      '/end': { location: 'http://localhost:PORT/other' },
      '/other': {},
    };
    const target = await web((request, response) => {
      seen.push([request.url ?? '', request.headers.cookie]);
      const { location, set } = steps[request.url ?? ''] ?? {};
      const to = location?.replace('PORT', `${target.port}`);
      response
        .writeHead(to ? 302 : 200, { ...(to && { Location: to }), ...(set && { 'Set-Cookie': set }) })
        .end();
    });
    const own = { headers: { Cookie: 'sid=1; mine=1' } };
    expect(await run({ url: target.url, ...own })).toMatchObject({ outcome: 'ok' });
    expect(seen).toEqual([
      ['/', 'sid=1; mine=1'],
      ['/a/b', 'mine=1; sid=2; low=1; gone=1; empty='],
      ['/end', 'mine=1; sid=2; empty='],
      ['/other', undefined],
    ]);
  });

  test('one that is wanted is the answer', async () => {
    const { url } = await web(saying('', 301, { Location: 'http://10.1.2.3/' }));
    expect(await run({ url, status: [301] })).toMatchObject({
      outcome: 'ok',
      message: { en: 'answered 301' },
    });
  });

  test('one without a place is an answer', async () => {
    const { url } = await web(saying('', 302));
    expect(await run({ url })).toMatchObject({
      outcome: 'down',
      message: { sv: 'status: förväntade 200–299, hittade 302', en: 'status: expected 200–299, found 302' },
    });
  });

  test('to a forbidden address are not followed', async () => {
    const { url } = await web(saying('', 302, { Location: 'http://169.254.169.254/latest/meta-data/' }));
    expect(await run({ url })).toMatchObject({
      outcome: 'unknown',
      message: {
        sv: 'adressen 169.254.169.254 får inte nås härifrån: tillåt den med SERVICEAVTAL_MONITOR_ALLOW, på en plats i kundens nät med site-worker --allow',
        en: "the address 169.254.169.254 must not be reached from here: allow it by SERVICEAVTAL_MONITOR_ALLOW, at a site in a customer's network by site-worker --allow",
      },
    });
  });

  test('that go round in a ring are down', async () => {
    const asked: string[] = [];
    const { url } = await web((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(302, { Location: `/${asked.length}` }).end();
    });
    expect(await run({ url })).toMatchObject({
      outcome: 'down',
      message: {
        sv: 'förväntade högst 5 omdirigeringar, hittade en till, till /6',
        en: 'expected at most 5 redirects, found one more, to /6',
      },
    });
    expect(asked).toEqual(['/', '/1', '/2', '/3', '/4', '/5']);
  });

  const meta = (content: string, before = ''): string =>
    `<html><head>${before}<meta http-equiv="refresh" content="${content}"></head>Strax`;
  test.each<[string, string, Record<string, string>?]>([
    ['a meta', meta('0; url=/there')],
    ['a meta in capitals', `<META HTTP-EQUIV='Refresh' CONTENT="0;URL='/there'">`],
    ['a meta with entities', meta('0;url=/&#116;here')],
    ['a meta without url=', meta('0, /there')],
    ['a meta of less than a second', meta('0.5;url=there')],
    ['a meta in the body, with a base', `<base href="/x/y">${meta('0; url=../there')}`],
    ['the first of two', meta('0;url=/other', '<meta http-equiv=refresh content="00;url=/there">')],
    ['a header', 'Strax', { 'Content-Type': 'text/plain', Refresh: '0; url=/there' }],
  ])('by %s that takes no time are followed', async (_, page, headers = { 'Content-Type': 'text/html' }) => {
    const asked: string[] = [];
    const { url } = await web((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.cookie ?? ''}`);
      if (request.url === '/there') response.end('here it is');
      else response.writeHead(200, { ...headers, 'Set-Cookie': 'a=1' }).end(page);
    });
    expect(await run({ url, contains: 'here it is', method: 'POST', body: 'x' })).toMatchObject({
      outcome: 'ok',
    });
    expect(asked).toEqual(['POST / ', 'GET /there a=1']);
  });

  test.each<[string, string, number?, string?]>([
    ['later', meta('5; url=/there')],
    ['without an address', meta('0')],
    ['to a place within the page', meta('0; url=#there')],
    ['to another kind of address', meta('0; url=mailto:a@example.com')],
    ['to no address', meta('0; url=http://[bad')],
    ['in a comment', `<!-- ${meta('0; url=/there')} -->Strax`],
    ['in a noscript', `<noscript>${meta('0; url=/there')}</noscript>Strax`],
    ['in plain text', meta('0; url=/there'), 200, 'text/plain'],
    ['of an answer that is not wanted', meta('0; url=/there'), 503],
  ])('that a page names %s are not followed', async (_, page, status = 200, type = 'text/html') => {
    const asked: (string | undefined)[] = [];
    const { url } = await web((request, response) => {
      asked.push(request.url);
      response.writeHead(status, { 'Content-Type': type }).end(page);
    });
    const outcome = status === 200 ? 'ok' : 'down';
    expect(await run({ url, contains: 'Strax' })).toMatchObject({ outcome });
    expect(asked).toEqual(['/']);
  });

  test('by pages go round in a ring, to forbidden addresses and without secrets as others do', async () => {
    const ring = await web((_, response) =>
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(meta('0; url=/')),
    );
    expect(await run({ url: ring.url })).toMatchObject({
      outcome: 'down',
      message: { en: `expected at most 5 redirects, found one more, to ${ring.url}/` },
    });
    const tokens: unknown[] = [];
    const away = await web((request, response) => {
      tokens.push(request.headers['x-token']);
      response.end('away');
    });
    const home = await web((request, response) => {
      tokens.push(request.headers['x-token']);
      const to = request.url === '/' ? away.url : 'http://169.254.169.254/';
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(meta(`0; url=${to}`));
    });
    const deps = checkDeps({ secrets: { TOKEN: 'hemligt' } });
    const headers = { 'X-Token': { secret: 'TOKEN' } };
    expect(await run({ url: home.url, headers }, deps)).toMatchObject({ outcome: 'ok', answer: 'away' });
    expect(tokens).toEqual(['hemligt', undefined]);
    expect(await run({ url: `${home.url}/out` })).toMatchObject({ outcome: 'unknown' });
  });

  test.each(['ftp://127.0.0.1/', 'file:///etc/passwd', 'http://[bad'])('to %s are down', async (location) => {
    const { url } = await web(saying('', 302, { Location: location }));
    expect(await run({ url })).toMatchObject({
      outcome: 'down',
      message: {
        sv: `omdirigering: förväntade en adress med http eller https, hittade "${location}"`,
        en: `redirect: expected an address with http or https, found "${location}"`,
      },
    });
  });

  test('to another server leave secrets behind, back home they come along again', async () => {
    const seen: [string, string | undefined, string | undefined, string | undefined][] = [];
    const note = (at: string): Answering => {
      return (request, response) => {
        const { 'x-token': token, cookie, 'x-plain': plain } = request.headers;
        seen.push([at + (request.url ?? ''), token as string, cookie, plain as string]);
        const leads: Record<string, string> = {
          'home/': '/again',
          'home/again': `${away.url}/out`,
          'away/out': `${home.url}/back`,
        };
        const location = leads[at + (request.url ?? '')];
        response.writeHead(location ? 302 : 200, location ? { Location: location } : {}).end();
      };
    };
    const home: Target & { url: string } = await web(note('home'));
    const away: Target & { url: string } = await web(note('away'));
    const headers = { 'X-Token': { secret: 'TOKEN' }, Cookie: 'sid=1', 'X-Plain': 'p' };
    const result = await run({ url: home.url, headers }, checkDeps({ secrets: { TOKEN: 'hemligt' } }));
    expect(result).toMatchObject({ outcome: 'ok' });
    expect(seen).toEqual([
      ['home/', 'hemligt', 'sid=1', 'p'],
      ['home/again', 'hemligt', 'sid=1', 'p'],
      ['away/out', undefined, undefined, 'p'],
      ['home/back', 'hemligt', 'sid=1', 'p'],
    ]);
  });

  test.each([
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', 'ping'],
    [308, 'POST', 'ping'],
  ])('a POST that is led on with %d becomes a %s', async (status, method, body) => {
    const { url } = await web((request, response) => {
      let came = '';
      request.on('data', (part: Buffer) => (came += part.toString()));
      request.on('end', () => {
        if (request.url === '/there') response.end(`${request.method} ${came}`);
        else response.writeHead(status, { Location: '/there' }).end();
      });
    });
    expect(await run({ url, method: 'POST', body: 'ping' })).toMatchObject({ answer: `${method} ${body}` });
  });
});

describe('addresses', () => {
  test('a name that leads to a forbidden address is unknown, and nothing is sent', async () => {
    const { port, connections } = await web(saying('secret page'));
    const result = await run({ url: `http://localhost:${port}/` }, checkDeps({ allowed: [] }));
    expect(result.outcome).toBe('unknown');
    expect(result.message.en).toMatch(
      /^the address .*127\.0\.0\.1.* \(localhost\) must not be reached from here/,
    );
    expect(connections()).toBe(0);
  });
  test.each(['http://0x7f.1', 'http://2130706433', 'http://127.1', 'http://[::ffff:7f00:1]'])(
    '%s is seen for what it is',
    async (address) => {
      const { port, connections } = await web(saying('secret page'));
      const result = await run({ url: `${address}:${port}/` }, checkDeps({ allowed: [] }));
      expect(result.outcome).toBe('unknown');
      expect(result.message.en).toMatch(/^the address .* must not be reached from here/);
      expect(connections()).toBe(0);
    },
  );
  test('a connection that was kept is looked at again', async () => {
    const { url } = await web(saying('hej'));
    expect(await run({ url })).toMatchObject({ outcome: 'ok' });
    expect(await run({ url }, checkDeps({ allowed: [] }))).toMatchObject({ outcome: 'unknown' });
  });
});

describe('connections between checks', () => {
  test('are kept', async () => {
    const { url, connections } = await web(saying('hej'));
    for (const _ of [1, 2, 3]) expect(await run({ url })).toMatchObject({ outcome: 'ok' });
    expect(connections()).toBe(1);
  });

  test('checks at the same time have one each', async () => {
    const { url, connections } = await web(saying('hej'));
    const results = await Promise.all(Array.from({ length: 20 }, () => run({ url })));
    expect(results.every(({ outcome }) => outcome === 'ok')).toBe(true);
    expect(connections()).toBe(20);
    expect(await run({ url })).toMatchObject({ outcome: 'ok' });
    expect(connections()).toBe(20);
  });

  test('one the server closed meanwhile raises no alarm', async () => {
    const { url, connections, open } = await web(saying('hej'));
    expect(await run({ url })).toMatchObject({ outcome: 'ok' });
    open().forEach((socket) => socket.destroy());
    await until(() => open().length === 0);
    expect(await run({ url })).toMatchObject({ outcome: 'ok' });
    expect(connections()).toBe(2);
  });

  test('one the server closes as it is asked again raises no alarm', async () => {
    const { port, connections } = await tcp((socket) => {
      let asked = 0;
      socket.on('data', () => {
        asked += 1;
        if (asked === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhej');
        else socket.resetAndDestroy();
      });
    });
    const url = `http://127.0.0.1:${port}/`;
    for (const _ of [1, 2, 3]) expect(await run({ url })).toMatchObject({ outcome: 'ok', answer: 'hej' });
    expect(connections()).toBe(3);
  });

  test('a server that closes every connection as it is asked is down after one more try', async () => {
    let well = true;
    const { port, connections } = await tcp((socket) => {
      socket.on('data', () => {
        if (well) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhej');
        else socket.resetAndDestroy();
      });
    });
    const url = `http://127.0.0.1:${port}/`;
    expect(await run({ url })).toMatchObject({ outcome: 'ok' });
    well = false;
    expect(await run({ url })).toMatchObject({ outcome: 'down' });
    expect(connections()).toBe(2);
  });

  test('a POST is never sent twice', async () => {
    let posts = 0;
    const { url, connections, open } = await web((request, response) => {
      posts += 1;
      if (posts === 1) response.end('hej');
      else request.socket.destroy();
    });
    const check = { url, method: 'POST', body: 'ping' } as const;
    expect(await run(check)).toMatchObject({ outcome: 'ok' });
    expect(await run(check)).toMatchObject({ outcome: 'down' });
    expect([posts, connections()]).toEqual([2, 2]);
    await until(() => open().length === 0);
  });

  test('are closed at the end', async () => {
    const { url, open } = await web(saying('hej'));
    await run({ url });
    expect(open()).toHaveLength(1);
    http.close();
    await until(() => open().length === 0);
  });

  test('a check that is called off leaves none behind', async () => {
    const { url, open } = await web(() => undefined);
    const ending = new AbortController();
    const result = run({ url }, undefined, ending.signal);
    await until(() => open().length === 1);
    ending.abort();
    expect(await result).toMatchObject({ outcome: 'unknown', message: { sv: 'avbruten', en: 'called off' } });
    await until(() => open().length === 0);
  });
});

describe('certificates', () => {
  const secure = async (toDay: number) => web(saying('hej'), { certificate: await issuer.issue({ toDay }) });

  test.each([
    [40, { warn: 21, error: 7 }, 'ok', /^answered 200$/],
    [
      20,
      { warn: 21, error: 7 },
      'warning',
      /^the certificate: expected at least 21 days left, found 20 \(valid until/,
    ],
    [
      6,
      { warn: 21, error: 7 },
      'down',
      /^the certificate: expected at least 7 days left, found 6 \(valid until/,
    ],
    // As the check `tls`: a browser will soon refuse it.
    [20, undefined, 'warning', /^the certificate: expected at least 21 days left, found 20/],
    [6, undefined, 'down', /^the certificate: expected at least 7 days left, found 6/],
    [6, { error: 3 }, 'ok', /^answered 200$/],
  ])('%d days left with %j: %s', async (days, certificateDays, outcome, message) => {
    const { url } = await secure(days);
    const result = await run({ url, ...(certificateDays && { certificateDays }) });
    expect(result).toMatchObject({
      outcome,
      measured: { certificateDays: days, seconds: expect.any(Number) },
    });
    expect(result.message.en).toMatch(message);
  });

  test('the connection is kept, unless its certificate has to be looked at anew', async () => {
    const far = await secure(90);
    for (const _ of [1, 2]) await run({ url: far.url, certificateDays: { warn: 21 } });
    expect(far.connections()).toBe(1);
    const near = await secure(20);
    for (const _ of [1, 2]) await run({ url: near.url, certificateDays: { warn: 21 } });
    expect(near.connections()).toBe(2);
  });

  test.each([
    [
      'expired',
      () => issuer.issue({ toDay: -3 }),
      /^the certificate of 127\.0\.0\.1 expired on \d{4}-\d\d-\d\d$/,
    ],
    [
      'for another name',
      () => issuer.issue({ names: ['shop.test'], toDay: 90 }),
      /^the certificate: expected 127\.0\.0\.1, found DNS:shop\.test$/,
    ],
    ['self-signed', () => selfSigned(), /^the certificate of 127\.0\.0\.1 is self-signed$/],
  ])('one that is %s is down, and nothing was asked', async (_, make, message) => {
    let asked = 0;
    const { url } = await web(
      (_request, response) => {
        asked += 1;
        response.end();
      },
      { certificate: await make() },
    );
    const result = await run({ url });
    expect(result.outcome).toBe('down');
    expect(result.message.en).toMatch(message);
    expect(asked).toBe(0);
  });

  test('a name is asked for by name', async () => {
    const { port } = await secure(90);
    expect(await run({ url: `https://localhost:${port}/` })).toMatchObject({ outcome: 'ok' });
  });
});

describe('secrets', () => {
  const token = 's3cr3t/"tok&en"';
  const headers = { Authorization: { secret: 'TOKEN' } };
  const deps = checkDeps({ secrets: { TOKEN: `Bearer ${token}` } });

  test.each([
    ['plainly', (value: string) => value],
    ['without its scheme', (value: string) => value.replace('Bearer ', '')],
    ['in JSON', (value: string) => JSON.stringify({ value })],
    ['in an address', (value: string) => encodeURIComponent(value)],
    ['in base64', (value: string) => Buffer.from(value).toString('base64')],
    ['many times over', (value: string) => `${value} `.repeat(2_000)],
    ['far down', (value: string) => 'x'.repeat(1_990) + value],
  ])('sent back %s are hidden', async (_, write) => {
    const { url } = await web((request, response) =>
      response.end(write(request.headers.authorization ?? '')),
    );
    const { outcome, answer } = await run({ url, headers }, deps);
    expect(outcome).toBe('ok');
    expect(answer).toContain('***');
    for (const form of [
      token,
      token.slice(0, 8),
      JSON.stringify(token).slice(1, -1),
      encodeURIComponent(token),
    ])
      expect(answer).not.toContain(form);
  });

  test('sent back in what a message tells are hidden', async () => {
    const { url } = await web((request, response) =>
      response.end(JSON.stringify({ you: { sent: request.headers.authorization } })),
    );
    const json = [{ path: 'you.sent', equals: 'nothing' }];
    expect(await run({ url, headers, json }, deps)).toMatchObject({
      message: {
        sv: 'you.sent: förväntade "nothing", hittade "***"',
        en: 'you.sent: expected "nothing", found "***"',
      },
    });
    const leading = await web((request, response) =>
      response
        .writeHead(302, { Location: `ftp://x/?t=${encodeURIComponent(request.headers.authorization ?? '')}` })
        .end(),
    );
    expect((await run({ url: leading.url, headers }, deps)).message.en).toBe(
      'redirect: expected an address with http or https, found "ftp://x/?t=***"',
    );
  });

  test('half sent back before the time is up are hidden', async () => {
    const { url } = await web((request, response) => {
      response.write(`you sent ${(request.headers.authorization ?? '').slice(0, -3)}`);
    });
    expect(await run({ url, headers, timeoutSeconds: 1 }, deps)).toMatchObject({ answer: 'you sent ***' });
  });

  test.each([401, 403])('that are refused with %d are unknown, not down', async (status) => {
    const { url } = await web(saying('', status));
    expect(await run({ url, headers }, deps)).toMatchObject({
      outcome: 'unknown',
      message: {
        sv: `servern svarade ${status}: den godtar inte hemligheten TOKEN`,
        en: `the server answered ${status}: it does not accept the secret TOKEN`,
      },
    });
    expect(await run({ url })).toMatchObject({
      outcome: 'down',
      message: { en: `status: expected 200–299, found ${status}` },
    });
    expect(await run({ url, headers, status: [status] }, deps)).toMatchObject({ outcome: 'ok' });
  });

  test('that are missing are unknown, and nothing is asked', async () => {
    const { url, connections } = await web(saying(''));
    expect(await run({ url, headers })).toMatchObject({
      outcome: 'unknown',
      message: { en: 'the secret SERVICEAVTAL_SECRET_TESTBOLAGET__TOKEN is missing where the check runs' },
    });
    expect(connections()).toBe(0);
  });
});
