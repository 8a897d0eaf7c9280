/** Services that take connections, and what they say first. */
import { checkTcp } from '../../../activities/monitors/checks/tcp';
import { createRunCheck } from '../../../activities/monitors/checks/run-check';
import type { Check } from '../../../rules/engine/contract/monitor';
import { checkDeps, closedPort, tcpTarget, until, watchedCheck } from '../../helpers/targets';
import type { Target } from '../../helpers/targets';

const targets: Target[] = [];
const target = async (...given: Parameters<typeof tcpTarget>): Promise<Target> => {
  const made = await tcpTarget(...given);
  targets.push(made);
  return made;
};
afterEach(() => Promise.all(targets.splice(0).map((each) => each.close())));

const run = (check: Partial<Check>, deps = checkDeps()) =>
  createRunCheck({ tcp: checkTcp }, deps)(
    watchedCheck({ kind: 'tcp', host: '127.0.0.1', timeoutSeconds: 1, ...check }),
    new AbortController().signal,
  );

test('a service that takes connections is well, and is left again', async () => {
  const silent = await target(() => undefined);
  const result = await run({ port: silent.port });
  expect(result).toMatchObject({
    outcome: 'ok',
    message: {
      sv: `tar emot anslutningar på 127.0.0.1:${silent.port}`,
      en: `takes connections at 127.0.0.1:${silent.port}`,
    },
    measured: { seconds: result.milliseconds / 1000 },
  });
  expect(silent.connections()).toBe(1);
  await until(() => silent.open().length === 0);
});

test('one that says what it should, in two parts and after something else, is well', async () => {
  const greeting = await target((socket) => {
    socket.write('welcome\r\n220 mail.te');
    setTimeout(() => socket.write('st ESMTP\r\n'), 30);
  });
  const result = await run({ port: greeting.port, contains: '220 mail.test' });
  expect(result).toMatchObject({ outcome: 'ok', answer: 'welcome \n220 mail.test ESMTP \n' });
});

test.each(['utf8', 'latin1'] as const)('a greeting in %s is read', async (charset) => {
  const greeting = await target((socket) => socket.write(Buffer.from('220 Välkommen på\r\n', charset)));
  expect(await run({ port: greeting.port, contains: 'Välkommen' })).toMatchObject({
    outcome: 'ok',
    answer: '220 Välkommen på \n',
  });
  expect(await run({ port: greeting.port, contains: 'Hejdå' })).toMatchObject({
    outcome: 'down',
    message: { sv: expect.stringContaining('"220 Välkommen på"') },
  });
});

const wrong = (found: { sv: string; en: string }, after = { sv: '', en: '' }) => ({
  outcome: 'down',
  message: {
    sv: `det tjänsten säger först: förväntade "220", hittade ${found.sv}${after.sv}`,
    en: `what the service says first: expected "220", found ${found.en}${after.en}`,
  },
});
const both = (text: string) => ({ sv: text, en: text });
const lateBy = { sv: ' efter 1 sekund', en: ' after 1 second' };

test.each([
  ['says nothing', (_: unknown) => undefined, wrong({ sv: 'ingenting', en: 'nothing' }, lateBy)],
  [
    'says something else and waits',
    (socket: { write: (text: string) => void }) => socket.write('554 go away\r\n'),
    { ...wrong(both('"554 go away"'), lateBy), answer: '554 go away \n' },
  ],
  [
    'says something else and leaves',
    (socket: { end: (text: string) => void }) => socket.end('554 go away\r\n'),
    wrong(both('"554 go away"')),
  ],
  [
    'leaves at once',
    (socket: { end: () => void }) => socket.end(),
    wrong({ sv: 'ingenting', en: 'nothing' }),
  ],
])('one that %s is down', async (_, talk, told) => {
  const service = await target(talk as never);
  expect(await run({ port: service.port, contains: '220' })).toMatchObject(told);
});

test('one that never stops talking is not listened to for long', async () => {
  const talker = await target((socket) => {
    const talk = (): void => {
      while (socket.writable && socket.write('x'.repeat(65_536)));
    };
    socket.on('drain', talk);
    talk();
  });
  const result = await run({ port: talker.port, contains: '220' });
  expect(result).toMatchObject(wrong(both(`"${'x'.repeat(200)}"`)));
  expect(result.answer).toHaveLength(2_000);
  await until(() => talker.open().length === 0);
  expect(talker.written()).toBeLessThan(32_000_000);
});

test('nothing that listens is down, a forbidden address is unknown', async () => {
  const port = await closedPort();
  expect(await run({ port })).toMatchObject({
    outcome: 'down',
    message: { en: `no connection to 127.0.0.1:${port}: nothing takes connections there (ECONNREFUSED)` },
  });
  expect(await run({ port }, checkDeps({ allowed: [] }))).toMatchObject({
    outcome: 'unknown',
    message: {
      en: "the address 127.0.0.1 must not be reached from here: allow it by SERVICEAVTAL_MONITOR_ALLOW, at a site in a customer's network by site-worker --allow",
    },
  });
});
