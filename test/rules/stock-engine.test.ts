import type { RuleProperties } from 'json-rules-engine';
import { Engine } from 'json-rules-engine';
import { effectiveTerms } from '../../rules/engine/terms/effective-terms';
import { factsFor } from '../../rules/engine/ruleset/facts';
import { termValues } from '../../rules/engine/terms/term-values';
import { from, rule } from '../helpers/changed-rules';
import { exampleContract, guldRuleset } from './fixtures';

/** A rule file's rules as they are written, in an engine that knows nothing of us. */
const stock = (text: string): Engine => new Engine((JSON.parse(text) as { rules: RuleProperties[] }).rules);

const contract = exampleContract();
const facts = factsFor(contract, 1, '2027-01-01');

describe('a rule file', () => {
  it('loads into a stock json-rules-engine, which applies the very rules that we apply', async () => {
    const ruleset = guldRuleset();
    const { events } = await stock(ruleset.texts['levels/guld.json']!).run({ ...facts });
    const { applied } = await effectiveTerms(ruleset, facts);
    const said = (type: string, params: object) => `${type} ${[...termValues(params).keys()].sort().join()}`;
    expect(events.map(({ type, params }) => said(type, params ?? {})).sort()).toEqual(
      applied.map(({ topic, source }) => said(topic, source.event.params)).sort(),
    );
  });

  it('loads with a date, an amendment and the word on when it applies', async () => {
    const amendment = { reference: 'T-17', signedOn: '2027-05-01', agreements: [contract.agreement] };
    const more = { amendment, appliesFrom: 'nextPeriod' } as const;
    const text = JSON.stringify({ rules: [rule('meetings', { perYear: 3 }, [from('2027-01-01')], more)] });
    const on = async (date: string) => (await stock(text).run({ ...facts, date })).events.length;
    expect([await on('2026-12-31'), await on('2027-01-01')]).toEqual([0, 1]);
  });
});
