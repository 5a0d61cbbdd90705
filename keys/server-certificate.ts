import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** By which a process shows who it is to those who call it over TLS. */
export interface ServerCertificate {
  /** PEM: its own first, then those that lead to an authority. */
  readonly cert: string;
  readonly key: string;
  /** Nobody believes it from then on. */
  readonly notAfter: Date;
}

const CERTIFICATE = 'JIUGAI_TLS_CERTIFICATE_FILE';
const KEY = 'JIUGAI_TLS_KEY_FILE';

/** The variables of a process that answers over TLS; an empty one is not set. */
export const serverCertificateVariables = {
  [CERTIFICATE]: z.string().default(''),
  [KEY]: z.string().default(''),
} as const;

/**
 * Nothing where neither is set: then it answers without TLS.
 * @throws Error that begins with the name of the variable that is wrong
 */
export function serverCertificateIn(
  env: z.output<z.ZodObject<typeof serverCertificateVariables>>,
): ServerCertificate | undefined {
  if (env[CERTIFICATE] === '' && env[KEY] === '') return undefined;
  const cert = fileOf(CERTIFICATE, env[CERTIFICATE]);
  const key = fileOf(KEY, env[KEY]);
  const own = parsed(CERTIFICATE, 'certificate', () => new X509Certificate(cert));
  const secret = parsed(KEY, 'key', () => createPrivateKey(key));
  if (!own.checkPrivateKey(secret)) throw new Error(`${KEY} names a key that is not the certificate's`);
  return { cert, key, notAfter: new Date(own.validTo) };
}

function fileOf(name: string, path: string): string {
  if (path === '') throw new Error(`${name} is not set, but its other half is`);
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Error(`${name} names ${path}, which cannot be read`);
  }
}

function parsed<T>(name: string, what: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new Error(`${name} names a file that is no ${what} in PEM`);
  }
}
