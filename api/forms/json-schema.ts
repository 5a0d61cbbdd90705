import { z } from 'zod';
import type { Json } from '../../domain/events';
import {
  SAMPLE_ATTACHMENT,
  type AnyActKind,
  type AnyTaskKind,
  type Moment,
  type Task,
} from '../../domain/task';
import type { AnyTaskAct } from '../../domain/task-act';
import { envelope } from './envelope';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Record<string, unknown>;

interface ObjectSchema extends JsonSchema {
  properties?: Record<string, unknown>;
  required?: string[];
}

/** The very schema that validates, as JSON Schema; what only code can say is left to the rules. */
function jsonSchema(schema: z.ZodType): ObjectSchema {
  return z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'any',
  }) as ObjectSchema;
}

/** The form of a task's completion: the kind's own fields, and why it is late or on what paper it was decided. */
export function completionSchema(kind: AnyTaskKind, task: Task, fromPaper: boolean): JsonSchema {
  const form = jsonSchema(kind.form(task.context as never));
  const { properties: extra = {} } = jsonSchema(envelope);
  return {
    ...form,
    title: kind.title,
    properties: {
      ...form.properties,
      ...(task.overdue ? { lateReason: extra['lateReason'] } : {}),
      ...(fromPaper ? { paper: extra['paper'] } : {}),
    },
    required: [
      ...(form.required ?? []),
      ...(task.overdue ? ['lateReason'] : []),
      ...(fromPaper ? ['paper'] : []),
    ],
  };
}

/** A completion of this very task that would be accepted at this moment. */
export function completionExample(kind: AnyTaskKind, task: Task, at: Moment, fromPaper: boolean): Json {
  const drafted = task.signOff?.draft;
  const form = (drafted ?? kind.example(task.context as never, at)) as Record<string, Json>;
  const paper = {
    number: `样例〔${at.today.slice(0, 4)}〕1号`,
    date: at.today,
    attachment: SAMPLE_ATTACHMENT,
  };
  return {
    ...form,
    ...(task.overdue ? { lateReason: '样例：材料补正延误' } : {}),
    ...(fromPaper ? { paper } : {}),
  };
}

export function actSchema(kind: AnyActKind, context: Json): JsonSchema {
  return { ...jsonSchema(kind.form(context as never)), title: kind.title };
}

export function actExample(kind: AnyActKind, context: Json, at: Moment): Json {
  return kind.example(context as never, at) as Json;
}

export function taskActSchema({ form, title }: AnyTaskAct): JsonSchema {
  return { ...jsonSchema(form), title };
}
