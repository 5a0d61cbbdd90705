import { Button } from 'antd';
import { useState } from 'react';
import { Dialog } from '../app/dialog';
import { useLanguage } from '../words/language';
import { ChoiceField, TextField } from '../form/fields';
import { FormDialog, textIn, type Asked } from '../form/form-dialog';
import { HandOverDialog } from './hand-over-dialog';
import { seatsIn, SeatsField } from './seats-field';
import { useTexts } from './texts';
import type { User } from './users-page';

interface Shown {
  readonly onClose: () => void;
  readonly onDone: () => unknown;
}

const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LENGTH = 16;

/** Without look-alikes: it is read out or copied from paper once. */
function newPassword(): string {
  const limit = 256 - (256 % LETTERS.length);
  let made = '';
  while (made.length < LENGTH) {
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < limit) made += LETTERS[byte % LETTERS.length];
  }
  return made;
}

function PasswordField() {
  const texts = useTexts();
  const [password] = useState(newPassword);
  return (
    <TextField
      name="password"
      label={texts.users.password}
      hint={texts.users.passwordHint}
      value={password}
      autoComplete="off"
    />
  );
}

function RightsFields({ user }: { user?: User }) {
  const texts = useTexts();
  const nobody = ['', texts.users.systemRoleNone] as const;
  return (
    <>
      <TextField
        name="displayName"
        label={texts.users.displayName}
        value={user?.displayName}
        maxLength={40}
      />
      <TextField name="email" type="email" label={texts.users.email} value={user?.email} />
      {!user?.identityProvider && (
        <>
          <SeatsField seats={user?.seats ?? []} />
          <ChoiceField
            name="systemRole"
            label={texts.users.systemRole}
            value={user?.systemRole ?? ''}
            options={[nobody, ...Object.entries(texts.systemRoles)]}
          />
        </>
      )}
    </>
  );
}

export function NewUserDialog({ onClose, onDone }: Shown) {
  const texts = useTexts();
  return (
    <FormDialog
      title={texts.users.add}
      onClose={onClose}
      onDone={() => {
        onClose();
        return onDone();
      }}
      asked={(form) => {
        const optional = (name: string) => {
          const value = textIn(form, name);
          return value === undefined ? {} : { [name]: value };
        };
        return {
          path: '/users',
          method: 'POST',
          body: {
            username: textIn(form, 'username') ?? '',
            password: textIn(form, 'password') ?? '',
            seats: seatsIn(form),
            ...optional('displayName'),
            ...optional('email'),
            ...optional('systemRole'),
          },
        };
      }}
    >
      <TextField
        name="username"
        label={texts.users.username}
        hint={texts.users.usernameHint}
        maxLength={64}
      />
      <PasswordField />
      <RightsFields />
    </FormDialog>
  );
}

type Act = 'change' | 'password' | 'disabled' | 'factor' | 'handOver';

/** What can be done to a user: chosen first, then asked. */
export function UserDialog({ user, onClose, onDone }: Shown & { user: User }) {
  const texts = useTexts();
  const { words } = useLanguage();
  const [act, setAct] = useState<Act>();
  const [said, setSaid] = useState<string>();
  const title = texts.users.of(user.username);
  const done = (text?: string): void => {
    onDone();
    if (text === undefined) onClose();
    else setSaid(text);
  };
  if (said !== undefined) {
    return (
      <Dialog title={title} onClose={onClose}>
        <p role="status">{said}</p>
        <Button onClick={onClose}>{words.close}</Button>
      </Dialog>
    );
  }
  if (act === 'handOver') return <HandOverDialog user={user} onClose={onClose} onDone={done} />;
  if (act !== undefined) return <ActDialog user={user} act={act} onClose={onClose} onDone={done} />;
  const acts: readonly (readonly [Act, string])[] = [
    ['change', texts.change],
    ...(user.identityProvider ? [] : [['password', texts.users.newPassword] as const]),
    ['disabled', user.disabled ? texts.enable : texts.disable],
    ['factor', texts.users.factor],
    ...(user.seats.length > 0 ? [['handOver', texts.users.handOver] as const] : []),
  ];
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="row">
        {acts.map(([key, name]) => (
          <Button key={key} onClick={() => setAct(key)}>
            {name}
          </Button>
        ))}
        <Button onClick={onClose}>{words.cancel}</Button>
      </div>
    </Dialog>
  );
}

function ActDialog({
  user,
  act,
  onClose,
  onDone,
}: {
  user: User;
  act: Exclude<Act, 'handOver'>;
  onClose: () => void;
  onDone: (said?: string) => void;
}) {
  const texts = useTexts();
  const names = {
    change: texts.change,
    password: texts.users.newPassword,
    disabled: user.disabled ? texts.enable : texts.disable,
    factor: texts.users.factor,
  };
  const hints = {
    change: undefined,
    password: undefined,
    disabled: user.disabled ? texts.users.enableHint : texts.users.disableHint,
    factor: texts.users.factorHint,
  };
  const path = `/users/${user.id}`;
  const asked = (form: FormData): Asked => {
    if (act === 'factor') return { path: `${path}/second-factor`, method: 'DELETE' };
    if (act === 'disabled') return { path, method: 'PATCH', body: { disabled: !user.disabled } };
    if (act === 'password')
      return { path, method: 'PATCH', body: { password: textIn(form, 'password') ?? '' } };
    const displayName = textIn(form, 'displayName');
    const rights = user.identityProvider
      ? {}
      : { seats: seatsIn(form), systemRole: textIn(form, 'systemRole') ?? null };
    return {
      path,
      method: 'PATCH',
      body: {
        ...(displayName === undefined ? {} : { displayName }),
        email: textIn(form, 'email') ?? null,
        ...rights,
      },
    };
  };
  return (
    <FormDialog
      title={`${names[act]}：${user.username}`}
      hint={hints[act]}
      asked={asked}
      onClose={onClose}
      onDone={() => onDone(act === 'password' ? texts.users.newPasswordDone : undefined)}
    >
      {act === 'change' && <RightsFields user={user} />}
      {act === 'password' && <PasswordField />}
    </FormDialog>
  );
}
