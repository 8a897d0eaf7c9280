import { linkSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { CheckDeps, Found } from '../../../activities/monitors/checks/checker';
import { NotMade, NotWell } from '../../../activities/monitors/checks/checker';
import { checkFiles } from '../../../activities/monitors/checks/files';
import { fitsPattern } from '../../../activities/monitors/checks/measure-files';
import type { Check } from '../../../rules/engine/contract/monitor';
import { depsWith, watchedCheck } from './watched-check';

/** Bytes that something still refers to. */
function inUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

/** A Monday, noon in Sweden. */
const now = Date.parse('2027-05-03T10:00:00.000Z');
const minute = 60_000;
let root: string;
let folder: string;
let deps: CheckDeps;

beforeEach(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'files-')));
  folder = path.join(root, 'import');
  await mkdir(folder);
  deps = depsWith({ now: () => now, fileRoots: [root] });
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function file(name: string, minutesOld: number, bytes = 1): Promise<void> {
  const at = new Date(now - minutesOld * minute);
  await writeFile(path.join(folder, name), 'x'.repeat(bytes));
  await utimes(path.join(folder, name), at, at);
}

const check = (
  limits: Check['limits'],
  more: Partial<Check> = {},
  signal = new AbortController().signal,
): Promise<Found> =>
  Promise.resolve(
    checkFiles(
      watchedCheck({ id: 'import', kind: 'files', folder, ...(limits && { limits }), ...more }),
      deps,
      signal,
    ),
  );
const failure = (result: Promise<Found>): Promise<unknown> =>
  result.then(
    (found) => found,
    (error: unknown) => error,
  );

describe('a folder of files', () => {
  test('an import that is stuck: the folder fills, its oldest file grows old', async () => {
    const limits = { oldestMinutes: { warnAbove: 10, errorAbove: 30 }, count: { errorAbove: 3 } };
    await expect(check(limits)).resolves.toMatchObject({ outcome: 'ok', message: { en: 'no file' } });
    await file('a.xml', 5);
    await expect(check(limits)).resolves.toMatchObject({
      outcome: 'ok',
      measured: { oldestMinutes: 5, count: 1 },
    });
    await file('b.xml', 20);
    await expect(check(limits)).resolves.toMatchObject({
      outcome: 'warning',
      message: { en: "the oldest file's age in minutes: expected at most 10, found 20" },
    });
    await file('c.xml', 31);
    const stuck = await check(limits);
    expect(stuck).toMatchObject({ outcome: 'down', measured: { oldestMinutes: 31, count: 3 } });
    expect(stuck.answer).toBe(
      'oldest: c.xml, 2027-05-03T09:29:00.000Z, 1 byte\nnewest: a.xml, 2027-05-03T09:55:00.000Z, 1 byte',
    );
    await rm(path.join(folder, 'c.xml'));
    await rm(path.join(folder, 'b.xml'));
    await expect(check(limits)).resolves.toMatchObject({ outcome: 'ok' });
    for (const name of ['d', 'e', 'f']) await file(name, 1);
    await expect(check(limits)).resolves.toMatchObject({
      outcome: 'down',
      message: { en: 'number of files: expected at most 3, found 4' },
    });
  });

  test('an export that stopped: its newest file grows old, or there is none', async () => {
    const limits = { newestMinutes: { errorAbove: 60 } };
    await file('old.csv', 90);
    await file('new.csv', 59);
    await expect(check(limits)).resolves.toMatchObject({ outcome: 'ok', measured: { newestMinutes: 59 } });
    await rm(path.join(folder, 'new.csv'));
    await expect(check(limits)).resolves.toMatchObject({ outcome: 'down' });
    await rm(path.join(folder, 'old.csv'));
    await expect(check(limits)).resolves.toMatchObject({ outcome: 'down', message: { en: 'no file' } });
    await expect(check({ newestMinutes: { warnAbove: 60 } })).resolves.toMatchObject({ outcome: 'warning' });
  });

  test('sizes add up to megabytes', async () => {
    await file('a', 0, 1_500_000);
    await file('b', 0, 700_000);
    await expect(check({ megabytes: { errorAbove: 2 } })).resolves.toMatchObject({
      outcome: 'down',
      measured: { megabytes: 2.2 },
    });
  });

  test('ages count expected minutes only, and outside the hours nothing is missing', async () => {
    const expectedHours = [{ from: '08:00', to: '16:00' }];
    const limits = { newestMinutes: { errorAbove: 300 } };
    const monday = watchedCheck({ id: 'export', kind: 'files', folder, limits, expectedHours });
    const at = (instant: string) =>
      checkFiles(monday, { ...deps, now: () => Date.parse(instant) }, new AbortController().signal);
    // Friday 15:00: an hour of that day, and four of Monday's.
    await file('last.csv', 69 * 60);
    await expect(at('2027-05-03T10:00:00.000Z')).resolves.toMatchObject({
      outcome: 'ok',
      measured: { newestMinutes: 300 },
    });
    await expect(at('2027-05-03T10:01:00.000Z')).resolves.toMatchObject({ outcome: 'down' });
    await rm(path.join(folder, 'last.csv'));
    await expect(at('2027-05-03T10:01:00.000Z')).resolves.toMatchObject({ outcome: 'down' });
    await expect(at('2027-05-03T22:00:00.000Z')).resolves.toMatchObject({ outcome: 'ok' });
    const count = { limits: { count: { errorBelow: 1, errorAbove: 0 } }, expectedHours };
    await file('one', 1);
    await expect(
      check(count.limits, { expectedHours: [{ from: '20:00', to: '21:00' }] }),
    ).resolves.toMatchObject({
      outcome: 'down',
    });
    await rm(path.join(folder, 'one'));
    await expect(
      check(count.limits, { expectedHours: [{ from: '20:00', to: '21:00' }] }),
    ).resolves.toMatchObject({
      outcome: 'ok',
    });
  });

  test('only files that fit the pattern count, neither folders nor links nor what is in folders', async () => {
    await file('a.xml', 1);
    await file('b.txt', 1);
    await mkdir(path.join(folder, 'c.xml'));
    await writeFile(path.join(folder, 'c.xml', 'd.xml'), '');
    await symlink('/etc/hostname', path.join(folder, 'e.xml'));
    await expect(check({ count: { errorAbove: 5 } }, { pattern: '*.xml' })).resolves.toMatchObject({
      measured: { count: 1 },
    });
  });

  test('ten thousand files are counted and aged without keeping them', async () => {
    const many = 10_000;
    // Further names of one file are made faster than files.
    await file('order-0', 1);
    for (let index = 1; index < many; index += 1)
      linkSync(path.join(folder, 'order-0'), path.join(folder, `order-${index}`));
    const before = inUse();
    let most = 0;
    // The check has 100 ms to itself after each look: to collect the garbage of a long run takes longer than that.
    let watching = setTimeout(function look() {
      most = Math.max(most, inUse());
      watching = setTimeout(look, 100);
    }, 20);
    const found = await check({ count: { errorAbove: 10 }, newestMinutes: { errorAbove: 1e9 } });
    clearTimeout(watching);
    expect(found).toMatchObject({ outcome: 'down', measured: { count: many } });
    expect(most).toBeGreaterThan(0);
    expect((most - before) / 1_000_000).toBeLessThan(2);
  });
});

