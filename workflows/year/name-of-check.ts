import { cutBytes } from '../../templates/ui/text';
import type { Year } from './year';

/** Most bytes of a name. */
const mostBytes = 100;

/** What a check of the agreement is called, to stand beside its id; nothing where the plan does not tell. */
export function nameOfCheck({ state }: Year, id: string): { name?: string } {
  const name = state.plan?.called?.monitors?.[id];
  return name === undefined ? {} : { name: cutBytes(name, mostBytes) };
}
