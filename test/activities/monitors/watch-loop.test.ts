import type {
  WatchBatch,
  WatchedState,
  WatchLoopOptions,
  Wish,
} from '../../../activities/monitors/watch-loop';
import { createWatchLoop, keyOf } from '../../../activities/monitors/watch-loop';
import { dueQueue } from '../../../activities/monitors/due-queue';
import type { CheckState } from '../../../rules/engine/monitoring/check-state';
import { unseen } from '../../../rules/engine/monitoring/check-state';
import type { CheckResult, Outcome, RunCheck } from '../../../rules/engine/monitoring/watched';
import type { VirtualClock } from '../../helpers/virtual-clock';
import { virtualClock } from '../../helpers/virtual-clock';
import { watchedCheck } from '../../helpers/watched';

const seconds = 1000;
const minutes = 60 * seconds;
const hours = 60 * minutes;
const start = Date.parse('2027-03-01T08:00:00.000Z');
const iso = (at: number): string => new Date(at).toISOString();

const check = watchedCheck;

interface Made {
  id: string;
  at: number;
  outcome: Outcome;
}

interface Bench {
  clock: VirtualClock;
  loop: ReturnType<typeof createWatchLoop>;
  /** How each check is now; good unless said. */
  is: Map<string, Outcome>;
  made: Made[];
  madeOf(id: string): number[];
  batches: WatchBatch[];
  told(): string[];
  most: { under: Map<string, number>; active: number };
  stop(): Promise<void>;
}

/** A loop over checks that are as `is` says and take `takes` milliseconds. */
function bench(options: Partial<WatchLoopOptions> & { takes?: (id: string) => number } = {}): Bench {
  const clock = virtualClock(start);
  const { takes = () => 20, ...others } = options;
  const is = new Map<string, Outcome>();
  const made: Made[] = [];
  const batches: WatchBatch[] = [];
  const most = { under: new Map<string, number>(), active: 0 };
  const under = new Map<string, number>();
  let active = 0;
  const runCheck: RunCheck = async ({ check: { id } }, signal): Promise<CheckResult> => {
    const from = clock.now();
    under.set(id, (under.get(id) ?? 0) + 1);
    most.under.set(id, Math.max(most.under.get(id) ?? 0, under.get(id) ?? 0));
    most.active = Math.max(most.active, (active += 1));
    await clock.wait(takes(id), signal);
    under.set(id, (under.get(id) ?? 1) - 1);
    active -= 1;
    const outcome = is.get(id) ?? 'ok';
    made.push({ id, at: from, outcome });
    return {
      outcome,
      at: iso(from),
      milliseconds: clock.now() - from,
      message: { sv: outcome, en: outcome },
    };
  };
  const loop = createWatchLoop({
    clock,
    runCheck,
    sink: (batch) => {
      batches.push(batch);
      return Promise.resolve();
    },
    ...others,
  });
  const ended = new AbortController();
  const running = loop.run(ended.signal);
  return {
    clock,
    loop,
    is,
    made,
    madeOf: (id) => made.filter((one) => one.id === id).map((one) => one.at),
    batches,
    told: () =>
      batches.flatMap(({ transitions }) =>
        transitions.map(({ monitor, from, to }) => `${monitor} ${from} ${to}`),
      ),
    most,
    stop: async () => {
      ended.abort();
      await running;
    },
  };
}

const stateOf = (loop: Bench['loop'], id: string): CheckState =>
  loop.states().find((each) => each.id === id)!.state;

const gaps = (times: number[]): number[] => times.slice(1).map((time, index) => time - times[index]!);

test('a queue gives the earliest first, and of equals the first that came', () => {
  const queue = dueQueue<number>();
  const dues = Array.from({ length: 500 }, (_, index) => (index * 7919) % 83);
  dues.forEach((due, index) => queue.push(due, index));
  const expected = dues
    .map((due, index) => ({ due, index }))
    .sort((a, b) => a.due - b.due || a.index - b.index);
  const popped = dues.map(() => queue.pop()!);
  expect(popped.map(({ item }) => item)).toEqual(expected.map(({ index }) => index));
  expect(queue.pop()).toBeUndefined();
});

