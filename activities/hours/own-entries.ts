/**
 * Names of entries that a run gives are counted from the run's beginning. One that was rewound, by a back-up of Temporal
 * that is older than the ledger, gives them again to other reports: what they say tells them apart.
 */
import type { HourEntry } from '../../rules/engine/hours/entries';
import { refOfCure } from '../agreements/cures';
import type { EntryName, ReportedEntry } from './ledger';
import { actionOf, findEntry, secondsOf, serviceOf } from './ledger';

/** What stands between the name that a run gave and when it gave it, where the ledger has that name for another report. */
const mark = '@';

/**
 * Reports under the names that the ledger has, or gets, for them: a report that was tried before has its entry's, another one
 * whose name is taken gets a name of its own.
 */
export function ownEntries(known: readonly HourEntry[], reports: readonly ReportedEntry[]): ReportedEntry[] {
  const names = new Map<string, string>();
  const named = (name: EntryName): EntryName => {
    if (!('entryId' in name)) return name;
    const { entryId } = name;
    return { entryId: names.get(entryId) ?? namesakes(known, entryId).at(-1)?.id ?? entryId };
  };
  return reports.map((report) => {
    const own: ReportedEntry = {
      ...report,
      ...(report.corrects && { corrects: named(report.corrects) }),
      ...(report.undoes && { undoes: named(report.undoes) }),
    };
    own.entryId = ledgerName(known, own);
    names.set(report.entryId, own.entryId);
    return own;
  });
}

function ledgerName(known: readonly HourEntry[], report: ReportedEntry): string {
  const { entryId, asOf } = report;
  const taken = namesakes(known, entryId);
  if (taken.length === 0) return entryId;
  return taken.find((entry) => isOfReport(known, entry, report))?.id ?? `${entryId}${mark}${asOf}`;
}

/** Entries of a name, the oldest first. */
const namesakes = (known: readonly HourEntry[], name: string): HourEntry[] =>
  known.filter(({ id }) => id === name || id.startsWith(`${name}${mark}`));

/** Whether an entry says what a report says; of what was left out, or forgotten since, nothing is asked. */
function isOfReport(known: readonly HourEntry[], entry: HourEntry, report: ReportedEntry): boolean {
  const about = report.corrects ?? report.undoes ?? report.asks ?? report.answers;
  if (entry.action !== wordOf(report)) return false;
  const target = about && findEntry(known, about);
  if (about && entry.target !== target?.id && entry.target !== target?.target) return false;
  if (report.undoes) return true;
  return (
    (about !== undefined && !report.corrects ? true : entry.reported === secondsOf(report)) &&
    !differ(entry.service, about ? undefined : serviceOf(report)) &&
    !differ(entry.on, report.on) &&
    !differ(entry.note, report.note) &&
    !differ(entry.by, report.by) &&
    (entry.ref?.startsWith(refOfCure) === true || !differ(entry.ref, report.ref))
  );
}

const differ = (kept: string | undefined, said: string | undefined): boolean =>
  kept !== undefined && said !== undefined && kept !== said;

function wordOf(report: ReportedEntry): HourEntry['action'] {
  if (report.undoes) return 'undo';
  if (report.asks) return 'question';
  if (report.answers) return 'answer';
  return report.corrects ? 'correction' : actionOf(report);
}
