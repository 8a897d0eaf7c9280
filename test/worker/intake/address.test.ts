import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readConfiguration } from '../../../worker/settings/configuration';
import { intakeUrl, linkKey } from '../../../worker/intake/address';

describe('the address of the intake', () => {
  it.each([
    [{}, 'http://127.0.0.1:8080'],
    [{ SERVICEAVTAL_INTAKE_HOST: '10.0.0.5' }, 'http://10.0.0.5:8080'],
    [{ SERVICEAVTAL_INTAKE_HOST: '0.0.0.0' }, 'http://127.0.0.1:8080'],
    [{ SERVICEAVTAL_INTAKE_HOST: '::1' }, 'http://[::1]:8080'],
    [{ SERVICEAVTAL_INTAKE_URL: 'https://larm.pector.example/' }, 'https://larm.pector.example'],
  ])('with %j is %s', (environment, url) => {
    expect(intakeUrl(readConfiguration(environment), { intakePort: 8080 })).toBe(url);
  });
});

describe('the key of links', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'link-key-')), 'data');
  });
  afterEach(() => fs.rmSync(path.dirname(dataDir), { recursive: true }));
  const key = (environment: Record<string, string> = {}): string =>
    linkKey(readConfiguration({ SERVICEAVTAL_DATA: dataDir, ...environment }));

  it('is the one that is set, and is written nowhere then', () => {
    const set = 'x'.repeat(32);
    expect(key({ SERVICEAVTAL_LINK_KEY: set })).toBe(set);
    expect(fs.existsSync(dataDir)).toBe(false);
  });

  it('is made once else, for its owner alone', () => {
    const made = key();
    expect(made).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(key()).toBe(made);
    expect(fs.readdirSync(dataDir)).toEqual(['link-key']);
    expect(fs.statSync(path.join(dataDir, 'link-key')).mode & 0o777).toBe(0o600);
  });

  it('is refused where somebody has emptied its file', () => {
    key();
    fs.writeFileSync(path.join(dataDir, 'link-key'), '');
    expect(() => key()).toThrow(
      'link-key: expected a key of at least 32 characters, found 0; remove the file',
    );
  });
});
