import { resolve } from 'node:path';
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { keysDirOf } from '../keys/folder';
import {
  serverCertificateIn,
  serverCertificateVariables,
  type ServerCertificate,
} from '../keys/server-certificate';
import { USUAL_LIMIT, type RequestLimit } from './http/request-guard';
import { isSafeUrl } from './http/safe-url';
import type { OidcSettings } from './auth/oidc/provider';
import { oidcSettings, oidcVariables } from './auth/oidc/settings';
import { SECOND_FACTOR_RULES, type SecondFactorRule } from './auth/second-factor';
import type { SessionLife } from './auth/session-life';

/** Where workflows of this program are queued; the worker's is the same. */
export const TASK_QUEUE = 'jiugai';

/** What the API reads from its environment. */
export interface Settings {
  readonly port: number;
  /** Address to listen on; this machine only by default. */
  readonly host: string;
  /** Without it, it answers without TLS. */
  readonly certificate: ServerCertificate | undefined;
  readonly mongodbUri: string;
  readonly temporal: ClientConnectConfig['connectionOptions'];
  readonly namespace: string;
  /** Absolute path. */
  readonly dataDir: string;
  /** Absolute path of the folder of keys. */
  readonly keysDir: string;
  readonly logLevel: string;
  readonly trustProxy: string | undefined;
  /** Bytes. */
  readonly largestAttachment: number;
  readonly sessionLife: SessionLife;
  readonly secondFactor: SecondFactorRule;
  readonly corsOrigins: readonly string[];
  readonly requestLimit: RequestLimit;
  readonly oidc: OidcSettings | undefined;
  /** Origin of the Temporal UI. */
  readonly engineUi: string | undefined;
}

/** Thrown when the environment does not say what it must; the message names the variable. */
export class BadSettings extends Error {
  override readonly name = 'BadSettings';
}

const whole = (usual: number, min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,12}$/, 'is not a number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `is not between ${min} and ${max}`)
    .default(usual);

/** Scheme, host and port, as browsers send it; without TLS only this machine's. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text && isSafeUrl(text);
}

const Environment = z.object({
  PORT: whole(8080, 1, 65_535),
  JIUGAI_HOST: z.string().min(1, 'is empty').default('127.0.0.1'),
  MONGODB_URI: z
    .string('is not set')
    .regex(/^mongodb(\+srv)?:\/\/./, 'does not begin with mongodb:// or mongodb+srv://'),
  JIUGAI_DATA_DIR: z.string().min(1, 'is empty').default('.data'),
  JIUGAI_KEYS_DIR: z.string().min(1, 'is empty').optional(),
  JIUGAI_LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal'],
      'is not trace, debug, info, warn, error or fatal',
    )
    .default('info'),
  JIUGAI_TRUST_PROXY: z.string().min(1, 'is empty').optional(),
  JIUGAI_LARGEST_ATTACHMENT: whole(50 * 1024 * 1024, 1024, 2 * 1024 ** 3),
  TEMPORAL_UI_ADDRESS: z
    .string()
    .refine((text) => URL.canParse(text), 'is not an address')
    .transform((text) => new URL(text).origin)
    .optional(),
  JIUGAI_CORS_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((one) => one.trim() || []))
    .refine((all) => all.every(isOrigin), 'is not a list of origins such as https://pages.example'),
  ...oidcVariables,
  ...serverCertificateVariables,
  JIUGAI_REQUESTS_PER_MINUTE: whole(USUAL_LIMIT.accountPerMinute, 10, 100_000_000),
  JIUGAI_SECOND_FACTOR: z
    .enum(SECOND_FACTOR_RULES, `is not ${SECOND_FACTOR_RULES.join(', ')}`)
    .default('none'),
  JIUGAI_SESSION_HOURS: whole(12, 1, 24),
  JIUGAI_SESSION_IDLE_MINUTES: whole(30, 1, 24 * 60),
});

/**
 * Reads the API's settings once. The engine's address, namespace, key and certificates are TEMPORAL_ADDRESS,
 * TEMPORAL_NAMESPACE, TEMPORAL_API_KEY and TEMPORAL_TLS_*, as its own tools name them.
 * @throws BadSettings
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new BadSettings(`The API was not started: ${wrong.join('; ')}.`);
  }
  const { connectionOptions, namespace } = temporalOf(env);
  const dataDir = resolve(__dirname, '..', parsed.data.JIUGAI_DATA_DIR);
  return {
    port: parsed.data.PORT,
    host: parsed.data.JIUGAI_HOST,
    certificate: named(() => serverCertificateIn(parsed.data)),
    mongodbUri: parsed.data.MONGODB_URI,
    temporal: connectionOptions,
    namespace: namespace ?? 'default',
    dataDir,
    keysDir: parsed.data.JIUGAI_KEYS_DIR ? resolve(parsed.data.JIUGAI_KEYS_DIR) : keysDirOf(dataDir),
    logLevel: parsed.data.JIUGAI_LOG_LEVEL,
    trustProxy: parsed.data.JIUGAI_TRUST_PROXY,
    largestAttachment: parsed.data.JIUGAI_LARGEST_ATTACHMENT,
    secondFactor: parsed.data.JIUGAI_SECOND_FACTOR,
    corsOrigins: parsed.data.JIUGAI_CORS_ORIGINS,
    oidc: named(() => oidcSettings(parsed.data)),
    requestLimit: {
      accountPerMinute: parsed.data.JIUGAI_REQUESTS_PER_MINUTE,
      addressPerMinute: parsed.data.JIUGAI_REQUESTS_PER_MINUTE * 10,
    },
    engineUi: parsed.data.TEMPORAL_UI_ADDRESS,
    sessionLife: {
      wholeMs: parsed.data.JIUGAI_SESSION_HOURS * 3_600_000,
      idleMs: parsed.data.JIUGAI_SESSION_IDLE_MINUTES * 60_000,
    },
  };
}

/** What reads files says which variable is wrong. */
function named<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new BadSettings(`The API was not started: ${(error as Error).message}.`);
  }
}

function temporalOf(env: NodeJS.ProcessEnv): ClientConnectConfig {
  try {
    return loadClientConnectConfig({ overrideEnvVars: env as Record<string, string> });
  } catch (error) {
    throw new BadSettings(
      `The API was not started: the TEMPORAL_… variables are wrong: ${(error as Error).message}.`,
    );
  }
}
