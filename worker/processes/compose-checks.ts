/** Puts together what runs checks, for our own worker and for a site's. */
import { readFileSync } from 'node:fs';
import { addressPolicy } from '../../activities/monitors/checks/address-policy';
import type { CheckDeps } from '../../activities/monitors/checks/checker';
import { checkFiles } from '../../activities/monitors/checks/files';
import { checkHeartbeat } from '../../activities/monitors/checks/heartbeat';
import { createHttpCheck } from '../../activities/monitors/checks/http';
import { checkProcess } from '../../activities/monitors/checks/process';
import { createRunCheck } from '../../activities/monitors/checks/run-check';
import { checkSql } from '../../activities/monitors/checks/sql';
import { checkTcp } from '../../activities/monitors/checks/tcp';
import { createTlsCheck } from '../../activities/monitors/checks/tls';
import type { RunCheck } from '../../rules/engine/monitoring/watched';

/** What a worker may use for its checks. */
export interface CheckPlace extends Pick<CheckDeps, 'secret' | 'heartbeat'> {
  /** Ranges of addresses that may be connected to besides public ones: `10.1.0.0/16`. */
  allow: readonly string[];
  /** Folders below which files may be looked at; absolute. */
  files: readonly string[];
}

export interface ComposedChecks {
  runCheck: RunCheck;
  /** Closes the connections kept open between checks. */
  close(): void;
}

/** The authorities that whoever runs this process has added to the usual ones, by Node's own setting. */
function addedAuthorities(file = process.env.NODE_EXTRA_CA_CERTS): string[] {
  if (file === undefined || file === '') return [];
  try {
    const pem = readFileSync(file, 'utf8');
    return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  } catch {
    // Node itself has warned of it when it started.
    return [];
  }
}

/**
 * Gives the function that runs any check at a place.
 * @throws if a range of addresses cannot be read
 */
export function composeChecks({ allow, files, ...place }: CheckPlace): ComposedChecks {
  const trusted = addedAuthorities();
  const http = createHttpCheck({ trusted });
  const runCheck = createRunCheck(
    {
      http: http.check,
      tcp: checkTcp,
      tls: createTlsCheck({ trusted }),
      sql: checkSql,
      files: checkFiles,
      heartbeat: checkHeartbeat,
      process: checkProcess,
    },
    { ...place, now: Date.now, addressAllowed: addressPolicy(allow), fileRoots: files },
  );
  return { runCheck, close: () => http.close() };
}
