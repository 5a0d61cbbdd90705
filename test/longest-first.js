const { default: Sequencer } = require('@jest/test-sequencer');

/** What takes longest begins first, so that no core is idle at the end: a fresh clone remembers no durations. */
const LONGEST = [
  'model/task-desk.model',
  'workflows/project',
  'faults/faults',
  'integration/generic-client',
  'integration/personal-data',
  'api/outage',
  'workflows/policy-move',
  'workflows/annual-plan',
  'workflows/return',
  'permissions/routes',
  'watching/',
  'torture/torture',
  'workflows/long-life',
  'bin/predeploy',
  'bin/backup',
  'worker/reconcile',
  'worker/cancelled-outside',
  'bin/start',
  'bin/rehearsal',
  'bin/rebuild',
  'workflows/older-version',
  'workflows/signed-end',
  'web/',
];

function rank({ path }) {
  const found = LONGEST.findIndex((part) => path.includes(`/test/${part}`));
  return found < 0 ? LONGEST.length : found;
}

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((one, other) => rank(one) - rank(other));
  }
};
