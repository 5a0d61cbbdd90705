/** Files that administrators choose and take away; nothing of it leaves for anywhere but the API. */

/** The text of a file, as Excel in China writes it: UTF-8, or GBK. */
export async function textOf(file: Blob): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** Gives somebody a file to keep. */
export function offerFile(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** Excel takes a file for UTF-8 only where this stands first. */
const MARK = '\uFEFF';

export function offerTable(name: string, rows: readonly (readonly string[])[]): void {
  const cell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map((row) => row.map(cell).join(','));
  offerFile(name, `${MARK}${lines.join('\r\n')}\r\n`, 'text/csv');
}
