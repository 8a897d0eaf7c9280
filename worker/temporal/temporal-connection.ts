/** How to reach Temporal: the embedded server as it stands, another one with the standard `TEMPORAL_*` settings. */
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

export interface TemporalTarget {
  temporalAddress: string;
  namespace: string;
  embedded: { temporal: boolean };
}

type ConnectionOptions = NonNullable<ReturnType<typeof loadClientConnectConfig>['connectionOptions']>;

/** Address, and for another server its TLS, key and headers. */
export function connectionOptions({ temporalAddress, embedded }: TemporalTarget): ConnectionOptions {
  return embedded.temporal ? { address: temporalAddress } : loadClientConnectConfig().connectionOptions;
}

/** Opens a client; closing its connection is the caller's. */
export async function openClient(target: TemporalTarget): Promise<Client> {
  const connection = await Connection.connect(connectionOptions(target));
  return new Client({ connection, namespace: target.namespace });
}
