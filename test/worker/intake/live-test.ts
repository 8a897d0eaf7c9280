/** An upgrade that has come to the customer's tests, with links to its pages. */
import { issueLinks } from '../../../activities/pages/links';
import type { PagePurpose } from '../../../activities/pages/links';
import { localDateOf } from '../../../rules/engine/calendar/calendar';
import { addDays } from '../../../rules/engine/calendar/dates';
import type { LocalDate } from '../../../rules/engine/contract/contract';
import { workflowIdOf } from '../../../worker/temporal/start-agreement';
import { linkKey } from './listening';
import type { LiveWorksheet } from './live-worksheet';
import { openWorksheet } from './live-worksheet';

/** Whom a link of a test goes to. */
const people = {
  karin: ['contact-1', 'karin.ek@testbolaget.example.com'],
  johan: ['contact-2', 'johan.lind@testbolaget.example.com'],
  maria: ['contact-3', 'maria.strand@testbolaget.example.com'],
  anna: ['consultant', 'anna.berg@pector.example'],
} as const;

export interface LiveTest extends LiveWorksheet {
  agreement: string;
  yesterday: LocalDate;
  /** The address of a link of its own. */
  linkTo(purpose: PagePurpose, person: keyof typeof people): Promise<string>;
  /** The same for whoever was invited. */
  testerLink(id: string, email: string): Promise<string>;
  /** Sends an update as the Web UI does. @returns the reason where it is refused */
  say(name: string, input: object): Promise<string | undefined>;
  /** Completes all that precedes the tests. */
  reachTest(): Promise<void>;
}

export async function openTest(): Promise<LiveTest> {
  const sheet = await openWorksheet(true);
  const { live, intake, agreed } = sheet;
  const [row] = await live.db.query<{ number: string }>('select number from agreements');
  const agreement = row!.number;
  let mails = 0;
  const link = async (purpose: PagePurpose, contact: string, recipient: string): Promise<string> => {
    const now = Date.now();
    const times = {
      issuedAt: new Date(now).toISOString(),
      expires: new Date(now + 30 * 24 * 3_600_000).toISOString(),
    };
    const about = { purpose, subject: 'upgrade/1', roles: [], language: 'sv' } as const;
    const one = { agreement, contact, recipient, ...about, mail: `test/${(mails += 1)}`, ...times };
    const links = { key: linkKey, url: (token: string) => `${intake.url}/pages/${token}` };
    return (await issueLinks(live.db, links, [one]))[0]!;
  };
  const workflow = live.client.workflow.getHandle(workflowIdOf(agreement));
  const say = async (name: string, input: object): Promise<string | undefined> => {
    try {
      await workflow.executeUpdate<unknown, [object]>(name, { args: [{ by: 'consultant', ...input }] });
      return undefined;
    } catch (error) {
      return ((error as Error).cause as Error | undefined)?.message ?? String(error);
    }
  };
  const yesterday = addDays(localDateOf(new Date().toISOString()), -1);
  const reached = [
    { phase: 'plan', on: agreed, passed: 'all' },
    { phase: 'precheck', passed: 'all' },
    {
      ...{ phase: 'technical', passed: 'all' },
      versions: { 'visma-business': '18.00.2', 'pector-import': '6.0' },
      ...{ began: `${yesterday} 17:00`, ended: `${yesterday} 21:00` },
      // The day that the customer agreed to has not come on the wall's clock.
      ...{ smokeTested: 'contact-2', go: 'contact-1', confirmed: true },
    },
    { phase: 'integrations', passed: 'all' },
  ];
  return {
    ...sheet,
    ...{ agreement, yesterday, say },
    linkTo: (purpose, person) => {
      const [contact, email] = people[person];
      return link(purpose, contact, email);
    },
    testerLink: (id, email) => link('test', id, email),
    reachTest: async () => {
      for (const input of reached) {
        const refused = await say('upgradePhaseCompleted', input);
        if (refused !== undefined) throw new Error(`${input.phase}: ${refused}`);
      }
    },
  };
}
