import { Input } from 'antd';
import { useState } from 'react';
import { useAllOrganisations } from '../api/organisations';
import { Field } from '../app/field';
import { useRefusal } from './refused';

interface Shared {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
}

/** A line of text; what the API has refused of it stands beneath. */
export function TextField({
  name,
  label,
  hint,
  value,
  ...rest
}: Shared & {
  readonly value?: string | undefined;
  readonly type?: 'text' | 'number' | 'email' | 'url' | 'date';
  readonly list?: string;
  readonly autoComplete?: string;
  readonly maxLength?: number;
}) {
  const problem = useRefusal(name);
  return (
    <Field label={label} problem={problem} {...(hint === undefined ? {} : { hint })}>
      {(attributes) => (
        <Input
          {...attributes}
          {...rest}
          name={name}
          defaultValue={value}
          autoComplete={rest.autoComplete ?? 'off'}
        />
      )}
    </Field>
  );
}

export type Option = readonly [value: string, title: string];

export function ChoiceField({
  name,
  label,
  hint,
  value,
  options,
  onChange,
}: Shared & {
  readonly value?: string | undefined;
  readonly options: readonly Option[];
  readonly onChange?: (value: string) => void;
}) {
  const problem = useRefusal(name);
  return (
    <Field label={label} problem={problem} {...(hint === undefined ? {} : { hint })}>
      {(attributes) => (
        <select
          {...attributes}
          name={name}
          defaultValue={value}
          onChange={({ target }) => onChange?.(target.value)}
        >
          {options.map(([key, title]) => (
            <option key={key} value={key}>
              {title}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Several of a list. */
export function ChecksField({
  name,
  label,
  values,
  options,
}: Shared & { readonly values: readonly string[]; readonly options: readonly Option[] }) {
  const problem = useRefusal(name);
  return (
    <fieldset className="checks">
      <legend>{label}</legend>
      {options.map(([key, title]) => (
        <label key={key} className="check">
          <input type="checkbox" name={name} value={key} defaultChecked={values.includes(key)} /> {title}
        </label>
      ))}
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </fieldset>
  );
}

/** An organisation, found by typing its name; the form holds its number. */
export function OrganisationField({
  name,
  label,
  value,
  onChange,
}: Shared & { readonly value?: string | undefined; readonly onChange?: (id: string) => void }) {
  const problem = useRefusal(name);
  const all = useAllOrganisations();
  const [text, setText] = useState<string>();
  const shown = text ?? all.find(({ id }) => id === value)?.name ?? value ?? '';
  const idOf = (given: string): string => all.find((one) => one.name === given)?.id ?? given;
  return (
    <Field label={label} problem={problem}>
      {(attributes) => (
        <>
          <Input
            {...attributes}
            list={`${attributes.id}-all`}
            value={shown}
            allowClear
            onChange={({ target }) => {
              setText(target.value);
              onChange?.(idOf(target.value));
            }}
          />
          <input type="hidden" name={name} value={idOf(shown)} />
          <datalist id={`${attributes.id}-all`}>
            {all.map((one) => (
              <option key={one.id} value={one.name} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
