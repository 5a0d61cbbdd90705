import { resolve } from 'node:path';
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { keysDirOf } from '../keys/folder';
import {
  serverCertificateIn,
  serverCertificateVariables,
  type ServerCertificate,
} from '../keys/server-certificate';
import type { MailSettings } from './delivery/mail';

/** Where workflows of this program are queued; a city has a namespace of its own. */
export const TASK_QUEUE = 'jiugai';

/** Workflows that a worker keeps in memory between their tasks by default, at about 1 MB each. */
export const CACHED_WORKFLOWS = 500;

export interface WorkerConfiguration {
  readonly temporal: ClientConnectConfig['connectionOptions'];
  readonly namespace: string;
  readonly mongodbUri: string;
  /** Absolute path. */
  readonly dataDir: string;
  /** Absolute path of the folder of keys. */
  readonly keysDir: string;
  readonly logLevel: string;
  /** Where e-mail goes out, and from whom; none is sent without it. */
  readonly mail: MailSettings | undefined;
  /** Where watchers are answered (`/metrics`, `/readyz`); nowhere without a port. */
  readonly watchers: Listens | undefined;
  /** Workflows kept in memory between their tasks. */
  readonly cachedWorkflows: number;
}

/** Where a worker answers, over TLS where it has a certificate. */
export interface Listens {
  readonly host: string;
  readonly port: number;
  readonly certificate?: ServerCertificate;
}

/** Thrown when the environment does not say what it must; the message names the variable. */
export class BadConfiguration extends Error {
  override readonly name = 'BadConfiguration';
}

const Environment = z.object({
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
  JIUGAI_HOST: z.string().min(1, 'is empty').default('127.0.0.1'),
  JIUGAI_WORKER_PORT: z
    .string()
    .regex(/^\d{0,5}$/, 'is not a port (1 to 65535)')
    .transform(Number)
    .refine((value) => value <= 65_535, 'is not a port (1 to 65535)')
    .optional(),
  ...serverCertificateVariables,
  JIUGAI_CACHED_WORKFLOWS: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'is not a number from 1 to 999999')
    .transform(Number)
    .default(CACHED_WORKFLOWS),
  JIUGAI_SMTP_URL: z
    .string()
    .refine((text) => text === '' || isSmtpUrl(text), 'is not of the form smtp://user:password@host:587')
    .default(''),
  JIUGAI_MAIL_FROM: z
    .string()
    .refine((text) => text === '' || z.email().safeParse(text).success, 'is not an e-mail address')
    .default(''),
});

function isSmtpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return ['smtp:', 'smtps:'].includes(protocol) && hostname !== '';
}

/**
 * Reads the worker's configuration. The engine's address, namespace, key and certificates are TEMPORAL_ADDRESS,
 * TEMPORAL_NAMESPACE, TEMPORAL_API_KEY and TEMPORAL_TLS_*, as its own tools name them.
 * @throws BadConfiguration
 */
export function readWorkerConfiguration(env: NodeJS.ProcessEnv): WorkerConfiguration {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new BadConfiguration(`The worker was not started: ${wrong.join('; ')}.`);
  }
  const { JIUGAI_SMTP_URL: smtpUrl, JIUGAI_MAIL_FROM: from } = parsed.data;
  const { JIUGAI_WORKER_PORT: port, JIUGAI_HOST: host } = parsed.data;
  if ((smtpUrl === '') !== (from === '')) {
    throw new BadConfiguration(
      'The worker was not started: JIUGAI_SMTP_URL and JIUGAI_MAIL_FROM are set both or neither.',
    );
  }
  const certificate = readCertificate(parsed.data);
  const { connectionOptions, namespace } = readTemporal(env);
  const dataDir = resolve(__dirname, '..', parsed.data.JIUGAI_DATA_DIR);
  return {
    temporal: connectionOptions,
    namespace: namespace ?? 'default',
    mongodbUri: parsed.data.MONGODB_URI,
    dataDir,
    keysDir: parsed.data.JIUGAI_KEYS_DIR ? resolve(parsed.data.JIUGAI_KEYS_DIR) : keysDirOf(dataDir),
    logLevel: parsed.data.JIUGAI_LOG_LEVEL,
    watchers: port ? { host, port, ...(certificate ? { certificate } : {}) } : undefined,
    mail: smtpUrl === '' ? undefined : { smtpUrl, from },
    cachedWorkflows: parsed.data.JIUGAI_CACHED_WORKFLOWS,
  };
}

function readCertificate(env: z.output<typeof Environment>): ServerCertificate | undefined {
  try {
    return serverCertificateIn(env);
  } catch (error) {
    throw new BadConfiguration(`The worker was not started: ${(error as Error).message}.`);
  }
}

function readTemporal(env: NodeJS.ProcessEnv): ClientConnectConfig {
  try {
    return loadClientConnectConfig({ overrideEnvVars: env as Record<string, string> });
  } catch (error) {
    throw new BadConfiguration(
      `The worker was not started: the TEMPORAL_… variables are wrong: ${(error as Error).message}.`,
    );
  }
}
