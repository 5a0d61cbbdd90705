import { Readable } from 'node:stream';
import { SAMPLE_ATTACHMENT } from '../../domain/task';
import type { Store } from '../../store/connect';

/** Stores the permanent attachment to which examples refer: one page that says that it is a sample. */
export async function keepSampleAttachment(store: Store): Promise<void> {
  if (await store.attachments.find(SAMPLE_ATTACHMENT)) return;
  await store.attachments.remove(SAMPLE_ATTACHMENT);
  await store.attachments.save(Readable.from([samplePdf()]), {
    id: SAMPLE_ATTACHMENT,
    filename: '样例附件.pdf',
    contentType: 'application/pdf',
  });
}

/** A PDF of one page. Its font is one that every reader brings for Chinese, so nothing is embedded. */
function samplePdf(): Buffer {
  const text = Buffer.from('样例附件，仅供演示与培训', 'utf16le').swap16().toString('hex');
  const drawing = `BT /F1 28 Tf 90 700 Td <${text}> Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
    '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>',
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe)' +
      ' /Ordering (GB1) /Supplement 2 >> /FontDescriptor 7 0 R >>',
    '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0' +
      ' /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = file.length;
  const rows = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  file += `xref\n0 ${size}\n0000000000 65535 f \n${rows}`;
  file += `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}
