import { Button } from 'antd';
import { useState } from 'react';
import { ChoiceField, OrganisationField } from '../form/fields';
import { useRefusal } from '../form/refused';
import { useTexts } from './texts';

export interface Seat {
  readonly organisation: string;
  readonly role: string;
}

/** Offices and the part in each; the form holds `seat-<n>` and `role-<n>`. */
export function SeatsField({ seats }: { seats: readonly Seat[] }) {
  const texts = useTexts();
  const refused = useRefusal('seats');
  const [rows, setRows] = useState(() => seats.map((seat, index) => ({ ...seat, key: index })));
  const add = (): void =>
    setRows((now) => [...now, { organisation: '', role: 'handler', key: (now.at(-1)?.key ?? -1) + 1 }]);
  return (
    <fieldset className="checks">
      <legend>{texts.users.seats}</legend>
      <div className="whole-row">
        {rows.map(({ key, organisation, role }) => (
          <div key={key} className="seat">
            <OrganisationField name={`seat-${key}`} label={texts.users.organisation} value={organisation} />
            <ChoiceField
              name={`role-${key}`}
              label={texts.users.role}
              value={role}
              options={Object.entries(texts.roles)}
            />
            <Button className="beside" onClick={() => setRows((now) => now.filter((one) => one.key !== key))}>
              {texts.remove}
            </Button>
          </div>
        ))}
      </div>
      <Button onClick={add}>{texts.users.addSeat}</Button>
      {refused && (
        <p className="problem" role="alert">
          {refused}
        </p>
      )}
    </fieldset>
  );
}

export function seatsIn(given: FormData): Seat[] {
  return [...given.entries()].flatMap(([name, value]) => {
    const [, key] = /^seat-(\d+)$/.exec(name) ?? [];
    if (key === undefined || value === '') return [];
    return [{ organisation: String(value), role: String(given.get(`role-${key}`)) }];
  });
}
