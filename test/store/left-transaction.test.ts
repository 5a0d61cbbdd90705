import { connectStore } from '../../store/connect';
import { startMongo } from '../support/servers';

test('what a killed worker was writing in a transaction is locked for seconds, and not for MongoDB’s minute', async () => {
  const mongo = await startMongo();
  const store = await connectStore(mongo.uri);
  try {
    const admin = store.connection.getClient().db('admin');
    const read = await admin.command({ getParameter: 1, transactionLifetimeLimitSeconds: 1 });
    // It looks every half of that: with it a project goes on within half a minute.
    expect(read['transactionLifetimeLimitSeconds'] * 1.5).toBeLessThan(25);
  } finally {
    await store.close();
    await mongo.stop();
  }
}, 60_000);
