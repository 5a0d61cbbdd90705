// Asks a process of its own container whether it is ready: node ready.js ADDRESS CA-FILE. Exit code 0: it is.
const { readFileSync } = require('node:fs');
const { get } = require('node:https');

const [address, authority] = process.argv.slice(2);
get(address, { ca: readFileSync(authority), timeout: 4_000 }, ({ statusCode }) =>
  process.exit(statusCode === 200 ? 0 : 1),
)
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
