/** What the work needs besides its database: Temporal that answers, and disks that can be written. */
import { inWords } from '../basics/spoken';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import type { Need } from '../intake/health';
import { within } from '../intake/within';

/** Milliseconds for an answer. */
const answersWithin = 2_000;
/** Bytes that are written: a block of a usual disk. */
const block = Buffer.alloc(4_096, '.');

/** Asks Temporal for our namespace, which the server looks up in what it keeps. */
export function temporalAnswers({ connection }: Client, namespace: string): Need {
  return async () => {
    try {
      await connection.withDeadline(Date.now() + answersWithin, () =>
        connection.workflowService.describeNamespace({ namespace }),
      );
      return undefined;
    } catch {
      return 'Temporal does not answer';
    }
  };
}

/**
 * Writes a block to the disk of each folder, and removes it.
 * @param log gets the folder, which the answer leaves out: everybody may read it
 */
export function disksTakeData(folders: readonly string[], log: (line: string) => void): Need {
  return async () => {
    for (const folder of new Set(folders)) {
      try {
        await within(answersWithin, 'the disk', writeBlock(path.join(folder, `writable-${process.pid}`)));
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        log(
          inWords({
            sv: `${folder} går inte att skriva i: ${message}`,
            en: `${folder} cannot be written: ${message}`,
          }),
        );
        return `the data folder cannot be written (${code ?? 'no answer'})`;
      }
    }
    return undefined;
  };
}

async function writeBlock(file: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(block);
    await handle.sync();
  } finally {
    await handle.close();
    await rm(file, { force: true });
  }
}
