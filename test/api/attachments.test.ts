import { createHash } from 'node:crypto';
import request, { type Response } from 'supertest';
import { startApi, type Person, type TestApi } from './api';

const PDF = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(3_000, 'a')]);

describe('attachments', () => {
  let api: TestApi;
  let person: Person;

  beforeAll(async () => {
    api = await startApi({ largestAttachment: 100_000 });
    person = await api.as('371302-s1');
  });
  afterAll(() => api.stop());

  const upload = (content: Buffer, filename: string, key?: string, field = 'file') => {
    const post = request(api.app)
      .post('/api/v1/attachments')
      .set('Authorization', `Bearer ${person.token}`)
      .attach(field, content, { filename });
    return key === undefined ? post : post.set('Idempotency-Key', key);
  };

  const kept = () => api.store.connection.collection('attachments.files').countDocuments();

  test('a file is hashed on its way in and comes back as it was, for download only', async () => {
    const { body, headers } = await upload(PDF, '公示照片 样例.pdf').expect(201);
    const sha256 = createHash('sha256').update(PDF).digest('hex');
    expect(body).toMatchObject({
      filename: '公示照片 样例.pdf',
      contentType: 'application/pdf',
      size: PDF.length,
      sha256,
    });
    const got = await person
      .get(headers['location'] as string)
      .buffer(true)
      .parse(binary)
      .expect(200);
    expect(got.body).toEqual(PDF);
    expect(got.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(PDF.length),
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent('公示照片 样例.pdf')}`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
    await request(api.app)
      .get(headers['location'] as string)
      .expect(401);
    const head = await request(api.app)
      .head(headers['location'] as string)
      .set('Authorization', `Bearer ${person.token}`)
      .expect(200);
    expect(head.headers['content-length']).toBe(String(PDF.length));
    await person.get('attachments/nowhere-1').expect(404);
    // Who has had a file is known; asking only how large it is, or in vain, is no reading.
    const accesses = await api.store.accessLog.model.find({ kind: 'attachment' }).lean();
    expect(accesses).toMatchObject([{ user: person.user, of: body.id, count: 1 }]);
  });

  test('a file whose bytes are not what its name says, or of another type, is 415 and is not kept', async () => {
    const before = await kept();
    await upload(PDF, 'photo.png').expect(415);
    await upload(Buffer.from('<html><script>alert(1)</script>'), 'page.html').expect(415);
    await upload(Buffer.from('<html><script>alert(1)</script>'), 'page.txt').expect(415);
    await upload(Buffer.from('MZ\u0090\u0000program'), 'setup.exe').expect(415);
    await upload(PDF, 'no-extension').expect(415);
    const plain = await person.post('attachments', { file: 'x' }).expect(415);
    expect(plain.body.code).toBe('unsupported-media-type');
    expect(await kept()).toBe(before);
  });

  test('a file over the limit is 413, and nothing of it stays', async () => {
    const before = await kept();
    const chunks = () => api.store.connection.collection('attachments.chunks').countDocuments();
    const chunksBefore = await chunks();
    const large = Buffer.concat([PDF, Buffer.alloc(120_000, 'b')]);
    const { body } = await upload(large, 'large.pdf').expect(413);
    expect(body.code).toBe('too-large');
    // Its size not announced: found out on the way.
    await upload(Buffer.concat([PDF, Buffer.alloc(100_000, 'b')]), 'large.pdf').expect(413);
    expect(await kept()).toBe(before);
    expect(await chunks()).toBe(chunksBefore);
  });

  test('an empty file, another field, no file and two files are 400', async () => {
    const before = await kept();
    await upload(Buffer.alloc(0), 'empty.pdf').expect(400);
    await upload(PDF, 'a.pdf', undefined, 'document').expect(400);
    const post = () =>
      request(api.app).post('/api/v1/attachments').set('Authorization', `Bearer ${person.token}`);
    await post().field('file', 'text').expect(400);
    await post().attach('file', PDF, 'a.pdf').attach('file', PDF, 'b.pdf').expect(400);
    await post().set('Content-Type', 'multipart/form-data; boundary=x').send('--x\r\nbroken').expect(400);
    expect(await kept()).toBe(before);
  });

  test('a name cannot leave its folder nor a header', async () => {
    const { body } = await upload(PDF, '..\\..\\etc/passwd\u202e.pdf').expect(201);
    expect(body.filename).toBe('passwd.pdf');
  });

  test('the same file under the same key is kept once; another one under it is 409 and not kept', async () => {
    const first = await upload(PDF, 'once.pdf', 'file-1').expect(201);
    const before = await kept();
    const again = await upload(PDF, 'once.pdf', 'file-1').expect(201);
    expect(again.body).toEqual(first.body);
    await upload(Buffer.concat([PDF, PDF]), 'once.pdf', 'file-1').expect(409);
    expect(await kept()).toBe(before);
  });
});

function binary(response: Response, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  response.on('data', (chunk: Buffer) => chunks.push(chunk));
  response.on('end', () => done(null, Buffer.concat(chunks)));
}
