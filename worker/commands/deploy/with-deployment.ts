/** Gives the commands of `deploy` Temporal and the database, with the tables as they are. */
import type { Client } from '@temporalio/client';
import type { Db } from '../../../activities/db';
import { withStack } from '../../processes/with-stack';
import { readConfiguration } from '../../settings/configuration';
import { openClient } from '../../temporal/temporal-connection';

export interface DeploymentOptions {
  db: Db;
  client: Client;
  taskQueue: string;
}

/** Runs `work` with the live namespace. The database is not migrated: the versions before still use it. */
export async function withDeployment<T>(work: (options: DeploymentOptions) => Promise<T>): Promise<T> {
  const configuration = readConfiguration();
  return withStack(
    configuration,
    async ({ db, stack }) => {
      const client = await openClient(stack);
      try {
        return await work({ db, client, taskQueue: configuration.taskQueue });
      } finally {
        await client.connection.close();
      }
    },
    { asItIs: true },
  );
}
