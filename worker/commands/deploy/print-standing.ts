/** The versions as text. */
import type { Language } from '../../../rules/engine/basics/text';
import type { Standing, StandingVersion } from '../../deploy/standing';
import { said, stateWord } from './words';

/** A version in a few lines: its state, what runs on it, what has gone wrong. */
export function printVersion(version: StandingVersion, language: Language): string {
  const words = said[language];
  const { build, state, served, runs, agreements, unwell, raised } = version;
  const on = runs === 0 ? words.noRuns : words.runs(runs, agreements);
  const notNeeded = served && runs === 0 && (state === 'draining' || state === 'drained');
  return [
    `${build}  ${stateWord(state, language)}, ${served ? words.served : words.notServed}; ${on}`,
    ...(unwell.length > 0 ? [words.unwell(unwell)] : []),
    ...raised.map(({ agreement, code, subject }) =>
      words.raised(agreement, subject === '' ? code : `${code} (${subject})`),
    ),
    ...(notNeeded ? [words.canStop] : []),
  ].join('\n    ');
}

/** All versions, newest first. */
export const printStanding = (standing: Standing, language: Language): string =>
  [
    ...standing.versions.map((version) => printVersion(version, language)),
    ...(standing.unversioned > 0 ? [said[language].unversioned(standing.unversioned)] : []),
  ].join('\n');
