/** `rules/installations/<id>.json`: what is upgraded once, for one agreement or several. */
import type { Language, Text } from '../basics/text';
import type { LocalDate } from '../contract/contract';
import type { Weekday } from '../contract/monitor';

/** When the host allows that the system goes down. */
export interface HostWindow {
  weekdays: Weekday[];
  /** Local time of day, `HH:MM`. */
  from: string;
  /** Local time of day, at most `24:00`; not later than `from`: on the next day. */
  to: string;
}

/** Whoever runs the servers, where that is neither we nor the customer. */
export interface Host {
  name: string;
  contact: { name: string; email: string; language: Language };
  /** Open days of notice that it wants. */
  leadDays: number;
  /** Any time if absent. */
  windows?: HostWindow[];
  /** Who of the host said yes to the upgrade. */
  consent?: { by: string; on: LocalDate; ref?: string };
}

/** An installation, read and checked. An agreement of none is an installation of its own. */
export interface Installation {
  /** The name of its file. */
  id: string;
  about: Text;
  /** Id of the system in contracts. */
  product: string;
  /** By number of the agreement: the company databases that are its customer's. */
  agreements: Record<string, { companies: string[] }>;
  servers?: string[];
  /** How many clients there are. */
  clients?: number;
  /** Whether there is a copy to test on. */
  testCopy?: boolean;
  host?: Host;
}
