import { readFile } from 'node:fs/promises';
import { Person, type Account } from './client';
import { inParallel } from './in-parallel';

/** Everybody who may have a part: the city's and one county's offices, operators, companies, and an administrator. */
export class Cast {
  private constructor(private readonly people: readonly Person[]) {}

  /** Logs in as every account of the city and of one county. */
  static async logIn(url: string, accountsFile: string, city: string, county: string): Promise<Cast> {
    const accounts = JSON.parse(await readFile(accountsFile, 'utf8')) as Account[];
    const near = accounts.filter(({ area }) => area === city || area.startsWith(county));
    return new Cast(await inParallel(near, (account) => Person.logIn(url, account)));
  }

  get size(): number {
    return this.people.length;
  }

  /** Of an organisation, the handler first; empty for one that is not of the cast. */
  of(organisation: string): Person[] {
    return this.people.filter(({ account }) => account.organisation === organisation);
  }

  handler(organisation: string): Person {
    const [found] = this.of(organisation);
    if (!found) throw new Error(`Nobody acts for ${organisation}`);
    return found;
  }
}