describe('six hours of a thousand healthy checks', () => {
  const many = Array.from({ length: 1000 }, (_, index) => check(`check-${index}`));
  let day: Bench;
  beforeAll(async () => {
    day = bench();
    day.loop.configure(many, []);
    await day.clock.pass(6 * hours);
    await day.stop();
  });

  it('makes each of them on time', () => {
    const times = new Map<string, number[]>();
    for (const { id, at } of day.made) times.set(id, [...(times.get(id) ?? []).slice(-2), at]);
    expect(times.size).toBe(1000);
    for (const last of times.values()) expect(gaps(last)).toEqual([5 * minutes, 5 * minutes]);
    expect(day.made.length).toBeGreaterThanOrEqual(72_000);
    expect(day.made.length).toBeLessThanOrEqual(73_000 + 1000);
  });

  it('makes the first of each within a minute, and spreads them from then on', () => {
    const early = day.made.filter(({ at }) => at <= start + minutes);
    expect(new Set(early.map(({ id }) => id)).size).toBe(1000);
    const minuteOf = (at: number): number => Math.floor((at - start) / minutes);
    const counts = [6, 7, 8, 9, 10].map(
      (minute) => day.made.filter(({ at }) => minuteOf(at) === minute).length,
    );
    expect(Math.min(...counts)).toBeGreaterThan(150);
    expect(day.most.active).toBeLessThan(20);
  });

  it('hands on nothing but that they are well, once', () => {
    const states = day.batches.flatMap((batch) => batch.states);
    expect(states).toHaveLength(1000);
    expect(new Set(states.map(({ state }) => state.status))).toEqual(new Set(['ok']));
    expect(day.told()).toEqual([]);
  });
});

describe('a check that fails', () => {
  it('is tried again sooner, is told once, and once more when it recovered', async () => {
    const one = bench();
    one.loop.configure([check('orders')], []);
    await one.clock.pass(10 * minutes);
    one.is.set('orders', 'down');
    await one.clock.pass(20 * minutes);
    const bad = one.made.filter(({ outcome }) => outcome === 'down').map(({ at }) => at);
    expect(gaps(bad)[0]).toBe(30 * seconds + 20);
    expect(gaps(bad).at(-1)).toBe(5 * minutes);
    one.is.set('orders', 'ok');
    await one.clock.pass(10 * minutes);
    await one.stop();
    expect(one.told()).toEqual(['orders ok down', 'orders down ok']);
    expect(stateOf(one.loop, 'orders').status).toBe('ok');
  });

  it('is looked at once and forgotten where the next try is good', async () => {
    const one = bench();
    one.loop.configure([check('orders')], []);
    await one.clock.pass(10 * minutes);
    one.is.set('orders', 'down');
    while (!one.made.some(({ outcome }) => outcome === 'down')) await one.clock.pass(seconds);
    one.is.set('orders', 'ok');
    await one.clock.pass(10 * minutes);
    await one.stop();
    expect(one.told()).toEqual([]);
    expect(one.batches.flatMap(({ states }) => states.map(({ state }) => state.recent))).toEqual(
      ['o', 'od', 'do'].map((recent) => recent.slice(-2)),
    );
  });

  it('is unknown when the check itself breaks', async () => {
    const one = bench({ runCheck: () => Promise.reject(new Error('out of descriptors')) });
    one.loop.configure([check('orders')], []);
    await one.clock.pass(5 * minutes);
    await one.stop();
    expect(one.told()).toEqual(['orders pending unknown']);
    expect(stateOf(one.loop, 'orders').message?.en).toBe('the check could not be made: out of descriptors');
  });
});

