/** `serviceavtal audit`: compares what should be with what is, and mends what can be mended safely. */
import { counted } from '../../rules/engine/basics/counted';
import type { Command } from 'commander';
import { recordAudit } from '../../activities/audit/findings';
import type { AuditFinding } from '../../activities/audit/findings';
import type { Db } from '../../activities/db';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { audit, mendAll } from '../audit/audit';
import { inWords, spoken } from '../basics/spoken';
import { createProgressReporter, runStep } from '../local/progress';
import type { StackAddresses } from '../local/running-stack';
import { withStack } from '../processes/with-stack';
import type { Configuration } from '../settings/configuration';
import { readConfiguration } from '../settings/configuration';
import { openClient } from '../temporal/temporal-connection';
import { printFindings, printMended } from './audit/print-audit';
import { languageOption } from './findings-output';
import { below } from './help-words';
import { asJson, confirmed, refuse, say } from './terminal';

interface Options {
  repair?: boolean;
  yes?: boolean;
  json?: boolean;
}

const help = {
  sv: `Jämför över alla avtal: arbetsflödena i Temporal, databasens avtal, planer och åtaganden, mejl, timbanker, utskick, övervakning,
versioner, sparade filer och fakturaunderlagens nummer. Utan --repair ändras inget. Det görs också varje natt av sig självt.
Med --repair visas vad som skulle lagas, och frågan ställs; det som en människa får avgöra blir kvar, med vad som kan göras.
Mejl skickas aldrig igen, timmar bokförs aldrig igen, och inget arbetsflöde avslutas. Felkod 1 säger att något är kvar.`,
  en: `Compares over all agreements: the workflows in Temporal, the database's agreements, plans and obligations, mails, hour banks, the
outbox, monitoring, versions, kept files and the numbers of invoice bases. Without --repair nothing is changed. It is also made
every night by itself. With --repair it shows what would be mended, and asks; what a person has to decide is left, with what can
be done. Mails are never sent again, hours never booked again, and no workflow is ended. Exit code 1 says that something is left.`,
};

export function registerAudit(program: Command): void {
  program
    .command('audit')
    .description('compares what should be with what is, agreement by agreement, and says every difference')
    .option('--repair', 'mend what can be mended safely: shows it and asks')
    .option('--yes', 'do not ask')
    .option('--json', 'print one document; with --repair it asks nothing, so it takes --yes')
    .addOption(languageOption('what is shown'))
    .addHelpText('after', below(help, 'audit', 'audit --repair'))
    .action(auditAction);
}

async function auditAction(options: Options): Promise<void> {
  const { repair = false, yes = false, json = false } = options;
  if (json && repair && !yes) throw new BilingualError(needsYes);
  const configuration = readConfiguration();
  await withStack(configuration, async ({ db, stack, running }) => {
    if (!running) throw new BilingualError(needsStack);
    const at = new Date().toISOString();
    const findings = await look(configuration, db, stack);
    if (!repair) return report(findings, json);
    await repairAll(db, findings, { yes, json, at });
  });
}

function report(findings: readonly AuditFinding[], json: boolean): void {
  if (findings.length > 0) process.exitCode = 1;
  say(json ? asJson({ findings }) : printFindings(findings, spoken()));
}

async function look(configuration: Configuration, db: Db, stack: StackAddresses): Promise<AuditFinding[]> {
  const client = await openClient(stack).catch((cause: Error) => {
    throw new BilingualError(silent(stack.temporalAddress, cause.message), { cause });
  });
  const { taskQueue, recordDir } = configuration;
  try {
    return await runStep(createProgressReporter(), inWords(looking), (step) =>
      audit({ db, client, taskQueue, recordDir, onProgress: (share) => step.update('', share) }),
    );
  } finally {
    await client.connection.close();
  }
}

async function repairAll(
  db: Db,
  findings: readonly AuditFinding[],
  { yes, json, at }: { yes: boolean; json: boolean; at: string },
): Promise<void> {
  if (!json) say(printFindings(findings, spoken()));
  const mendable = findings.filter(({ mend }) => mend).length;
  if (mendable === 0) {
    if (json) return report(findings, json);
    process.exitCode = findings.length > 0 ? 1 : 0;
    return;
  }
  if (!yes && !(await confirmed(inWords(question(mendable))))) return refuse(inWords(unchanged));
  const done = await mendAll(db, findings);
  await recordAudit(db, done.left, at);
  if (done.left.length > 0) process.exitCode = 1;
  say(json ? asJson(done) : `\n${printMended(done, spoken())}`);
}

const looking = { sv: 'Jämför vad som ska vara med vad som är', en: 'Comparing what should be with what is' };
const needsYes = {
  sv: 'förväntade --yes med --repair --json: då ställs ingen fråga',
  en: 'expected --yes with --repair --json: no question is asked then',
};
const needsStack = {
  sv: 'förväntade att stacken körs (`npm start`): dess worker svarar för hur avtalen står',
  en: 'expected the stack to run (`npm start`): its worker answers how the agreements stand',
};
const silent = (address: string, why: string) => ({
  sv: `Temporal på ${address} svarar inte: «${why}»`,
  en: `Temporal at ${address} does not answer: ${why}`,
});
const question = (count: number) => ({
  sv: `Laga ${counted(count, ['sak', 'saker'])}?`,
  en: `Mend ${counted(count, ['thing', 'things'])}?`,
});
const unchanged = { sv: 'Inget är ändrat.', en: 'Nothing was changed.' };
