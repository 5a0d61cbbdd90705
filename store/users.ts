import { Schema, type Connection } from 'mongoose';
import type { FieldSeal } from '../domain/field-seal';
import { officeRoles, type OfficeRole } from '../policy/keys';
import { decodeCursor, pageOf, pageSize, type Page } from './cursor';
import { reseal, type Resealed } from './reseal';

type SeatRole = OfficeRole;
/** 三员分立: nobody holds two of the three, so a user has at most one. */
export type SystemRole = 'system' | 'security' | 'audit';

/** Somebody who logs in. The id enters histories and the record, so it says nothing of the person. */
export interface UserRow {
  readonly _id: string;
  readonly username: string;
  /** Argon2id, in the PHC format. */
  readonly passwordHash: string;
  /** Hashes of the passwords before this one, the latest first: a new one must differ from them. */
  readonly formerPasswords?: readonly string[];
  /** Shown in pages only; never in an event, a history or a log. */
  readonly displayName?: string;
  /** Sealed (`placeOfEmail`); read by its owner and the security administrator. */
  readonly email?: string;
  readonly seats: readonly { readonly organisation: string; readonly role: SeatRole }[];
  readonly systemRole?: SystemRole;
  /** Where he logs in, if not here: the identity provider and who he is there. */
  readonly oidc?: { readonly issuer: string; readonly subject: string };
  readonly mustChangePassword: boolean;
  readonly disabled: boolean;
  readonly sample: boolean;
  readonly createdAt: Date;
}

const schema = new Schema<UserRow>(
  {
    _id: String,
    username: { type: String, required: true },
    passwordHash: { type: String, required: true },
    formerPasswords: { type: [String], default: undefined },
    displayName: String,
    email: String,
    seats: {
      type: [
        {
          _id: false,
          organisation: { type: String, required: true },
          role: { type: String, enum: officeRoles, required: true },
        },
      ],
      default: [],
    },
    systemRole: { type: String, enum: ['system', 'security', 'audit'] },
    oidc: { type: { _id: false, issuer: String, subject: String }, default: undefined },
    mustChangePassword: { type: Boolean, default: false },
    disabled: { type: Boolean, default: false },
    sample: { type: Boolean, default: false },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ username: 1 }, { unique: true });
schema.index({ 'seats.organisation': 1 });
schema.index(
  { 'oidc.issuer': 1, 'oidc.subject': 1 },
  { unique: true, partialFilterExpression: { 'oidc.subject': { $exists: true } } },
);

/** For what an address is sealed: in another user's row it does not open. */
export function placeOfEmail(user: string): string {
  return `users/${user}/email`;
}

export interface UserFilter {
  readonly organisation?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export function openUsers(connection: Connection) {
  const model = connection.model<UserRow>('User', schema, 'users');
  return {
    model,
    async find(id: string): Promise<UserRow | undefined> {
      return (await model.findById(id).lean<UserRow>()) ?? undefined;
    },
    async ofSubject(issuer: string, subject: string): Promise<UserRow | undefined> {
      const row = await model.findOne({ 'oidc.issuer': issuer, 'oidc.subject': subject }).lean<UserRow>();
      return row ?? undefined;
    },
    /** What each is called in pages, by id; whoever is no longer there is absent. */
    async namesOf(ids: readonly string[]): Promise<Record<string, string>> {
      const rows = await model
        .find({ _id: { $in: [...ids] } }, { username: 1, displayName: 1 })
        .lean<Pick<UserRow, '_id' | 'username' | 'displayName'>[]>();
      return Object.fromEntries(rows.map(({ _id, username, displayName }) => [_id, displayName ?? username]));
    },
    /** @returns false if the name or the identity provider's subject has a user already */
    async add(row: UserRow): Promise<boolean> {
      try {
        await model.create(row);
        return true;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 11000) return false;
        throw error;
      }
    },
    /** These seats and this role, and no others. */
    async giveRights(
      id: string,
      { seats, systemRole }: Pick<UserRow, 'seats' | 'systemRole'>,
    ): Promise<void> {
      const role = systemRole === undefined ? { $unset: { systemRole: 1 } } : {};
      const set = { seats, ...(systemRole === undefined ? {} : { systemRole }) };
      await model.updateOne({ _id: id }, { $set: set, ...role });
    },
    /** Who is in office in any of these organisations; of them only who holds this role there. */
    async inOffice(organisations: readonly string[], role?: SeatRole): Promise<UserRow[]> {
      const seat = { organisation: { $in: [...organisations] }, ...(role === undefined ? {} : { role }) };
      return model.find({ seats: { $elemMatch: seat }, disabled: { $ne: true } }).lean<UserRow[]>();
    },
    /** Whoever has left logs in no more. */
    async disable(id: string): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { disabled: true } });
    },
    async administrators(systemRole: SystemRole): Promise<UserRow[]> {
      return model.find({ systemRole, disabled: { $ne: true } }).lean<UserRow[]>();
    },
    /** @param email sealed; without one the address is forgotten */
    async setEmail(id: string, email: string | undefined): Promise<void> {
      await model.updateOne(
        { _id: id },
        email === undefined ? { $unset: { email: 1 } } : { $set: { email } },
      );
    },
    reseal(seal: FieldSeal): Promise<Resealed> {
      return reseal(model, ['email'], seal, placeOfEmail);
    },
    async byName(username: string): Promise<UserRow | undefined> {
      return (await model.findOne({ username }).lean<UserRow>()) ?? undefined;
    },
    /**
     * A page of users by name.
     * @throws BadCursor
     */
    async list(filter: UserFilter): Promise<Page<UserRow>> {
      const size = pageSize(filter.limit);
      const rows = await model
        .find(conditionOf(filter))
        .sort({ username: 1 })
        .limit(size + 1)
        .lean<UserRow[]>();
      return pageOf(rows, size, (row) => [row.username]);
    },
  };
}

function conditionOf({ organisation, cursor }: UserFilter): Record<string, unknown> {
  return {
    ...(organisation === undefined ? {} : { 'seats.organisation': organisation }),
    ...(cursor === undefined ? {} : { username: { $gt: decodeCursor(cursor, 1)[0] } }),
  };
}
