/** `serviceavtal intake`: lists the deliveries of signing services, and lets a person act on those that wait. */
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { Db } from '../../activities/db';
import type { DeliveryState } from '../../activities/signings/delivery-commands';
import {
  contentOf,
  deliveryStates,
  findDelivery,
  listDeliveries,
  rejectDelivery,
  retryDeliveries,
  retryDelivery,
  takenWithin,
} from '../../activities/signings/delivery-commands';
import { readWhole } from '../../rules/engine/basics/read-number';
import type { SigningService } from '../../rules/engine/signing/signing';
import { signingServices } from '../../rules/engine/signing/signing';
import { readConfiguration } from '../settings/configuration';
import { nextSteps, printDeliveries, printDelivery, showContent } from './intake/print-delivery';
import { asJson, confirmed, refuse, say, tell } from './terminal';
import { agreementLink } from '../temporal/web-ui-links';
import { withStack } from '../processes/with-stack';

/** Days whose deliveries are counted when nothing waits. */
const takenDays = 30;

interface ListOptions {
  state?: DeliveryState | 'all';
  service?: SigningService;
  limit: number;
  json?: boolean;
}

interface ShowOptions {
  raw?: string;
  fetched?: boolean;
  json?: boolean;
}

interface RetryOptions {
  all?: boolean;
  service?: SigningService;
  by?: string;
  json?: boolean;
}

interface RejectOptions {
  reason: string;
  by?: string;
  yes?: boolean;
  json?: boolean;
}

/** Registers the command. @returns it, for others to add subcommands */
export function registerIntake(program: Command): Command {
  const intake = program
    .command('intake')
    .description('what signing services delivered, and what waits for a person');
  intake
    .command('list', { isDefault: true })
    .description('what waits for a person or could not be processed, newest last')
    .addOption(new Option('--state <state>', 'those in this state').choices([...deliveryStates, 'all']))
    .addOption(ofService('those of this service'))
    .option('--limit <n>', 'so many of the newest', atMost, 200)
    .option('--json', 'print one document')
    .action(listAction);
  intake
    .command('show')
    .argument('<id>', 'as `intake list` shows it', deliveryNumber)
    .description('everything about one delivery, and what can be done with it')
    .option('--raw <file>', 'write what came, byte for byte, to a file; - to the output')
    .option('--fetched', "what the service's API answered, in the place of what came")
    .option('--json', 'print one document')
    .addHelpText(
      'after',
      '\nExamples:\n  npx serviceavtal intake show 17\n  npx serviceavtal intake show 17 --raw -',
    )
    .action(showAction);
  intake
    .command('retry')
    .argument('[id]', 'as `intake list` shows it', deliveryNumber)
    .description('has one delivery, or all that wait, processed again; undoes a reject')
    .option('--all', 'all that `intake list` shows')
    .addOption(ofService('with --all: those of this service'))
    .option('--by <name>', 'who asks for it (you, as the system knows you)')
    .option('--json', 'print one document')
    .action(retryAction);
  intake
    .command('reject')
    .argument('<id>', 'as `intake list` shows it', deliveryNumber)
    .description('puts a delivery aside: no agreement becomes of it; `intake retry` undoes it')
    .requiredOption('--reason <text>', 'why; it is kept', reasonText)
    .option('--by <name>', 'who rejects it (you, as the system knows you)')
    .option('--yes', 'do not ask')
    .option('--json', 'print one document; asks nothing, so it takes --yes')
    .action(rejectAction);
  return intake;
}

const ofService = (description: string): Option =>
  new Option('--service <service>', description).choices(signingServices);

function deliveryNumber(text: string): number {
  const number = readWhole(text, 1, Number.MAX_SAFE_INTEGER);
  if (number === undefined)
    throw new InvalidArgumentError('expected the number of a delivery, as `intake list` shows it');
  return number;
}

function atMost(text: string): number {
  const number = readWhole(text, 1, 999_999);
  if (number === undefined) throw new InvalidArgumentError('expected a whole number from 1 to 999999');
  return number;
}

function reasonText(text: string): string {
  const reason = text.trim();
  if (reason === '' || reason.length > 1_000)
    throw new InvalidArgumentError('expected a reason of 1 to 1000 characters');
  return reason;
}

