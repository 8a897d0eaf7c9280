/** Kinds of work that hours are reported as. Those of `prices.json` are among them. */
export const workKinds = [
  'consulting',
  'technical',
  'training',
  'meeting',
  'project',
  'support',
  'other',
] as const;

export type WorkKind = (typeof workKinds)[number];