describe('checks that depend on each other', () => {
  const family = [
    check('child', { dependsOn: ['parent'] }),
    check('parent', { intervalMinutes: 60, dependsOn: ['grandparent'] }),
    check('grandparent', { intervalMinutes: 60 }),
    check('stranger', { intervalMinutes: 60 }),
  ];

  it('have the parents looked at when a child fails, and alert the parents as soon', async () => {
    const all = bench();
    all.loop.configure(family, []);
    await all.clock.pass(2 * hours);
    for (const { check: each } of family) all.is.set(each.id, 'down');
    const from = all.made.length;
    while (all.told().length < 3) await all.clock.pass(seconds);
    await all.stop();
    const since = all.made.slice(from).filter(({ outcome }) => outcome === 'down');
    const first = since[0]!.at;
    const alone = since.filter(({ at }) => at <= first + seconds).map(({ id }) => id);
    if (since[0]!.id === 'child') expect(alone).toEqual(['child', 'parent', 'grandparent']);
    expect(since.map(({ id }) => id)).not.toContain('stranger');
    const opened = all.batches.flatMap(({ transitions }) => transitions.map(({ at }) => Date.parse(at)));
    expect(Math.max(...opened) - Math.min(...opened)).toBeLessThan(seconds);
  });

  it('have the children looked at when a parent recovers', async () => {
    const all = bench();
    all.loop.configure(
      family.slice(0, 2).map((each) => ({ ...each, settings: { ...each.settings, intervalMinutes: 60 } })),
      [],
    );
    all.is.set('child', 'down').set('parent', 'down');
    await all.clock.pass(2 * hours);
    all.is.clear();
    const from = all.made.length;
    while (all.told().length < 4) await all.clock.pass(seconds);
    await all.stop();
    expect(all.told().slice(2)).toEqual(['parent down ok', 'child down ok']);
    const ids = all.made.slice(from).map(({ id, at }) => [id, at] as const);
    const recovered = ids.filter(([id]) => id === 'parent')[1]![1];
    expect(ids.some(([id, at]) => id === 'child' && at >= recovered && at < recovered + seconds)).toBe(true);
  });

  it('do not hammer a parent that is well, nor each other where they depend in a circle', async () => {
    const all = bench();
    all.loop.configure(
      [check('a', { dependsOn: ['b'] }), check('b', { dependsOn: ['a'] }), check('c', { dependsOn: ['a'] })],
      [],
    );
    all.is.set('a', 'down').set('b', 'down').set('c', 'down');
    await all.clock.pass(hours);
    await all.stop();
    for (const id of ['a', 'b', 'c']) expect(all.madeOf(id).length).toBeLessThan(20);
  });
});

describe('a check that takes longer than its interval', () => {
  it('never overlaps itself and delays no other', async () => {
    const slow = bench({ takes: (id) => (id === 'slow' ? 150 * seconds : 20) });
    slow.loop.configure([check('slow', { intervalMinutes: 1 }), check('quick', { intervalMinutes: 1 })], []);
    await slow.clock.pass(hours);
    await slow.stop();
    expect(slow.most.under.get('slow')).toBe(1);
    expect(slow.madeOf('slow').length).toBeGreaterThanOrEqual(19);
    expect(slow.madeOf('quick').length).toBeGreaterThanOrEqual(60);
  });

  it('keeps to the number that may be under way at once, and all get their turn', async () => {
    const slow = bench({ takes: () => 10 * seconds, concurrency: 3 });
    const ten = Array.from({ length: 10 }, (_, index) => check(`check-${index}`));
    slow.loop.configure(ten, []);
    await slow.clock.pass(hours);
    await slow.stop();
    expect(slow.most.active).toBe(3);
    for (const {
      check: { id },
    } of ten)
      expect(slow.madeOf(id).length).toBeGreaterThanOrEqual(11);
  });
});

