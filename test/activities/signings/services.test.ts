/** The services' APIs against local servers that behave as the services do, well and unwell. */
import { createHash, createHmac, generateKeyPairSync } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { openSigningApis } from '../../../activities/signings/open-apis';
import type { SigningApi, SigningApis } from '../../../activities/signings/service-api';
import { ServiceError } from '../../../activities/signings/service-api';
import type {
  DocusignServer,
  Misbehaviour,
  OneflowServer,
  ScriveServer,
} from '../../helpers/signing-services';
import {
  noServices,
  smallPdf,
  startDocusign,
  startOneflow,
  startScrive,
} from '../../helpers/signing-services';
import { readPdf } from '../../helpers/read-pdf';
import { selfSigned, webTarget } from '../../helpers/targets';
import { readConfiguration } from '../../../worker/settings/configuration';

const services = ['docusign', 'oneflow', 'scrive'] as const;

let docusign: DocusignServer;
let oneflow: OneflowServer;
let scrive: ScriveServer;
let apis: SigningApis;

beforeEach(async () => {
  [docusign, oneflow, scrive] = await Promise.all([startDocusign(), startOneflow(), startScrive()]);
  apis = open();
});

afterEach(() => Promise.all([docusign, oneflow, scrive].map((server) => server.close())));

const open = (seconds = 10): SigningApis =>
  openSigningApis(
    { docusign: docusign.settings, oneflow: oneflow.settings, scrive: scrive.settings },
    { seconds },
  );

const api = (service: (typeof services)[number]): SigningApi => apis[service] as SigningApi;
const server = (service: (typeof services)[number]) => ({ docusign, oneflow, scrive })[service];

/** How asking fails. */
async function failure(work: Promise<unknown>): Promise<ServiceError> {
  const error = await work.then(
    () => new Error('expected a failure, found none'),
    (reason: Error) => reason,
  );
  if (error instanceof ServiceError) return error;
  throw error;
}

/** Everything that must never be in a message. */
const secrets = (): string[] => [
  ...(scrive.settings.credentials() ?? '').split(' '),
  oneflow.settings.token() ?? '',
  docusign.settings.privateKey() ?? '',
];

describe('what the services are asked', () => {
  it('gives a document of each as the service has it', async () => {
    const ids = Object.fromEntries(
      services.map((each) => [each, server(each).sign({ fields: { level: 'guld' } })]),
    );
    for (const service of ['oneflow', 'scrive'] as const) {
      const fetched = JSON.parse(String(await api(service).fetchDocument(ids[service]!))) as unknown;
      expect(fetched).toEqual(server(service).formOf(ids[service]!));
    }
    const delivery = JSON.parse(String(await api('docusign').fetchDocument(ids.docusign!))) as object;
    expect(delivery).toMatchObject({
      event: 'envelope-completed',
      data: {
        envelopeId: ids.docusign,
        envelopeSummary: {
          status: 'completed',
          recipients: { signers: [{ tabs: { textTabs: [{ tabLabel: 'level', value: 'guld' }] } }, {}] },
        },
      },
    });
  });

  it('gives the papers of each, under names of our own', async () => {
    const found: Record<string, unknown> = {};
    for (const service of services) {
      const id = server(service).sign();
      const contract = await api(service).fetchFile(id, 'contract');
      expect(contract?.content).toEqual(server(service).documents.get(id)?.contract);
      expect(contract?.name).toBe(`${service}-${id}-contract.pdf`);
      found[service] = (await api(service).fetchFile(id, 'certificate'))?.name;
    }
    expect(found).toEqual({
      docusign: expect.stringMatching(/^docusign-[0-9a-f-]{36}-certificate\.pdf$/) as string,
      oneflow: undefined,
      scrive: undefined,
    });
  });

  it('gives the certificate of a Oneflow contract that has one', async () => {
    const certificate = smallPdf('Verification');
    const id = oneflow.sign({ certificate });
    expect((await api('oneflow').fetchFile(id, 'certificate'))?.content).toEqual(certificate);
  });

  it('shows the token to Oneflow alone, not to where it stores its files', async () => {
    await api('oneflow').fetchFile(oneflow.sign(), 'contract');
    expect(oneflow.requests.map(({ headers }) => headers['x-oneflow-api-token'])).toEqual([
      oneflow.settings.token(),
      oneflow.settings.token(),
    ]);
    expect(oneflow.requests[0]?.headers['x-oneflow-user-email']).toBe(oneflow.settings.user);
    const [stored] = oneflow.store.requests;
    expect(stored).toMatchObject({ method: 'GET', status: 200 });
    expect(JSON.stringify(stored?.headers)).not.toContain(oneflow.settings.token());
    expect(stored?.headers).not.toHaveProperty('x-oneflow-user-email');
  });

  it('is nothing where a service is not set up', () => {
    expect(openSigningApis(noServices)).toEqual({});
    const { api: _api, ...rest } = docusign.settings;
    expect(openSigningApis({ ...noServices, docusign: { ...rest, api: undefined } })).toEqual({});
    expect(
      Object.keys(openSigningApis(readConfiguration({ SERVICEAVTAL_ONEFLOW_TOKEN: 'abc' }).signing)),
    ).toEqual(['oneflow']);
  });
});

