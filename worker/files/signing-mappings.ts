/** The mapping files in use. A saved file applies from the next document; a broken one is not used. */
import { inWords, spoken } from '../basics/spoken';
import { existsSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../../rules/engine/reading/finding';
import { findingAt } from '../../rules/engine/reading/finding-at';
import { formatFinding } from '../../rules/engine/reading/format-finding';
import type { SigningMapping } from '../../rules/engine/signing/mapping';
import { readMapping } from '../../rules/engine/signing/read-mapping';
import type { Read, SigningReason, SigningService } from '../../rules/engine/signing/signing';
import { expectedFound } from '../../rules/engine/basics/text';
import type { Text } from '../../rules/engine/basics/text';
import { readGuarded, unreadable } from './read-guarded';

/** Milliseconds between two looks at a file. */
const lookEvery = 1_000;

interface Kept {
  lookedAt: number;
  stamp: string;
  good: SigningMapping | undefined;
  reasons: SigningReason[];
}

/**
 * Opens the mapping files below `rulesDir/signing`. A file is read again once it has changed. While it is broken, its
 * last good version stays in use, and what is wrong is logged once.
 *
 * @param log gets lines for the operator
 * @returns the mapping of a service, or why there is none
 */
export function openMappings(
  rulesDir: string,
  log: (line: string) => void,
  now: () => number = Date.now,
): (service: SigningService) => Read<SigningMapping> {
  const kept = new Map<SigningService, Kept>();
  return (service) => {
    const before = kept.get(service);
    const at = now();
    if (before !== undefined && at - before.lookedAt < lookEvery) return answer(before);
    const stamp = stampOf(path.join(rulesDir, 'signing', `${service}.json`));
    if (before?.stamp === stamp) {
      before.lookedAt = at;
      return answer(before);
    }
    const { mapping, findings } = readMappingFile(rulesDir, service);
    const current: Kept = {
      lookedAt: at,
      stamp,
      good: mapping ?? before?.good,
      reasons: findings.map(asReason),
    };
    kept.set(service, current);
    if (mapping === undefined) tell(log, service, findings, current.good !== undefined);
    return answer(current);
  };
}

const answer = ({ good, reasons }: Kept): Read<SigningMapping> =>
  good === undefined ? { reasons } : { value: good };

/** Reads a service's mapping as it is on disk now. @param rulesDir the folder of the rules */
export function readMappingFile(
  rulesDir: string,
  service: SigningService,
): { mapping?: SigningMapping; findings: Finding[] } {
  const file = `rules/signing/${service}.json`;
  const relative = `signing/${service}.json`;
  const wrong = (message: Text): { findings: Finding[] } => ({ findings: [findingAt('', file, 0, message)] });
  if (!existsSync(path.join(rulesDir, relative)))
    return wrong(expectedFound({ sv: 'en mappningsfil', en: 'a mapping file' }, { sv: 'ingen', en: 'none' }));
  let root: string;
  try {
    root = realpathSync(rulesDir);
  } catch (error) {
    return wrong(unreadable(error));
  }
  const read = readGuarded({ root, path: relative, file });
  return 'finding' in read ? { findings: [read.finding] } : readMapping(read.text, file);
}

/** A value that changes when a file is saved; constant while the file is absent. */
function stampOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs}/${size}/${ino}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

function asReason(finding: Finding): SigningReason {
  const { file, line, column, message, messageSv } = finding;
  return { about: `${file}:${line}:${column}`, message: { sv: messageSv, en: message } };
}

function tell(
  log: (line: string) => void,
  service: SigningService,
  findings: readonly Finding[],
  hasGood: boolean,
): void {
  const heading = hasGood
    ? {
        sv: `Mappningen för ${service} går inte att använda, den senaste bra läsningen gäller:`,
        en: `The mapping of ${service} cannot be used, its last good reading stays in use:`,
      }
    : {
        sv: `Mappningen för ${service} går inte att använda, dess dokument väntar:`,
        en: `The mapping of ${service} cannot be used, its documents wait:`,
      };
  log([inWords(heading), ...findings.map((each) => `  ${formatFinding(each, spoken())}`)].join('\n'));
}
