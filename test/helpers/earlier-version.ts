/** The code of an earlier version, taken out of Git, with the packages of today: what runs and what it left is tried with it. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../worker/settings/configuration';

/**
 * The commit that saved the histories of 0.2.0, which no tag names: the first version whose runs and data count. The
 * commit before, which gave the version its number, began a phase's first mail otherwise.
 */
export const firstVersion = 'f6903f00eaa918052aee5ebd4e729d6a9bef786c';

/** People of the examples, and what they are called in what is kept. */
const names: [RegExp, string][] = [
  [/Karin Ek\b/g, 'Kontakt Ett'],
  [/Johan Lind\b/g, 'Kontakt Två'],
  [/Maria Strand\b/g, 'Kontakt Tre'],
  [/Anna Berg\b/g, 'Konsult Ett'],
  [/Erik Holm\b/g, 'Chef Ett'],
  [/Lars Nyman\b/g, 'Konsult Två'],
  [/lars\.nyman@/g, 'konsult.tva@'],
  [/karin\.ek@/g, 'kontakt.ett@'],
  [/johan\.lind@/g, 'kontakt.tva@'],
  [/maria\.strand@/g, 'kontakt.tre@'],
  [/anna\.berg@/g, 'konsult.ett@'],
  [/erik\.holm@/g, 'chef.ett@'],
];

/** The commit of a name, in full; undefined where there is no Git, or it does not know the name. */
export function commitOf(name: string): string | undefined {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--verify', '--quiet', `${name}^{commit}`], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** Calls nobody in the examples by a name that a person may have. */
function nameNobody(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(json|csv|ts)$/.test(entry.name)) continue;
    const file = path.join(entry.parentPath, entry.name);
    const text = readFileSync(file, 'utf8');
    const changed = names.reduce((so, [name, other]) => so.replace(name, other), text);
    if (changed !== text) writeFileSync(file, changed);
  }
}

/**
 * Takes the code of a commit out of Git, once.
 * @returns its folder
 * @throws with what Git says, where the commit is not there
 */
export function takeOut(commit: string): string {
  const folder = path.join(projectRoot, '.data/earlier', commit);
  const done = path.join(folder, 'node_modules');
  if (existsSync(done)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const archive = execFileSync('git', ['archive', commit], { cwd: projectRoot, maxBuffer: 2 ** 30 });
  execFileSync('tar', ['-x'], { cwd: folder, input: archive });
  for (const part of ['examples', 'rules/signing', 'test/helpers']) nameNobody(path.join(folder, part));
  symlinkSync(path.join(projectRoot, 'node_modules'), done);
  return folder;
}
