/**
 * A deliberately naive hour bank to compare with: every hundredth of an hour is a thing of its own, and each day is lived through. It
 * shares no code with the product.
 */
export interface NaiveGrant {
  id: string;
  kind: string;
  seconds: number;
  from: string;
  expires: string;
}

export interface NaiveYear {
  from: string;
  to: string;
  next: string;
  percent: number;
  ofContracted: boolean;
  rolledExpire: string;
  soonestFirst: boolean;
  kinds: string[];
}

interface Hundredth {
  grant: string;
  kind: string;
  from: string;
  expires: string;
  fate: 'left' | 'expired' | 'rolled' | string;
}

const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** What became of every hundredth given, and how many of each use found none. Amounts are hundredths of an hour. */
export function naiveHours(
  given: readonly NaiveGrant[],
  uses: readonly { id: string; on: string; seconds: number }[],
  years: readonly NaiveYear[],
  [first, last]: [string, string],
): { drawn: Record<string, number>; beyond: Record<string, number>; ended: Record<string, number> } {
  const all: Hundredth[] = [];
  const give = ({ id, kind, seconds: count, from, expires }: NaiveGrant): void => {
    for (let one = 0; one < count; one += 1) all.push({ grant: id, kind, from, expires, fate: 'left' });
  };
  for (const one of given) give(one);
  const beyond: Record<string, number> = {};
  const live = (day: string): void => {
    const year = years.find(({ to }) => to === day);
    const over = all.filter(({ fate, expires }) => fate === 'left' && expires === day);
    if (year) {
      const own = over
        .filter(({ kind }) => kind === 'contracted')
        .sort((a, b) => (a.from + a.grant < b.from + b.grant ? -1 : 1));
      const contracted = all.filter(({ kind, expires }) => kind === 'contracted' && expires === day).length;
      let rolling = Math.ceil(((year.ofContracted ? contracted : own.length) * year.percent) / 100 - 1e-9);
      for (const one of own)
        if (rolling > 0) {
          rolling -= 1;
          one.fate = 'rolled';
        }
      const count = own.filter(({ fate }) => fate === 'rolled').length;
      give({ id: year.next, kind: 'rolled', seconds: count, from: day, expires: year.rolledExpire });
    }
    for (const one of over) if (one.fate === 'left') one.fate = 'expired';
    const order = years.find(({ from, to }) => from <= day && day < to);
    for (const use of uses.filter(({ on }) => on === day).sort((a, b) => (a.id < b.id ? -1 : 1)))
      for (let one = 0; one < use.seconds; one += 1) {
        let best: Hundredth | undefined;
        for (const one of all)
          if (one.fate === 'left' && one.from <= day && (!best || isSooner(one, best, order))) best = one;
        if (best) best.fate = use.id;
        else beyond[use.id] = (beyond[use.id] ?? 0) + 1;
      }
  };
  for (let day = first; day <= last; day = dayAfter(day)) live(day);
  const drawn: Record<string, number> = {};
  const ended: Record<string, number> = {};
  for (const { grant, fate } of all) {
    const to = ['left', 'expired', 'rolled'].includes(fate) ? ended : drawn;
    to[`${grant} ${fate}`] = (to[`${grant} ${fate}`] ?? 0) + 1;
  }
  return { drawn, beyond, ended };
}

function isSooner(a: Hundredth, b: Hundredth, year: NaiveYear | undefined): boolean {
  const kinds = year?.kinds ?? ['rolled', 'contracted', 'purchased', 'goodwill'];
  const soonest = year?.soonestFirst ?? true;
  if (soonest && a.expires !== b.expires) return a.expires < b.expires;
  if (a.kind !== b.kind) return kinds.indexOf(a.kind) < kinds.indexOf(b.kind);
  if (a.expires !== b.expires) return a.expires < b.expires;
  if (a.from !== b.from) return a.from < b.from;
  return a.grant < b.grant;
}
