/** A consultant's day, on the real Web UI: reads the page, sends what it says, sees what comes of it. */
import { completedPhase } from '../helpers/completed-phase';
import { rmSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { addMonths } from '../../rules/engine/calendar/dates';
import { instantAt, localDateOf } from '../../rules/engine/calendar/calendar';
import { workflowIdOf } from '../../worker/temporal/start-agreement';
import { messageNames } from '../../workflows/messages/messages';
import { eventually } from '../activities/signed-agreement';
import type { WorkflowPage } from '../helpers/browser';
import { describeInBrowser, listedWorkflows, openBrowser, openWorkflow } from '../helpers/browser';
import { serviceavtalOn, writeDownStack } from '../helpers/command-line';
import { exampleContract } from '../helpers/example';
import type { LiveAgreements } from '../helpers/live-agreements';
import { startLiveAgreements } from '../helpers/live-agreements';
import { testStack } from '../helpers/stack';

describeInBrowser('in the Web UI', () => {
  let live: LiveAgreements;
  let browser: Browser;

  beforeAll(async () => {
    // Mails that a message causes go out at once here: the wait is played in virtual time elsewhere.
    live = await startLiveAgreements({ holdMinutes: 0 });
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser.close();
    await live.close();
  });

  describe('a consultant', () => {
    let agreement: string;
    let consultant: WorkflowPage;

    beforeAll(async () => {
      const today = localDateOf(new Date().toISOString());
      const startsOn = `${addMonths(today, 1).slice(0, 7)}-01`;
      ({ agreement } = await live.sign({ signedOn: today, startsOn }));
      await eventually('the welcome mail', () => live.mailbox.mails.length >= 2);
      consultant = await openWorkflow(browser, live.link(agreement));
    });

    afterAll(() => consultant.close());

    const stateOf = async (obligation: string): Promise<string | undefined> => {
      const [row] = await live.db.query<{ state: string }>(
        'select state from obligations where agreement = $1 and id = $2',
        [agreement, obligation],
      );
      return row?.state;
    };

    it('finds every message in the picker, with what it is for', async () => {
      const picker = await consultant.picker('signal');
      expect(picker.startStepCompleted).toContain('Ett steg i avtalets uppstart är klart');
      expect(picker.startStepCompleted).toContain(agreement);
      expect(Object.keys(picker)).toEqual(expect.arrayContaining(messageNames));
    });

    it('reads the next step, pastes the example below it, and sees the step after it', async () => {
      const before = await consultant.detailsWith('Nästa steg');
      expect(before).toContain('Presentation av dedikerad konsult');
      const example = await consultant.example('startStepCompleted');
      expect(JSON.parse(example)).toEqual({ agreement, step: 'consultant' });
      await consultant.shot('agreement-page', true);

      expect(await consultant.signal('startStepCompleted', example, 'send-a-signal')).toEqual({
        taken: 'Workflow signaled.',
      });
      const after = await consultant.detailsWith('1 av 3 klara');
      expect(after).not.toContain('Presentation av dedikerad konsult ·');
      expect(JSON.parse(await consultant.example('startStepCompleted'))).toMatchObject({ step: 'kickoff' });
      await eventually('the step is done', async () => (await stateOf('start/consultant')) === 'done');
    });

    it('reads whose agreement it is, and comes to the monitoring from an alert that runs', async () => {
      const alert = { monitor: 'order-import', severity: 'down', since: new Date().toISOString() };
      await live.client.workflow
        .getHandle(workflowIdOf(agreement))
        .signal('alertsChanged', { alerts: [alert], more: 0 });
      const details = await consultant.detailsWith('Pågående larm');
      expect(details).toContain('Testbolaget AB: avtal');
      expect(details).toContain('contact-1: ledning');
      expect(details).toContain('Nere: Import av order från webshop');
      expect(await consultant.linkOf('Övervakningen av avtalet')).toMatch(
        new RegExp(`^http.*/namespaces/[^/]+/workflows/monitoring-${agreement}$`),
      );
    });

    it('books the meeting the page asks for: the customer gets the invitation, the page shows what follows', async () => {
      const example = await consultant.example('meetingBooked');
      const booked = JSON.parse(example) as { meeting: number; on: string; at: string };
      expect(booked).toEqual({ agreement, meeting: 1, on: expect.any(String) as string, at: '10:00' });
      expect(await consultant.signal('meetingBooked', example, 'book-a-meeting')).toEqual({
        taken: 'Workflow signaled.',
      });
      const invitations = (): typeof live.mailbox.mails =>
        live.mailbox.mails.filter(({ subject }) => subject?.startsWith('Inbjudan: förvaltningsmöte 1'));
      await eventually('both contacts are invited', () => invitations().length === 2);
      const calendar = invitations()[0]!.attachments.find(
        ({ contentType }) => contentType === 'text/calendar',
      );
      const day = booked.on.replaceAll('-', '');
      expect(calendar!.content.toString('utf8')).toContain(`DTSTART:${day}T`);
      expect(await consultant.detailsWith('Förvaltningsmöte 1, bokat')).toContain(`${booked.on} 10:00`);
      expect(JSON.parse(await consultant.example('meetingHeld'))).toMatchObject({ agreement, meeting: 1 });
      expect(JSON.parse(await consultant.example('meetingBooked'))).toMatchObject({ agreement, meeting: 2 });
    });

    it('is answered at once by an update that cannot be taken, and nothing is changed', async () => {
      const christmas = `${new Date().getUTCFullYear() + 1}-12-25`;
      const wrong = JSON.stringify({ agreement: 'another', meeting: 2, on: christmas });
      expect(await consultant.update('meetingBooked', wrong)).toEqual({
        refused: expect.stringContaining(`det här är avtalet ${agreement}`) as string,
      });
      expect(await consultant.details()).not.toContain('Avvisade signaler');
    });

    it('takes the last step back', async () => {
      const example = await consultant.example('stepUndone');
      expect(JSON.parse(example)).toEqual({ agreement, step: 2 });
      expect(await consultant.update('stepUndone', example)).toMatchObject({
        taken: expect.any(String) as string,
      });
      await consultant.detailsWith('Förvaltningsmöte 1, att boka');
      await eventually('the customer hears that it is off', () =>
        live.mailbox.mails.some(({ subject }) => subject?.startsWith('Inställt: förvaltningsmöte 1')),
      );
    });

    it('is told on the page why a message could not be taken', async () => {
      expect(await consultant.signal('startStepCompleted', '{ "step": "coffee" }')).toMatchObject({
        taken: 'Workflow signaled.',
      });
      const details = await consultant.detailsWith('Avvisade signaler');
      expect(details).toMatch(/startStepCompleted: step: förväntade ett av .*hittade coffee/);
      await consultant.shot('rejected-signals', true);
    });

    it('cannot send what is no JSON: the dialog says so, and nothing leaves it', async () => {
      const { refused } = await consultant.signal('startStepCompleted', '{ "step": ');
      expect(refused).toBe('An unknown error occurred.');
    });

    it('reads the same after the link is opened once more', async () => {
      const again = await openWorkflow(browser, live.link(agreement));
      expect(await again.detailsWith('Avvisade signaler')).toContain('1 av 3 klara');
      await again.close();
    });
  });

  describe('the saved views', () => {
    it('list the agreement under each link that `views` prints, and another consultant’s under none', async () => {
      // Signed in a year that has passed: overdue by the wall clock.
      const signedOn = '2025-10-01';
      const clockOffset = Date.parse(instantAt(signedOn, '12:00')) - Date.now();
      const { contacts } = exampleContract();
      const of = (id: string) => ({ ...contacts, consultant: { ...contacts.consultant, id } });
      live.mailbox.refuses.add(contacts.customer[0]!.email);
      const year = { signedOn, startsOn: '2025-01-01' };
      const hers = await live.sign({ ...year, contacts: of(`anna-${process.pid}`) }, clockOffset);
      const his = await live.sign({ ...year, contacts: of(`bo-${process.pid}`) }, clockOffset);
      const tomorrow = new Date(Date.now() + clockOffset + 86_400_000).toISOString().slice(0, 10);
      for (const { agreement } of [hers, his])
        await live.client.workflow
          .getHandle(workflowIdOf(agreement))
          .signal('upgradePhaseCompleted', completedPhase('plan', tomorrow));
      const attention = `select 1 from attention where code = 'address-refused'`;
      await eventually('both need attention', async () => (await live.db.query(attention)).length >= 2);

      const dataDir = writeDownStack({ ...testStack(), databaseUrl: live.databaseUrl });
      const views = await serviceavtalOn(dataDir, 'views', '--consultant', `anna-${process.pid}`, '--json');
      rmSync(dataDir, { recursive: true });
      const links = JSON.parse(views.out) as { name: string; link: string }[];
      expect(links.map(({ name }) => name)).toEqual(['agreements', 'overdue', 'attention', 'upgrades']);
      for (const { name, link } of links) {
        await eventually(`${name} lists ${hers.agreement}`, async () =>
          (await listedWorkflows(browser, link)).includes(workflowIdOf(hers.agreement)),
        );
        expect(await listedWorkflows(browser, link)).not.toContain(workflowIdOf(his.agreement));
      }
    });
  });
});
