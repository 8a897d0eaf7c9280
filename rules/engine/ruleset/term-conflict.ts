import type { Text } from '../basics/text';

/** A term that contradicts another of its topic. */
export interface TermConflict {
  /** Within the topic's terms. */
  path: string[];
  message: Text;
  /** The same seen from the other values that are part of it: who said one of them last is told. */
  orElse?: Omit<TermConflict, 'orElse'>[];
}
