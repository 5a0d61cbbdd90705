import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { pages } from '../../api/http/pages';
import { launch, openWindow } from './support/browser';

test('whoever comes while the pages are being built sees them without a touch, once they are there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'jiugai-pages-'));
  const server = createServer(express().use(pages(folder)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await launch();
  try {
    const { port } = server.address() as AddressInfo;
    const { page } = await openWindow(browser, `http://127.0.0.1:${port}`);
    await page.goto('/app/tasks/1?list=done');
    await page.getByText('页面正在生成').waitFor();
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>样例</title><h1>已生成</h1>');
    await page.getByRole('heading', { name: '已生成' }).waitFor();
    // Where they wanted to go.
    expect(new URL(page.url()).pathname).toBe('/app/tasks/1');
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
});