describe('a changed configuration', () => {
  it('is taken up without a gap: what is unchanged keeps state and schedule', async () => {
    const one = bench();
    one.loop.configure([check('orders'), check('vouchers'), check('old')], []);
    one.is.set('orders', 'down');
    await one.clock.pass(20 * minutes);
    const before = stateOf(one.loop, 'orders');
    one.loop.configure(
      [check('orders'), check('vouchers', { url: 'https://new.example/' }), check('new')],
      [],
    );
    expect(stateOf(one.loop, 'orders')).toBe(before);
    const changed = one.made.length;
    await one.clock.pass(seconds);
    expect(one.made.slice(changed).map(({ id }) => id)).toContain('vouchers');
    await one.clock.pass(20 * minutes);
    await one.stop();
    const after = one.made.slice(changed).map(({ id }) => id);
    expect(after).not.toContain('old');
    expect(after).toContain('new');
    expect(
      gaps(one.madeOf('orders'))
        .slice(2)
        .every((gap) => gap === 5 * minutes),
    ).toBe(true);
    expect(one.told()).toEqual(['orders pending down']);
    expect(stateOf(one.loop, 'vouchers').status).toBe('ok');
  });

  it('forgets what was under way of a check that is gone, or is declared otherwise', async () => {
    const one = bench({ takes: () => 30 * seconds });
    const strict = { failuresBeforeAlert: 1, failuresWithin: 1 };
    one.loop.configure([check('gone', strict), check('changed', strict)], []);
    one.is.set('gone', 'down').set('changed', 'down');
    while (one.most.active < 2) await one.clock.pass(seconds);
    one.loop.configure([check('changed', { ...strict, url: 'https://new.example/' })], []);
    await one.clock.pass(seconds);
    one.is.clear();
    await one.clock.pass(10 * minutes);
    await one.stop();
    expect(one.told()).toEqual([]);
    expect(one.loop.size).toBe(1);
    expect(one.most.under.get('changed')).toBe(1);
  });
});

describe('a restart', () => {
  it('keeps states, and makes no check sooner than it is due', async () => {
    const before = bench();
    const many = Array.from({ length: 100 }, (_, index) => check(`check-${index}`, { intervalMinutes: 60 }));
    before.loop.configure(many, []);
    before.is.set('check-7', 'down');
    await before.clock.pass(3 * hours);
    await before.stop();
    const states = before.loop.states();
    const after = bench();
    after.is.set('check-7', 'down');
    await after.clock.pass(3 * hours);
    after.loop.configure(many, states);
    await after.clock.pass(10 * minutes);
    expect(after.made.length).toBeLessThan(40);
    await after.clock.pass(50 * minutes);
    await after.stop();
    expect(after.made).toHaveLength(100);
    expect(after.told()).toEqual([]);
    const last = new Map(before.made.map(({ id, at }) => [id, at]));
    for (const { id, at } of after.made) expect(Math.round((at - last.get(id)!) / minutes)).toBe(60);
  });

  it('makes those at once that are overdue, a little spread', async () => {
    const states: WatchedState[] = Array.from({ length: 100 }, (_, index) => ({
      agreement: 'testbolaget-2027',
      id: `check-${index}`,
      state: { ...unseen(iso(start - 2 * hours)), status: 'ok', recent: 'o', lastAt: iso(start - hours) },
    }));
    const late = bench();
    late.loop.configure(
      states.map(({ id }) => check(id)),
      states,
    );
    await late.clock.pass(5 * seconds);
    await late.stop();
    expect(new Set(late.made.map(({ id }) => id)).size).toBe(100);
    expect(late.most.active).toBeLessThan(20);
  });
});

describe('while nobody can take what changed', () => {
  it('checks go on, and nothing is lost or told twice', async () => {
    let away = false;
    let failures = 0;
    const taken: WatchBatch[] = [];
    const one = bench({
      sink: (batch) => {
        if (away) return Promise.reject(new Error('the database is away'));
        taken.push(batch);
        return Promise.resolve();
      },
      onSinkFailure: () => (failures += 1),
    });
    one.loop.configure([check('orders'), check('vouchers')], []);
    await one.clock.pass(10 * minutes);
    away = true;
    one.is.set('orders', 'down');
    await one.clock.pass(20 * minutes);
    one.is.set('orders', 'ok').set('vouchers', 'down');
    const made = one.made.length;
    await one.clock.pass(20 * minutes);
    expect(one.made.length).toBeGreaterThan(made + 8);
    expect(failures).toBeGreaterThan(40);
    expect(failures).toBeLessThan(100);
    away = false;
    await one.clock.pass(minutes);
    await one.stop();
    const told = taken.flatMap(({ transitions }) => transitions.map(({ monitor, to }) => `${monitor} ${to}`));
    expect(told).toEqual(['orders down', 'orders ok', 'vouchers down']);
    const last = new Map(
      taken.flatMap(({ states }) => states.map((each) => [keyOf(each), each.state.status])),
    );
    expect([...last.values()].sort()).toEqual(['down', 'ok']);
  });

  it('hands it on when it is called off', async () => {
    let away = true;
    const taken: WatchBatch[] = [];
    const one = bench({
      sink: (batch) => {
        if (away) return Promise.reject(new Error('the database is away'));
        taken.push(batch);
        return Promise.resolve();
      },
    });
    one.loop.configure([check('orders')], []);
    one.is.set('orders', 'down');
    await one.clock.pass(10 * minutes);
    away = false;
    await one.stop();
    expect(taken.flatMap(({ transitions }) => transitions)).toHaveLength(1);
  });
});