describe('what may not be looked at', () => {
  const limits = { count: { errorAbove: 10 } };

  test.each<[string, () => Promise<string> | string, string]>([
    ['a folder outside', () => tmpdir(), 'is not below any of the roots'],
    ['a way out', () => path.join(folder, '..', '..'), 'is not below any of the roots'],
    ['a neighbour of nearly the same name', () => `${root}-other`, 'is not below any of the roots'],
    ['a folder outside that is not there', () => '/no/such/folder', 'is not below any of the roots'],
    ['a relative path', () => 'import', 'expected an absolute path, found "import"'],
    [
      'a link that leads outside',
      async () => {
        await symlink('/etc', path.join(root, 'elsewhere'));
        return path.join(root, 'elsewhere');
      },
      'is not below any of the roots',
    ],
    [
      'a missing folder behind a link that leads outside',
      async () => {
        await symlink('/etc', path.join(root, 'elsewhere'));
        return path.join(root, 'elsewhere', 'nothing');
      },
      'is not below any of the roots',
    ],
  ])('%s', async (_, where, reason) => {
    const error = await failure(check(limits, { folder: await where() }));
    expect(error).toBeInstanceOf(NotMade);
    expect((error as NotMade).text.en).toContain(reason);
  });

  test('where no root is allowed, nothing is', async () => {
    deps = { ...deps, fileRoots: [] };
    expect(await failure(check(limits))).toBeInstanceOf(NotMade);
  });

  test('a link within the root, and a root behind a link, are followed', async () => {
    await file('a', 1);
    await symlink(folder, path.join(root, 'link'));
    await symlink(root, `${root}-link`);
    try {
      await expect(check(limits, { folder: path.join(root, 'link') })).resolves.toMatchObject({
        outcome: 'ok',
      });
      deps = { ...deps, fileRoots: [`${root}-link`] };
      await expect(check(limits)).resolves.toMatchObject({ measured: { count: 1 } });
      await expect(check(limits, { folder: `${root}-link/import` })).resolves.toMatchObject({
        outcome: 'ok',
      });
    } finally {
      await rm(`${root}-link`);
    }
  });

  test('a folder the system does not let us read says nothing of its files', async () => {
    await chmod(root, 0o755);
    await chmod(folder, 0);
    const me = process.geteuid?.();
    // The administrator may read everything, so that nobody in particular has to look.
    if (me === 0) process.seteuid?.(65534);
    const error = await failure(check(limits)).finally(() => me === 0 && process.seteuid?.(me));
    await chmod(folder, 0o755);
    expect(error).toBeInstanceOf(NotMade);
    expect((error as NotMade).text.en).toContain('may not be read by whoever runs the check');
  });

  test('a missing folder, and a file in its place, are not well', async () => {
    const missing = await failure(check(limits, { folder: path.join(root, 'gone') }));
    expect(missing).toBeInstanceOf(NotWell);
    expect((missing as NotWell).text).toEqual({
      sv: `mappen ${root}/gone finns inte`,
      en: `the folder ${root}/gone does not exist`,
    });
    await file('a', 1);
    expect(await failure(check(limits, { folder: path.join(folder, 'a') }))).toBeInstanceOf(NotWell);
  });

  test('a check without a limit of files is not made', async () => {
    const error = await failure(check(undefined));
    expect(error).toBeInstanceOf(NotMade);
    expect((error as NotMade).text.en).toMatch(/^expected a limit of oldestMinutes, /);
  });

  test('a check that is called off ends', async () => {
    await file('a', 1);
    expect(await failure(check(limits, {}, AbortSignal.abort()))).toBeInstanceOf(NotWell);
  });
});

