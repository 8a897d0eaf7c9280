import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openMappings } from '../../worker/files/signing-mappings';
import { fileText } from '../rules/fixtures';

const shipped = fileText('rules/signing/docusign.json');
let rules: string;
let said: string[];
let clock: number;

beforeEach(() => {
  rules = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-mappings-'));
  said = [];
  clock = 0;
});

afterEach(() => rmSync(rules, { recursive: true }));

const open = () =>
  openMappings(
    rules,
    (line) => said.push(line),
    () => clock,
  );
/** As editors save: another file takes the place of the one that was there. */
function save(text: string): void {
  mkdirSync(path.join(rules, 'signing'), { recursive: true });
  writeFileSync(path.join(rules, 'signing/new'), text);
  renameSync(path.join(rules, 'signing/new'), path.join(rules, 'signing/docusign.json'));
}
const by = (name: string) => shipped.replace('"name": "Erik Holm"', `"name": "${name}"`);

test('without a file, the one that was expected is named, and said once', () => {
  const mappingFor = open();
  const missing = {
    reasons: [
      {
        about: 'rules/signing/docusign.json:1:1',
        message: {
          sv: 'förväntade en mappningsfil, hittade ingen',
          en: 'expected a mapping file, found none',
        },
      },
    ],
  };
  expect(mappingFor('docusign')).toEqual(missing);
  clock += 5_000;
  expect(mappingFor('docusign')).toEqual(missing);
  expect(said).toEqual([
    'The mapping of docusign cannot be used, its documents wait:\n' +
      '  rules/signing/docusign.json:1:1 expected a mapping file, found none',
  ]);
});

test('a file that comes later, or is saved again, holds from the next look on', () => {
  const mappingFor = open();
  expect(mappingFor('docusign')).toHaveProperty('reasons');
  save(by('Erik Holm'));
  clock += 500;
  expect(mappingFor('docusign')).toHaveProperty('reasons');
  clock += 500;
  expect(mappingFor('docusign')).toHaveProperty('value.manager.name', 'Erik Holm');
  save(by('Eva Sand'));
  clock += 1_000;
  expect(mappingFor('docusign')).toHaveProperty('value.manager.name', 'Eva Sand');
});

test('while a file is broken or gone, its last good reading stays in use; what is wrong is said once', () => {
  save(by('Erik Holm'));
  const mappingFor = open();
  const good = mappingFor('docusign');
  expect(good).toHaveProperty('value.service', 'docusign');
  save(shipped.replace('"startsOn"', '"startOn"'));
  for (let look = 0; look < 3; look++) {
    clock += 1_000;
    expect(mappingFor('docusign')).toEqual(good);
  }
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(
    /its last good reading stays in use:\n[^]*docusign\.json:\d+:\d+ contract\.startOn: expected/,
  );
  rmSync(path.join(rules, 'signing/docusign.json'));
  clock += 1_000;
  expect(mappingFor('docusign')).toEqual(good);
  save(by('Eva Sand'));
  clock += 1_000;
  expect(mappingFor('docusign')).toHaveProperty('value.manager.name', 'Eva Sand');
});

test('a folder in place of the file, or of the rules, is told and not thrown', () => {
  mkdirSync(path.join(rules, 'signing/docusign.json'), { recursive: true });
  const mappingFor = open();
  expect(mappingFor('docusign')).toMatchObject({
    reasons: [{ message: { en: 'expected a file, found a folder' } }],
  });
  expect(openMappings(path.join(rules, 'none'), () => undefined)('scrive')).toHaveProperty('reasons');
});
