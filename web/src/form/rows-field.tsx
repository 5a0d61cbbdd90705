import type { FieldProps, RJSFSchema, UiSchema } from '@rjsf/utils';
import { toFieldPathId } from '@rjsf/utils';
import { Button } from 'antd';
import type { ComponentType } from 'react';
import { useLanguage } from '../words/language';

type Row = Readonly<Record<string, unknown>>;

/** A list of plain rows, entered as a table; where each row is about another item, all items can be listed at once. */
export function RowsField({
  schema,
  uiSchema = {},
  formData,
  errorSchema,
  rawErrors,
  fieldPathId,
  registry,
  onChange,
  onBlur,
  onFocus,
}: FieldProps) {
  const { words } = useLanguage();
  const SchemaField = registry.fields['SchemaField'] as ComponentType<FieldProps>;
  const rows = (Array.isArray(formData) ? formData : []) as Row[];
  const { properties = {}, required = [] } = schema.items as RJSFSchema;
  const itemUi = (uiSchema['items'] ?? {}) as UiSchema;
  const columns = Object.entries(properties) as [string, RJSFSchema][];
  const title = (uiSchema['ui:title'] as string | undefined) ?? schema.title ?? '';
  const titleOf = (name: string, of: RJSFSchema): string =>
    ((itemUi[name] as UiSchema | undefined)?.['ui:title'] as string | undefined) ?? of.title ?? name;
  const set = (next: readonly Row[]): void => onChange(next, fieldPathId.path);
  const [subject, ofSubject] = columns[0] ?? ['', {}];
  const choices = (ofSubject.enum ?? []) as readonly unknown[];
  const missing = choices.filter((one) => !rows.some((row) => row[subject] === one));
  const isFull = schema.maxItems !== undefined && rows.length >= schema.maxItems;
  const id = fieldPathId.$id;
  return (
    <fieldset className="rows" id={id} aria-describedby={rawErrors ? `${id}-problem` : undefined}>
      <legend>{title}</legend>
      {rows.length > 0 && (
        <div className="scroll" role="region" aria-label={title} tabIndex={0}>
          <table className="plain entered">
            <thead>
              <tr>
                {columns.map(([name, of]) => (
                  <th key={name} scope="col">
                    {titleOf(name, of)}
                    {required.includes(name) && <span aria-hidden> *</span>}
                  </th>
                ))}
                <th scope="col">
                  <span className="unseen">{words.task.remove}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, i) => {
                const rowId = toFieldPathId(i, registry.globalFormOptions, fieldPathId);
                const rowErrors = (errorSchema as Record<string, Record<string, never>> | undefined)?.[i];
                return (
                  <tr key={i}>
                    {columns.map(([name, of]) => {
                      const ui = (itemUi[name] ?? {}) as UiSchema;
                      const label = titleOf(name, of);
                      return (
                        <td
                          key={name}
                          className={`is-${String(of.enum ? 'choice' : of.type)}`}
                          data-label={label}
                        >
                          <SchemaField
                            name={name}
                            schema={of}
                            uiSchema={{
                              ...ui,
                              'ui:title': words.task.ofRow(i + 1, label),
                              'ui:options': { ...(ui['ui:options'] as object | undefined), label: false },
                            }}
                            formData={row[name]}
                            {...(rowErrors?.[name] ? { errorSchema: rowErrors[name] } : {})}
                            fieldPathId={toFieldPathId(name, registry.globalFormOptions, rowId)}
                            required={required.includes(name)}
                            registry={registry}
                            onChange={onChange}
                            onBlur={onBlur}
                            onFocus={onFocus}
                          />
                        </td>
                      );
                    })}
                    <td className="remove">
                      <Button
                        size="small"
                        aria-label={words.task.removeRow(i + 1)}
                        onClick={() => set(rows.filter((_, at) => at !== i))}
                      >
                        {words.task.remove}
                      </Button>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {rawErrors && rawErrors.length > 0 && (
        <p className="problem" id={`${id}-problem`} role="alert">
          {rawErrors.join('；')}
        </p>
      )}
      <p className="row">
        <Button size="small" disabled={isFull} onClick={() => set([...rows, {}])}>
          {words.task.add}
        </Button>
        {choices.length > 1 && missing.length > 0 && (
          <Button size="small" onClick={() => set([...rows, ...missing.map((one) => ({ [subject]: one }))])}>
            {words.task.addAll(missing.length)}
          </Button>
        )}
      </p>
    </fieldset>
  );
}
