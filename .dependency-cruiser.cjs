/** The rooms and who may import whom: rules decide, workflows wait, activities do, templates say, worker runs. */
const room = (name) => `^${name}/`;
const only = (from, allowed, comment) => ({
  name: `${from.replace('/', '-')}-imports`,
  comment,
  severity: 'error',
  from: { path: room(from) },
  to: { path: '^(rules|workflows|activities|templates|worker|test)/', pathNot: [room(from), ...allowed] },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          '\\.d\\.c?ts$',
          '(^|/)\\.[^/]+\\.(c?js|mjs)$',
          '\\.config\\.(mjs|cjs|js)$',
          '^test/',
          '^bin/',
          '^workflows/index\\.ts$',
        ],
      },
      to: {},
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('rules', [], 'rules/ is pure and knows no other room'),
    only(
      'workflows',
      ['^rules/', '^templates/ui/', '^activities/'],
      'workflows wait: rules and UI wording only',
    ),
    only('activities', ['^rules/', '^templates/'], 'activities never import a workflow or the worker'),
    only('templates', ['^rules/'], 'templates know rules only'),
    {
      name: 'worker-is-not-imported',
      comment: 'nothing imports worker/',
      severity: 'error',
      from: { pathNot: '^(worker|test|bin)/' },
      to: { path: '^worker/' },
    },
    {
      name: 'test-is-not-imported',
      severity: 'error',
      from: { pathNot: '^(test|bin)/' },
      to: { path: '^test/' },
    },
    {
      name: 'workflows-take-activities-as-types',
      comment: 'an activity in the workflow bundle would break determinism',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-libraries',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: 'node_modules', pathNot: 'node_modules/@temporalio/(workflow|common)/' },
    },
    {
      name: 'rules-stay-pure',
      comment: 'no I/O modules in rules/',
      severity: 'error',
      from: { path: '^rules/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'pg-only-in-activities-db',
      severity: 'error',
      from: { pathNot: '^(activities/(db|monitors/checks/ask-postgres)\\.ts|worker/local/|test/)' },
      to: { path: 'node_modules/pg/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'import', 'node', 'default'],
    },
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '^\\.data/' },
  },
};
