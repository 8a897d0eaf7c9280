/** How busy consultants are: the windows that they have, by week. */
import { localDateOf } from '../calendar/calendar';
import { mondayOf } from '../calendar/dates';
import type { Instant, LocalDate } from '../contract/contract';

/** A window that a consultant has, or wants. */
export interface Booked {
  /** By which it is known again: the campaign and the installation. */
  id: string;
  consultant: string;
  from: Instant;
  to: Instant;
  /** At most so many windows a week, as the terms of its agreements say. */
  limit: number;
}

/** What keeps a consultant from one more window: another at the same time, or enough in that week; nothing if there is room. */
export function busy(booked: readonly Booked[], wanted: Booked): 'overlap' | 'week' | undefined {
  const others = booked.filter(({ consultant, id }) => consultant === wanted.consultant && id !== wanted.id);
  if (others.some(({ from, to }) => from < wanted.to && wanted.from < to)) return 'overlap';
  return leftInWeek(others, weekOf(wanted), wanted) < 1 ? 'week' : undefined;
}

/** How many more windows a consultant may have in a week: as few as the strictest of its agreements says. */
export function leftInWeek(
  booked: readonly Booked[],
  week: LocalDate,
  { consultant, limit }: Pick<Booked, 'consultant' | 'limit'>,
): number {
  const inWeek = booked.filter((one) => one.consultant === consultant && weekOf(one) === week);
  return Math.min(limit, ...inWeek.map((one) => one.limit)) - inWeek.length;
}

/** The week that a window counts in: the Monday of the date on which it begins. */
export const weekOf = ({ from }: Pick<Booked, 'from'>): LocalDate => mondayOf(localDateOf(from));
