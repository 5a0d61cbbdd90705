import { resolve } from 'node:path';

/** Imported before the tests of a step: what they start goes on in a further run every twenty events. */
process.env['JIUGAI_TEST_WORKFLOWS'] = resolve(__dirname, 'continuing-often.workflows.ts');