describe('patterns', () => {
  test.each([
    ['order.xml', '*.xml', true],
    ['order.xml', '*', true],
    ['order.xml', 'order.xml', true],
    ['order.xml', 'order?xml', true],
    ['order.xml', '*.XML', false],
    ['order.xml', 'ord', false],
    ['order.xml', '*x*r*', false],
    ['order.xml', '*r*r*x*', true],
    ['orderxml', '*.xml', false],
    ['.xml', '*.xml', true],
    ['', '*', true],
    ['', '?', false],
    ['a+b(1).xml', 'a+b(?).xml', true],
    ['åäö.xml', '???.xml', true],
    ['😀.xml', '?.xml', true],
    ['aab', 'a*ab', true],
    ['abcab', '*ab', true],
  ])('%s fits %s: %s', (name, pattern, fits) => {
    expect(fitsPattern(name, pattern)).toBe(fits);
  });

  test('large and small letters are the same where the system says so', () => {
    expect(fitsPattern('Order.XML', 'order.*', true)).toBe(true);
    expect(fitsPattern('Order.XML', 'order.*')).toBe(false);
  });

  // A pattern tried in every way would take longer than the world stands.
  test('a hostile name does not take long', () => {
    expect(fitsPattern('a'.repeat(255), `${'*a'.repeat(49)}*b`)).toBe(false);
  });
});

describe('the version that a file tells', () => {
  const told = async (name: string, more: object = {}) =>
    (await check({ count: {} }, { reportsVersion: { of: 'pector-import', file: name, ...more } })).version;
  const put = (name: string, content: string | Buffer) => writeFile(path.join(folder, name), content);

  /** The end of a version resource: what Windows writes of a program of version 18.10.2.4711. */
  const resource = Buffer.from('bd04effe000001000a00120067120200', 'hex');

  test.each<[string, string | Buffer, object, object]>([
    ['the first that looks like one', 'Pector Import build 7, 6.2.1\n', {}, { version: '6.2.1' }],
    ['what follows a text', 'api=9.1\nversion = "6.2"\n', { after: 'version' }, { version: '6.2' }],
    [
      'a field of JSON',
      '{ "api": "9.1", "version": "6.2.1-beta" }',
      { after: '"version"' },
      { version: '6.2.1-beta' },
    ],
    ['in UTF-16, as Windows writes', Buffer.from('\ufeffVersion: 6.2', 'utf16le'), {}, { version: '6.2' }],
    ['none', 'nothing here', {}, { problem: { en: 'expected a version somewhere in the file, found none' } }],
    [
      'not what was asked for',
      '6.2',
      { after: 'v=' },
      { problem: { sv: 'förväntade en version efter "v=" i filen, hittade ingen' } },
    ],
  ])('%s', async (_, content, more, expected) => {
    await put('about.txt', content);
    expect(await told('about.txt', more)).toMatchObject({ of: 'pector-import', ...expected });
  });

  test.each([
    ['at its beginning', 0],
    ['behind the first megabyte', 1_500_000],
    ['over the edge of what is read at once', 999_995],
  ])('a program of Windows, its resource %s', async (_, before) => {
    await put('import.exe', Buffer.concat([Buffer.alloc(before), resource, Buffer.alloc(100)]));
    expect(await told('import.exe')).toEqual({ of: 'pector-import', version: '18.10.2.4711' });
  });

  it('is a problem of the report alone where it cannot be read', async () => {
    await put('plain.exe', 'MZ');
    expect((await told('plain.exe'))?.problem?.en).toMatch(
      /^expected a file version in .*plain\.exe, found none$/,
    );
    expect((await told('missing.txt'))?.problem?.en).toMatch(/missing\.txt could not be read \(ENOENT\)$/);
    await symlink('/etc/os-release', path.join(folder, 'link.txt'));
    expect((await told('link.txt'))?.problem?.en).toMatch(/could not be read \(ELOOP\)$/);
    expect((await told('../../../etc/os-release'))?.problem?.en).toContain('is not below any of the roots');
    expect(await check({ count: {} }, { reportsVersion: { of: 'x', file: 'missing.txt' } })).toMatchObject({
      outcome: 'ok',
    });
  });
});
