/** How a try of any kind is told: in time, without throwing, without a secret. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Checker, Found } from '../../../activities/monitors/checks/checker';
import { NotMade, NotWell, secretOf } from '../../../activities/monitors/checks/checker';
import { createRunCheck } from '../../../activities/monitors/checks/run-check';
import type { Check } from '../../../rules/engine/contract/monitor';
import { checkDeps, watchedCheck } from '../../helpers/targets';

const good: Found = { outcome: 'ok', message: { sv: 'bra', en: 'well' } };
const run = (
  checker: Checker,
  check: Partial<Check> = {},
  signal = new AbortController().signal,
  deps = checkDeps(),
) =>
  createRunCheck({ http: checker }, deps)(
    watchedCheck({ kind: 'http', url: 'http://shop.test', ...check }),
    signal,
  );
const throwing =
  (error: unknown): Checker =>
  () => {
    throw error;
  };
/** Ends when it is called off, with an error. */
const waiting =
  (error?: Error): Checker =>
  (_watched, _deps, signal) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(error ?? signal.reason)));

test('tells what was found, when the try began and how long it took', async () => {
  const times = [Date.UTC(2026, 10, 24, 8), Date.UTC(2026, 10, 24, 9)];
  const deps = checkDeps({ now: () => times.shift() ?? 0 });
  const checker: Checker = async () => {
    await sleep(30);
    return { ...good, answer: 'hej', measured: { certificateDays: 9 } };
  };
  const result = await run(checker, {}, undefined, deps);
  expect(result).toEqual({
    ...good,
    answer: 'hej',
    at: '2026-11-24T08:00:00.000Z',
    milliseconds: expect.any(Number),
    measured: { certificateDays: 9, seconds: result.milliseconds / 1000 },
  });
  expect(result.milliseconds).toBeGreaterThanOrEqual(29);
});

test.each([
  [
    'NotMade',
    new NotMade({ sv: 'hemligheten saknas', en: 'the secret is missing' }),
    { outcome: 'unknown', message: { sv: 'hemligheten saknas', en: 'the secret is missing' } },
  ],
  [
    'NotWell',
    new NotWell({ sv: 'trasig', en: 'broken' }, 'its answer'),
    { outcome: 'down', message: { sv: 'trasig', en: 'broken' }, answer: 'its answer' },
  ],
  [
    'any other error, by its first line',
    new Error('relation "orders" does not exist\n  at line 1'),
    {
      outcome: 'down',
      message: { sv: 'relation "orders" does not exist', en: 'relation "orders" does not exist' },
    },
  ],
  [
    'an error without a text',
    new AggregateError([]),
    { outcome: 'down', message: { sv: 'AggregateError', en: 'AggregateError' } },
  ],
  ['something that is no error', 'odd', { outcome: 'down', message: { sv: 'odd', en: 'odd' } }],
])('tells %s', async (_, error, told) => {
  expect(await run(throwing(error))).toMatchObject(told);
});

test('a line is cut where it gets long', async () => {
  const { message } = await run(throwing(new Error('x'.repeat(5_000))));
  expect(message.en).toBe('x'.repeat(300));
});

test('a kind without a checker here is unknown', async () => {
  const result = await createRunCheck({}, checkDeps())(
    watchedCheck({ kind: 'sql' }),
    new AbortController().signal,
  );
  expect(result).toMatchObject({
    outcome: 'unknown',
    message: { sv: 'kontroller av slaget sql körs inte här', en: 'checks of kind sql are not run here' },
  });
});

