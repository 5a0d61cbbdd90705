import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { usePolicy } from '../api/names';
import type { Organisation } from '../api/organisations';
import { Field } from '../app/field';
import { useLanguage, useTitle } from '../words/language';
import { ChecksField, ChoiceField, TextField, type Option } from '../form/fields';
import { FormDialog, severalIn, textIn } from '../form/form-dialog';
import { ListTable, usePages } from './table';
import { useTexts } from './texts';

const FILTERS = ['level', 'area', 'body'] as const;

/** Who holds the seats: entered, corrected, disabled. */
export function OrganisationsPage() {
  const texts = useTexts();
  const { areas, bodies } = useNamed();
  const [address, setAddress] = useSearchParams();
  const [chosen, setChosen] = useState<Organisation | 'new'>();
  const client = useQueryClient();
  useTitle(texts.pages['organisations'] ?? '');
  const query = Object.fromEntries(FILTERS.map((name) => [name, address.get(name) ?? '']));
  const found = usePages<Organisation>('/organisations', query);
  const nameOf = (options: readonly Option[], key: string): string =>
    options.find(([value]) => value === key)?.[1] ?? key;
  const filter = (name: (typeof FILTERS)[number], label: string, options: readonly Option[]) => (
    <Field label={label}>
      {(attributes) => (
        <select
          {...attributes}
          value={query[name]}
          onChange={({ target }) => setAddress(given({ ...query, [name]: target.value }), { replace: true })}
        >
          <option value="">{texts.all}</option>
          {options.map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  return (
    <>
      <div className="row apart admin-head">
        <h1>{texts.pages['organisations']}</h1>
        <Button type="primary" onClick={() => setChosen('new')}>
          {texts.organisations.add}
        </Button>
      </div>
      <section className="card" aria-label={texts.pages['organisations']}>
        <div className="row filters">
          {filter('level', texts.organisations.level, Object.entries(texts.levels))}
          {filter('area', texts.organisations.area, areas)}
          {filter('body', texts.organisations.bodies, bodies)}
        </div>
        <ListTable
          label={texts.pages['organisations'] ?? ''}
          found={found}
          keyOf={({ id }) => id}
          columns={[
            {
              title: texts.organisations.name,
              cell: ({ id, name }) => (
                <>
                  {name}
                  <span className="hint block">{id}</span>
                </>
              ),
            },
            {
              title: texts.organisations.level,
              cell: ({ level }) => texts.levels[level],
              whole: true,
            },
            { title: texts.organisations.area, cell: ({ area }) => nameOf(areas, area) },
            {
              title: texts.organisations.bodies,
              cell: (one) => one.bodies.map((body) => nameOf(bodies, body)).join('、'),
            },
            {
              title: texts.organisations.serves,
              cell: ({ serves = [] }) => serves.map((area) => nameOf(areas, area)).join('、'),
            },
            {
              title: texts.state,
              cell: ({ disabled }) => (
                <span className={disabled ? 'state off' : 'state'}>
                  {disabled ? texts.disabled : texts.inUse}
                </span>
              ),
              whole: true,
            },
            {
              title: texts.act,
              cell: (one) => (
                <Button
                  size="small"
                  aria-label={`${texts.change} ${one.name}`}
                  onClick={() => setChosen(one)}
                >
                  {texts.change}
                </Button>
              ),
              whole: true,
            },
          ]}
        />
      </section>
      {chosen && (
        <OrganisationDialog
          known={chosen === 'new' ? undefined : chosen}
          onClose={() => setChosen(undefined)}
          onDone={async () => {
            setChosen(undefined);
            await Promise.all([found.refetch(), client.invalidateQueries({ queryKey: ['organisations'] })]);
          }}
        />
      )}
    </>
  );
}

function given(query: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
}

function useNamed(): { areas: Option[]; bodies: Option[] } {
  const { language } = useLanguage();
  const policy = usePolicy();
  const areas = policy?.areas.map(({ code, name }): Option => [code, name]) ?? [];
  const bodies =
    policy?.bodies.map(({ key, name, nameEn }): Option => [key, language === 'zh' ? name : nameEn]) ?? [];
  return { areas, bodies };
}

function OrganisationDialog({
  known,
  onClose,
  onDone,
}: {
  known: Organisation | undefined;
  onClose: () => void;
  onDone: () => unknown;
}) {
  const texts = useTexts();
  const { areas, bodies } = useNamed();
  const policy = usePolicy();
  const [level, setLevel] = useState<string>(known?.level ?? 'county');
  const there = policy?.bodies.filter(({ levels }) => levels.some((one) => one === level)) ?? [];
  return (
    <FormDialog
      title={known ? `${texts.change}：${known.name}` : texts.organisations.add}
      hint={texts.organisations.note}
      onClose={onClose}
      onDone={onDone}
      asked={(form) => {
        const serves = severalIn(form, 'serves');
        return {
          path: known ? `/organisations/${known.id}` : '/organisations',
          method: known ? 'PATCH' : 'POST',
          body: {
            name: textIn(form, 'name') ?? '',
            level: textIn(form, 'level'),
            area: textIn(form, 'area') ?? '',
            bodies: severalIn(form, 'bodies'),
            ...(serves.length > 0 || known?.serves ? { serves } : {}),
            ...(known ? { disabled: form.has('disabled') } : {}),
          },
        };
      }}
    >
      <TextField name="name" label={texts.organisations.name} value={known?.name} maxLength={80} />
      <ChoiceField
        name="level"
        label={texts.organisations.level}
        value={level}
        options={Object.entries(texts.levels)}
        onChange={setLevel}
      />
      <TextField
        name="area"
        label={texts.organisations.area}
        hint={texts.organisations.areaHint}
        value={known?.area}
        list="areas"
      />
      <datalist id="areas">
        {areas.map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </datalist>
      <ChecksField
        key={level}
        name="bodies"
        label={texts.organisations.bodies}
        values={known?.bodies ?? []}
        options={bodies.filter(([key]) => there.some((one) => one.key === key))}
      />
      <TextField
        name="serves"
        label={texts.organisations.serves}
        hint={texts.organisations.servesHint}
        value={known?.serves?.join('，')}
      />
      {known && (
        <p>
          <label className="check">
            <input type="checkbox" name="disabled" defaultChecked={known.disabled ?? false} />{' '}
            {texts.disabled}
          </label>
          <span className="hint">{texts.organisations.disabledHint}</span>
        </p>
      )}
    </FormDialog>
  );
}
