/** Bundles the workflows ahead of the first worker, when an image is made. */
import { bundleWorkflows } from '../worker/bundle';
import { readConfiguration } from './configuration';
import { join } from 'node:path';

bundleWorkflows({ cacheDir: join(readConfiguration(process.env).dataDir, 'cache') }).then(
  (path) => console.log(`Workflows bundled: ${path}`),
  (error: Error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
