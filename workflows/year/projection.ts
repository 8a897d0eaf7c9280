/** Updates the rows of meetings, actions, improvements and pauses in PostgreSQL, through the journal. */
import type { JournalEntry } from '../../activities/years/progress';
import { record } from './journal';
import type { Year } from './year';
import type { Texts } from './year-state';
import { runningPhase, toldBeside, versionBefore } from './upgrades';

/** Writes a meeting as it is now. @param texts what was said there, in the step that reports it held */
export function writeMeeting(year: Year, id: string, texts: Texts = {}): void {
  const { booked, moves, invitedAt, heldOn, heldMinutes } = year.state.meetings[id] ?? {};
  const meeting = {
    id,
    ...(booked === undefined
      ? {}
      : {
          bookedAt: year.instantOf(booked.on, booked.time),
          ...(booked.minutes === undefined ? {} : { minutes: booked.minutes }),
          ...(booked.place === undefined ? {} : { place: booked.place }),
        }),
    ...defined({ moves, invitedAt, heldOn, heldMinutes, ...texts }),
  };
  row(year, id, { meeting });
}

/** Writes an action or an improvement as it is now; one that was removed is written as withdrawn. */
export function writeRow(
  year: Year,
  slice: 'actions' | 'improvements',
  id: string,
  before: unknown,
  { note }: Texts = {},
): void {
  const now = year.state[slice][id];
  if (slice === 'actions') {
    const action = (now ?? before) as Year['state']['actions'][string] | undefined;
    if (!action) return;
    const { meeting, what, owner, dueOn, done } = action;
    const state = now === undefined ? 'withdrawn' : done ? 'done' : 'open';
    row(year, id, { actions: [{ id, meeting, what, owner, dueOn, state }] });
  } else {
    const improvement = (now ?? before) as Year['state']['improvements'][string] | undefined;
    if (!improvement) return;
    const { state, ...rest } = improvement;
    const noted = note === undefined ? {} : { note };
    row(year, id, { improvement: { id, ...rest, ...noted, state: now === undefined ? 'withdrawn' : state } });
  }
}

/** Writes a pause of the monitoring as it is now. */
export function writePause(year: Year, monitor: string): void {
  row(year, monitor, { pause: { monitor, ...year.state.pauses[monitor] } });
}

/** Writes what was last said of a part of an upgrade; one that is taken back is removed. */
export function writePart(year: Year, key: string): void {
  const found = year
    .obligations('upgrade')
    .flatMap(({ id }) => runningPhase(year, id) ?? [])
    .flatMap((running) =>
      [...running.parts, ...toldBeside(year, running)]
        .filter((part) => part.key === key)
        .map((part) => ({ upgrade: running.upgrade, phase: running.phase, part })),
    )[0];
  if (!found) return;
  const { upgrade, phase, part } = found;
  const declared = versionBefore(year, part);
  row(year, key, {
    part: {
      ...{ upgrade, phase, part: part.id, kind: part.kind },
      ...(declared !== undefined && { from: declared }),
      ...(year.state.checks[key] && { result: year.state.checks[key] }),
    },
  });
}

/** Writes how an upgrade stands. */
export function writeUpgrade(year: Year, upgrade: string): void {
  const { again: _again, untried: _untried, ...stands } = year.state.upgrades[upgrade] ?? {};
  row(year, upgrade, { upgrade: { upgrade, ...stands } });
}

/** Records rows only: the step's own entry tells what happened. */
function row(
  year: Year,
  ref: string,
  rows: Pick<JournalEntry, 'meeting' | 'actions' | 'improvement' | 'pause' | 'part' | 'upgrade'>,
): void {
  record(year, { kind: 'row', ref, detail: {}, ...rows });
}

const defined = <T extends object>(values: T): Partial<{ [K in keyof T]: Exclude<T[K], undefined> }> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
