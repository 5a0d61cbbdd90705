import { Button } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { z } from 'zod';
import type { userView } from '../../../api/routes/user-views';
import { useOrganisations } from '../api/names';
import { useMe } from '../api/session';
import { useTitle } from '../words/language';
import { OrganisationField } from '../form/fields';
import { ListTable, usePages } from './table';
import { useTexts } from './texts';
import { NewUserDialog, UserDialog } from './user-dialog';

export type User = z.infer<typeof userView>;

/** Who logs in: the security administrator enters and changes them, the audit administrator reads. */
export function UsersPage() {
  const texts = useTexts();
  const { may, id: me } = useMe();
  const [address, setAddress] = useSearchParams();
  const [chosen, setChosen] = useState<User | 'new'>();
  useTitle(texts.pages['users'] ?? '');
  const organisation = address.get('organisation') ?? '';
  const found = usePages<User>('/users', { organisation });
  const rows = found.data?.pages.flatMap(({ items }) => items) ?? [];
  const nameOf = useOrganisations(rows.flatMap(({ seats }) => seats.map((seat) => seat.organisation)));
  const close = (): void => setChosen(undefined);
  const refresh = (): void => void found.refetch();
  return (
    <>
      <div className="row apart admin-head">
        <h1>{texts.pages['users']}</h1>
        {may.includes('users:create') && (
          <Button type="primary" onClick={() => setChosen('new')}>
            {texts.users.add}
          </Button>
        )}
      </div>
      <section className="card" aria-label={texts.pages['users']}>
        <div className="row filters">
          <OrganisationField
            name="organisation"
            label={texts.users.organisation}
            value={organisation}
            onChange={(id) => {
              // Half a name is no organisation yet.
              if (id === '' || /^[A-Za-z0-9-]+$/.test(id))
                setAddress(id === '' ? {} : { organisation: id }, { replace: true });
            }}
          />
        </div>
        <ListTable
          label={texts.pages['users'] ?? ''}
          found={found}
          keyOf={({ id }) => id}
          columns={[
            {
              title: texts.users.username,
              cell: ({ username, displayName, identityProvider }) => (
                <>
                  {username}
                  {displayName && <span className="hint block">{displayName}</span>}
                  {identityProvider && <span className="tag">{texts.users.byProvider}</span>}
                </>
              ),
            },
            {
              title: texts.users.seats,
              cell: ({ seats, systemRole }) => (
                <>
                  {seats.map((seat) => (
                    <span key={`${seat.organisation} ${seat.role}`} className="block">
                      {nameOf(seat.organisation)}（{texts.roles[seat.role]}）
                    </span>
                  ))}
                  {systemRole && texts.systemRoles[systemRole]}
                </>
              ),
            },
            {
              title: texts.state,
              cell: ({ disabled, mustChangePassword, sample }) => (
                <>
                  <span className={disabled ? 'state off' : 'state'}>
                    {disabled ? texts.disabled : texts.inUse}
                  </span>
                  {mustChangePassword && <span className="state soft">{texts.users.mustChange}</span>}
                  {sample && <span className="tag">{texts.users.sample}</span>}
                </>
              ),
            },
            ...(may.includes('users:change')
              ? [
                  {
                    title: texts.act,
                    // One's own account is another administrator's business.
                    cell: (user: User) =>
                      user.id !== me && (
                        <Button
                          size="small"
                          aria-label={`${texts.act} ${user.username}`}
                          onClick={() => setChosen(user)}
                        >
                          {texts.act}
                        </Button>
                      ),
                    whole: true,
                  },
                ]
              : []),
          ]}
        />
      </section>
      {chosen === 'new' && <NewUserDialog onClose={close} onDone={refresh} />}
      {chosen && chosen !== 'new' && <UserDialog user={chosen} onClose={close} onDone={refresh} />}
    </>
  );
}
