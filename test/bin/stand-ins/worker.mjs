// Stands for the worker in tests of the start: runs until it is told to stop.
setInterval(() => undefined, 60_000);
process.on('SIGTERM', () => process.exit(0));
