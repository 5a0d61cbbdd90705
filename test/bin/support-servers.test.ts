import { mongo } from 'mongoose';
import { access } from 'node:fs/promises';
import { RETENTION_DAYS } from '../../bin/running/temporal';
import { startMongo, startTemporal, timeSkippingServerPath } from '../support/servers';
import { Connection } from '@temporalio/client';

describe('servers for tests', () => {
  test('MongoDB takes transactions, keeps them through a kill, and follows its folder to another port', async () => {
    const first = await startMongo();
    const client = await new mongo.MongoClient(first.uri).connect();
    await client.withSession((session) =>
      session.withTransaction(() => client.db('t').collection('c').insertOne({ kept: true }, { session })),
    );
    await client.close();
    await first.kill();

    const second = await startMongo({ dataDir: first.dataDir });
    try {
      expect(second.port).not.toBe(first.port);
      const again = await new mongo.MongoClient(second.uri).connect();
      expect(await again.db('t').collection('c').countDocuments({ kept: true })).toBe(1);
      await again.close();
    } finally {
      await second.stop();
      await first.stop();
    }
    await expect(access(first.dataDir)).rejects.toThrow();
  });

  test('Temporal keeps closed histories for ninety days, and keeps that through a kill', async () => {
    const retention = async (address: string): Promise<number> => {
      const connection = await Connection.connect({ address });
      const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
      await connection.close();
      return Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400;
    };
    const first = await startTemporal();
    expect(await retention(first.address)).toBe(RETENTION_DAYS);
    expect((await fetch(first.uiAddress)).status).toBe(200);
    await first.kill();
    const second = await startTemporal({ dataDir: first.dataDir, port: first.port });
    expect(await retention(second.address)).toBe(RETENTION_DAYS);
    await second.stop();
    await first.stop();
  });

  test('the time-skipping server is found by the ladder', async () => {
    await expect(access(await timeSkippingServerPath())).resolves.toBeUndefined();
  });
});
