import { z } from 'zod';
import { addWorkingDays, isWorkingDay } from '../../domain/calendar';
import { Problem } from '../../domain/problems';
import { refusal, type Refusal } from '../../domain/refusal';
import type { Context } from '../context';
import { tellBriefingChanged } from '../engine/tell';
import { civilDate, line, numberParam, yearParam } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { yearList } from './keeping-views';

/** Statutory holidays by year, and what follows from them. */
export function calendarOperations(context: Context): AnyOperation[] {
  const { store, world } = context;

  return [
    operation({
      method: 'get',
      path: '/calendars/due',
      name: 'dueDate',
      tag: 'calendars',
      summary: '自次日起算的第 N 个工作日',
      access: 'public',
      query: z.strictObject({ from: civilDate, workingDays: numberParam(1, 250) }),
      answers: {
        200: { description: '末日', schema: z.object({ date: z.string(), provisional: z.boolean() }) },
      },
      handle: async ({ query: { from, workingDays } }) => ({
        status: 200,
        body: addWorkingDays(await world.calendar(), from, workingDays),
      }),
    }),
    operation({
      method: 'get',
      path: '/calendars',
      name: 'listCalendars',
      tag: 'calendars',
      summary: '已有节假日安排的年份',
      access: 'reference:read',
      answers: { 200: { description: '年份', schema: z.object({ items: z.array(yearList) }) } },
      handle: async () => {
        const [{ years }, loaded] = await Promise.all([world.calendar(), store.calendars.all()]);
        const sources = new Map(loaded.map(({ _id, source }) => [String(_id), source]));
        const items = Object.entries(years)
          .map(([year, { off, work }]) => ({ year: Number(year), off, work, source: sources.get(year) }))
          .sort((a, b) => a.year - b.year);
        return { status: 200, body: { items } };
      },
    }),
    operation({
      method: 'put',
      path: '/calendars/{year}',
      name: 'loadCalendar',
      tag: 'calendars',
      summary: '载入一年的节假日安排；所有在办期限随之重算',
      access: 'calendars:write',
      params: z.object({ year: yearParam }),
      body: z.strictObject({
        off: z.array(civilDate).min(7).max(80),
        work: z.array(civilDate).max(30),
        source: line(200).meta({ example: '国务院办公厅关于2027年部分节假日安排的通知' }),
      }),
      slow: true,
      answers: {
        200: {
          description: '已载入',
          schema: z.object({ calendar: yearList, told: z.int().meta({ description: '重算的流程数' }) }),
        },
      },
      problems: ['rule-violated'],
      handle: async ({ caller, params: { year }, body: { off, work, source } }) => {
        const refusals = listRefusals(year, off, work);
        if (refusals.length > 0) throw Problem.refused(refusals);
        const loadedAt = new Date();
        await store.calendars.model.replaceOne(
          { _id: year },
          { _id: year, off, work, source, loadedBy: caller.user, loadedAt },
          { upsert: true },
        );
        world.changed();
        const told = await tellBriefingChanged(context);
        return { status: 200, body: { calendar: { year, off, work, source }, told } };
      },
    }),
  ];
}

const BASIS = '国务院办公厅年度节假日安排';

/** A list may reach back into the December before; days off and days worked exclude each other. */
function listRefusals(year: number, off: readonly string[], work: readonly string[]): Refusal[] {
  const inside = (date: string) => date.startsWith(`${year}-`) || date.startsWith(`${year - 1}-12-`);
  const weekend = (date: string) => !isWorkingDay({ years: {} }, date);
  const refuse = (path: string, zh: string, en: string) => refusal(zh, en, { path, basis: BASIS });
  const each = (name: string, dates: readonly string[]) =>
    dates.flatMap((date, index) => [
      ...(inside(date)
        ? []
        : [refuse(`${name}.${index}`, `${date} 不属于 ${year} 年`, `${date} is not of ${year}`)]),
      ...(dates.indexOf(date) === index ? [] : [refuse(`${name}.${index}`, `${date} 重复`, `${date} twice`)]),
    ]);
  return [
    ...each('off', off),
    ...each('work', work),
    ...work.flatMap((date, index) => [
      ...(off.includes(date)
        ? [refuse(`work.${index}`, `${date} 既放假又上班`, `${date} is both off and worked`)]
        : []),
      ...(weekend(date)
        ? []
        : [refuse(`work.${index}`, `${date} 不是周末，不需要调休`, `${date} is no weekend day`)]),
    ]),
  ];
}
