/** Something that may have to wait for another of its kind. */
interface Following {
  id: string;
  /** What comes before it. */
  after?: string | null | undefined;
}

/** Phases in the order in which they follow one another; those that wait for none of these come first. */
export function inPhaseOrder<T extends Following>(phases: readonly T[]): T[] {
  const after = new Map(phases.map((one) => [one.id, one.after]));
  const placeOf = (id: string): number => {
    const before = after.get(id);
    return typeof before === 'string' && after.has(before) ? 1 + placeOf(before) : 0;
  };
  const places = new Map(phases.map(({ id }) => [id, placeOf(id)]));
  return [...phases].sort((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
}
