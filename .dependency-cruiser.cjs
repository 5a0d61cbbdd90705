/** Imports point one way (docs/architecture.md): the layers of the house, held by `npm run lint`. */
const only = (from, allowed) => ({
  name: `${from}-imports`,
  severity: 'error',
  comment: `${from} imports of ours only: ${allowed.join(', ')}`,
  from: { path: `^${from}/` },
  to: {
    path: '^(policy|domain|keys|watching|workflows|activities|store|worker|api|bin|test|bench|torture|web)/',
    pathNot: [`^${from}/`, ...allowed],
  },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        path: '^(policy|domain|keys|watching|workflows|activities|store|worker|api)/',
        pathNot: [
          'main\\.ts$',
          'workflows/index\\.ts$',
          'keys/failure-converter\\.ts$',
          'workflows/leave-an-event\\.ts$',
        ],
      },
      to: {},
    },
    only('policy', ['^domain/']),
    only('domain', ['^policy/']),
    only('keys', ['^domain/']),
    only('watching', ['^domain/']),
    // Of policy only types and the stable keys: the values come with a workflow's start, as a snapshot.
    only('workflows', ['^domain/', '^policy/(keys|snapshot|schema)\\.ts$', '^watching/causes\\.ts$']),
    {
      name: 'workflows-policy-types',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^policy/', pathNot: '^policy/keys\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    only('activities', ['^domain/', '^policy/', '^keys/', '^store/', '^workflows/messages\\.ts$']),
    only('store', ['^domain/', '^policy/']),
    only('worker', [
      '^domain/',
      '^keys/',
      '^watching/',
      '^policy/',
      '^store/',
      '^activities/',
      '^workflows/(messages|search-attributes|carry-trace)\\.ts$',
    ]),
    only('api', ['^domain/', '^policy/', '^keys/', '^watching/', '^store/', '^workflows/messages\\.ts$']),
    // Pages hold no rule: what they share with the house are types, and those end with the build.
    only('web', ['^domain/', '^policy/', '^api/']),
    {
      name: 'web-types-only',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(policy|domain|api)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nobody-imports-web',
      severity: 'error',
      from: { pathNot: '^web/' },
      to: { path: '^web/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(node_modules|\\.data|coverage|web/dist)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
