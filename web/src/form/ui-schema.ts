import type { RJSFSchema, UiSchema } from '@rjsf/utils';

/** How a field is entered follows from its schema: by its title's suffix, its length, its kind. */
export function uiSchemaOf(schema: RJSFSchema, context: unknown): UiSchema {
  return walk(schema, namesIn(context), '');
}

const MOST_COLUMNS = 6;

/** A list of projects to decide on has its own sheet; one whose rows hold nothing but plain values is entered as a table. */
function listOf({ type, items }: RJSFSchema): 'decisions' | 'listed' | 'rows' | undefined {
  if (type !== 'array' || typeof items !== 'object' || Array.isArray(items)) return undefined;
  const { properties = {}, title } = items as RJSFSchema;
  if ('projectId' in properties && 'verdict' in properties) return 'decisions';
  if (items.type === 'string' && title === '项目编号') return 'listed';
  return isFlat(Object.values(properties)) ? 'rows' : undefined;
}

function isFlat(columns: readonly unknown[]): boolean {
  return (
    columns.length > 1 &&
    columns.length <= MOST_COLUMNS &&
    columns.every((one) =>
      ['string', 'number', 'integer', 'boolean'].includes(String((one as RJSFSchema | null)?.type)),
    )
  );
}

/** The form's own names for the keys of a choice (`domain/forms/fields.ts`). */
function choiceNames(schema: RJSFSchema): Readonly<Record<string, string>> {
  return (schema['x-names' as keyof RJSFSchema] ?? {}) as Readonly<Record<string, string>>;
}

interface Names {
  readonly items: ReadonlyMap<number, string>;
  readonly keys: ReadonlyMap<string, string>;
}

function walk(schema: RJSFSchema, names: Names, key: string): UiSchema {
  const ui: UiSchema = own(schema, names, key);
  const list = listOf(schema);
  if (list !== undefined) ui['ui:field'] = list;
  // In what order things are listed means nothing, or is for whoever enters them to choose.
  else if (schema.type === 'array' && !ui['ui:widget']) ui['ui:options'] = { orderable: false };
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    if (typeof inner === 'object') ui[name] = walk(inner as RJSFSchema, names, name);
  }
  if (schema.items && typeof schema.items === 'object' && !Array.isArray(schema.items)) {
    ui['items'] = walk(schema.items as RJSFSchema, names, key);
  }
  const choices = (schema.anyOf ?? schema.oneOf ?? []).filter(
    (one): one is RJSFSchema => typeof one === 'object',
  );
  for (const choice of choices) Object.assign(ui, walk(choice, names, key), own(schema, names, key));
  return ui;
}

function own(schema: RJSFSchema, { items, keys }: Names, key: string): UiSchema {
  const { title = '', type, enum: values } = schema;
  if (values) return { 'ui:enumNames': namesOf(schema, { items, keys }) };
  if (type === 'boolean') return { 'ui:widget': 'yesNo' };
  // Several out of a list are ticked, not added one by one.
  const { items: one } = schema;
  if (type === 'array' && typeof one === 'object' && !Array.isArray(one) && one.enum)
    return {
      'ui:widget': 'choices',
      'ui:options': {
        chosenFrom: one.enum.map((value, i) => ({ value, label: namesOf(one, { items, keys })[i] })),
      },
    };
  if (title.endsWith('（附件）')) return { 'ui:widget': 'attachment', 'ui:title': title.slice(0, -4) };
  if (title.endsWith('（用户）')) return { 'ui:widget': 'colleague', 'ui:title': title.slice(0, -4) };
  if (title.endsWith('（单位）')) return { 'ui:widget': 'organisation', 'ui:title': title.slice(0, -4) };
  if (title.endsWith('（分）')) return { 'ui:widget': 'money', 'ui:title': `${title.slice(0, -3)}（元）` };
  if (type === 'string' && schema.format === 'date') return { 'ui:widget': 'day' };
  if (type === 'string' && (schema.maxLength ?? 0) >= 1_000) {
    return { 'ui:widget': 'textarea', 'ui:options': { rows: key === 'lateReason' ? 2 : 4 } };
  }
  return {};
}

/** What the values of a choice are called. */
function namesOf(schema: RJSFSchema, { items, keys }: Names): string[] {
  const given = choiceNames(schema);
  return (schema.enum ?? []).map((value) =>
    typeof value === 'number'
      ? (items.get(value) ?? String(value))
      : (given[String(value)] ?? keys.get(String(value)) ?? String(value)),
  );
}

/** The policy of the moment came with the context: its own names for items, sources and modes. */
function namesIn(context: unknown): Names {
  const items = new Map<number, string>();
  const keys = new Map<string, string>();
  const look = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(look);
    if (value === null || typeof value !== 'object') return;
    const { no, key, id, projectId, name } = value as Record<string, unknown>;
    if (typeof no === 'number' && typeof name === 'string') items.set(no, `${no} ${name}`);
    if (typeof key === 'string' && typeof name === 'string') keys.set(key, name);
    if (typeof id === 'string' && typeof name === 'string') keys.set(id, name);
    if (typeof projectId === 'string' && typeof name === 'string') keys.set(projectId, name);
    Object.values(value).forEach(look);
  };
  look(context);
  return { items, keys };
}

/** The same names, for whoever shows a context. */
export { namesIn };
