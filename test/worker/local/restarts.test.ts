/** How parts are started again, with the parts' starts played. */
import { speak } from '../../../worker/basics/spoken';
import { createRestarts } from '../../../worker/local/restarts';
import { eventually } from '../../activities/signed-agreement';

const part = { name: 'mail', assertRunning: () => undefined };
let said: string[];
let stop: AbortController;
const log = { info: (line: string) => void said.push(line), warn: (line: string) => void said.push(line) };

beforeEach(() => {
  said = [];
  stop = new AbortController();
});

afterEach(() => stop.abort());

it('tries until the part is back, and tells the same reason once', async () => {
  const restarts = createRestarts(log, stop.signal);
  let tries = 0;
  restarts.keep(part, async () => {
    tries += 1;
    if (tries < 3) throw new Error(`mail ended with code 1\n    | 12:0${tries} [${tries}] no room`);
    return part;
  });
  restarts.died('mail', 'was killed by SIGKILL\n    | the end of its log');
  await eventually('it is back', () => said.at(-1)?.includes('runs again') === true);
  expect(said).toEqual([
    'mail was killed by SIGKILL; it is started again in 0.5 s\n    | the end of its log',
    'mail ended with code 1; it is tried again until it comes back, next in 1.0 s\n    | 12:01 [1] no room',
    expect.stringMatching(/^ {2}✓ mail runs again, after /),
  ]);
});

it('waits longer for one that dies again at once, and heeds its deaths only while it is up', async () => {
  const restarts = createRestarts(log, stop.signal);
  restarts.keep(part, () => Promise.resolve(part));
  restarts.died('mail', 'ended with code 1');
  restarts.died('mail', 'ended with code 2');
  await eventually('it is back', () => said.length === 2);
  restarts.died('mail', 'ended with code 3');
  expect(said.filter((line) => line.includes('started again'))).toEqual([
    'mail ended with code 1; it is started again in 0.5 s',
    'mail ended with code 3; it is started again in 1.0 s',
  ]);
});

it('tells it in the language of the command', async () => {
  speak('sv');
  const restarts = createRestarts(log, stop.signal);
  let tries = 0;
  restarts.keep(part, async () => {
    tries += 1;
    if (tries < 2) throw new Error('mail avslutades med kod 1');
    return part;
  });
  restarts.died('mail', 'dödades av SIGKILL');
  await eventually('it is back', () => said.length === 3);
  speak('en');
  expect(said).toEqual([
    'mail dödades av SIGKILL; startas igen om 0.5 s',
    'mail avslutades med kod 1; prövas igen tills det går, nästa gång om 1.0 s',
    expect.stringMatching(/^ {2}✓ mail kör igen, efter /),
  ]);
});

it('starts nothing once the stack stops, not even what it was waiting for', async () => {
  const restarts = createRestarts(log, stop.signal);
  let tries = 0;
  restarts.keep(part, async () => {
    tries += 1;
    return part;
  });
  restarts.died('mail', 'ended with code 1');
  stop.abort();
  restarts.died('mail', 'ended with code 1');
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(tries).toBe(0);
  expect(said).toHaveLength(1);
});
