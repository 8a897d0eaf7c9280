/** Checks that a service speaks TLS with a valid certificate that does not end soon. */
import { connectChecked } from './address-policy';
import { judgeCertificate, secured, trusting, usualDays, validityOf } from './certificate';
import type { Checker } from './checker';

/**
 * A check of kind `tls`.
 *
 * @param trusted certificates, as PEM, of authorities trusted besides the usual ones
 */
export function createTlsCheck({ trusted }: { trusted?: readonly string[] } = {}): Checker {
  return async ({ check }, deps, signal) => {
    const { host = '', port = 0, serverName = host, certificateDays = usualDays } = check;
    const trust = trusting(trusted);
    const open = () => connectChecked({ host, port, deps, signal });
    const secure = await secured(open, { name: serverName, trust, signal });
    try {
      return judgeCertificate(validityOf(secure, trust), deps.now(), certificateDays);
    } finally {
      secure.socket.destroy();
    }
  };
}
