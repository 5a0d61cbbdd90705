/**
 * `npm run bench`: measures decisions, acts, decisions in bulk and under load, histories, parked projects, the inbox, the pages, a joint
 * review and its document, the start and the record, and prints one table each.
 * Ratios hold within one run on one machine; single milliseconds do not travel.
 */
import { cpus } from 'node:os';
import { measureActs, measureBulk } from './acts';
import { measureDecisions } from './decisions';
import { measureEvents, measureLife } from './histories';
import { measureInbox } from './inbox';
import { measureListing } from './listing';
import { measureLoad } from './load';
import { measureNextTask } from './next-task';
import { measurePages } from './pages';
import { measureParked } from './parked';
import { profile } from './profile';
import { measureRecord } from './record';
import { measureStart } from './start-up';
import { printTable } from './statistics';
import { startSystem } from './system';

/** What is measured on one running system, one after the other. */
const ON_ONE_SYSTEM = [
  'decisions',
  'acts',
  'bulk',
  'load',
  'next-task',
  'histories',
  'inbox',
  'parked',
  'pages',
] as const;
type Part = (typeof ON_ONE_SYSTEM)[number] | 'listing' | 'start' | 'record';

async function run(): Promise<void> {
  const asked = process.argv.slice(2);
  const wanted = (part: Part): boolean => asked.length === 0 || asked.includes(part);
  console.log(`jiugai bench on ${cpus().length} cores, Node ${process.version}`);
  if (ON_ONE_SYSTEM.some(wanted)) {
    const system = await startSystem();
    try {
      if (wanted('decisions')) printTable('Decisions', await measureDecisions(system));
      if (wanted('acts')) printTable('Acts on a task', await measureActs(system));
      if (wanted('bulk')) printTable('Many at once', await measureBulk(system));
      if (wanted('load')) printTable('Load', await measureLoad(system));
      if (wanted('next-task')) printTable('After a countersignature', await measureNextTask(system));
      if (wanted('histories'))
        printTable('Histories', [...(await measureEvents(system)), ...(await measureLife())]);
      if (wanted('inbox')) printTable('Inbox', await measureInbox(system));
      if (wanted('parked')) printTable('Parked projects', await measureParked(system));
      if (wanted('pages')) printTable('Pages, in Chromium', await measurePages(system));
    } finally {
      await system.stop();
    }
  }
  // Sampling slows what it samples: only by its name.
  if (asked.includes('profile')) await profile(printTable);
  if (wanted('listing')) printTable('A joint review and its document', await measureListing());
  if (wanted('start')) printTable('Start', await measureStart());
  if (wanted('record')) printTable('Verifying the record, on one core', await measureRecord());
}

run().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
