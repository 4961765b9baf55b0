/** Kinds of notifications, by which people choose. */
export const KINDS = ['task', 'approval', 'deadline', 'alert', 'record'] as const;
