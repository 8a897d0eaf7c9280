/** `serviceavtal views`: links to the lists in the Temporal Web UI that people look at every day. */
import type { Command } from 'commander';
import type { Db } from '../../activities/db';
import type { Instant } from '../../rules/engine/contract/contract';
import { readConfiguration } from '../settings/configuration';
import { asJson, say } from './terminal';
import { workflowsLink } from '../temporal/web-ui-links';
import { withStack } from '../processes/with-stack';
import { consultantIds } from '../../activities/agreements/list-consultants';

export interface View {
  name: 'agreements' | 'overdue' | 'attention' | 'upgrades' | 'alerts';
  /** What the list contains. */
  shows: string;
  /** Query for the Web UI's filter. */
  query: string;
  link: string;
}

/**
 * The lists of one consultant's agreements, or of all. Alerts of the monitoring belong to no consultant.
 * @param workflows address of the list of workflows
 * @param now what was due before this instant is overdue: the filter knows no "today"
 */
export function viewsOf(workflows: string, now: Instant, consultant?: string): View[] {
  const whose = consultant === undefined ? 'WorkflowType="agreementYear"' : `Consultant="${consultant}"`;
  const view = (name: View['name'], shows: string, condition?: string, of = whose): View => {
    const query = [of, condition, 'ExecutionStatus="Running"'].filter(Boolean).join(' AND ');
    return { name, shows, query, link: `${workflows}?query=${encodeURIComponent(query)}` };
  };
  const alerts: View[] =
    consultant === undefined
      ? [view('alerts', 'an alert nobody has taken', 'Attention IS NOT NULL', 'WorkflowType="monitoring"')]
      : [];
  return [
    view('agreements', consultant === undefined ? 'all agreements' : `agreements of ${consultant}`),
    view('overdue', `a step was due before ${now.slice(0, 16)} UTC`, `NextDue < "${now}"`),
    view('attention', 'something needs attention', 'Attention IS NOT NULL'),
    view('upgrades', 'an upgrade is under way', 'UpgradePhase IS NOT NULL'),
    ...alerts,
  ];
}

/** Throws unless somebody is the dedicated consultant of an agreement that has not ended. */
async function checkConsultant(db: Db, consultant: string): Promise<void> {
  const known = await consultantIds(db);
  if (!known.includes(consultant))
    throw new Error(
      `--consultant: expected the id of a dedicated consultant (${known.join(', ') || 'there is no agreement yet'}), found "${consultant}"`,
    );
}

export function registerViews(program: Command): void {
  program
    .command('views')
    .description(
      'links to lists in the Web UI: agreements, overdue, needs attention, upgrades under way, alerts',
    )
    .option(
      '--consultant <id>',
      "only the agreements of this consultant: the contract's contacts.consultant.id",
    )
    .option('--json', 'print one document')
    .addHelpText('after', '\nExample:\n  npx serviceavtal views --consultant konsult-1')
    .action(async ({ consultant, json }: { consultant?: string; json?: boolean }) => {
      const configuration = readConfiguration();
      await withStack(configuration, async ({ db, stack, running }) => {
        if (consultant !== undefined) await checkConsultant(db, consultant);
        const now = new Date().toISOString();
        const views = viewsOf(workflowsLink(configuration, stack), now, consultant);
        if (json) return void say(asJson(views));
        for (const { name, shows, link } of views) say(`${name.padEnd(10)} ${shows}\n           ${link}`);
        if (!running) say('The stack does not run now (`npm start` starts it); until then no link answers.');
      });
    });
}
