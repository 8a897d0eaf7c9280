/** What the customer asks for on their page: the same is told once, and the page says when somebody reads it. */
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import { agreementLink, fillAgreement } from './agreement-world';
import type { Listening } from './listening';
import { clock, listen, minutes, morning } from './listening';

let database: FreshDatabase;
let intake: Listening;
let url: string;

beforeAll(async () => {
  database = await freshDatabase();
  await fillAgreement(database.db);
  intake = await listen(database.db);
  url = await agreementLink(database.db, intake.url, 'johan');
});
beforeEach(() => (clock.now = morning));
afterAll(async () => {
  await intake.stop();
  await database.close();
});

const ask = async (changed: string): Promise<string> => {
  const form = /name="form" value="([^"]+)"/.exec(await (await fetch(url)).text())?.[1] ?? '';
  const body = new URLSearchParams({ do: 'contact-asked', form, changed });
  return (await (await fetch(url, { method: 'POST', body })).text()).replace(/<[^>]+>|\s+/g, ' ');
};
const told = async (): Promise<number> =>
  (await database.db.query(`select 1 from outbox where payload ->> 'signal' = 'customerAsks'`)).length;

it('is told once a day while it waits; something else is told beside it', async () => {
  expect(await ask('Eva börjar som ekonomichef')).toMatch(
    /Tack, det är skickat .* Vi svarar helgfria vardagar kl\. 08:30–16:30\./,
  );
  clock.now = morning + minutes(60);
  expect(await ask('Eva börjar som ekonomichef')).toMatch(
    /Vi har det redan .* Du skickade samma sak .* Den skickades inte en gång till/,
  );
  expect(await told()).toBe(1);
  expect(await ask('Adam slutar')).toContain('Tack, det är skickat');
  clock.now = morning + minutes(25 * 60);
  expect(await ask('Eva börjar som ekonomichef')).toContain('Tack, det är skickat');
  expect(await told()).toBe(3);
});

it('is taken at any hour, and says when it is read', async () => {
  clock.now = morning + minutes(14 * 60);
  expect(await ask('Ny adress')).toMatch(/Vi läser det \S+ \d+ \S+ 2027 när vi börjar kl\. 08:30\./);
});
