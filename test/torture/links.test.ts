import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Balancer } from '../../torture/net/balancer';
import { listening, Proxy } from '../../torture/net/proxy';

const servers: Server[] = [];
const sockets: Socket[] = [];
const proxies: Proxy[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
  for (const server of servers.splice(0)) server.close();
});

/** Says its name before whatever it is told, back to whoever told it. */
async function echo(name: string): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (said) => socket.write(`${name}${said.toString()}`));
    socket.on('end', () => socket.end());
  });
  servers.push(server);
  return listening(server);
}

async function proxyTo(port: number): Promise<Proxy> {
  const proxy = await Proxy.to(port);
  proxies.push(proxy);
  return proxy;
}

function caller(port: number) {
  const socket = connect({ port, host: '127.0.0.1' });
  sockets.push(socket);
  let heard = '';
  let broken = false;
  socket.on('data', (piece) => (heard += piece.toString()));
  socket.on('error', () => (broken = true));
  socket.on('close', () => (broken = true));
  return { socket, say: (text: string) => socket.write(text), heard: () => heard, broken: () => broken };
}

async function until(check: () => boolean): Promise<void> {
  for (const end = Date.now() + 5_000; !check(); await pause(5)) {
    if (Date.now() > end) throw new Error('not within 5 s');
  }
}

test('a link passes on what is said, in both directions and in its order', async () => {
  const proxy = await proxyTo(await echo(''));
  const one = caller(proxy.port);
  const text = Array.from({ length: 20_000 }, (_, n) => `${n},`).join('');
  one.say(text);
  await until(() => one.heard().length === text.length);
  expect(one.heard()).toBe(text);
});

test('a link that is cut breaks who is connected and refuses who comes, until it is open again', async () => {
  const proxy = await proxyTo(await echo('a'));
  const before = caller(proxy.port);
  before.say('1');
  await until(() => before.heard() === 'a1');
  proxy.set('cut');
  await until(before.broken);
  const during = caller(proxy.port);
  await until(during.broken);
  proxy.set('open');
  const after = caller(proxy.port);
  after.say('2');
  await until(() => after.heard() === 'a2');
});

test('a link that stands still passes nothing on, loses nothing, and breaks nobody', async () => {
  const proxy = await proxyTo(await echo('a'));
  const one = caller(proxy.port);
  one.say('1');
  await until(() => one.heard() === 'a1');
  proxy.set('stalled');
  one.say('2');
  await pause(150);
  expect(one.heard()).toBe('a1');
  expect(one.broken()).toBe(false);
  proxy.set('open');
  await until(() => one.heard() === 'a1a2');
});

test('a slow link passes everything on, later', async () => {
  const proxy = await proxyTo(await echo('a'));
  proxy.set({ lateMs: 100 });
  const one = caller(proxy.port);
  const began = Date.now();
  one.say('1');
  await until(() => one.heard() === 'a1');
  expect(Date.now() - began).toBeGreaterThanOrEqual(190);
});

test('a link to nobody breaks whoever connects', async () => {
  const port = await echo('a');
  await new Promise((done) => servers.pop()?.close(done));
  const one = caller((await proxyTo(port)).port);
  await until(one.broken);
});

test('the end of one side reaches the other', async () => {
  const proxy = await proxyTo(await echo('a'));
  const one = caller(proxy.port);
  one.say('1');
  await until(() => one.heard() === 'a1');
  one.socket.end();
  await until(one.broken);
});

test('a balancer gives connections to one after the other, repeats nothing, and passes over who refused just now', async () => {
  const [a, b] = [await echo('a'), await echo('b')];
  const balancer = await Balancer.before([a, b]);
  try {
    const said = async (): Promise<string> => {
      const one = caller(balancer.port);
      one.say('!');
      await until(() => one.heard() !== '' || one.broken());
      return one.heard();
    };
    expect([await said(), await said(), await said()]).toEqual(['a!', 'b!', 'a!']);
    const [, second] = servers;
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => second?.close(done));
    const answers = [await said(), await said(), await said()];
    // The one that came to the place that is gone has broken; nobody has sent it once more.
    expect(answers.sort()).toEqual(['', 'a!', 'a!']);
  } finally {
    await balancer.close();
  }
});