const whoever = (by: string | undefined): string => by?.trim() || userInfo().username;

async function listAction({ state, service, limit, json }: ListOptions): Promise<void> {
  const { staffLanguage } = readConfiguration();
  await withStack(readConfiguration(), async ({ db }) => {
    const filter = { limit, ...(state && { state }), ...(service && { service }) };
    const { deliveries, older } = await listDeliveries(db, filter);
    if (json) return void say(asJson({ deliveries, older }));
    if (deliveries.length > 0) return void say(printDeliveries(deliveries, older, staffLanguage));
    if (state !== undefined) return void say(state === 'all' ? 'Nothing came.' : `Nothing is ${state}.`);
    say(`Nothing waits. ${await takenWithin(db, takenDays)} taken in the last ${takenDays} days.`);
  });
}

async function showAction(id: number, { raw, fetched, json }: ShowOptions): Promise<void> {
  const configuration = readConfiguration();
  await withStack(configuration, async ({ db, stack }) => {
    const which = fetched ? 'fetched' : 'body';
    if (raw !== undefined) return writeRaw(raw, id, await given(db, id, which));
    const delivery = await findDelivery(db, id);
    const linkTo = agreementLink(configuration, stack);
    const agreement = delivery.agreement ?? delivery.signing?.agreement;
    const link = agreement === undefined ? undefined : linkTo(agreement);
    const next = nextSteps(delivery);
    if (json) return void say(asJson({ ...delivery, ...(link !== undefined && { link }), next }));
    const content = await given(db, id, which);
    say(printDelivery(delivery, link, configuration.staffLanguage));
    say(showContent(content, delivery, which));
    for (const line of next) say(line);
  });
}

async function given(db: Db, id: number, which: 'body' | 'fetched'): Promise<Buffer> {
  const content = await contentOf(db, id, which);
  if (content === null)
    throw new Error(
      `expected an answer of the service's API about delivery ${id}, found none: it was not asked`,
    );
  return content;
}

function writeRaw(file: string, id: number, content: Buffer): void {
  if (file === '-') return void process.stdout.write(content);
  try {
    // An existing file is not overwritten, and only the owner may read the new one.
    writeFileSync(file, content, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw new Error(`expected to write a new file ${file}: ${(error as Error).message}`, { cause: error });
  }
  tell(`Delivery ${id}: ${content.length} bytes written to ${file}.`);
}

async function retryAction(id: number | undefined, { all, service, by, json }: RetryOptions): Promise<void> {
  if ((id === undefined) !== (all === true))
    throw new Error('expected the number of a delivery or --all, found both or neither');
  if (id !== undefined && service !== undefined)
    throw new Error('expected --service with --all only, found it with the number of a delivery');
  await withStack(readConfiguration(), async ({ db, running }) => {
    const ids =
      id === undefined
        ? await retryDeliveries(db, { by: whoever(by), ...(service && { service }) })
        : [(await retryDelivery(db, id, whoever(by))).id];
    if (json) return void say(asJson({ retried: ids, running }));
    if (ids.length === 0) return void say('Nothing waits.');
    const what = ids.length === 1 ? `Delivery ${ids[0]} is` : `${ids.length} deliveries are`;
    say(
      running
        ? `${what} processed now; \`npx serviceavtal intake list\` shows what waits still.`
        : `${what} processed when \`npm start\` runs again.`,
    );
  });
}

async function rejectAction(id: number, { reason, by, yes, json }: RejectOptions): Promise<void> {
  if (json && !yes) throw new Error('expected --yes with --json, which asks nothing');
  const { staffLanguage } = readConfiguration();
  await withStack(readConfiguration(), async ({ db }) => {
    if (!yes) {
      say(printDeliveries([await findDelivery(db, id)], 0, staffLanguage));
      if (!(await confirmed(`Reject delivery ${id}? No agreement becomes of it.`)))
        return refuse('Nothing was changed.');
    }
    const rejected = await rejectDelivery(db, id, { reason, by: whoever(by) });
    if (json) return void say(asJson(rejected));
    say(`Delivery ${id} is rejected. To undo it: npx serviceavtal intake retry ${id}`);
  });
}
