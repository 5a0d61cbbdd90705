/**
 * On a machine that others use too, a real server may stand still for a minute: with SECOND_CHANCE=1, as in CI, a test that
 * fails is led once more, and what it failed of is printed. Fault and model tests refuse it: theirs would hide a fault.
 */
if (process.env['SECOND_CHANCE'] === '1') jest.retryTimes(1, { logErrorsBeforeRetry: true });
