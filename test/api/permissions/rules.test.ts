import { mount } from '../../../api/http/mount';
import { operation } from '../../../api/http/operation';
import {
  ADMINISTRATOR_ROLES,
  isAllowed,
  officeForAll,
  officesAllowed,
  PERMISSIONS,
  requireAccess,
  ROLES,
  type Caller,
  type Permission,
} from '../../../api/permissions';

const office = {
  id: '371302-housing',
  name: '样例',
  bodies: ['housing'],
  level: 'county',
  area: '371302',
} as const;
const HANDLER: Caller = {
  user: 'u-1',
  username: 'one',
  roles: ['handler'],
  organisations: [office],
  mustChangePassword: false,
};

const refusal = (access: Permission, caller: Caller | undefined): string | undefined => {
  try {
    requireAccess(access, caller);
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('P1.4: what is not allowed is denied', () => {
  test('an operation that does not say who may is a type error, and is not mounted', () => {
    const nobody = { method: 'get', path: '/x', name: 'x', tag: 'x', summary: 'x', answers: {} } as const;
    const handle = async () => ({ status: 204 });
    // @ts-expect-error: without `access`
    const silent = operation({ ...nobody, handle });
    // @ts-expect-error: no such rule
    const unknown = operation({ ...nobody, access: 'anything', handle });
    const gate = { authenticate: async () => HANDLER };
    expect(() => mount([silent], gate)).toThrow('x says nothing of who may');
    expect(() => mount([unknown], gate)).toThrow('x says nothing of who may');
  });

  test.each(PERMISSIONS)('%s is denied to whoever is not logged in', (permission) => {
    expect(refusal(permission, undefined)).toBe('unauthenticated');
  });

  test.each(PERMISSIONS.filter((one) => one !== 'session:own'))(
    '%s waits until a generated password is changed and a required second factor is there',
    (permission) => {
      for (const roles of ROLES.map((role) => [role])) {
        expect(refusal(permission, { ...HANDLER, roles, mustChangePassword: true })).toBe('not-your-seat');
        expect(refusal(permission, { ...HANDLER, roles, secondFactor: 'required' })).toBe('not-your-seat');
      }
    },
  );

  test('no rule allows two of the three administrators the same writing, and none of them decides', () => {
    const writing = PERMISSIONS.filter((one) => !/:(read|own|clock)$/.test(one));
    for (const permission of writing) {
      const allowed = ADMINISTRATOR_ROLES.filter((role) =>
        isAllowed(permission, { ...HANDLER, roles: [role], organisations: [] }),
      );
      expect(allowed.length).toBeLessThanOrEqual(1);
      expect(allowed).not.toContain('audit-administrator');
    }
    for (const permission of ['tasks:decide', 'acts:begin', 'project:create'] as const) {
      for (const role of ADMINISTRATOR_ROLES) {
        // Not even if somebody were both: the rule looks for the office, and an office is not given to them.
        expect(isAllowed(permission, { ...HANDLER, roles: [role] })).toBe(false);
      }
    }
  });

  test.each([
    [['system-administrator', 'security-administrator']],
    [['audit-administrator', 'system-administrator']],
    [['security-administrator', 'handler']],
    [['audit-administrator', 'signatory']],
  ] as const)('%j in one person may do nothing but end the session', (roles) => {
    const both: Caller = { ...HANDLER, roles };
    expect(PERMISSIONS.filter((one) => isAllowed(one, both))).toEqual(['session:own']);
  });

  test('an office lends nothing to another: who is a handler here and a signatory there begins only here', () => {
    const street = {
      ...office,
      id: '371302-s1',
      bodies: ['subdistrict'],
      level: 'subdistrict',
      area: '371302-s1',
    } as const;
    const both: Caller = {
      ...HANDLER,
      roles: ['handler', 'signatory'],
      organisations: [office, street],
      seats: [
        { organisation: office.id, role: 'signatory' },
        { organisation: street.id, role: 'handler' },
      ],
    };
    expect(officesAllowed('project:create', both).map(({ id }) => id)).toEqual(['371302-s1']);
    expect(isAllowed('project:intake', both)).toBe(false);
    const here = { city: '371300', county: '371302', subdistrict: '371302-s1', neighbourhood: '371302-n1' };
    expect(officeForAll(officesAllowed('project:create', both), [here])).toBe('371302-s1');
    const next = { ...here, subdistrict: '371302-s2' };
    expect(() => officeForAll(officesAllowed('project:create', both), [next])).toThrow();
  });

  test('a service does what its scopes and the rules both allow, and never decides', () => {
    const service = (...scopes: Permission[]): Caller => ({ ...HANDLER, kind: 'service', scopes });
    expect(refusal('projects:read', service('projects:read'))).toBeUndefined();
    expect(refusal('register:write', service('register:write'))).toBeUndefined();
    expect(refusal('register:write', service('projects:read'))).toBe('not-your-seat');
    expect(refusal('policy:write', service('policy:write'))).toBe('not-your-seat');
    expect(refusal('projects:read', { ...HANDLER, kind: 'service' })).toBe('not-your-seat');
    for (const permission of PERMISSIONS.filter((one) =>
      /decide|begin|create|intake|users|session/.test(one),
    )) {
      expect(refusal(permission, service(...PERMISSIONS))).toBe('not-your-seat');
    }
  });
});
