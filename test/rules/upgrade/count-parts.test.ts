import type { CountedPart, PartCounts } from '../../../rules/engine/upgrade/count-parts';
import { countParts, testedOf } from '../../../rules/engine/upgrade/count-parts';
import type { PartKind } from '../../../rules/engine/upgrade/parts';

const nothing = { all: 0, passed: 0, none: 0, accepted: 0, failed: 0, again: 0, left: 0 };

test.each<[string, CountedPart['result'], Partial<PartCounts>, number]>([
  ['nobody has reported', undefined, { left: 1 }, 0],
  ['works', { ok: true }, { passed: 1 }, 1],
  ['does not concern the customer', { ok: true, notApplicable: true }, { passed: 1, none: 1 }, 1],
  ['failed', { ok: false }, { failed: 1 }, 1],
  ['is to be tested again', { ok: false, retest: true }, { again: 1 }, 0],
  ['is accepted though it failed', { ok: false, retest: true, waived: {} }, { accepted: 1 }, 1],
  ['is accepted though nobody tested it', { waived: {} }, { accepted: 1 }, 1],
])('a case that %s counts once', (_what, result, counted, tested) => {
  const counts = countParts([{ kind: 'module', ...(result && { result }) }]);
  expect(counts).toEqual({ ...nothing, all: 1, ...counted });
  expect(testedOf(counts)).toBe(tested);
});

test('a day, a time, a person, and what a partner says before are not counted', () => {
  const kinds: PartKind[] = [
    'date',
    'session',
    'decision',
    'began',
    'smokeTested',
    'go',
    'ended',
    'booked',
    'support',
  ];
  expect(countParts(kinds.map((kind) => ({ kind, result: { ok: true } })))).toEqual(nothing);
});
