import { Theme } from '@rjsf/antd';
import { withTheme, type IChangeEvent } from '@rjsf/core';
import type { ErrorSchema, FieldProps, RJSFSchema } from '@rjsf/utils';
import { lazy, Suspense, useMemo, type ReactNode } from 'react';
import { Loading } from '../app/said';
import { useLanguage } from '../words/language';
import { templates } from './buttons';
import { RowsField } from './rows-field';
import { FormSurroundings, type Surroundings } from './surroundings';
import { uiSchemaOf } from './ui-schema';
import { validatorIn } from './validator';
import { widgets } from './widgets';

const AntdForm = withTheme(Theme);
const FORM_CONTEXT = { colon: false };
/** Sheets for lists of projects are fetched with the first task that has one. */
const DecisionsField = lazy(async () => ({
  default: (await import('../joint-work/decisions-field')).DecisionsField,
}));
const ListedField = lazy(async () => ({ default: (await import('../joint-work/listed-field')).ListedField }));
const fields = {
  rows: RowsField,
  decisions: (props: FieldProps) => (
    <Suspense fallback={<Loading />}>
      <DecisionsField {...props} />
    </Suspense>
  ),
  listed: (props: FieldProps) => (
    <Suspense fallback={<Loading />}>
      <ListedField {...props} />
    </Suspense>
  ),
};

/** A form made of a task's or an act's JSON Schema, as the API answers it. */
export function SchemaForm({
  schema,
  value,
  errors,
  surroundings,
  onChange,
  onSubmit,
  idPrefix,
  children,
}: {
  schema: unknown;
  value: unknown;
  /** What the API has refused, by path. */
  errors?: ErrorSchema | undefined;
  surroundings: Surroundings;
  onChange: (value: unknown) => void;
  onSubmit: (value: unknown) => void;
  idPrefix: string;
  children: ReactNode;
}) {
  const { language } = useLanguage();
  const validator = useMemo(() => validatorIn(language), [language]);
  const { shown, uiSchema } = useMemo(() => {
    const { $schema: _draft, title: _title, ...rest } = schema as RJSFSchema;
    return { shown: rest, uiSchema: uiSchemaOf(rest, surroundings.context) };
  }, [schema, surroundings.context]);
  return (
    <FormSurroundings value={surroundings}>
      <AntdForm
        idPrefix={idPrefix}
        className="schema-form"
        schema={shown}
        uiSchema={uiSchema}
        validator={validator}
        widgets={widgets}
        fields={fields}
        templates={templates}
        formContext={FORM_CONTEXT}
        formData={value}
        {...(errors ? { extraErrors: errors } : {})}
        extraErrorsBlockSubmit={false}
        noHtml5Validate
        showErrorList={false}
        focusOnFirstError
        omitExtraData={false}
        experimental_defaultFormStateBehavior={{
          arrayMinItems: { populate: 'requiredOnly' },
          emptyObjectFields: 'populateRequiredDefaults',
          // What nobody has answered is no answer: neither a no, nor a signature that is there already.
          requiredBooleanDefault: 'skip',
          constAsDefaults: 'never',
        }}
        onChange={(event: IChangeEvent) => onChange(event.formData)}
        onSubmit={(event: IChangeEvent) => onSubmit(event.formData)}
      >
        {children}
      </AntdForm>
    </FormSurroundings>
  );
}
