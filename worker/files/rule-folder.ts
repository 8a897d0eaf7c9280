/** Reads a folder of rules: the files of the ruleset, managers' examples, mappings and profiles; other files become findings. */
import { readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { inWords } from '../basics/spoken';
import type { Finding } from '../../rules/engine/reading/finding';
import { didYouMean } from '../../rules/engine/basics/did-you-mean';
import { replaceControls } from '../../rules/engine/basics/one-line';
import { findingAt } from '../../rules/engine/reading/finding-at';
import { topicMeant } from '../../rules/engine/ruleset/topic-meant';
import { dataFolders, singleFiles } from '../../rules/engine/ruleset/ruleset-paths';
import { signingServices } from '../../rules/engine/signing/signing';
import type { RulesetFiles } from '../../rules/engine/ruleset/terms';
import { expectedFound, joined } from '../../rules/engine/basics/text';
import type { Text, Wording } from '../../rules/engine/basics/text';
import { readGuarded, resolve, unreadable } from './read-guarded';
import type { Place } from './read-guarded';

const maxFiles = 20_000;
const folders = ['levels', 'customers', ...dataFolders, 'tests', 'signing', 'imports', 'exports'];

/** The texts of files, and a finding for each file that was not read or does not belong there. */
export interface FolderTexts {
  texts: RulesetFiles;
  /** Paths of files that are there and were not read; a finding says why. */
  unread: string[];
  findings: Finding[];
}

/** Reads the ruleset's files below `rulesDir`: `levels/*.json`, `customers/<customer>/*.json`, the files of data and single ones. */
export function readRulesetTexts(rulesDir: string): FolderTexts {
  const root = rootOf(rulesDir);
  const findings: Finding[] = [];
  const top = entriesOf(root, '', findings);
  const files = [
    ...singleFiles.filter((name) => top.includes(name)),
    ...(top.includes('levels') ? jsonFiles(root, 'levels', findings) : []),
    ...(top.includes('customers') ? customerFiles(root, findings) : []),
    ...dataFolders.flatMap((name) => (top.includes(name) ? jsonFiles(root, name, findings) : [])),
  ];
  findings.push(...top.flatMap((name) => unexpectedAtTop(root, name)));
  return readFiles(root, files, findings);
}

/** Reads managers' examples: `tests/*.json`. */
export const readExampleTexts = (rulesDir: string): FolderTexts => readFolder(rulesDir, 'tests');

/** Reads the profiles by which time is imported: `imports/*.json`. */
export const readProfileTexts = (rulesDir: string): FolderTexts => readFolder(rulesDir, 'imports');

function readFolder(rulesDir: string, folder: string): FolderTexts {
  const root = rootOf(rulesDir);
  const findings: Finding[] = [];
  const there = entriesOf(root, '', findings).includes(folder);
  return readFiles(root, there ? jsonFiles(root, folder, findings) : [], findings);
}

/** Reads the profiles by which invoice bases are exported: `exports/*.json`. */
export function readExportTexts(rulesDir: string): FolderTexts {
  const root = rootOf(rulesDir);
  const findings: Finding[] = [];
  const there = entriesOf(root, '', findings).includes('exports');
  return readFiles(root, there ? jsonFiles(root, 'exports', findings) : [], findings);
}

/** Reads the mappings of signing services: `signing/<service>.json`. */
export function readMappingTexts(rulesDir: string): FolderTexts {
  const root = rootOf(rulesDir);
  const findings: Finding[] = [];
  const there = entriesOf(root, '', findings).includes('signing') ? entriesOf(root, 'signing', findings) : [];
  const known = signingServices.map((service) => `${service}.json`);
  const files = there.flatMap((name) => {
    if (known.includes(name)) return [`signing/${name}`];
    if (isOfProject(name)) return [];
    const expected = joined({ sv: 'bara ', en: 'only ' }, known.join(', '));
    findings.push(unexpected(placeOf(root, `signing/${name}`), expected, name, didYouMean(name, known)));
    return [];
  });
  return readFiles(root, files, findings);
}

/** True for files that may stand beside the rule files: notes and, in other projects, code and schemas. */
const isOfProject = (name: string): boolean => isNote(name) || /\.(ts|schema\.json)$/.test(name);

/** True for a text for people, such as README.md: it may stand in every folder. */
const isNote = (name: string): boolean => name.endsWith('.md');

const looksLikeRules = (name: string): boolean => name.endsWith('.json') && !isOfProject(name);

function rootOf(rulesDir: string): string {
  try {
    return realpathSync(rulesDir);
  } catch (error) {
    throw new Error(
      inWords(
        expectedFound(
          { sv: `regelfiler i ${rulesDir}`, en: `rule files in ${rulesDir}` },
          { sv: 'ingen sådan mapp', en: 'no such folder' },
        ),
      ),
      { cause: error },
    );
  }
}

const placeOf = (root: string, relative: string): Place => ({
  root,
  path: relative,
  file: replaceControls(`rules/${relative}`).replace(/\/$/, ''),
});

function readFiles(root: string, files: string[], findings: Finding[]): FolderTexts {
  if (files.length > maxFiles) {
    const most = { sv: `högst ${maxFiles} filer`, en: `at most ${maxFiles} files` };
    return {
      texts: {},
      unread: files,
      findings: [...findings, wrong(placeOf(root, ''), expectedFound(most, String(files.length)))],
    };
  }
  const read = files.map((file) => ({ file, result: readGuarded(placeOf(root, file)) }));
  return {
    texts: Object.fromEntries(
      read.flatMap(({ file, result }) => ('text' in result ? [[file, result.text] as const] : [])),
    ),
    unread: read.flatMap(({ file, result }) => ('finding' in result ? [file] : [])),
    findings: [...findings, ...read.flatMap(({ result }) => ('finding' in result ? [result.finding] : []))],
  };
}

/** Names in a folder, sorted, without hidden files: those belong to editors and systems. */
function entriesOf(root: string, relative: string, findings: Finding[]): string[] {
  const place = placeOf(root, relative);
  const found = resolve(place);
  if ('wrong' in found) {
    findings.push(wrong(place, found.wrong));
    return [];
  }
  if (!found.stats.isDirectory()) {
    findings.push(
      wrong(place, expectedFound({ sv: 'en mapp', en: 'a folder' }, { sv: 'en fil', en: 'a file' })),
    );
    return [];
  }
  try {
    return readdirSync(found.real)
      .filter((name) => !name.startsWith('.'))
      .sort();
  } catch (error) {
    findings.push(wrong(place, unreadable(error)));
    return [];
  }
}

function jsonFiles(root: string, folder: string, findings: Finding[]): string[] {
  return entriesOf(root, folder, findings).flatMap((name) => {
    const file = `${folder}/${name}`;
    if (name.endsWith('.json')) return [file];
    if (isNote(name)) return [];
    const meant = `${path.parse(name).name}.json`;
    const expected = { sv: 'en fil vars namn slutar på .json', en: 'a file whose name ends in .json' };
    findings.push(unexpected(placeOf(root, file), expected, name, didYouMean(name, [meant])));
    return [];
  });
}

function customerFiles(root: string, findings: Finding[]): string[] {
  return entriesOf(root, 'customers', findings).flatMap((name) => {
    if (isNote(name)) return [];
    const place = placeOf(root, `customers/${name}`);
    const found = resolve(place);
    if ('wrong' in found || found.stats.isDirectory()) return jsonFiles(root, place.path, findings);
    const expected = { sv: 'en mapp per kund', en: 'a folder for each customer' };
    const { name: called } = path.parse(name);
    const topic = topicMeant(called);
    const meant = topic === undefined ? [called, undefined] : [undefined, topic];
    const file = (customer: string, about: string): string =>
      `customers/${meant[0] ?? customer}/${meant[1] ?? about}.json`;
    const hint = {
      sv: `; menade du "${file('<kund>', '<ämne>')}"?`,
      en: `; did you mean "${file('<customer>', '<topic>')}"?`,
    };
    findings.push(unexpected(place, expected, { sv: `filen ${name}`, en: `the file ${name}` }, hint));
    return [];
  });
}

/** A finding for an unknown entry at the top. Ignored are folders without rules whose name is no likely misspelling. */
function unexpectedAtTop(root: string, name: string): Finding[] {
  if (folders.includes(name) || singleFiles.includes(name) || isOfProject(name)) return [];
  const place = placeOf(root, name);
  const found = resolve(place);
  const isFolder = !('wrong' in found) && found.stats.isDirectory();
  const hint = didYouMean(name, isFolder ? folders : singleFiles);
  if (isFolder && hint.en === '' && !entriesOf(root, name, []).some(looksLikeRules)) return [];
  const expected = joined({ sv: 'bara ', en: 'only ' }, [...folders, ...singleFiles].join(', '));
  return [unexpected(place, expected, name, hint)];
}

function wrong(place: Place, message: Text): Finding {
  return findingAt('', place.file, 0, message);
}

function unexpected(place: Place, expected: Wording, found: Wording, hint: Text): Finding {
  const unread = { sv: ', som inte läses', en: ', which is not read' };
  const message = joined(expectedFound(expected, found), unread, hint);
  return findingAt(
    '',
    place.file,
    0,
    { sv: replaceControls(message.sv), en: replaceControls(message.en) },
    'warning',
  );
}
