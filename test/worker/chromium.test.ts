import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findChromium, selectsBrowserTests } from '../helpers/chromium';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'browsers-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o755);
  return file;
}

describe('the browser of the tests', () => {
  it('is the one that CHROMIUM_PATH names', () => {
    const named = program('my-browser');
    program('chromium');
    expect(findChromium({ CHROMIUM_PATH: named, PATH: folder })).toBe(named);
  });

  it('is found on PATH under its usual names', () => {
    expect(findChromium({ PATH: folder })).toBeUndefined();
    const chrome = program('google-chrome');
    expect(findChromium({ PATH: folder })).toBe(chrome);
    const chromium = program('chromium');
    expect(findChromium({ PATH: `/nowhere:${folder}` })).toBe(chromium);
  });

  it('is an error where CHROMIUM_PATH names no program', () => {
    const named = path.join(folder, 'absent');
    program('chromium');
    expect(() => findChromium({ CHROMIUM_PATH: named, PATH: folder })).toThrow(
      `CHROMIUM_PATH: expected the browser's program, found ${named}`,
    );
  });

  it.each([
    [[], true],
    [['test/browser'], true],
    [['consultant.test'], true],
    [['test/rules', 'test/browser/consultant'], true],
    [['access-control'], true],
    [['--verbose'], true],
    [['test/rules'], false],
    [['('], false],
  ])('is needed for %j: %j', (args, needed) => {
    expect(selectsBrowserTests(args)).toBe(needed);
  });
});
