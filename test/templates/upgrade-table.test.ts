/** The page's table of an upgrade, where it is longer than the page has room for. */
import { partTable } from '../../templates/ui/upgrade-table';
import type { CheckedPart, Overview } from '../../templates/ui/overview';

it('cuts what passed or is to come, never what failed, was accepted or decided', () => {
  const part = (id: string, more: Partial<CheckedPart> = {}): CheckedPart => ({
    ...{ phase: 'upgrade/test', kind: 'module', id, name: id, ok: true },
    ...more,
  });
  const waived = { by: 'manager', reason: 'r' };
  const checks = [
    ...[part('one'), part('two'), part('broken', { ok: false })],
    ...[part('three'), part('decision', { phase: 'upgrade/approval', kind: 'decision', ok: false, waived })],
  ];
  const table = partTable({ checks } as Overview, 'en', 3, (count) => `${count} more`, String);
  const rows = table.filter(
    (line) => line.startsWith('| ') && !line.startsWith('| Phase') && !line.includes('---'),
  );
  expect(rows.map((row) => row.split(' | ')[1])).toEqual(['one', 'broken', 'approval']);
  expect(table).toContain('2 more');
});
