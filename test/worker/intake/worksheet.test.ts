/** The worksheet of an upgrade over HTTP, with a running agreement that decides what it is sent. */
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { eventsOf } from '../../../activities/pages/events';
import { listLinks, signPageLink } from '../../../activities/pages/links';
import { livingLink } from '../../../activities/pages/living-link';
import { instantAt, localDateOf } from '../../../rules/engine/calendar/calendar';
import { addDays } from '../../../rules/engine/calendar/dates';
import type { Overview } from '../../../templates/ui/overview';
import { workflowIdOf } from '../../../worker/temporal/start-agreement';
import { eventually } from '../../activities/signed-agreement';
import { completedPhase } from '../../helpers/completed-phase';
import { replayHistory } from '../../helpers/play';
import type { LiveWorksheet } from './live-worksheet';
import { openWorksheet } from './live-worksheet';
import { linkKey, listen } from './listening';

let sheet: LiveWorksheet;
const now = (): string => new Date().toISOString();

beforeAll(async () => {
  sheet = await openWorksheet();
});
afterAll(() => sheet.close());

interface Page {
  status: number;
  html: string;
}
async function open(url = sheet.url): Promise<Page> {
  const answer = await fetch(url);
  return { status: answer.status, html: await answer.text() };
}
const formOf = ({ html }: Page): string => /name="form" value="([^"]+)"/.exec(html)?.[1] ?? '';
const phaseOf = ({ html }: Page): string => /name="phase" value="([^"]+)"/.exec(html)?.[1] ?? '';
/** Sends the form of the page as it is now, and follows to where that leads. */
async function send(
  act: string,
  fields: Record<string, string>,
  shown?: Page,
  url = sheet.url,
): Promise<Page> {
  const page = shown ?? (await open(url));
  const body = new URLSearchParams({ form: formOf(page), phase: phaseOf(page), do: act, ...fields });
  const answer = await fetch(url, { method: 'POST', body });
  return { status: answer.status, html: await answer.text() };
}
const textOf = ({ html }: Page): string =>
  html.replace(/<style>[^]*<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const results = (): Promise<object[]> =>
  sheet.live.db.query(
    'select phase, part, ok, version, on_day, note, waived_by, reported_by from upgrade_parts order by phase, part',
  );

it('is mailed to our own people with each mail of a phase, and shows every phase with its parts', async () => {
  const page = await open();
  expect(page.status).toBe(200);
  expect(phaseOf(page)).toBe('upgrade/plan');
  const text = textOf(page);
  for (const words of ['Fas 1 av 7: Planering', 'Test: ', 'Efterkontroll väntar'])
    expect(text).toContain(words);
  expect(text).toMatch(/Visma Business 17\.0 → \d/);
  expect(await listLinks(sheet.live.db, now())).toMatchObject([
    { contact: 'consultant', purpose: 'worksheet', subject: 'upgrade/1' },
  ]);
  expect(await sheet.live.db.query(`select 1 from outbox where kind = 'page'`)).toEqual([]);
});

it('shows why the agreement refuses a phase, with all that was written', async () => {
  const page = await send('phase-completed', { all: 'yes', 'note-1': 'driften <b>vet</b>', note: 'bokat' });
  expect(textOf(page)).toContain(
    'planering kan inte avslutas. Inte rapporterat: on (dagen som kunden godtagit)',
  );
  expect(page.html).toContain('value="driften &lt;b&gt;vet&lt;/b&gt;"');
  expect(page.html).toContain('value="bokat"');
  // The part with a note of its own was taken before it.
  expect(await results()).toMatchObject([{ phase: 'plan', part: '1', note: 'driften <b>vet</b>' }]);
});

it('completes a phase with all of it, once, however often the form is sent', async () => {
  const page = await open();
  const fields = { all: 'yes', on: sheet.agreed };
  const [first, second] = await Promise.all([
    send('phase-completed', fields, page),
    send('phase-completed', fields, page),
  ]);
  for (const one of [first, second]) {
    expect(textOf(one)).toMatch(/Noterat .* Planering är avslutad/);
    expect(phaseOf(one)).toBe('upgrade/precheck');
  }
  const told = await sheet.live.db.query(
    `select 1 from events where ref = 'upgradePhaseCompleted' and kind = 'signal'`,
  );
  expect(told).toHaveLength(1);
});

it('reports the parts that are filled in, and refuses a note that no message would carry', async () => {
  const silent = await send('parts-reported', { 'note-2': 'ring driften' });
  expect([silent.status, textOf(silent)]).toEqual([
    400,
    expect.stringContaining('kommer anteckningen inte med'),
  ]);
  expect(silent.html).toContain('value="ring driften"');
  expect((await send('parts-reported', {})).status).toBe(400);

  const page = await send('parts-reported', {
    ...{ 'result-1': 'passed', 'result-2': 'failed', 'note-2': 'ring driften' },
  });
  expect(textOf(page)).toContain('2 delar.');
  expect(await results()).toMatchObject([
    ...[{ phase: 'plan' }, { phase: 'plan' }],
    { phase: 'precheck', part: '1', ok: true, reported_by: 'consultant' },
    { phase: 'precheck', part: '2', ok: false, note: 'ring driften' },
  ]);
  // What is kept is in the form, and not sent anew.
  expect(page.html).toMatch(/name="result-2" value="failed" checked/);
  expect((await send('parts-reported', { 'result-1': 'passed', 'result-2': 'failed' })).status).toBe(400);
});

it('a part that failed is accepted by name, with a reason', async () => {
  const fields = { all: 'yes', 'result-2': 'failed', acceptedBy: 'contact-1' };
  const nameless = await send('phase-completed', fields);
  expect([nameless.status, textOf(nameless)]).toEqual([
    400,
    expect.stringContaining('varför det som fattas'),
  ]);
  const page = await send('phase-completed', { ...fields, reason: 'driften svarar i morgon' });
  expect(phaseOf(page)).toBe('upgrade/technical');
  expect(textOf(page)).toContain('godtagen av Karin Ek: driften svarar i morgon');
});

it('a version that is none is refused with the part, and a phase that failed goes back', async () => {
  const odd = await send('phase-completed', { all: 'yes', 'version-visma-business': 'den nya' });
  expect(textOf(odd)).toContain('en version som 18.0.2');
  expect(odd.html).toContain('value="den nya"');
  const yesterday = addDays(localDateOf(now()), -1);
  const times = {
    began: `${yesterday}T17:00`,
    ended: `${yesterday}T16:00`,
    smokeTested: 'contact-2',
    go: 'manager',
  };
  const backwards = await send('phase-completed', { all: 'yes', ...times });
  expect(textOf(backwards)).toContain('ended: förväntade en tidpunkt');
  expect(backwards.html).toContain(`name="ended" value="${yesterday}T16:00" type="datetime-local"`);
  expect(backwards.html).toMatch(/name="go".*<option value="manager" selected>Erik Holm/);
  expect(backwards.html).not.toContain('name="lostSince"');
  const blank = await send('phase-failed', { 'result-1': 'passed' });
  expect([blank.status, textOf(blank)]).toEqual([400, expect.stringContaining('Skriv vad som gick fel')]);
  expect(blank.html).toMatch(/name="result-1" value="passed" checked/);
  const page = await send('phase-failed', { failReason: 'konverteringen stannade', then: 'precheck' });
  expect(phaseOf(page)).toBe('upgrade/precheck');
  expect(textOf(page)).not.toContain('driften svarar i morgon');
});

it('says that the agreement has not answered yet, and then what it answered', async () => {
  await sheet.stopDispatching();
  const hasty = await listen(sheet.live.db, { now: () => Date.now(), answerWithin: 50 });
  const there = sheet.url.replace(sheet.intake.url, hasty.url);
  const shown = { status: 200, html: await (await fetch(there)).text() };
  const body = new URLSearchParams({
    ...{ form: formOf(shown), phase: phaseOf(shown), do: 'parts-reported' },
    ...{ 'result-1': 'failed', 'note-1': 'ingen säkerhetskopia' },
  });
  const waiting = { status: 200, html: await (await fetch(there, { method: 'POST', body })).text() };
  expect(textOf(waiting)).toContain('avtalet har inte svarat än');
  expect(waiting.html).toContain('value="ingen säkerhetskopia"');
  await hasty.stop();
  sheet.dispatch();
  await eventually('the answer is shown', async () => textOf(await open()).includes('1 del.'));
  const [link] = await listLinks(sheet.live.db, now());
  const answers = (await eventsOf(sheet.live.db, link!.id)).filter(({ event }) => event === 'answered');
  expect(answers.at(-1)?.details).toEqual({ taken: 1 });
});

it('keeps what was sent for a phase that was closed meanwhile, and says so', async () => {
  const page = await open();
  expect(
    phaseOf(await send('phase-completed', { 'result-1': 'passed', 'result-2': 'passed', all: 'yes' }, page)),
  ).toBe('upgrade/technical');
  const late = await send(
    'phase-completed',
    { 'result-1': 'failed', note: 'för sent' },
    {
      ...page,
      html: page.html.replace(formOf(page), formOf(await open())),
    },
  );
  expect(textOf(late)).toContain('är redan klar');
  expect(textOf(late)).toContain('för sent');
});

describe('a partner', () => {
  it('is asked by mail once the day is agreed, and says no with a reason', async () => {
    await eventually('the partner is asked', () =>
      sheet.live.mailbox.mails.some(({ subject }) =>
        subject?.startsWith('Stöds Verifikationer från lönesystemet'),
      ),
    );
    const url = await sheet.partnerUrl('before');
    const page = await open(url);
    expect(textOf(page)).toContain('Stöds integrationen på den nya versionen, och passar dagen er?');
    // Whoever has the link sees neither the agreement's page nor the customer's contacts.
    expect(page.html).not.toMatch(/workflows|Karin Ek/);
    const mute = await send('partner-answered', { ok: 'no' }, undefined, url);
    expect([mute.status, textOf(mute)]).toEqual([400, expect.stringContaining('Skriv vad som hindrar')]);
    const said = await send('partner-answered', { ok: 'no', note: 'stöds från 18.2' }, undefined, url);
    expect(textOf(said)).toMatch(/Tack, svaret är noterat .* Vi har ert svar: nej/);
    expect(textOf(await open())).toMatch(
      /Besked från partnern: Verifikationer från lönesystemet stöds från 18.2 Petra Sund.* nej/,
    );
    await eventually('the consultant is told', () =>
      sheet.live.mailbox.mails.some(({ subject }) =>
        subject?.endsWith('en partner säger nej till uppgraderingen'),
      ),
    );
  });

  it('is not asked after an upgrade that is not done, as once it is rolled back', async () => {
    const page = await open(await sheet.partnerUrl('after'));
    expect(textOf(page)).toContain('Systemet är inte uppgraderat nu');
    expect(page.html).not.toContain('partner-answered');
  });
});

describe('an integration that the monitoring checks', () => {
  const workflow = () => sheet.live.client.workflow.getHandle(workflowIdOf(sheet.agreement));
  const orders = async () =>
    (await workflow().query<Overview>('overview')).checks.find(
      ({ kind, id }) => kind === 'integration' && id === 'webshop-orders',
    );
  const told = () => sheet.live.mailbox.mails.filter(({ text }) => text?.includes('"byMonitor":true'));
  const askAgain = async (): Promise<void> => {
    const page = await send('parts-reported', { 'result-webshop-orders': 'ask' });
    expect(textOf(page)).toContain('1 del.');
  };

  it('is checked once the system is upgraded; fails with the check, which the mail offers to ask again', async () => {
    sheet.shop.isBroken = true;
    await sheet.startChecking();
    const yesterday = addDays(localDateOf(now()), -1);
    await workflow().executeUpdate('upgradePhaseCompleted', {
      args: [{ ...completedPhase('technical', yesterday), confirmed: true }],
    });
    await eventually('it is failed', async () => (await orders())?.ok === false);
    await eventually('the consultant is told', () => told().length > 0);
    expect(told()[0]?.text).toMatch(/Webshoppen svarar: status: förväntade 200–299, hittade 503/);
    expect(told()[0]?.text).toContain('"integration":"webshop-orders","ok":true,"note":""');
    const page = await open();
    expect(phaseOf(page)).toBe('upgrade/integrations');
    // What it found is told, and is not taken for a person's reason.
    expect(page.html).toMatch(/name="note-webshop-orders" value=""/);
    expect(textOf(page)).toMatch(
      /hittade 503 övervakningen: Webshoppen svarar, \d{1,2} \p{L}+ \d{4} \d{2}:\d{2}/u,
    );
  });

  it('of a partner is reported by its link, as integrationChecked does', async () => {
    const url = await sheet.partnerUrl('after');
    const said = await send('partner-answered', { ok: 'yes', version: '7.1' }, undefined, url);
    expect(textOf(said)).toContain('Vi har ert svar: ja');
    expect(await results()).toContainEqual(
      expect.objectContaining({ part: 'payroll-vouchers', ok: true, version: '7.1', reported_by: 'partner' }),
    );
  });

  it('passes when it is asked again and well, with the version that the check finds', async () => {
    sheet.shop.isBroken = false;
    await askAgain();
    await eventually('it passes', async () => (await orders())?.ok === true);
    expect(await orders()).toMatchObject({ version: '5.2.1', by: 'monitor/shop' });
    expect(await results()).toContainEqual(
      expect.objectContaining({ part: 'webshop-orders', ok: true, reported_by: 'monitor/shop' }),
    );
  });

  it('is overruled by a person, with a reason', async () => {
    sheet.shop.isBroken = true;
    await askAgain();
    await eventually('it fails', async () => (await orders())?.ok === false);
    const silent = await send('parts-reported', { 'result-webshop-orders': 'passed' });
    expect(textOf(silent)).toContain('övervakningen har underkänt webshop-orders');
    const page = await send('parts-reported', {
      ...{ 'result-webshop-orders': 'passed', 'note-webshop-orders': 'webbhotellet startar om' },
    });
    expect(textOf(page)).toContain('1 del.');
    expect(await orders()).toMatchObject({ ok: true, by: 'consultant' });
  });

  it('is left to people while somebody has paused the check, and the page says why', async () => {
    await workflow().executeUpdate('monitoringPaused', {
      args: [{ monitor: 'shop', until: localDateOf(now()), by: 'anna' }],
    });
    await askAgain();
    await eventually('it is left to people', async () =>
      (await workflow().query<Overview>('overview')).attention.some(
        ({ code, detail }) => code === 'monitor-silent' && detail.includes('kontrollen är pausad'),
      ),
    );
    // What a person said of it still holds.
    expect(await orders()).toMatchObject({ ok: true, by: 'consultant' });
    await replayHistory(await workflow().fetchHistory(), workflowIdOf(sheet.agreement));
  });
});

it("has the system restored by the customer's management once people work in it, with what is lost", async () => {
  const yesterday = addDays(localDateOf(now()), -1);
  const live = await send('phase-completed', {
    ...{ all: 'yes', 'version-visma-business': '18.0.2', 'version-pector-import': '6.0' },
    ...{ began: `${yesterday}T07:00`, smokeTested: 'contact-2', go: 'manager', goAt: `${yesterday}T09:00` },
    ended: `${yesterday}T10:00`,
  });
  expect(phaseOf(live)).toBe('upgrade/test');
  expect(live.html).toMatch(/<option value="restore">/);
  expect(live.html).not.toContain('value="roll-back"');
  const fields = { failReason: 'siffrorna stämmer inte', then: 'restore', restoredBy: 'contact-1' };
  const timeless = await send('phase-failed', fields);
  expect(textOf(timeless)).toContain('lostSince');
  expect(timeless.html).toMatch(/<option value="contact-1" selected>/);
  expect(await sheet.live.db.query('select 1 from upgrades')).toEqual([]);
  const page = await send('phase-failed', { ...fields, lostSince: `${yesterday}T10:00` });
  expect(phaseOf(page)).toBe('upgrade/plan');
  expect(await sheet.live.db.query('select state, attempt, reason, by, lost_since from upgrades')).toEqual([
    {
      ...{ state: 'restored', attempt: 2, reason: 'siffrorna stämmer inte', by: 'contact-1' },
      lost_since: instantAt(yesterday, '10:00'),
    },
  ]);
});

it('what a customer ticks and asks for on their page reaches the agreement, and what became of it the page', async () => {
  const { live, intake } = sheet;
  const today = localDateOf(now());
  const startsOn = `${today.slice(0, 7)}-01`;
  const { agreement } = await live.sign({ signedOn: startsOn, startsOn });
  const handle = live.client.workflow.getHandle(workflowIdOf(agreement));
  await eventually('the year is planned', async () => {
    const planned = await live.db.query('select 1 from obligations where agreement = $1', [agreement]);
    return planned.length > 0;
  });
  const actions = [{ what: 'Skicka prislistan', owner: 'contact-2', due: addDays(today, 14) }];
  const held = { meeting: 1, on: today, minutes: 60, actions, confirmed: true, by: 'anna' };
  await handle.executeUpdate('meetingHeld', { args: [held] });
  const one = { agreement, contact: 'contact-2', recipient: 'johan.lind@testbolaget.example.com' };
  const link = await livingLink(live.db, { ...one, purpose: 'agreement', language: 'sv' }, now());
  const url = `${intake.url}/pages/${signPageLink(linkKey, link)}`;

  const ticked = await send('action-done', { action: '1' }, undefined, url);
  expect(textOf(ticked)).toMatch(/Noterat .* åtgärden är klar/);
  expect(textOf(ticked)).not.toContain('Dina åtgärder');
  const rows = await live.db.query('select state from actions where agreement = $1', [agreement]);
  expect(rows).toEqual([{ state: 'done' }]);

  await send('contact-asked', { changed: 'Ny ekonomichef: Kajsa Ny' }, undefined, url);
  const asking = () => live.mailbox.mails.find(({ subject }) => subject?.includes('kunden ber om något'));
  await eventually('the consultant is told', () => asking() !== undefined);
  expect(asking()?.text).toContain(
    'Johan Lind <johan.lind@testbolaget.example.com>\nsäger att en kontakt har ändrats.\n”Ny ekonomichef: Kajsa Ny”',
  );
  // What was written may name people: the history has only that something was.
  const history = historyToJSON(await handle.fetchHistory());
  const said = [...history.matchAll(/"data":\s*"([^"]+)"/g)].map(([, data]) =>
    Buffer.from(data!, 'base64').toString(),
  );
  expect(said.filter((one) => one.includes('"kind":"contact"'))).not.toEqual([]);
  expect(said.filter((one) => one.includes('Kajsa'))).toEqual([]);
  expect(textOf(await open(url))).toContain('väntar på Anna Berg');
  await handle.signal('attentionCleared', { code: 'customer-asks' });
  await eventually('the page says so', async () => textOf(await open(url)).includes('omhändertaget'));
});

it('a partner who is no contact of the integration any more is told so', async () => {
  const url = await sheet.partnerUrl('after');
  await sheet.live.db.query(`update agreements set contract = jsonb_set(contract, '{integrations}', '[]')`);
  expect((await open(url)).status).toBe(410);
});
