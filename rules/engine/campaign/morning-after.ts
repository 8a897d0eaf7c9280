import { localDateOf, nextOpening } from '../calendar/calendar';
import type { Instant, LocalDate } from '../contract/contract';

/** When people come to work. */
const opens = '08:30';

/** The working day on whose morning the users are back after a window: somebody is present then. */
export const morningAfter = (to: Instant): LocalDate => localDateOf(nextOpening(to, opens));
