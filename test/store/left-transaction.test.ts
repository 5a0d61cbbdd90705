import type { Store } from '../../store/connect';
import { withStore } from '../support/store';

let store: Store;
withStore((opened) => (store = opened));

test('what a killed worker was writing in a transaction is locked for seconds, and not for MongoDB’s minute', async () => {
  const admin = store.connection.getClient().db('admin');
  const read = await admin.command({ getParameter: 1, transactionLifetimeLimitSeconds: 1 });
  // It looks every half of that: with it a project goes on within half a minute.
  expect(read['transactionLifetimeLimitSeconds'] * 1.5).toBeLessThan(25);
});
