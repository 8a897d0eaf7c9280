import { onStopSignal } from '../../../worker/local/stop-signals';

let calls: string[];
let remove: () => void;
let now: number;

beforeEach(() => {
  calls = [];
  now = 1_000;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  remove = onStopSignal(
    (signal) => calls.push(signal),
    () => calls.push('force'),
  );
});

afterEach(() => {
  remove();
  jest.restoreAllMocks();
});

test('takes the Ctrl-C that npm passes on for the one the terminal has sent', () => {
  process.emit('SIGINT', 'SIGINT');
  now += 200;
  process.emit('SIGINT', 'SIGINT');
  expect(calls).toEqual(['SIGINT']);
});

test('takes a later one for the wish to end at once', () => {
  process.emit('SIGTERM', 'SIGTERM');
  now += 1_500;
  process.emit('SIGINT', 'SIGINT');
  expect(calls).toEqual(['SIGTERM', 'force']);
});

test('leaves no handlers behind', () => {
  const before = process.listenerCount('SIGHUP');
  remove();
  expect(process.listenerCount('SIGHUP')).toBe(before - 1);
});
