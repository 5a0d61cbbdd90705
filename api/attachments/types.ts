/** Which files are accepted: the bytes must be what the name says. */

/** As many first bytes as the marks need. */
export const HEAD_BYTES = 16;

interface FileType {
  readonly extensions: Readonly<Record<string, string>>;
  readonly fits: (head: Buffer) => boolean;
}

const begins = (...marks: readonly string[]) => {
  const wanted = marks.map((hex) => Buffer.from(hex, 'hex'));
  return (head: Buffer) => wanted.some((mark) => head.subarray(0, mark.length).equals(mark));
};

const office = 'application/vnd.openxmlformats-officedocument';

const TYPES: readonly FileType[] = [
  { extensions: { pdf: 'application/pdf' }, fits: begins('255044462d') },
  { extensions: { png: 'image/png' }, fits: begins('89504e470d0a1a0a') },
  { extensions: { jpg: 'image/jpeg', jpeg: 'image/jpeg' }, fits: begins('ffd8ff') },
  { extensions: { tif: 'image/tiff', tiff: 'image/tiff' }, fits: begins('49492a00', '4d4d002a') },
  {
    extensions: {
      docx: `${office}.wordprocessingml.document`,
      xlsx: `${office}.spreadsheetml.sheet`,
      ofd: 'application/ofd',
      zip: 'application/zip',
    },
    fits: begins('504b0304', '504b0506'),
  },
  {
    extensions: { doc: 'application/msword', xls: 'application/vnd.ms-excel' },
    fits: begins('d0cf11e0a1b11ae1'),
  },
  {
    extensions: { mp4: 'video/mp4' },
    fits: (head) => head.subarray(4, 8).toString('latin1') === 'ftyp',
  },
  {
    extensions: { txt: 'text/plain; charset=utf-8', csv: 'text/csv; charset=utf-8' },
    // Text has no mark of its own: it must not be binary, nor anything a browser would run.
    fits: (head) => !head.includes(0) && !/^\s*</.test(head.toString('latin1')),
  },
];

/** The content type to keep and to answer with; undefined if the file is not accepted. */
export function typeOf(filename: string, head: Buffer): string | undefined {
  const extension = /\.([A-Za-z0-9]{1,5})$/.exec(filename)?.[1]?.toLowerCase() ?? '';
  return TYPES.find(({ extensions, fits }) => extension in extensions && fits(head))?.extensions[extension];
}
