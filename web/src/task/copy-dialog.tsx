import { useState } from 'react';
import { useColleagues } from '../api/colleagues';
import { ChoiceField, OrganisationField, TextField } from '../form/fields';
import { FormDialog, textIn } from '../form/form-dialog';
import { useLanguage } from '../words/language';

/** Gives a task to others to read: to an organisation, of one's own also to one person. */
export function CopyDialog({
  task,
  onClose,
  onDone,
}: {
  task: string;
  onClose: () => void;
  onDone: () => unknown;
}) {
  const { words } = useLanguage();
  const [organisation, setOrganisation] = useState('');
  const people = useColleagues().filter((one) => one.organisation === organisation);
  return (
    <FormDialog
      title={words.copies.giveTitle}
      hint={words.copies.giveHint}
      submit={words.copies.give}
      onClose={onClose}
      onDone={onDone}
      asked={(given) => {
        const [user, note] = ['user', 'note'].map((name) => textIn(given, name));
        return {
          path: `/tasks/${task}/copy`,
          method: 'POST',
          body: {
            organisation: textIn(given, 'organisation') ?? '',
            ...(user === undefined ? {} : { user }),
            ...(note === undefined ? {} : { note }),
          },
        };
      }}
    >
      <OrganisationField name="organisation" label={words.copies.organisation} onChange={setOrganisation} />
      {people.length > 0 && (
        <ChoiceField
          name="user"
          label={words.copies.person}
          options={[['', words.copies.everybody], ...people.map(({ user, name }) => [user, name] as const)]}
        />
      )}
      <TextField name="note" label={words.copies.note} hint={words.copies.noteHint} maxLength={1000} />
    </FormDialog>
  );
}
