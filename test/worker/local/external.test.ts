import net from 'node:net';
import { checkDatabase, checkSmtp, prepareTemporal, showUrl } from '../../../worker/local/external';
import { silentReporter } from '../../../worker/local/progress';

/** A port of 127.0.0.1 on which nobody listens. */
function deadPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

const messageOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: Error) => error.message,
  );

test('shows of a URL what is no secret', () => {
  expect(showUrl('postgres://anna:hemligt@db.example:5432/avtal?options=x')).toBe(
    'postgres://db.example:5432/avtal',
  );
});

test('a database that does not answer is named with its setting and without its password', async () => {
  const port = await deadPort();
  const message = await messageOf(checkDatabase(`postgres://anna:hemligt@127.0.0.1:${port}/avtal`));
  expect(message).toMatch(
    new RegExp(
      `DATABASE_URL is set, and postgres://127\\.0\\.0\\.1:${port}/avtal cannot be used: .*ECONNREFUSED`,
    ),
  );
  expect(message).not.toContain('hemligt');
});

test('a mail server that does not answer is named with its setting and without its password', async () => {
  const message = await messageOf(checkSmtp(`smtp://anna:hemligt@127.0.0.1:${await deadPort()}`));
  expect(message).toMatch(/SMTP_URL is set, and smtp:\/\/127\.0\.0\.1:\d+ cannot be used: .*ECONNREFUSED/);
  expect(message).not.toContain('hemligt');
});

test('a mail setting that is no mail URL says what was expected', async () => {
  expect(await messageOf(checkSmtp('http://mail.example'))).toContain('expected smtp:// or smtps://');
});

test('a Temporal that does not answer is named with its setting', async () => {
  const address = `127.0.0.1:${await deadPort()}`;
  const message = await messageOf(prepareTemporal({ TEMPORAL_ADDRESS: address }, silentReporter));
  expect(message).toContain(`TEMPORAL_ADDRESS is set, and ${address} does not answer`);
}, 30_000);
