import pino, { type Logger } from 'pino';
import { Runtime, type LogLevel, type LogMetadata } from '@temporalio/worker';

/** One JSON line an entry, with ids and never a name. */
export function createLog(level: string): Logger {
  return pino({ level, base: { part: 'worker' }, timestamp: pino.stdTimeFunctions.isoTime });
}

/**
 * Lets the engine's library write to the same log, from warnings up: it is told once a process.
 * @param figuresAt where the library tells its figures; nowhere without it
 */
export function logEngineTo(log: Logger, figuresAt?: string): void {
  const write = (level: LogLevel, message: string, meta?: LogMetadata): void => {
    log[PINO_LEVEL[level]](meta ?? {}, message);
  };
  Runtime.install({
    logger: {
      log: write,
      trace: (message, meta) => write('TRACE', message, meta),
      debug: (message, meta) => write('DEBUG', message, meta),
      info: (message, meta) => write('INFO', message, meta),
      warn: (message, meta) => write('WARN', message, meta),
      error: (message, meta) => write('ERROR', message, meta),
    },
    // The process itself decides when it stops, and stops everything in order.
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: 'WARN', forward: {} },
      ...(figuresAt === undefined
        ? {}
        : {
            metrics: {
              prometheus: { bindAddress: figuresAt, unitSuffix: true, useSecondsForDurations: true },
            },
          }),
    },
  });
}

const PINO_LEVEL = { TRACE: 'trace', DEBUG: 'debug', INFO: 'debug', WARN: 'warn', ERROR: 'error' } as const;
