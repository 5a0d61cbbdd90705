import type { Rung } from './rung';

/** A server that runs already and whose address the environment gives. */
export const configuredAddress: Rung = {
  title: 'a configured address',
  async find({ program, env }) {
    const address = program.addressVariable && env[program.addressVariable];
    return address ? { kind: 'address', address } : undefined;
  },
};
