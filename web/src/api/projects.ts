import type { z } from 'zod';
import type {
  actView,
  documentView,
  outlookView,
  projectDetail,
  projectSummary,
  recordCheckView,
  stretchView,
} from '../../../api/routes/project-schemas';
import type { eventView } from '../../../api/routes/views';

/** What the API answers of projects, by its own schemas. */
export type ProjectRow = z.infer<typeof projectSummary>;
export type Project = z.infer<typeof projectDetail>;
export type Outlook = z.infer<typeof outlookView>;
export type Stretch = z.infer<typeof stretchView>;
export type Act = z.infer<typeof actView>;
export type ProjectDocument = z.infer<typeof documentView>;
export type RecordCheck = z.infer<typeof recordCheckView>;
export type RecordedEvent = z.infer<typeof eventView>;
