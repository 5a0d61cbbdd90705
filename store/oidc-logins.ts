import { Schema, type Connection } from 'mongoose';

/** A log-in that has gone to the identity provider and is to come back, once, within ten minutes. */
export interface OidcLoginRow {
  /** SHA-256 of what the browser keeps meanwhile, hex. */
  readonly _id: string;
  readonly state: string;
  readonly nonce: string;
  /** PKCE, RFC 7636. */
  readonly verifier: string;
  readonly at: Date;
}

export const OIDC_LOGIN_S = 600;

const schema = new Schema<OidcLoginRow>(
  {
    _id: String,
    state: { type: String, required: true },
    nonce: { type: String, required: true },
    verifier: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ at: 1 }, { expireAfterSeconds: OIDC_LOGIN_S });

export function openOidcLogins(connection: Connection) {
  const model = connection.model<OidcLoginRow>('OidcLogin', schema, 'oidc_logins');
  return {
    model,
    async keep(row: OidcLoginRow): Promise<void> {
      await model.create(row);
    },
    /** The log-in that comes back; nobody gets it a second time. */
    async take(id: string, now: Date): Promise<OidcLoginRow | undefined> {
      const row = await model.findOneAndDelete({ _id: id }).lean<OidcLoginRow>();
      const late = row && now.getTime() - row.at.getTime() > OIDC_LOGIN_S * 1_000;
      return row && !late ? row : undefined;
    },
  };
}
