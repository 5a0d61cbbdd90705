import { z } from 'zod';
import { bodies, levels } from '../../policy/keys';

export const organisationView = z
  .object({
    id: z.string(),
    name: z.string(),
    bodies: z.array(z.enum(bodies)),
    level: z.enum(levels),
    area: z.string(),
    serves: z.array(z.string()).optional(),
    disabled: z.boolean().optional(),
    sample: z.boolean().optional(),
  })
  .meta({ id: 'Organisation' });
