import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import { linyi } from '../policy/linyi';
import { connectStore, type Store } from '../store/connect';
import {
  administratorAccounts,
  generatePassword,
  organisationAccounts,
  sampleUser,
  type SampleAccount,
} from './sample-city/accounts';
import { keepSampleAttachment } from './sample-city/attachment';
import { sampleCommunities } from './sample-city/communities';
import { sampleOrganisations } from './sample-city/organisations';

export interface SeedOptions {
  readonly mongoUri: string;
  /** Folder for `sample-accounts.json`. */
  readonly dataDir: string;
  readonly log: (line: string) => void;
}

export interface Seeded {
  /** False if the store was seeded before: nothing was changed. */
  readonly created: boolean;
  readonly accountsFile: string;
  /**
   * The first real administrators, of the system and of its users, told once: each password must be changed at the
   * first log-in. Whoever audits is registered by the second; no one does two of the three.
   */
  readonly administrators?: readonly { readonly username: string; readonly password: string }[];
}

const FIRST_ADMINISTRATOR = 'u-administrator';
const FIRST_ADMINISTRATORS = [
  { _id: 'u-security-administrator', username: 'security-administrator', systemRole: 'security' },
  { _id: FIRST_ADMINISTRATOR, username: 'administrator', systemRole: 'system' },
] as const;

/**
 * Fills an empty store with a sample city: organisations for every seat, two accounts each, communities that may be
 * renovated, the policy and the sample attachment. Everything made up says 样例.
 *
 * The real administrators are written last: a seed that was cut off before is done again, with new passwords.
 */
export async function seedSampleCity({ mongoUri, dataDir, log }: SeedOptions): Promise<Seeded> {
  const accountsFile = join(dataDir, 'sample-accounts.json');
  const store = await connectStore(mongoUri);
  try {
    await store.prepare();
    await store.policies.keep(linyi, new Date());
    await keepSampleAttachment(store);
    if (await store.users.find(FIRST_ADMINISTRATOR)) return { created: false, accountsFile };
    log('Writing the sample city');
    const accounts = await writeCity(store);
    await writeAccounts(accountsFile, accounts);
    const administrators = await writeAdministrators(store);
    log(`Sample city written: ${accounts.length} accounts, in ${accountsFile}`);
    return { created: true, accountsFile, administrators };
  } finally {
    await store.close();
  }
}

async function writeCity(store: Store): Promise<SampleAccount[]> {
  const now = new Date();
  const organisations = sampleOrganisations(linyi);
  const accounts = [
    ...organisations.flatMap((organisation) => organisationAccounts(organisation)),
    ...administratorAccounts(linyi.city.code),
  ];
  const users = await Promise.all(accounts.map((account) => sampleUser(account, now)));
  await Promise.all([
    store.organisations.model.bulkWrite(
      organisations.map(({ id, ...rest }) => replaceOne({ _id: id, ...rest, sample: true })),
    ),
    store.communities.model.bulkWrite(
      sampleCommunities(linyi).map((row) => replaceOne({ ...row, createdAt: now, updatedAt: now })),
    ),
    store.users.model.bulkWrite(users.map(replaceOne)),
  ]);
  return accounts;
}

function replaceOne<Row extends { readonly _id: string }>(row: Row) {
  return { replaceOne: { filter: { _id: row._id }, replacement: row, upsert: true } } as never;
}

/** For the owner's eyes only: whoever reads it can act for every seat of the sample city. */
async function writeAccounts(file: string, accounts: readonly SampleAccount[]): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  const partial = `${file}.${process.pid}`;
  await writeFile(partial, `${JSON.stringify(accounts, null, 2)}\n`, { mode: 0o600 });
  await chmod(partial, 0o600);
  await rename(partial, file);
}

async function writeAdministrators(store: Store): Promise<{ username: string; password: string }[]> {
  const told: { username: string; password: string }[] = [];
  for (const one of FIRST_ADMINISTRATORS) {
    const password = generatePassword();
    const row = {
      ...one,
      passwordHash: await hash(password),
      seats: [],
      mustChangePassword: true,
      disabled: false,
      sample: false,
      createdAt: new Date(),
    };
    await store.users.model.replaceOne({ _id: one._id }, row, { upsert: true });
    told.unshift({ username: one.username, password });
  }
  return told;
}
