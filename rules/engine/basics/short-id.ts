/** What people write for an obligation: `2` for `meeting-2`, `test` for `upgrade/test`. */
export function shortId(id: string): string {
  return id.replace(/^(meeting-|upgrade(?:-\d+)?\/|start\/)/, '');
}
