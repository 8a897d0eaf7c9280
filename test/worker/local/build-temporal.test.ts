import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildKey, buildTemporal, isGoNewEnough, requiredGo } from '../../../worker/local/build-temporal';
import { silentReporter } from '../../../worker/local/progress';
import { userCacheDir } from '../../../worker/local/user-cache';

const go = { version: 'go1.26.8', platform: 'linux/amd64' };
let directory: string;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'build-'));
});

afterEach(() => fs.rmSync(directory, { recursive: true }));

/** A program that answers `go env` as the Go of that version would. */
function fakeGo(version: string): string {
  const file = path.join(directory, 'go');
  fs.writeFileSync(file, `#!/bin/sh\nprintf '${version}\\nlinux\\namd64\\n'\n`, { mode: 0o755 });
  return file;
}

const build = (goCandidates: string[]): Promise<unknown> =>
  buildTemporal({
    dataDir: directory,
    cacheDir: path.join(directory, 'cache'),
    log: silentReporter,
    goCandidates,
  });

test('the build key is short, stable, and fit for a directory name', () => {
  expect(buildKey('sum', 'mod', go)).toMatch(/^[0-9a-f]{16}$/);
  expect(buildKey('sum', 'mod', go)).toBe(buildKey('sum', 'mod', { ...go }));
});

test.each([
  ['go.sum', buildKey('other', 'mod', go)],
  ['go.mod', buildKey('sum', 'other', go)],
  ['the version of Go', buildKey('sum', 'mod', { ...go, version: 'go1.27.0' })],
  ['the platform', buildKey('sum', 'mod', { ...go, platform: 'linux/arm64' })],
])('the build key changes with %s', (_, key) => {
  expect(key).not.toBe(buildKey('sum', 'mod', go));
});

test('the Go that is needed is the one go.mod asks for', () => {
  expect(requiredGo('module x\n\ngo 1.26.8\n')).toBe('1.26.8');
});

test.each([
  ['go1.26.8', true],
  ['go1.26.10', true],
  ['go1.27', true],
  ['go2.0', true],
  ['devel go1.28-abcdef', true],
  ['go1.26.7', false],
  ['go1.26', false],
  ['go1.9.9', false],
])('%s for 1.26.8 is new enough: %s', (version, enough) => {
  expect(isGoNewEnough(version, '1.26.8')).toBe(enough);
});

test('without Go, the message names what to install', async () => {
  await expect(build([path.join(directory, 'no-such-go')])).rejects.toThrow(
    /no Go was found[^]*Install Go 1\.26\.8 or newer/,
  );
});

test('an older Go is named', async () => {
  await expect(build([fakeGo('go1.21.0')])).rejects.toThrow(/this machine has go1\.21\.0/);
});

test('what was built once serves on without Go', async () => {
  const file = fakeGo('go1.26.8');
  fs.appendFileSync(file, '[ "$1" = env ] || true\n');
  const built = await build([file]);
  expect(await build([path.join(directory, 'no-such-go')])).toEqual(built);
});

test('a build that fails says what Go said and where the log is, and leaves no half of it behind', async () => {
  const file = fakeGo('go1.26.8');
  fs.appendFileSync(file, '[ "$1" = env ] || { echo "no space left on device" >&2; exit 3; }\n');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('printf', '[ "$1" = env ] && printf'), {
    mode: 0o755,
  });
  await expect(build([file])).rejects.toThrow(
    /go list ended with 3:[^]*no space left on device[^]*temporal-build\.log/,
  );
  expect(fs.readdirSync(path.join(directory, 'cache'))).toEqual([]);
});

test('the cache lies where XDG_CACHE_HOME says, if that is a full path', () => {
  expect(userCacheDir({ XDG_CACHE_HOME: '/somewhere' }, '/home/x')).toBe('/somewhere/serviceavtal');
  expect(userCacheDir({ XDG_CACHE_HOME: 'relative' }, '/home/x')).toMatch(/^\/home\/x\/.*\/serviceavtal$/);
});
