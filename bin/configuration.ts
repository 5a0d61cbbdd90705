import { resolve } from 'node:path';
import { z } from 'zod';
import { StartRefused } from './running/refused';

export const REPOSITORY = resolve(__dirname, '..');

const port = (usual: number): z.ZodType<number, string | undefined> =>
  z
    .string()
    .optional()
    .transform((text) => (text === undefined ? usual : Number(text)))
    .refine(
      (value) => Number.isInteger(value) && value >= 1 && value <= 65_535,
      'is not a port (1 to 65535)',
    );

const text = z.string().min(1, 'is empty').optional();

/** Every variable that a start reads, under its name in the environment. */
const Environment = z.object({
  PORT: port(8080),
  TEMPORAL_PORT: port(7233),
  TEMPORAL_UI_PORT: port(8233),
  MONGODB_PORT: port(27017),
  TEMPORAL_ADDRESS: text.refine(
    (value) => value === undefined || /^[^\s/:]+:\d+$/.test(value),
    'is not of the form host:port',
  ),
  TEMPORAL_UI_ADDRESS: text.refine(
    (value) => value === undefined || /^https?:\/\//.test(value),
    'does not begin with http:// or https://',
  ),
  MONGODB_URI: text.refine(
    (value) => value === undefined || /^mongodb(\+srv)?:\/\//.test(value),
    'does not begin with mongodb:// or mongodb+srv://',
  ),
  JIUGAI_DATA_DIR: text,
  JIUGAI_CACHE_DIR: text,
});

/** Read by the processes that a start begins, and passed on to them unread. */
const PASSED_ON: readonly string[] = [
  'JIUGAI_CACHED_WORKFLOWS',
  'JIUGAI_CHILD_OF',
  'JIUGAI_CORS_ORIGINS',
  'JIUGAI_HOST',
  'JIUGAI_KEYS_DIR',
  'JIUGAI_LARGEST_ATTACHMENT',
  'JIUGAI_LOG_LEVEL',
  'JIUGAI_MAIL_FROM',
  'JIUGAI_OIDC_CLIENT_ID',
  'JIUGAI_OIDC_CLIENT_SECRET_FILE',
  'JIUGAI_OIDC_ISSUER',
  'JIUGAI_OIDC_MAPPING',
  'JIUGAI_OIDC_SCOPE',
  'JIUGAI_PUBLIC_URL',
  'JIUGAI_REQUESTS_PER_MINUTE',
  'JIUGAI_SECOND_FACTOR',
  'JIUGAI_SESSION_HOURS',
  'JIUGAI_SESSION_IDLE_MINUTES',
  'JIUGAI_SMTP_URL',
  'JIUGAI_TLS_CERTIFICATE_FILE',
  'JIUGAI_TLS_KEY_FILE',
  'JIUGAI_WORKER_PORT',
  'JIUGAI_TRUST_PROXY',
];

export interface Configuration {
  readonly apiPort: number;
  /** Where this machine finds the API. */
  readonly apiUrl: string;
  readonly temporalPort: number;
  readonly temporalUiPort: number;
  readonly mongodbPort: number;
  /** Set when a Temporal server is there already (host:port). */
  readonly temporalAddress?: string;
  readonly temporalUiAddress?: string;
  /** Set when a MongoDB is there already. */
  readonly mongodbUri?: string;
  /** Absolute path. */
  readonly dataDir: string;
}

/**
 * Reads the configuration once.
 *
 * @throws StartRefused naming each variable that is unknown (of those that begin with JIUGAI_) or has a bad value.
 */
export function readConfiguration(env: NodeJS.ProcessEnv): Configuration {
  const problems = unknownVariables(env);
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`));
  }
  if (problems.length > 0 || !parsed.success) {
    throw new StartRefused(`The configuration is wrong, so nothing was started: ${problems.join('; ')}.`);
  }
  const read = parsed.data;
  refuseSharedPorts(read);
  return {
    apiPort: read.PORT,
    apiUrl: `${env['JIUGAI_TLS_CERTIFICATE_FILE'] ? 'https' : 'http'}://127.0.0.1:${read.PORT}`,
    temporalPort: read.TEMPORAL_PORT,
    temporalUiPort: read.TEMPORAL_UI_PORT,
    mongodbPort: read.MONGODB_PORT,
    ...(read.TEMPORAL_ADDRESS ? { temporalAddress: read.TEMPORAL_ADDRESS } : {}),
    ...(read.TEMPORAL_UI_ADDRESS ? { temporalUiAddress: read.TEMPORAL_UI_ADDRESS } : {}),
    ...(read.MONGODB_URI ? { mongodbUri: read.MONGODB_URI } : {}),
    dataDir: resolve(REPOSITORY, read.JIUGAI_DATA_DIR ?? '.data'),
  };
}

function unknownVariables(env: NodeJS.ProcessEnv): string[] {
  const known = [...Object.keys(Environment.shape), ...PASSED_ON];
  return Object.keys(env)
    .filter((name) => name.startsWith('JIUGAI_') && !known.includes(name))
    .map((name) => `${name} is not a variable of this program`);
}

function refuseSharedPorts(read: z.output<typeof Environment>): void {
  const names = ['PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'MONGODB_PORT'] as const;
  for (const [index, name] of names.entries()) {
    const twin = names.slice(index + 1).find((other) => read[other] === read[name]);
    if (twin) throw new StartRefused(`${name} and ${twin} are both ${read[name]}: give each its own port.`);
  }
}