describe('when the time is up', () => {
  test.each([
    [
      'a check that ends',
      waiting(),
      { sv: 'inget svar inom 1 sekund', en: 'no answer within 1 second' },
      'down',
    ],
    [
      'a check that says how far it came',
      waiting(new NotWell({ sv: 'svaret började', en: 'the answer began' }, 'beginning')),
      { sv: 'svaret började efter 1 sekund', en: 'the answer began after 1 second' },
      'down',
    ],
    [
      'a check that could not be made by then',
      waiting(new NotMade({ sv: 'ingen namnuppslagning', en: 'no name server' })),
      { sv: 'ingen namnuppslagning', en: 'no name server' },
      'unknown',
    ],
    [
      'a check that does not listen',
      () => new Promise<Found>(() => undefined),
      { sv: 'inget svar inom 1 sekund', en: 'no answer within 1 second' },
      'down',
    ],
  ] as const)('%s is told', async (_, checker, message, outcome) => {
    const result = await run(checker as Checker, { timeoutSeconds: 1 });
    expect(result).toMatchObject({ outcome, message });
    expect(result.milliseconds).toBeGreaterThanOrEqual(990);
  });

  test('a process that stood still itself says nothing of what it checks', async () => {
    const checker: Checker = (...given) => {
      setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_100));
      return waiting()(...given);
    };
    expect(await run(checker, { timeoutSeconds: 1 })).toMatchObject({
      outcome: 'unknown',
      message: {
        sv: 'kontrollens egen process stod stilla medan den väntade på svar',
        en: "the check's own process stood still while it waited for an answer",
      },
    });
  });

  test.each([
    ['http', 10],
    ['tcp', 10],
    ['sql', 30],
    ['files', 30],
  ] as const)('%s has %s seconds if nothing else is said', async (kind, seconds) => {
    jest.useFakeTimers({ doNotFake: ['performance', 'setImmediate'] });
    try {
      let ended = false;
      const result = createRunCheck({ [kind]: waiting() }, checkDeps())(
        watchedCheck({ kind }),
        new AbortController().signal,
      ).finally(() => (ended = true));
      await jest.advanceTimersByTimeAsync(seconds * 1000 - 1);
      expect(ended).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      expect((await result).message.en).toBe(`no answer within ${seconds} seconds`);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('called off from outside', () => {
  const calledOff = { outcome: 'unknown', message: { sv: 'avbruten', en: 'called off' } };

  test('it ends at once and is unknown', async () => {
    const ending = new AbortController();
    setTimeout(() => ending.abort(), 20);
    const result = await run(waiting(), {}, ending.signal);
    expect(result).toMatchObject(calledOff);
  });

  test('it does not begin', async () => {
    const checker = jest.fn();
    expect(await run(checker, {}, AbortSignal.abort())).toMatchObject(calledOff);
    expect(checker).not.toHaveBeenCalled();
  });

  test('a check that found it down meanwhile is unknown as well', async () => {
    const ending = new AbortController();
    setTimeout(() => ending.abort(), 20);
    expect(await run(waiting(new NotWell('broken')), {}, ending.signal)).toMatchObject(calledOff);
  });

  test('a signal that outlives many checks keeps none of them', async () => {
    const { signal } = new AbortController();
    const added = jest.spyOn(signal, 'addEventListener');
    const removed = jest.spyOn(signal, 'removeEventListener');
    await Promise.all(Array.from({ length: 50 }, () => run(async () => good, {}, signal)));
    expect(added).toHaveBeenCalledTimes(50);
    expect(removed.mock.calls).toEqual(added.mock.calls.map(([type, listener]) => [type, listener]));
  });
});

describe('a slow answer', () => {
  const slow =
    (found: Found): Checker =>
    async () => {
      await sleep(60);
      return found;
    };
  const told = {
    sv: expect.stringMatching(/^svarstid: förväntade högst 0\.05 sekunder, hittade 0\.\d+$/),
    en: expect.stringMatching(/^time to answer: expected at most 0\.05 seconds, found 0\.\d+$/),
  };

  test('is a warning', async () => {
    expect(await run(slow(good), { slowSeconds: 0.05 })).toMatchObject({ outcome: 'warning', message: told });
  });
  test('is well within the limit', async () => {
    expect(await run(slow(good), { slowSeconds: 5 })).toMatchObject(good);
  });
  test('is told beside another warning', async () => {
    const { outcome, message } = await run(slow({ ...good, outcome: 'warning' }), { slowSeconds: 0.05 });
    expect(outcome).toBe('warning');
    expect(message.en).toMatch(/^well\ntime to answer: expected at most 0\.05 seconds, found/);
  });
  test('is not told of one that is down', async () => {
    const down = { ...good, outcome: 'down' } as const;
    expect(await run(slow(down), { slowSeconds: 0.05 })).toMatchObject(down);
  });
  test('a kind that answers nobody is not timed', async () => {
    const result = await createRunCheck({ files: async () => good }, checkDeps())(
      watchedCheck({ kind: 'files' }),
      new AbortController().signal,
    );
    expect(result.measured).toBeUndefined();
  });
});

describe('secrets', () => {
  const url = 'postgresql://reader:pa%24%24word@db.test/orders';
  const deps = checkDeps({
    secrets: { DB: url, TOKEN: 'Bearer s3cr3t-"token"', LOGIN: `Basic ${btoa('anna:hemligt1')}` },
  });
  const reading =
    (name: string, then: (value: string) => Found): Checker =>
    async ({ customer }, given) =>
      then(secretOf(given, customer, { secret: name }));

  test.each([
    ['as it is', 'TOKEN', (value: string) => `got ${value}!`, 'got ***!'],
    ['without its scheme', 'TOKEN', () => 'bad token s3cr3t-"token".', 'bad token ***.'],
    ['in JSON', 'TOKEN', (value: string) => JSON.stringify({ value }), '{"value":"***"}'],
    ['in HTML', 'TOKEN', () => '<b>s3cr3t-&quot;token&quot;</b>', '<b>***</b>'],
    ['in an address', 'TOKEN', (value: string) => `/?q=${encodeURIComponent(value)}&a`, '/?q=***&a'],
    ['in base64', 'TOKEN', (value: string) => `h=${btoa(value).replace(/=+$/, '')}.`, 'h=***.'],
    ['cut at the end', 'TOKEN', (value: string) => `got ${value.slice(0, -4)}`, 'got ***'],
    ['a login that was unpacked', 'LOGIN', () => 'no user anna:hemligt1 here', 'no user *** here'],
    ['its password alone', 'LOGIN', () => 'wrong password "hemligt1"', 'wrong password "***"'],
    [
      'the password of an address',
      'DB',
      () => 'cannot log in with pa$$word or pa%24%24word',
      'cannot log in with *** or ***',
    ],
  ])('are hidden: %s', async (_, name, say, told) => {
    const result = await run(
      reading(name, (value) => ({
        outcome: 'down',
        message: { sv: say(value), en: say(value) },
        answer: say(value),
      })),
      {},
      undefined,
      deps,
    );
    expect(result).toMatchObject({ message: { sv: told, en: told }, answer: told });
  });

  test('are hidden in what was thrown, before it is cut', async () => {
    const { message } = await run(
      reading('DB', (value) => {
        throw new Error(`${'x'.repeat(290)} ${value}`);
      }),
      {},
      undefined,
      deps,
    );
    expect(message.en).toBe(`${'x'.repeat(290)} ***`);
  });

  test('one that is missing is told by its name', async () => {
    const result = await run(
      reading('NONE', () => good),
      {},
      undefined,
      deps,
    );
    expect(result).toMatchObject({
      outcome: 'unknown',
      message: {
        sv: 'hemligheten SERVICEAVTAL_SECRET_TESTBOLAGET__NONE saknas där kontrollen körs',
        en: 'the secret SERVICEAVTAL_SECRET_TESTBOLAGET__NONE is missing where the check runs',
      },
    });
  });
});
