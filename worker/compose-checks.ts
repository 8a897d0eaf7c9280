/** The one place where what runs checks is put together: for our own worker, and for a site's. */
import type { CheckDeps } from '../activities/monitors/checks/checker';
import type { RunCheck } from '../rules/monitoring/watched';

/** What a worker may use for its checks. */
export interface CheckPlace extends Pick<CheckDeps, 'secret' | 'heartbeat'> {
  /** Ranges of addresses that may be connected to besides public ones: `10.1.0.0/16`. */
  allow: readonly string[];
  /** Folders below which files may be looked at; absolute. */
  files: readonly string[];
}

/**
 * What runs any check at a place. A kind that is not run there is told as unknown, with the reason.
 * @throws if a range of addresses is none
 */
export function composeChecks(_place: CheckPlace): RunCheck {
  return ({ check: { kind } }) =>
    Promise.resolve({
      outcome: 'unknown',
      at: new Date().toISOString(),
      milliseconds: 0,
      message: {
        sv: `kontroller av slaget ${kind} körs inte här`,
        en: `checks of kind ${kind} are not run here`,
      },
    });
}
