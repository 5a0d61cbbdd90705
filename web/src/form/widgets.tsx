import { Button, Input } from 'antd';
import type { RegistryWidgetsType, WidgetProps } from '@rjsf/utils';
import { useRef, useState } from 'react';
import { ask } from '../api/client';
import { useAllOrganisations } from '../api/organisations';
import { newKey } from '../api/tasks';
import { Failure } from '../app/said';
import { Preview } from '../task/attachment';
import { useLanguage } from '../words/language';
import { useSurroundings } from './surroundings';

const described = ({ id, rawErrors = [], hideLabel, label }: WidgetProps) => ({
  id,
  ...(hideLabel ? { 'aria-label': label } : {}),
  ...(rawErrors.length > 0 ? { 'aria-invalid': true as const } : {}),
});

/** Fields are the browser's own where it has good ones: keyboard, screen readers and telephones know them. */
function Choose(props: WidgetProps) {
  const { words } = useLanguage();
  const { options, value, onChange, disabled, readonly, multiple } = props;
  const all = options.enumOptions ?? (options['chosenFrom'] as typeof options.enumOptions) ?? [];
  if (multiple) {
    const chosen = Array.isArray(value) ? (value as unknown[]) : [];
    return (
      <div id={props.id} role="group" aria-label={props.label}>
        {all.map((one) => (
          <label key={String(one.value)} className="check">
            <input
              type="checkbox"
              checked={chosen.includes(one.value)}
              onChange={({ target }) =>
                onChange(
                  target.checked ? [...chosen, one.value] : chosen.filter((other) => other !== one.value),
                )
              }
            />
            {one.label}
          </label>
        ))}
      </div>
    );
  }
  const at = all.findIndex((one) => one.value === value);
  return (
    <select
      {...described(props)}
      value={at === -1 ? '' : String(at)}
      disabled={disabled || readonly}
      onChange={({ target }) => onChange(target.value === '' ? undefined : all[Number(target.value)]?.value)}
    >
      <option value="">{words.task.choose}</option>
      {all.map((one, i) => (
        <option key={i} value={String(i)}>
          {one.label}
        </option>
      ))}
    </select>
  );
}

/** Not a tick: what has not been answered is not a no. */
function YesNo({ id, value, onChange, label }: WidgetProps) {
  const { words } = useLanguage();
  return (
    <div className="row" role="radiogroup" aria-label={label} id={id}>
      {([true, false] as const).map((answer) => (
        <label key={String(answer)} className="check">
          <input type="radio" name={id} checked={value === answer} onChange={() => onChange(answer)} />
          {answer ? words.task.yes : words.task.no}
        </label>
      ))}
    </div>
  );
}

function Day(props: WidgetProps) {
  const { value, onChange } = props;
  return (
    <input
      {...described(props)}
      className="plain-input"
      type="date"
      value={typeof value === 'string' ? value : ''}
      onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
    />
  );
}

/** People write yuan, the record counts fen. */
function Money(props: WidgetProps) {
  const { value, onChange } = props;
  const [text, setText] = useState(typeof value === 'number' ? String(value / 100) : '');
  const read = (given: string): number | undefined => {
    const match = /^(\d{1,11})(?:\.(\d{1,2}))?$/.exec(given.replaceAll(/[,，\s]/g, ''));
    return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : undefined;
  };
  const shown = read(text) === value ? text : typeof value === 'number' ? String(value / 100) : text;
  return (
    <Input
      {...described(props)}
      inputMode="decimal"
      value={shown}
      onChange={({ target }) => {
        setText(target.value);
        onChange(read(target.value));
      }}
    />
  );
}

function Count(props: WidgetProps) {
  const { value, onChange, schema } = props;
  return (
    <input
      {...described(props)}
      className="plain-input"
      type="number"
      inputMode={schema.type === 'integer' ? 'numeric' : 'decimal'}
      step="any"
      value={typeof value === 'number' ? value : ''}
      onChange={({ target }) => onChange(target.value === '' ? undefined : Number(target.value))}
    />
  );
}

function Line(props: WidgetProps) {
  if (props.schema.type === 'integer' || props.schema.type === 'number') return <Count {...props} />;
  const { value, onChange, schema } = props;
  return (
    <Input
      {...described(props)}
      value={typeof value === 'string' ? value : ''}
      maxLength={schema.maxLength}
      onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
    />
  );
}

function Prose(props: WidgetProps) {
  const { value, onChange, schema, options } = props;
  return (
    <Input.TextArea
      {...described(props)}
      rows={Number(options.rows ?? 4)}
      value={typeof value === 'string' ? value : ''}
      maxLength={schema.maxLength}
      onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
    />
  );
}

function Colleague(props: WidgetProps) {
  const { words } = useLanguage();
  const { colleagues } = useSurroundings();
  const { value, onChange } = props;
  return (
    <select
      {...described(props)}
      value={String(value ?? '')}
      onChange={({ target }) => onChange(target.value || undefined)}
    >
      <option value="">{words.task.choose}</option>
      {colleagues.map(({ user, displayName, roles }) => (
        <option key={user} value={user}>
          {displayName ?? user}（{roles.map((role) => words.roles[role as 'handler'] ?? role).join('、')}）
        </option>
      ))}
    </select>
  );
}

/** Found by typing: a city has hundreds. */
function OrganisationWidget(props: WidgetProps) {
  const { value, onChange, id } = props;
  const all = useAllOrganisations();
  const [text, setText] = useState('');
  const chosen = all.find((one) => one.id === value);
  return (
    <>
      <Input
        {...described(props)}
        list={`${id}-all`}
        value={chosen?.name ?? text}
        onChange={({ target }) => {
          setText(target.value);
          onChange(all.find(({ name }) => name === target.value)?.id);
        }}
      />
      <datalist id={`${id}-all`}>
        {all.map((one) => (
          <option key={one.id} value={one.name} />
        ))}
      </datalist>
    </>
  );
}

/** A file is sent when it is chosen; the form holds its number. */
function Attachment(props: WidgetProps) {
  const { words } = useLanguage();
  const { value, onChange, id, label } = props;
  const file = useRef<HTMLInputElement>(null);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  const send = async (chosen: File | undefined): Promise<void> => {
    if (!chosen) return;
    setSending(true);
    setError(undefined);
    const body = new FormData();
    body.append('file', chosen);
    try {
      onChange((await ask<{ id: string }>('/attachments', { method: 'POST', body, key: newKey() })).id);
    } catch (reason) {
      setError(reason);
    }
    setSending(false);
  };
  return (
    <div>
      <Failure error={error} />
      <input
        ref={file}
        type="file"
        className="unseen"
        tabIndex={-1}
        aria-hidden
        onChange={({ target }) => void send(target.files?.[0])}
      />
      <div className="row">
        <Button
          id={id}
          loading={sending}
          aria-label={`${words.task.upload}：${label}`}
          onClick={() => file.current?.click()}
        >
          {sending ? words.task.uploading : words.task.upload}
        </Button>
        {typeof value === 'string' && <Preview id={value} />}
      </div>
    </div>
  );
}

export const widgets: RegistryWidgetsType = {
  TextWidget: Line,
  TextareaWidget: Prose,
  SelectWidget: Choose,
  CheckboxesWidget: Choose,
  UpDownWidget: Count,
  DateWidget: Day,
  CheckboxWidget: YesNo,
  choices: Choose,
  yesNo: YesNo,
  day: Day,
  money: Money,
  colleague: Colleague,
  organisation: OrganisationWidget,
  attachment: Attachment,
};
