import { hash, verify } from '@node-rs/argon2';

/** Argon2id with the library's parameters (19 MiB, two passes: OWASP's), in the PHC format. */
export function hashPassword(password: string): Promise<string> {
  return hash(password);
}

let nobody: Promise<string> | undefined;

/** Whether the password fits. Without a hash (no such user) it takes just as long and never does. */
export async function passwordFits(passwordHash: string | undefined, password: string): Promise<boolean> {
  nobody ??= hash('nobody has this password');
  const fits = await verify(passwordHash ?? (await nobody), password).catch(() => false);
  return fits && passwordHash !== undefined;
}
