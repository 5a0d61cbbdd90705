// Stands for the API in tests of the start: ready at once, and says where it thinks the stores are.
import { createServer } from 'node:http';

const { PORT, TEMPORAL_ADDRESS, TEMPORAL_UI_ADDRESS, MONGODB_URI, JIUGAI_DATA_DIR } = process.env;
const told = { TEMPORAL_ADDRESS, TEMPORAL_UI_ADDRESS, MONGODB_URI, JIUGAI_DATA_DIR, pid: process.pid };
createServer((request, response) => response.end(JSON.stringify(told))).listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
