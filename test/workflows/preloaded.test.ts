import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createContext, Script } from 'node:vm';
import { injectGlobals } from '@temporalio/worker/lib/workflow/vm-shared';
import { bundleWorkflows } from '../../worker/bundle';

/** What is loaded before the first workflow, as the engine's library loads it: every module by its path in the bundle. */
async function preloaded(): Promise<Map<string, { exports: unknown }>> {
  const code = readFileSync(
    await bundleWorkflows({ cacheDir: resolve(__dirname, '../../.data/cache') }),
    'utf8',
  );
  const modules = new Map<string, { exports: unknown }>();
  const cache = new Proxy(
    {},
    {
      get: (_, id) => modules.get(String(id)),
      set: (_, id, module) => (modules.set(String(id), module as { exports: unknown }), true),
    },
  );
  const context = createContext({ __webpack_module_cache__: cache });
  injectGlobals(context);
  new Script(code).runInContext(context);
  new Script('__TEMPORAL__.preloadModules()').runInContext(context);
  return modules;
}

/** Everything that the engine's library would freeze, with the way to it: through objects, not into functions. */
function* reachable(value: unknown, way: string, seen: WeakSet<object>): Generator<[string, object]> {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) return;
  seen.add(value);
  if (typeof value !== 'object') return;
  yield [way, value];
  if (Object.isFrozen(value)) return;
  for (const name of Reflect.ownKeys(value)) {
    yield* reachable((value as Record<string | symbol, unknown>)[name], `${way}.${String(name)}`, seen);
  }
}

test('nothing that workflows share and the engine freezes is written into: no schema, and no pattern of ours', async () => {
  const modules = await preloaded();
  expect([...modules.keys()]).toEqual(
    expect.arrayContaining(['./domain/forms/index.ts', './node_modules/@noble/curves/ed25519.js']),
  );
  const seen = new WeakSet();
  const found = [...modules].flatMap(([id, module]) => [...reachable(module.exports, id, seen)]);
  const schemas = found.filter(([, object]) => '_zod' in object).map(([way]) => way);
  expect(schemas).toEqual([]);
  const patterns = found.filter(
    ([way, object]) => Object.prototype.toString.call(object) === '[object RegExp]' && !way.includes('/zod/'),
  );
  expect(patterns.map(([way]) => way)).toEqual([]);
});

test('every form holds what is sent against its own patterns, and none of zod’s, which are frozen', async () => {
  const modules = await preloaded();
  const seen = new WeakSet();
  const frozen = new Set<object>();
  for (const [id, module] of modules) {
    for (const [, object] of reachable(module.exports, id, seen)) frozen.add(object);
  }
  const forms = modules.get('./domain/forms/index.ts')?.exports as {
    readonly taskKinds: Record<string, Kind>;
    readonly actKinds: Record<string, Kind>;
  };
  const kinds = [...Object.values(forms.taskKinds), ...Object.values(forms.actKinds)];
  expect(kinds.length).toBeGreaterThan(50);
  const uses: string[] = [];
  let made = 0;
  for (const kind of kinds) {
    // A form that needs more of its context than this has is made in its step's own tests.
    let form: unknown;
    try {
      form = kind.form({});
    } catch {
      continue;
    }
    made += 1;
    for (const pattern of patternsIn(form, new WeakSet())) {
      if (frozen.has(pattern)) uses.push(`${kind.kind ?? kind.act}: ${String(pattern)}`);
    }
  }
  expect(uses).toEqual([]);
  expect(made).toBeGreaterThan(25);
});

interface Kind {
  readonly kind?: string;
  readonly act?: string;
  form(context: object): unknown;
}

/** Patterns of a schema and of all that it is made of. */
function* patternsIn(schema: unknown, seen: WeakSet<object>): Generator<object> {
  if (schema === null || typeof schema !== 'object' || seen.has(schema)) return;
  seen.add(schema);
  if (Object.prototype.toString.call(schema) === '[object RegExp]') yield schema;
  for (const value of Object.values(schema)) yield* patternsIn(value, seen);
  if ('_zod' in schema) yield* patternsIn((schema as { _zod: { def: unknown } })._zod.def, seen);
}
