import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isSafeUrl } from '../../http/safe-url';
import { oidcMapping, type OidcMapping } from './mapping';
import type { OidcSettings } from './provider';

const text = z.string().optional();
const safeUrl = text.refine(
  (value) => !value || isSafeUrl(value),
  'does not begin with https:// (http:// only for this machine)',
);

/** The variables of the log-in at an identity provider; an empty one is not set. */
export const oidcVariables = {
  JIUGAI_PUBLIC_URL: safeUrl,
  JIUGAI_OIDC_ISSUER: safeUrl,
  JIUGAI_OIDC_CLIENT_ID: text,
  JIUGAI_OIDC_CLIENT_SECRET_FILE: text,
  JIUGAI_OIDC_MAPPING: text,
  JIUGAI_OIDC_SCOPE: z.string().default('profile'),
} as const;
type Variables = z.output<z.ZodObject<typeof oidcVariables>>;

/**
 * Nothing without an issuer.
 * @throws Error that begins with the name of the variable that is wrong
 */
export function oidcSettings(env: Variables): OidcSettings | undefined {
  if (!env.JIUGAI_OIDC_ISSUER) return undefined;
  const given = (name: 'JIUGAI_PUBLIC_URL' | 'JIUGAI_OIDC_CLIENT_ID' | 'JIUGAI_OIDC_MAPPING'): string => {
    const value = env[name];
    if (!value) throw new Error(`${name} is not set, but JIUGAI_OIDC_ISSUER is`);
    return value;
  };
  const secretFile = env.JIUGAI_OIDC_CLIENT_SECRET_FILE;
  return {
    issuer: env.JIUGAI_OIDC_ISSUER,
    clientId: given('JIUGAI_OIDC_CLIENT_ID'),
    ...(secretFile ? { clientSecret: fileOf('JIUGAI_OIDC_CLIENT_SECRET_FILE', secretFile).trim() } : {}),
    scope: env.JIUGAI_OIDC_SCOPE,
    publicUrl: given('JIUGAI_PUBLIC_URL').replace(/\/+$/, ''),
    mapping: mappingIn(given('JIUGAI_OIDC_MAPPING')),
  };
}

function mappingIn(path: string): OidcMapping {
  const name = 'JIUGAI_OIDC_MAPPING';
  const content = fileOf(name, path);
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw new Error(`${name} names ${path}, which is not JSON`);
  }
  const parsed = oidcMapping.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(
    `${name} names ${path}, which is wrong: ${[...(issue?.path ?? []), issue?.message].join(' ')}`,
  );
}

function fileOf(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Error(`${name} names ${path}, which cannot be read`);
  }
}