describe('a document id out of a delivery', () => {
  const ids = [
    '../../users',
    '1/../../accounts',
    '..',
    '',
    '1?x=1',
    '%2e%2e',
    '1\r\nx: y',
    '4711 ',
    '0',
    '-1',
    '1'.repeat(40),
    'é',
  ];
  it.each(services)('is not asked for at %s if it cannot be one of its own', async (service) => {
    for (const id of ids) {
      const { permanent, message } = await failure(api(service).fetchDocument(id));
      expect(permanent).toBe(true);
      expect(message).toMatch(/expected a document's id, found "/);
      expect((await failure(api(service).fetchFile(id, 'contract'))).permanent).toBe(true);
    }
    expect(server(service).requests).toEqual([]);
  });

  it('is held against the answer', async () => {
    for (const service of services) {
      const id = server(service).sign({ change: (form) => ({ ...form, id: 1, envelopeId: 'other' }) });
      expect(await failure(api(service).fetchDocument(id))).toMatchObject({
        permanent: false,
        message: expect.stringContaining('found another') as string,
      });
    }
  });
});

describe.each(services)('when %s misbehaves', (service) => {
  const document = (): Promise<ServiceError> => failure(api(service).fetchDocument(server(service).sign()));
  const paper = (): Promise<ServiceError> =>
    failure(api(service).fetchFile(server(service).sign(), 'contract'));
  /** Tokens are given all the same. */
  const misbehave = (how: Misbehaviour): void =>
    server(service).misbehave({ at: /contracts|documents|envelopes/, ...how });

  it.each([
    [403, true, 'we may not see it'],
    [404, true, 'it is not there'],
    [410, true, 'it is not there'],
    [401, false, 'our credentials are not accepted'],
    [409, false, 'it is not ready yet'],
    [400, false, 'refuses the question'],
    [500, false, 'the service fails'],
    [503, false, 'the service fails'],
  ])('tells what %d means', async (status, permanent, message) => {
    misbehave({
      how: 'status',
      status,
      body: JSON.stringify({ error: 'some_code', message: secrets().join() }),
    });
    for (const error of [await document(), await paper()]) {
      expect(error.permanent).toBe(permanent);
      expect(error.message).toContain(message);
      expect(error.message).toContain(`${status} some_code`);
      for (const secret of secrets()) expect(error.message).not.toContain(secret);
    }
  });

  it('says how long it wants to be left alone', async () => {
    misbehave({ how: 'status', status: 429, retryAfter: 120 });
    expect(await document()).toMatchObject({ permanent: false, retryAfter: 120 });
    misbehave({ how: 'status', status: 503, retryAfter: new Date(Date.now() + 60_000).toUTCString() });
    const { retryAfter = 0 } = await paper();
    expect(retryAfter).toBeGreaterThan(55);
    expect(retryAfter).toBeLessThanOrEqual(61);
    misbehave({ how: 'status', status: 429, retryAfter: 'soon' });
    expect((await document()).retryAfter).toBeUndefined();
  });

  it('is well again after two failures', async () => {
    const id = server(service).sign();
    misbehave({ how: 'status', status: 500, times: 2 });
    for (let tries = 0; tries < 2; tries += 1) expect((await document()).permanent).toBe(false);
    expect(String(await api(service).fetchDocument(id))).toContain(id);
  });

  it('takes nothing for JSON or a PDF that is not', async () => {
    misbehave({ how: 'garbage' });
    expect((await document()).message).toMatch(
      /expected a JSON object, found \d+ bytes of application\/json/,
    );
    misbehave({ how: 'garbage', body: '[1]' });
    expect((await document()).message).toContain('expected a JSON object');
    misbehave({ how: 'garbage', at: service === 'oneflow' ? /files\/1/ : /documents/ });
    expect(await paper()).toMatchObject({
      permanent: false,
      message: expect.stringMatching(/expected a PDF, found \d+ bytes of application\/pdf/) as string,
    });
  });

  it('ends a body without end', async () => {
    misbehave({ how: 'endless' });
    expect((await document()).message).toContain('expected at most 2000000 bytes, found more');
    misbehave({ how: 'endless', at: service === 'oneflow' ? /files\/1/ : /documents/ });
    expect((await paper()).message).toContain('expected at most 25000000 bytes, found more');
  });

  it('is not followed elsewhere with a question about a document', async () => {
    misbehave({ how: 'redirect', to: `${oneflow.store.url}/1/contract?signature=short-lived` });
    expect((await document()).message).toContain('a redirect, which is not followed (302)');
    expect(oneflow.store.requests).toEqual([]);
  });

  it('has a time in which to answer the whole, however it is slow', async () => {
    apis = open(1.5);
    // Signs for the token before it is slow.
    await api(service).fetchDocument(server(service).sign());
    for (const how of ['slow', 'stall'] as const) {
      misbehave({ how, milliseconds: 5_000 });
      expect(await document()).toMatchObject({
        permanent: false,
        message: expect.stringContaining('no whole answer in time') as string,
      });
    }
  });

  it('may break off or be gone', async () => {
    misbehave({ how: 'hang up' });
    expect(await document()).toMatchObject({
      permanent: false,
      message: expect.stringContaining('no answer') as string,
    });
    await server(service).close();
    expect(await document()).toMatchObject({
      permanent: false,
      message: expect.stringMatching(/no answer \((ECONNREFUSED|UND_ERR_SOCKET)\)/) as string,
    });
  });
});

describe('a service over TLS', () => {
  it('is not told anything before its certificate is found good', async () => {
    let asked = 0;
    const certificate = await selfSigned();
    const target = await webTarget((_, response) => void response.end(String((asked += 1))), { certificate });
    const all = openSigningApis({
      docusign: { ...docusign.settings, auth: target.url },
      oneflow: { ...oneflow.settings, api: `${target.url}/v1` },
      scrive: { ...scrive.settings, api: `${target.url}/api/v2` },
    });
    for (const service of services)
      expect(await failure(all[service]!.fetchDocument(server(service).sign()))).toMatchObject({
        permanent: false,
        message: expect.stringContaining('no answer (DEPTH_ZERO_SELF_SIGNED_CERT)') as string,
      });
    expect(asked).toBe(0);
    await target.close();
  });
});

describe('Oneflow', () => {
  it('is followed once to its store, not from there', async () => {
    const id = oneflow.sign({ contract: smallPdf('Signed') });
    oneflow.misbehave({ how: 'redirect', to: `${oneflow.url}/v1/ping`, at: /files\/1/ });
    const { message } = await failure(api('oneflow').fetchFile(id, 'contract'));
    expect(message).toContain('our credentials are not accepted');
    oneflow.misbehave({ how: 'redirect', to: 'file:///etc/passwd', at: /files\/1/ });
    expect((await failure(api('oneflow').fetchFile(id, 'contract'))).message).toContain('not followed');
  });

  it('is asked again where only its store refuses', async () => {
    const id = oneflow.sign();
    oneflow.misbehave({
      how: 'redirect',
      to: `${oneflow.store.url}/${id}/contract?signature=old`,
      at: /files\/1/,
    });
    expect(await failure(api('oneflow').fetchFile(id, 'contract'))).toMatchObject({
      permanent: false,
      message: expect.stringContaining('where the service keeps its files') as string,
    });
  });

  it('is asked with the token as it is now', async () => {
    const id = oneflow.sign();
    let token = oneflow.settings.token();
    const { oneflow: asking } = openSigningApis({
      ...noServices,
      oneflow: { ...oneflow.settings, token: () => token },
    });
    oneflow.changeToken('new-token');
    expect((await failure(asking!.fetchDocument(id))).message).toContain('credentials are not accepted');
    token = 'new-token';
    expect(await asking!.fetchDocument(id)).toBeInstanceOf(Buffer);
    token = undefined;
    expect((await failure(asking!.fetchDocument(id))).message).toBe(
      'oneflow: expected an API token, found none',
    );
  });
});

describe('Scrive', () => {
  it('has no sealed PDF at first', async () => {
    const id = scrive.sign({ contract: null });
    expect(await failure(api('scrive').fetchFile(id, 'contract'))).toMatchObject({
      permanent: false,
      message: expect.stringContaining('503 document_state_error') as string,
    });
  });

  it.each(['one two three', 'one two three four five', 'one two "three" four'])(
    'is not asked with credentials such as %s',
    async (credentials) => {
      const { scrive: asking } = openSigningApis({
        ...noServices,
        scrive: { ...scrive.settings, credentials: () => credentials },
      });
      const { message, permanent } = await failure(asking!.fetchDocument(scrive.sign()));
      expect(permanent).toBe(false);
      expect(message).toMatch(/expected four words .*, found (3|5|other characters)$/);
      expect(scrive.requests).toEqual([]);
    },
  );
});

describe("DocuSign's tokens", () => {
  it('are asked for once, also by many at the same time, and used again', async () => {
    const id = docusign.sign();
    await Promise.all(Array.from({ length: 5 }, () => api('docusign').fetchDocument(id)));
    await api('docusign').fetchFile(id, 'certificate');
    expect(docusign.tokensGiven()).toBe(1);
  });

  it('are renewed shortly before their end', async () => {
    const id = docusign.sign();
    docusign.tokensLive(61);
    await api('docusign').fetchDocument(id);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await api('docusign').fetchDocument(id);
    expect(docusign.tokensGiven()).toBe(2);
    expect(docusign.requests.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('are dropped once where they are refused', async () => {
    const id = docusign.sign();
    await api('docusign').fetchDocument(id);
    docusign.revokeTokens();
    await api('docusign').fetchFile(id, 'contract');
    expect(docusign.tokensGiven()).toBe(2);
    docusign.misbehave({ how: 'status', status: 401, at: /envelopes/ });
    expect((await failure(api('docusign').fetchDocument(id))).message).toContain(
      'credentials are not accepted',
    );
    expect(docusign.tokensGiven()).toBe(3);
  });

  it('need the consent of the user', async () => {
    docusign.consent(false);
    expect(await failure(api('docusign').fetchDocument(docusign.sign()))).toMatchObject({
      permanent: false,
      message: expect.stringMatching(/consent_required\); the user has to consent once/) as string,
    });
  });

  it('are not given for another key, user or client, which is no fault of the document', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const pem = other.export({ type: 'pkcs8', format: 'pem' }).toString();
    const wrong = [{ privateKey: () => pem }, { user: 'somebody' }, { client: 'something' }];
    for (const each of wrong) {
      const { docusign: asking } = openSigningApis({
        ...noServices,
        docusign: { ...docusign.settings, ...each },
      });
      expect(await failure(asking!.fetchDocument(docusign.sign()))).toMatchObject({
        permanent: false,
        message: expect.stringMatching(/invalid_grant\); check the integration key/) as string,
      });
    }
    docusign.misbehave({ how: 'status', status: 404, at: /token/ });
    expect((await failure(api('docusign').fetchDocument(docusign.sign()))).permanent).toBe(false);
  });

  it('are asked for with a key on one line, and not with what is no RSA key', async () => {
    const asking = (pem: string): SigningApi =>
      openSigningApis({ ...noServices, docusign: { ...docusign.settings, privateKey: () => pem } })
        .docusign as SigningApi;
    const oneLine = (docusign.settings.privateKey() ?? '').replace(/\n/g, '\\n');
    expect(await asking(oneLine).fetchDocument(docusign.sign())).toBeInstanceOf(Buffer);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (const pem of ['not-a-key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()]) {
      const { message } = await failure(asking(pem).fetchDocument(docusign.sign()));
      expect(message).toBe('docusign: expected an RSA private key as PEM, found something else');
    }
  });
});

describe('the servers of these tests', () => {
  it('make PDFs that can be read', () => {
    expect(readPdf(smallPdf('Signed (by all)')).pages).toEqual(['Signed (by all)']);
  });

  it('deliver as DocuSign does: a signature of the body for each key, until they are content', async () => {
    const receiver = await startReceiver([500, 202]);
    const id = docusign.sign();
    const options = { retries: 3, keys: ['old', 'new'], includeDocuments: true };
    expect(await docusign.deliver(receiver.url, id, options)).toMatchObject([
      { status: 500 },
      { status: 202 },
    ]);
    const [first, second] = receiver.received;
    expect(second).toEqual(first);
    const hmac = (key: string): string =>
      createHmac('sha256', key)
        .update(first?.body ?? '')
        .digest('base64');
    expect(first?.headers).toMatchObject({
      'x-docusign-signature-1': hmac('old'),
      'x-docusign-signature-2': hmac('new'),
    });
    const { envelopeSummary } = (JSON.parse(first?.body ?? '') as { data: Record<string, never> }).data;
    const [paper] = envelopeSummary?.['envelopeDocuments'] as unknown as { PDFBytes: string }[];
    expect(Buffer.from(paper?.PDFBytes ?? '', 'base64')).toEqual(docusign.documents.get(id)?.contract);
    await docusign.deliver(receiver.url, id, { keys: ['old'], wrongSignature: true });
    await docusign.deliver(receiver.url, id, { keys: ['old'], changedBody: (body) => `${body} ` });
    for (const { headers, body } of receiver.received.slice(2))
      expect(headers['x-docusign-signature-1']).not.toBe(
        createHmac('sha256', 'old').update(body).digest('base64'),
      );
    await receiver.close();
  });

  it('deliver as Oneflow does: signed by the callback id, which stays over retries; only 200 is enough', async () => {
    const receiver = await startReceiver([500, 204, 200]);
    const id = oneflow.sign();
    const answers = await oneflow.deliver(receiver.url, id, { retries: 5 });
    expect(answers.map(({ status }) => status)).toEqual([500, 204, 200]);
    await oneflow.deliver(receiver.url, id, { times: 2, wrongSignature: true });
    const bodies = receiver.received.map(
      ({ body }) => JSON.parse(body) as { callback_id: string; signature: string; contract: { id: number } },
    );
    expect(new Set(bodies.map(({ callback_id }) => callback_id)).size).toBe(2);
    const good = bodies.map(
      ({ callback_id, signature }) =>
        createHash('sha1').update(`${callback_id}${oneflow.signKey}`).digest('hex') === signature,
    );
    expect(good).toEqual([true, true, true, false, false]);
    expect(bodies[0]?.contract.id).toBe(Number(id));
    await receiver.close();
  });

  it('deliver as Scrive does: a form, unsigned, and weeks later one more', async () => {
    const receiver = await startReceiver([200]);
    const id = scrive.sign();
    const before = scrive.documents.get(id)?.contract;
    await scrive.deliver(`${receiver.url}/secret`, id, { sealed: false });
    await scrive.deliverSealedAgain(`${receiver.url}/secret`, id);
    const forms = receiver.received.map(({ body }) => new URLSearchParams(body));
    expect(forms.map((form) => [form.get('document_id'), form.get('document_signed_and_sealed')])).toEqual([
      [id, 'false'],
      [id, 'true'],
    ]);
    expect(JSON.parse(forms[0]?.get('document_json') ?? '')).toEqual(scrive.formOf(id));
    expect(receiver.received[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(scrive.documents.get(id)?.contract).not.toEqual(before);
    await receiver.close();
    expect(await scrive.deliver(receiver.url, id)).toEqual([{ status: undefined, body: '' }]);
  });
});

/** Receives deliveries, and answers each of these in turn, the last one for ever. */
async function startReceiver(statuses: number[]) {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  const target = await webTarget((request, response) => {
    void text(request).then((body) => {
      const status = statuses[Math.min(received.length, statuses.length - 1)] ?? 200;
      received.push({ headers: request.headers, body });
      response.writeHead(status).end();
    });
  });
  return { ...target, received };
}
