import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/**
 * What administrators filter by in the Temporal UI. No personal data, and not the inbox: Visibility lags.
 * They must be registered before a workflow uses them (the worker does it at its start), or its task fails for ever.
 */
export const countyKey = defineSearchAttributeKey('County', SearchAttributeType.KEYWORD);
export const stepKey = defineSearchAttributeKey('Step', SearchAttributeType.KEYWORD);
export const yearKey = defineSearchAttributeKey('Year', SearchAttributeType.INT);
/** Not `Status`: the UI would show it in place of the engine's own. */
export const statusKey = defineSearchAttributeKey('ProjectStatus', SearchAttributeType.KEYWORD);
export const dueKey = defineSearchAttributeKey('DueDate', SearchAttributeType.DATETIME);

export const searchAttributeKeys = [countyKey, stepKey, yearKey, statusKey, dueKey] as const;
