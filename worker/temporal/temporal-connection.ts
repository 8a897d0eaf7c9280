/** Connections to Temporal: to the embedded server by its address alone, to others by the `TEMPORAL_*` settings. */
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { retryWhileOpen } from '../basics/retry-while-open';

export interface TemporalTarget {
  temporalAddress: string;
  namespace: string;
  embedded: { temporal: boolean };
}

type ConnectionOptions = NonNullable<ReturnType<typeof loadClientConnectConfig>['connectionOptions']>;

/** The address and, for a server that is not the embedded one, TLS, API key and headers. */
export function connectionOptions({ temporalAddress, embedded }: TemporalTarget): ConnectionOptions {
  return embedded.temporal ? { address: temporalAddress } : loadClientConnectConfig().connectionOptions;
}

/** Opens a client. The caller closes its connection. */
export async function openClient(target: TemporalTarget): Promise<Client> {
  const connection = await Connection.connect({
    ...connectionOptions(target),
    interceptors: [retryWhileOpen],
  });
  return new Client({ connection, namespace: target.namespace });
}
