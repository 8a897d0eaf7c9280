/** The rooms and who may import whom: rules decide, workflows wait, activities do, templates say, worker runs. */
const room = (name) => `^${name}/`;
const only = (from, allowed, comment) => ({
  name: `${from.replace('/', '-')}-imports`,
  comment,
  severity: 'error',
  from: { path: room(from) },
  to: { path: '^(rules|workflows|activities|templates|worker|test)/', pathNot: [room(from), ...allowed] },
});

/**
 * The inner rooms of each room, from the ground up: a file imports from its own floor and from those below it, never
 * from one above, types included. So no two of them can be in a circle. A new folder is given its floor here.
 */
const floors = {
  'rules/engine': [
    'basics/',
    'reading/',
    'contract/',
    'calendar/',
    'releases/',
    'rollout/',
    'ruleset/',
    'terms/',
    'upgrade/',
    'campaign/',
    'hours/',
    'invoicing/',
    'imports/',
    'plan/',
    'signing/',
    'change/',
    'lint/',
    'examples/',
    'monitoring/',
  ],
  templates: [
    'words/',
    'ui/',
    'preview/',
    'documents/',
    'agenda/',
    'statement/',
    'upgrade-report/',
    'mails/',
    'pages/',
    '[^/]+$',
  ],
  workflows: ['basics/', 'messages/', 'year/', 'strands/', 'judges/', '[^/]+$'],
  activities: [
    'record/',
    '(db|outbox|permanent|storable)[.]ts$',
    'agreements/',
    'hours/',
    'monitors/checks/',
    'monitors/',
    'years/',
    'pages/',
    'mail/',
    'invoicing/',
    'desk/',
    'signings/',
    'health/',
    'audit/',
    '[^/]+$',
  ],
  worker: [
    'basics/',
    'settings/',
    'local/',
    'temporal/',
    'files/',
    'intake/',
    'health/',
    'audit/',
    'deploy/',
    'processes/',
    'simulation/',
    'reference/',
    'commands/',
    '[^/]+$',
  ],
};
/** Files of a floor, without those that a floor below has already. */
const on = (house, floor) => ({
  path: `^${house}/${floors[house][floor]}`,
  pathNot: floors[house].slice(0, floor).map((below) => `^${house}/${below}`),
});
const downwards = (house) =>
  floors[house].slice(0, -1).map((name, floor) => ({
    name: `${house}/${name}-imports-downwards`,
    comment: `${house}: ${floors[house].join(' < ')}`,
    severity: 'error',
    from: on(house, floor),
    to: {
      path: `^${house}/`,
      pathNot: floors[house].slice(0, floor + 1).map((below) => `^${house}/${below}`),
    },
  }));
const onSomeFloor = (house) => ({
  name: `${house}-every-room-has-a-floor`,
  comment: `give the folder a place among the floors of ${house}`,
  severity: 'error',
  from: { path: `^${house}/`, pathNot: floors[house].map((name) => `^${house}/${name}`) },
  to: {},
});

/** Code in the part of `rules/` that its managers edit. */
const codeBesideTheEngine = { path: '^rules/.+[.][cm]?[jt]s$', pathNot: '^rules/engine/' };
const rulesAreForManagers = {
  name: 'rules-code-lies-in-the-engine',
  comment: 'rules/ shows managers their own files; code lies in rules/engine/',
  severity: 'error',
};

module.exports = {
  forbidden: [
    ...Object.keys(floors).flatMap((house) => [...downwards(house), onSomeFloor(house)]),
    { ...rulesAreForManagers, from: codeBesideTheEngine, to: {} },
    { ...rulesAreForManagers, from: {}, to: codeBesideTheEngine },
    {
      name: 'no-strand-imports-a-strand',
      comment: 'what several strands need lies in workflows/year/',
      severity: 'error',
      from: { path: '^workflows/strands/' },
      to: { path: '^workflows/strands/' },
    },
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
      name: 'auditor-is-independent',
      comment: 'what the product has wrong, its auditor is not to have from it',
      severity: 'error',
      from: { path: '^test/auditor/' },
      to: { path: '^[^/]+/', pathNot: '^(test/auditor|node_modules)/' },
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
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|url)$' },
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
