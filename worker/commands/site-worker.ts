/** `serviceavtal site-worker`: runs a site's checks in the customer's network until somebody ends it. */
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { central } from '../../rules/engine/monitoring/place';
import { siteQueueOf } from '../../rules/engine/monitoring/queues';
import { composeChecks } from '../processes/compose-checks';
import { readConfiguration, secretsOf } from '../settings/configuration';
import { onStopSignal } from '../local/stop-signals';
import { spoken } from '../basics/spoken';
import { onceInAWhile } from '../basics/once-in-a-while';
import { startSiteWorker } from '../processes/site-worker';
import { surviveStrayErrors } from '../basics/stray-errors';
import { connectionOptions } from '../temporal/temporal-connection';
import { languageOption } from './findings-output';
import { say, tell } from './terminal';
import { below } from './help-words';

interface SiteWorkerCommand {
  site: string;
  allow: string[];
  files: string[];
}

const help = {
  sv: `Den ansluter utåt till Temporal och till inget annat av vårt: den behöver ingen databas, ingen mejlserver och ingen
öppen port. Dess kontroller kommer från de avtal och regelfiler som nämner platsen. Hörs den inte på en minut får support
veta det, och dess kontroller tiger tills den är tillbaka.

Den behöver, ur sin miljö:
  TEMPORAL_ADDRESS             Temporal, värd:port
  TEMPORAL_NAMESPACE           som hemma (serviceavtal)
  TEMPORAL_TLS, TEMPORAL_TLS_CLIENT_CERT_PATH, TEMPORAL_TLS_CLIENT_KEY_PATH, TEMPORAL_API_KEY
                               som servern begär; även ur en profil (TEMPORAL_CONFIG_FILE)
  SERVICEAVTAL_TASK_QUEUE      som hemma (serviceavtal)
  SERVICEAVTAL_STAFF_LANGUAGE  språket för det som sägs, sv eller en; --language går före
  SERVICEAVTAL_SECRET_<KUND>__<NAMN>
                               hemligheter som kontrollerna hänvisar till; de lämnar aldrig den här datorn

Exempel, som en tjänst som startar med datorn:
  TEMPORAL_ADDRESS=temporal.example.com:7233 SERVICEAVTAL_SECRET_TESTBOLAGET__ORDERS=postgresql://… \\
    npx serviceavtal site-worker --site testbolaget-lund --allow 10.1.0.0/16 --files /srv/import`,
  en: `It connects outwards to Temporal and to nothing else of ours: it needs no database, no mail server and no open port.
Its checks come from the contracts and rule files that name the site. When it is not heard of for a minute, support is
told, and its checks are muted until it is back.

It needs, from its environment:
  TEMPORAL_ADDRESS             Temporal's frontend, host:port
  TEMPORAL_NAMESPACE           as at home (serviceavtal)
  TEMPORAL_TLS, TEMPORAL_TLS_CLIENT_CERT_PATH, TEMPORAL_TLS_CLIENT_KEY_PATH, TEMPORAL_API_KEY
                               as the server asks for; also from a profile (TEMPORAL_CONFIG_FILE)
  SERVICEAVTAL_TASK_QUEUE      as at home (serviceavtal)
  SERVICEAVTAL_STAFF_LANGUAGE  what it says, sv or en; --language overrides it
  SERVICEAVTAL_SECRET_<CUSTOMER>__<NAME>
                               secrets the checks refer to; they never leave this machine

Example, as a service that starts with the machine:
  TEMPORAL_ADDRESS=temporal.example.com:7233 SERVICEAVTAL_SECRET_TESTBOLAGET__ORDERS=postgresql://… \\
    npx serviceavtal site-worker --site testbolaget-lund --allow 10.1.0.0/16 --files /srv/import`,
};

const said = {
  sv: {
    noId: 'förväntade ett id som i kontraktet: a-z, 0-9 och enkla -, högst 40 tecken',
    ourOwn: 'förväntade en plats hos kunden, hittade vår egen',
    noFolder: (name: string) => `--files: förväntade en mapp som finns, hittade "${name}"`,
    noAddress:
      'TEMPORAL_ADDRESS: förväntade adressen till Temporalservern hemma, host:port, hittade inget.\n' +
      'En platsarbetare startar ingen egen stack; se `npx serviceavtal site-worker --help`.',
    unusable: (address: string, why: string) => `Temporal på ${address} går inte att använda: «${why}»`,
    waits: (site: string, queue: string, address: string) =>
      `Platsarbetaren ${site} väntar på ${queue} på ${address}. Ctrl-C stoppar den.`,
    stopping: 'Stoppar …',
  },
  en: {
    noId: 'expected an id as the contract has it: a-z, 0-9 and single -, at most 40 characters',
    ourOwn: 'expected a site, found our own place',
    noFolder: (name: string) => `--files: expected a folder that exists, found "${name}"`,
    noAddress:
      'TEMPORAL_ADDRESS: expected the address of the Temporal server at home, host:port, found nothing.\n' +
      "A site's worker starts no stack of its own; see `npx serviceavtal site-worker --help`.",
    unusable: (address: string, why: string) => `Temporal at ${address} cannot be used: ${why}`,
    waits: (site: string, queue: string, address: string) =>
      `The site worker ${site} waits on ${queue} at ${address}. Ctrl-C stops it.`,
    stopping: 'Stopping …',
  },
} as const;

function siteId(text: string): string {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(text) || text.length > 40)
    throw new InvalidArgumentError(said[spoken()].noId);
  if (text === central) throw new InvalidArgumentError(said[spoken()].ourOwn);
  return text;
}

/** Resolves folders. @throws if one does not exist: a typing error would make every check of files unknown */
function folders(given: string[]): string[] {
  return given.map((name) => {
    const folder = path.resolve(name);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new Error(said[spoken()].noFolder(name));
    return folder;
  });
}

export function registerSiteWorker(program: Command): void {
  program
    .command('site-worker')
    .description("makes a site's checks from inside the customer's network, outbound only; Ctrl-C stops it")
    .requiredOption('--site <id>', 'the site, as contracts and rule files name it', siteId)
    .option('--allow <cidr...>', 'private addresses that checks may connect to', [])
    .option('--files <folder...>', 'folders below which checks may look at files', [])
    .addOption(languageOption('what is said'))
    .addHelpText('after', below(help))
    .action(runSiteWorker);
}

async function runSiteWorker({ site, allow, files }: SiteWorkerCommand): Promise<void> {
  const { temporalAddress, namespace, taskQueue } = readConfiguration();
  const words = said[spoken()];
  if (temporalAddress === undefined) throw new Error(words.noAddress);
  const checks = composeChecks({ secret: secretsOf(), allow, files: folders(files) });
  const ended = new AbortController();
  const off = onStopSignal(
    () => ended.abort(),
    () => process.exit(130),
  );
  const letErrorsEnd = surviveStrayErrors(onceInAWhile(tell));
  try {
    const connection = connectionOptions({ temporalAddress, namespace, embedded: { temporal: false } });
    const worker = await startSiteWorker({
      connection,
      namespace,
      taskQueue,
      site,
      runCheck: checks.runCheck,
    }).catch((error: Error) => {
      throw new Error(words.unusable(temporalAddress, error.message), { cause: error });
    });
    say(words.waits(site, siteQueueOf(taskQueue, site), temporalAddress));
    ended.signal.addEventListener('abort', () => {
      say(words.stopping);
      void worker.stop().catch(() => undefined);
    });
    if (ended.signal.aborted) await worker.stop();
    await worker.finished;
  } finally {
    checks.close();
    letErrorsEnd();
    off();
  }
}
