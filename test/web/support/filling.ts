import type { Locator, Page } from 'playwright-core';

interface Schema {
  readonly title?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

interface Verdict {
  readonly projectId: string;
  readonly verdict: string;
  readonly remarks?: string;
}

/** How many milliseconds somebody waits for a field that is not there. */
const PATIENCE_MS = 5_000;

/**
 * Enters a value field by field as a person does, by the form's own widgets: chooses, ticks, types, uploads, adds rows.
 * Knows the form only by its JSON Schema.
 * @throws Error of whatever cannot be entered in the page
 */
export async function fillIn(
  page: Page,
  schema: unknown,
  value: unknown,
  { names, prefix = 'completion' }: { names: (organisation: string) => string; prefix?: string },
): Promise<void> {
  await enter(schema as Schema, value, prefix);

  async function enter(of: Schema, given: unknown, id: string): Promise<void> {
    if (given === undefined || given === null) return;
    const field = page.locator(`[id="${id}"]`);
    const waiting = { timeout: PATIENCE_MS };
    if (of.type === 'object') {
      for (const [name, inner] of Object.entries(of.properties ?? {}))
        await enter(inner, (given as Record<string, unknown>)[name], `${id}_${name}`);
    } else if (of.type === 'array' && of.items?.enum) {
      const choices = of.items.enum;
      for (const one of given as unknown[])
        await field.locator('input').nth(choices.indexOf(one)).check(waiting);
    } else if (of.type === 'array' && of.items?.title === '项目编号') {
      for (const project of given as string[])
        await rowOf(field, project).locator('input[type=checkbox]').check(waiting);
    } else if (of.items?.properties?.['projectId'] && of.items.properties['verdict']) {
      for (const { projectId, verdict, remarks } of given as Verdict[]) {
        await rowOf(field, projectId).locator('select').selectOption(verdict, waiting);
        if (remarks === undefined) continue;
        await rowOf(field, projectId).locator('.remark input').fill(remarks, waiting);
        await rowOf(field, projectId).locator('.remark input').press('Enter', waiting);
      }
    } else if (of.type === 'array') {
      for (const [i, one] of (given as unknown[]).entries()) {
        await addRow(field, i, id);
        await enter(of.items ?? {}, one, `${id}_${i}`);
      }
    } else if (of.enum) {
      await field.selectOption(String(of.enum.indexOf(given)), waiting);
    } else if (of.type === 'boolean') {
      await field
        .locator('input')
        .nth(given === true ? 0 : 1)
        .check(waiting);
    } else if (of.title?.endsWith('（附件）')) {
      const file = page.locator('div', { has: page.locator(`> .row > [id="${id}"]`) }).last();
      await file.locator('input[type=file]').setInputFiles(SCAN, waiting);
      await file.getByRole('button', { name: '预览' }).waitFor(waiting);
    } else if (of.title?.endsWith('（单位）')) {
      await field.fill(names(String(given)), waiting);
    } else if (of.title?.endsWith('（用户）')) {
      await field.selectOption(String(given), waiting);
    } else if (of.title?.endsWith('（分）')) {
      await field.fill((Number(given) / 100).toFixed(2), waiting);
    } else if (of.type === 'string' || of.type === 'integer' || of.type === 'number') {
      await field.fill(String(given), waiting);
    } else {
      throw new Error(`${id}: nothing is known of a field like ${JSON.stringify(of)}`);
    }
  }

  /** On the sheet of a list of projects. */
  function rowOf(sheet: Locator, project: string): Locator {
    return sheet.locator('tbody tr', { hasText: project }).first();
  }

  async function addRow(list: Locator, i: number, id: string): Promise<void> {
    const row = page.locator(`[id="${id}_${i}"], [id^="${id}_${i}_"]`).first();
    if (await row.count()) return;
    const own = await list.count();
    const among = own > 0 ? list : page.locator(`.rjsf-field-array:has([id^="${id}"])`).last();
    await among.getByRole('button', { name: /^增加/ }).last().click({ timeout: PATIENCE_MS });
    await row.waitFor({ timeout: PATIENCE_MS, state: 'attached' });
  }
}

const SCAN = { name: '样例扫描件.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n样例') };
