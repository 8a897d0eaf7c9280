import { createCleanUp } from '../../worker/basics/clean-up';

it('stops everything in reverse, also past what fails or does not end, and tells of those', async () => {
  const said: string[] = [];
  const stopped: string[] = [];
  const cleanUp = createCleanUp((line) => said.push(line));
  cleanUp.add('the first', () => stopped.push('first'));
  cleanUp.add('the one that hangs', () => new Promise(() => undefined), 20);
  cleanUp.add('the second', async () => void stopped.push('second'));
  cleanUp.add('the one that throws', () => {
    throw new Error('it is stuck');
  });
  cleanUp.add('the one that rejects', () => Promise.reject(new Error('it is gone')));
  cleanUp.add('the last', () => stopped.push('last'));
  await cleanUp.run();
  expect(stopped).toEqual(['last', 'second', 'first']);
  expect(said).toEqual([
    'the one that rejects could not be stopped in order: it is gone',
    'the one that throws could not be stopped in order: it is stuck',
    'the one that hangs could not be stopped in order: not done within 0.02 s',
  ]);
});

it('stops each once, however often it is run', async () => {
  let times = 0;
  const cleanUp = createCleanUp(() => undefined);
  cleanUp.add('it', () => (times += 1));
  await Promise.all([cleanUp.run(), cleanUp.run()]);
  expect(times).toBe(1);
});
