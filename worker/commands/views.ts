/** `serviceavtal views`: links to the lists in the Temporal Web UI that people look at every day. */
import type { Command } from 'commander';
import type { Instant } from '../../rules/engine/contract/contract';
import { spoken } from '../basics/spoken';
import { languageOption } from './findings-output';
import { readConfiguration } from '../settings/configuration';
import { asJson, say } from './terminal';
import { workflowsLink } from '../temporal/web-ui-links';
import { withStack } from '../processes/with-stack';
import { checkConsultant } from './check-consultant';
import { below } from './help-words';

export interface View {
  name: 'agreements' | 'overdue' | 'attention' | 'upgrades' | 'alerts';
  /** What the list contains. */
  shows: string;
  /** Query for the Web UI's filter. */
  query: string;
  link: string;
}

const said = {
  sv: {
    alerts: 'ett larm som ingen har tagit',
    all: 'alla avtal',
    of: (consultant: string) => `avtal för ${consultant}`,
    overdue: (before: string) => `ett steg skulle ha gjorts före ${before}`,
    attention: 'något behöver ses över',
    upgrades: 'en uppgradering pågår',
    rests: 'Stacken körs inte nu (`npm start` startar den); till dess svarar ingen länk.',
  },
  en: {
    alerts: 'an alert nobody has taken',
    all: 'all agreements',
    of: (consultant: string) => `agreements of ${consultant}`,
    overdue: (before: string) => `a step was due before ${before}`,
    attention: 'something needs attention',
    upgrades: 'an upgrade is under way',
    rests: 'The stack does not run now (`npm start` starts it); until then no link answers.',
  },
} as const;

/**
 * The lists of one consultant's agreements, or of all. Alerts of the monitoring belong to no consultant.
 * @param workflows address of the list of workflows
 * @param now what was due before this instant is overdue: the filter knows no "today"
 */
export function viewsOf(workflows: string, now: Instant, consultant?: string): View[] {
  const words = said[spoken()];
  const whose = consultant === undefined ? 'WorkflowType="agreementYear"' : `Consultant="${consultant}"`;
  const view = (name: View['name'], shows: string, condition?: string, of = whose): View => {
    const query = [of, condition, 'ExecutionStatus="Running"'].filter(Boolean).join(' AND ');
    return { name, shows, query, link: `${workflows}?query=${encodeURIComponent(query)}` };
  };
  const alerts: View[] =
    consultant === undefined
      ? [view('alerts', words.alerts, 'Attention IS NOT NULL', 'WorkflowType="monitoring"')]
      : [];
  return [
    view('agreements', consultant === undefined ? words.all : words.of(consultant)),
    view('overdue', words.overdue(`${now.slice(0, 16)} UTC`), `NextDue < "${now}"`),
    view('attention', words.attention, 'Attention IS NOT NULL'),
    view('upgrades', words.upgrades, 'UpgradePhase IS NOT NULL'),
    ...alerts,
  ];
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
    .addOption(languageOption('what is shown'))
    .addHelpText('after', below(undefined, 'views --consultant konsult-1'))
    .action(async ({ consultant, json }: { consultant?: string; json?: boolean }) => {
      const configuration = readConfiguration();
      await withStack(configuration, async ({ db, stack, running }) => {
        if (consultant !== undefined) await checkConsultant(db, consultant);
        const now = new Date().toISOString();
        const views = viewsOf(workflowsLink(configuration, stack), now, consultant);
        if (json) return void say(asJson(views));
        for (const { name, shows, link } of views) say(`${name.padEnd(10)} ${shows}\n           ${link}`);
        if (!running) say(said[spoken()].rests);
      });
    });
}
