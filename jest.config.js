/** Tests run on swc (types are checked apart, by `npm run types`); packages that are ESM only are compiled too. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // What CI leaves to `npm test` by hand, for want of time.
  testPathIgnorePatterns: ['/node_modules/', ...(process.env.LEFT_TO_HAND ? [process.env.LEFT_TO_HAND] : [])],
  setupFilesAfterEnv: ['<rootDir>/test/second-chance.ts'],
  testSequencer: '<rootDir>/test/longest-first.js',
  transform: {
    '\\.[jt]s$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
      },
    ],
  },
  // The MongoDB driver's `await import('os')` is compiled too: without that it sends no handshake in Jest's sandbox.
  transformIgnorePatterns: [
    '/node_modules/(?!(@noble/hashes|@noble/curves|zod-openapi|canonicalize|jose|openid-client|oauth4webapi)/|mongodb/lib/runtime_adapters)',
  ],
  // Generous: two cores that are busy with something else must not make a test fail.
  testTimeout: 90_000,
};
