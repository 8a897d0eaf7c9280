import path from 'node:path';
import { formatFinding } from '../../rules/engine/reading/format-finding';
import { projectRoot } from '../../worker/settings/configuration';
import { readText } from '../../worker/files/read-contract-file';
import type { ScenarioStep } from '../../worker/simulation/scenario';
import { diligent, readScenario, scripted, signalledAt, silent } from '../../worker/simulation/scenario';
import { signAndPlan } from '../activities/signed-agreement';
import { freshDatabase } from '../helpers/stack';

const findings = (text: string): string[] =>
  readScenario(text, 'year.json').findings.map((finding) => formatFinding(finding));

describe('reading a scenario', () => {
  it('takes the steps of a file; a step without input sends none', () => {
    const text = `[{ "on": "2027-02-01", "signal": "meetingHeld" },
      { "on": "2027-03-10", "signal": "hoursUsed", "input": { "hours": 2 } }]`;
    expect(readScenario(text, 'year.json')).toEqual({
      steps: [
        { on: '2027-02-01', signal: 'meetingHeld', input: {} },
        { on: '2027-03-10', signal: 'hoursUsed', input: { hours: 2 } },
      ],
      findings: [],
    });
  });

  it('takes the example that comes with the product', () => {
    const file = path.join(projectRoot, 'examples/scenarios/testbolaget-year.json');
    expect(readScenario(readText(file), file).findings).toEqual([]);
  });

  it('tells everything that is wrong at once, each with its place', () => {
    const text = [
      '[',
      '  { "on": "2027-02-30", "signal": "meetingHeld" },',
      '  { "on": "2027-02-01", "signal": "meetingHold", "input": [1] },',
      '  "meetingHeld",',
      '  { "on": "2027-02-01", "signal": "meetingHeld", "imput": {} },',
      '  {}',
      ']',
    ].join('\n');
    const found = findings(text);
    expect(found.map((line) => line.split(' ')[0])).toEqual([
      'year.json:2:11',
      'year.json:3:35',
      'year.json:3:59',
      'year.json:4:3',
      expect.stringMatching(/^year\.json:5:/),
      'year.json:6:3',
      'year.json:6:3',
    ]);
    expect(found[0]).toContain('expected a date as YYYY-MM-DD, found "2027-02-30"');
    expect(found[1]).toContain('expected one of meetingBooked, meetingHeld, meetingCancelled, ');
    expect(found[1]).toContain('found "meetingHold"');
    expect(found[2]).toContain('expected an object, found [1]');
    expect(found[3]).toContain('expected { "on", "signal", "input" }, found "meetingHeld"');
    expect(found[4]).toContain('expected only on, signal, input, found "imput"');
    expect(found[5]).toContain('expected a date as YYYY-MM-DD, found nothing');
  });

  it.each([
    ['an object', '{}', 'expected a list of steps, found {}'],
    ['nothing', '', 'year.json:1:1'],
    ['broken JSON', '[\n  { "on": }\n]', 'year.json:2:'],
    ['a list in a list', '[[]]', 'found []'],
    ['null as a step', '[null]', 'found null'],
    ['null as input', '[{"on":"2027-02-01","signal":"meetingHeld","input":null}]', 'found null'],
    ['a number as a date', '[{"on":20270201,"signal":"meetingHeld"}]', 'found 20270201'],
    ['a name that every object has', '[{"on":"2027-02-01","signal":"toString"}]', 'found "toString"'],
  ])('refuses %s', (_what, text, expected) => {
    const { steps } = readScenario(text, 'year.json');
    expect(steps).toBeUndefined();
    expect(findings(text).join('\n')).toContain(expected);
  });
});

describe('a scripted year', () => {
  const step = (on: string): ScenarioStep => ({ on, signal: 'meetingHeld', input: {} });

  it('gives each step once, by date, and keeps those of later years', async () => {
    const next = scripted([step('2028-02-01'), step('2027-05-01'), step('2027-02-01')]);
    const dates = [];
    for (let one = await next(1, '2028-01-01'); one; one = await next(1, '2028-01-01')) dates.push(one.on);
    expect(dates).toEqual(['2027-02-01', '2027-05-01']);
    expect((await next(2, '2029-01-01'))?.on).toBe('2028-02-01');
    expect(await next(2, '2029-01-01')).toBeUndefined();
  });

  it('keeps the order of the file on the same day', async () => {
    const input = (note: string) => ({ ...step('2027-02-01'), input: { note } });
    const next = scripted([input('first'), input('second')]);
    expect((await next(1, '2028-01-01'))?.input).toEqual({ note: 'first' });
    expect((await next(1, '2028-01-01'))?.input).toEqual({ note: 'second' });
  });

  it('signals at noon in Sweden, in summer and in winter', () => {
    expect(signalledAt(step('2027-02-01'))).toBe('2027-02-01T11:00:00.000Z');
    expect(signalledAt(step('2027-07-01'))).toBe('2027-07-01T10:00:00.000Z');
  });
});

it('lets nobody act in a silent year', async () => {
  expect(await silent(1, '2028-01-01')).toBeUndefined();
});

it('lets a diligent year do what is open and due first', async () => {
  const { db, close } = await freshDatabase();
  try {
    const { contract, plan } = await signAndPlan(db);
    const owed = plan.obligations
      .filter(({ strand }) => ['start', 'meetings', 'upgrade'].includes(strand))
      .map(({ dueOn }) => dueOn)
      .sort();
    const next = diligent(db, contract.agreement);
    // What is asked about is confirmed, and what is refused all the same is not tried for ever.
    const refused = diligent(db, contract.agreement);
    const [one, again] = [await refused(1, plan.to), await refused(1, plan.to)];
    expect(one?.on).toBe(owed[0]);
    expect(again).toEqual({ ...one, input: { ...one?.input, confirmed: true } });
    await expect(refused(1, plan.to)).rejects.toThrow('found it refused');
    await db.query(`update obligations set state = 'done' where strand not in ('upgrade', 'meetings')`);
    const [first] = plan.obligations.filter(({ strand }) => strand === 'meetings');
    const called = first!.opensAt.slice(0, 10);
    expect(await next(1, plan.to)).toEqual({ on: called, signal: 'meetingBooked', input: { meeting: '1' } });
    await db.query(`insert into meetings (agreement, year, id, booked_at) select agreement, year, id, due_at
                      from obligations where strand = 'meetings'`);
    expect(await next(1, plan.to)).toEqual({
      on: first!.dueOn,
      signal: 'meetingHeld',
      input: { meeting: 1 },
    });
    await db.query(`update obligations set state = 'done' where strand <> 'upgrade'`);
    expect(await next(1, plan.to)).toMatchObject({
      signal: 'upgradePhaseCompleted',
      input: { phase: 'plan', passed: 'all' },
    });
    await db.query(`update obligations set state = 'done'`);
    expect(await next(1, plan.to)).toBeUndefined();
  } finally {
    await close();
  }
});
