import { useState } from 'react';
import { useColleagues } from '../api/colleagues';
import { useOrganisations, useTaskKinds } from '../api/names';
import { useMe } from '../api/session';
import { ChecksField, ChoiceField, TextField } from '../form/fields';
import { FormDialog, textIn } from '../form/form-dialog';
import { useLanguage } from '../words/language';
import { useTexts } from './texts';

/** Names a colleague who stands in for oneself: for a period, for all tasks or for some kinds of them. */
export function NameStandInDialog({ onClose, onDone }: { onClose: () => void; onDone: () => unknown }) {
  const { standIns: texts } = useTexts();
  const { words } = useLanguage();
  const me = useMe();
  const colleagues = useColleagues();
  const office = useOrganisations(colleagues.map(({ organisation }) => organisation));
  const kinds = useTaskKinds();
  const [some, setSome] = useState(false);
  const titleOf = ({ name, roles, organisation }: (typeof colleagues)[number]): string =>
    [
      `${name}（${roles.map((role) => words.roles[role]).join('、')}）`,
      me.organisations.length > 1 ? office(organisation) : '',
    ].join(' ');
  return (
    <FormDialog
      title={texts.name}
      onClose={onClose}
      onDone={onDone}
      asked={(given) => {
        // The same person of two organisations is two of the list.
        const chosen = colleagues[Number(textIn(given, 'standIn') ?? -1)];
        const reason = textIn(given, 'reason');
        return {
          path: '/me/stand-ins',
          method: 'POST',
          body: {
            standIn: chosen?.user ?? '',
            ...(chosen ? { organisation: chosen.organisation } : {}),
            from: textIn(given, 'from') ?? '',
            until: textIn(given, 'until') ?? '',
            ...(some ? { kinds: given.getAll('kinds') } : {}),
            ...(reason === undefined ? {} : { reason }),
          },
        };
      }}
    >
      <ChoiceField
        name="standIn"
        label={texts.person}
        {...(colleagues.length === 0 ? { hint: texts.nobody } : {})}
        options={[['', words.task.choose], ...colleagues.map((one, i) => [String(i), titleOf(one)] as const)]}
      />
      <div className="side-by-side">
        <TextField name="from" type="date" label={texts.from} />
        <TextField name="until" type="date" label={texts.until} hint={texts.untilHint} />
      </div>
      <ChoiceField
        name="which"
        label={texts.kinds}
        options={[
          ['', texts.all],
          ['some', texts.some],
        ]}
        onChange={(value) => setSome(value === 'some')}
      />
      {some && (
        <div className="long-list">
          <ChecksField name="kinds" label={texts.some} values={[]} options={kinds} />
        </div>
      )}
      <TextField name="reason" label={texts.reason} maxLength={200} />
    </FormDialog>
  );
}