describe('a wish for a fresh result', () => {
  const wish = (one: Bench): Wish => ({
    agreement: 'testbolaget-2027',
    id: 'orders',
    at: iso(one.clock.now()),
  });
  const answers = (one: Bench) =>
    one.batches.flatMap(({ rechecked }) => rechecked.map(({ still }) => still?.to ?? 'nothing'));

  it('is fulfilled at once: a bad state is told again, a good one is not', async () => {
    const one = bench();
    one.loop.configure([check('orders', { intervalMinutes: 60 })], []);
    await one.clock.pass(2 * minutes);
    one.loop.recheck([wish(one)]);
    await one.clock.pass(seconds);
    expect(answers(one)).toEqual(['nothing']);
    one.is.set('orders', 'down');
    await one.clock.pass(2 * hours);
    const wishedAt = one.clock.now();
    one.loop.recheck([wish(one), { ...wish(one), id: 'nobody' }]);
    await one.clock.pass(seconds);
    await one.stop();
    expect(answers(one)).toEqual(['nothing', 'down']);
    const { still } = one.batches.at(-1)!.rechecked[0]!;
    expect(Date.parse(still!.at)).toBeGreaterThanOrEqual(wishedAt);
  });

  it('is one wish, however often it is heard of', async () => {
    const one = bench();
    one.loop.configure([check('orders', { intervalMinutes: 60 })], []);
    await one.clock.pass(2 * minutes);
    const asked = wish(one);
    for (let time = 0; time < 5; time += 1) {
      one.loop.recheck([asked]);
      await one.clock.pass(seconds);
    }
    await one.stop();
    expect(answers(one)).toEqual(['nothing']);
    expect(one.made).toHaveLength(2);
  });

  it('waits until it is clear whether it recovered', async () => {
    const one = bench();
    one.loop.configure([check('orders', { intervalMinutes: 60 })], []);
    one.is.set('orders', 'down');
    await one.clock.pass(2 * hours);
    one.is.set('orders', 'ok');
    one.loop.recheck([wish(one)]);
    await one.clock.pass(seconds);
    expect(answers(one)).toEqual([]);
    await one.clock.pass(minutes);
    await one.stop();
    expect(answers(one)).toEqual(['nothing']);
    expect(one.told()).toEqual(['orders pending down', 'orders down ok']);
  });

  it('is not fulfilled by a result that was under way before it', async () => {
    const one = bench({ takes: () => 10 * seconds });
    one.loop.configure(
      [check('orders', { failuresBeforeAlert: 1, failuresWithin: 1, intervalMinutes: 60 })],
      [],
    );
    one.is.set('orders', 'down');
    await one.clock.pass(2 * hours);
    one.loop.recheck([wish(one)]);
    await one.clock.pass(5 * seconds);
    const wishedAt = one.clock.now();
    one.loop.recheck([wish(one)]);
    await one.clock.pass(minutes);
    await one.stop();
    expect(answers(one)).toEqual(['down']);
    expect(Date.parse(one.batches.at(-1)!.rechecked[0]!.still!.at)).toBeGreaterThanOrEqual(wishedAt);
    expect(one.most.under.get('orders')).toBe(1);
  });
});
