import { createHash, randomUUID } from 'node:crypto';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Connection, mongo } from 'mongoose';
import { mongo as driver, type ClientSession } from 'mongoose';
import type { Reference } from './references';

/** A file that forms refer to by id. Its bytes are in GridFS; its SHA-256 is what an archive is sealed over. */
export interface Attachment {
  readonly id: string;
  readonly filename: string;
  readonly contentType: string;
  /** Bytes. */
  readonly length: number;
  readonly sha256: string;
  /** User who sent it; absent for what the system itself keeps. */
  readonly by?: string;
  readonly organisation?: string;
  /** From where it is referred to: who sees one of these sees it. */
  readonly references: readonly Reference[];
  readonly at: Date;
}

export interface AttachmentHead {
  /** Chosen by the system for a permanent one; otherwise a new id is made. */
  readonly id?: string;
  readonly filename: string;
  readonly contentType: string;
  readonly by?: string;
  readonly organisation?: string;
}

interface Metadata {
  readonly contentType: string;
  readonly by?: string;
  readonly organisation?: string;
  readonly references?: readonly Reference[];
  /** Written when the last byte is in: a file without it was cut off and does not count. */
  readonly sha256?: string;
}

const BUCKET = 'attachments';

export function openAttachments(connection: Connection) {
  const database = (): mongo.Db => connection.getClient().db(connection.name);
  const bucket = (): mongo.GridFSBucket => new driver.GridFSBucket(database(), { bucketName: BUCKET });
  const files = () => database().collection<FileDocument>(`${BUCKET}.files`);

  async function find(id: string): Promise<Attachment | undefined> {
    const file = await files().findOne({ _id: id, 'metadata.sha256': { $exists: true } });
    return file ? attachmentOf(file) : undefined;
  }

  return {
    find,
    async findAll(ids: readonly string[]): Promise<Attachment[]> {
      const found = await files()
        .find({ _id: { $in: [...ids] }, 'metadata.sha256': { $exists: true } })
        .toArray();
      return found.map(attachmentOf);
    },
    /**
     * Streams a file in and hashes it on the way. If the source fails, what was written is removed again.
     * @throws whatever the source throws (too large, connection lost)
     */
    async save(source: Readable, head: AttachmentHead): Promise<Attachment> {
      const { id = randomUUID(), filename, ...metadata } = head;
      const hash = createHash('sha256');
      const hashing = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          hash.update(chunk);
          done(null, chunk);
        },
      });
      // GridFS takes any type of id; only its TypeScript signature asks for an ObjectId.
      const upload = bucket().openUploadStreamWithId(id as never, filename, { metadata });
      try {
        await pipeline(source, hashing, upload);
      } catch (error) {
        await upload.abort().catch(() => undefined);
        throw error;
      }
      await files().updateOne({ _id: id }, { $set: { 'metadata.sha256': hash.digest('hex') } });
      const saved = await find(id);
      if (!saved) throw new Error(`attachment ${id} vanished while it was saved`);
      return saved;
    },
    /** Notes from where a file is referred to; does nothing for what is no file. */
    async refer(id: string, references: readonly Reference[], session?: ClientSession): Promise<void> {
      await files().updateOne(
        { _id: id },
        { $addToSet: { 'metadata.references': { $each: [...references] } } },
        session ? { session } : {},
      );
    },
    /** Removes a file, or what a broken transfer left of it. */
    async remove(id: string): Promise<void> {
      await files().deleteOne({ _id: id });
      await database()
        .collection(`${BUCKET}.chunks`)
        .deleteMany({ files_id: id as never });
    },
    read(id: string): Readable {
      return bucket().openDownloadStream(id as never);
    },
  };
}

interface FileDocument {
  readonly _id: string;
  readonly filename: string;
  readonly length: number;
  readonly uploadDate: Date;
  readonly metadata: Metadata;
}

function attachmentOf({ _id, filename, length, uploadDate, metadata }: FileDocument): Attachment {
  const { contentType, by, organisation, references = [], sha256 = '' } = metadata;
  return {
    id: _id,
    filename,
    contentType,
    length,
    sha256,
    ...(by === undefined ? {} : { by }),
    ...(organisation === undefined ? {} : { organisation }),
    references,
    at: uploadDate,
  };
}
